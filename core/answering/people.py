"""Who somebody is, and what they wish to hear."""

from __future__ import annotations

from datetime import timedelta

from core.answering.context import Context
from core.messages import Address, Say
from core.notify import told
from core.talk import needs

CODE_LIFE = timedelta(minutes=10)
CODES_A_SENDER = 6  # an hour, to whatever numbers: nobody makes us text the whole country
CODES_AN_HOUR = 3  # one-time codes to one number: an SMS costs money and patience


def set_wishes(context: Context, need: needs.SetWishes) -> bool:
    """Stop or start a kind of message to this address."""
    kinds = ("notices", "all") if need.wanted or need.kind == "all" else (need.kind,)
    for kind in kinds:
        context.shelves.people.wish(context.talk.address, kind, need.wanted, context.at)
    if need.wanted:
        context.shelves.people.reopen_ways(context.talk.address)
    return True


def send_text(context: Context, need: needs.SendText) -> bool:
    """The text of what was said, as an SMS to the caller's own number."""
    if context.talk.address.kind != "tel":
        return False
    say = Say(need.key, need.values)
    sent = told(context, [context.talk.address], say, medium="sms", language=context.talk.language)
    context.queued += sent
    return bool(sent)


def send_code(context: Context, need: needs.SendCode) -> bool:
    """A one-time code by SMS to a number that somebody claims; a few an hour to one number, and by one sender."""
    tokens, since, sender = context.shelves.tokens, context.at - timedelta(hours=1), str(context.talk.address)
    if tokens.issued_since("prove", need.number, since, CODE_LIFE) >= CODES_AN_HOUR:
        return False
    if tokens.issued_since("asked", sender, since, CODE_LIFE) >= CODES_A_SENDER:
        return False
    tokens.issue(
        "asked", sender, context.world.secret(), CODE_LIFE, context.at
    )  # nobody uses it: it is counted
    code = f"{context.world.chance.randrange(0, 1_000_000):06d}"
    context.shelves.tokens.issue("prove", need.number, code, CODE_LIFE, context.at)
    values = {
        "code": code,
        "minutes": int(CODE_LIFE.total_seconds() // 60),
        "office": context.knowledge.settings.name,
    }
    sent = told(context, [Address("tel", need.number)], Say("notice.one_time_code", values), medium="sms")
    context.queued += sent
    return bool(sent)


def prove_number(context: Context, need: needs.ProveNumber) -> bool:
    """The right code makes the number's person and this address's person one."""
    if context.shelves.tokens.use("prove", need.number, need.code, context.at) is None:
        context.guesses.append(str(context.talk.address))
        return False
    join(context, Address("tel", need.number), "code")
    return True


def link_proven(context: Context, need: needs.LinkProven) -> bool:
    """The platform vouches for these addresses."""
    for address in need.addresses:
        join(context, address, "contact")
    return bool(need.addresses)


def join(context: Context, owned: Address, proof: str) -> str:
    """The address that speaks and `owned` belong to one person from now on: that of `owned`."""
    people = context.shelves.people
    person = people.know(owned, context.world.new_id(), context.at)
    people.link(owned, person, proof, context.at)
    mine = people.of(context.talk.address, context.at)
    if mine is not None and mine[0] != person and mine[1] == "claim":
        people.join(mine[0], person)
    people.link(context.talk.address, person, proof, context.at)
    return person
