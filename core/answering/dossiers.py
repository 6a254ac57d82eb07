"""Where is my dossier, who follows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from core.answering.context import Context
from core.disclosure import disclose, proof_of
from core.messages import Address, Say
from core.notify import told
from core.pins import right_pin
from core.store.dossiers import Follower, Record
from core.talk import needs
from procedures.codes import valid_phone_code


def look_up(context: Context, need: needs.LookUp) -> Mapping[str, Any]:
    """What may be heard. A wrong code and a wrong PIN look, and count, the same."""
    wait = context.pause()
    if wait > timedelta():
        return {"found": [], "unknown": list(need.codes), "wait": int(wait.total_seconds()) or 1}
    found, unknown = [], []
    for code in need.codes:
        shown = _shown(context, code, need.pin)
        if shown is None:
            unknown.append(code)
        else:
            found.append(shown)
    # Several readings of one entry are one guess, and it was right if any of them was.
    if unknown and not (need.readings and found):
        context.guesses.append(str(context.talk.address))
    return {"found": found, "unknown": unknown, "wait": 0}


def _shown(context: Context, code: str, pin: str) -> Mapping[str, Any] | None:
    record = context.shelves.dossiers.by_code(code)
    right = right_pin(pin, record.pin_digest if record is not None else None) if pin else False
    if record is None or (pin and not right):
        return None  # a right code with a wrong PIN is as unknown as a wrong code
    return _disclosed(context, record, by_phone_code=valid_phone_code(code), pin_right=right)


def _disclosed(
    context: Context, record: Record, *, by_phone_code: bool, pin_right: bool
) -> Mapping[str, Any] | None:
    followers = context.shelves.dossiers.followers(record.id)
    own = [str(address) for address in context.own_addresses()]
    found = sorted((f for f in followers if f.address in own), key=lambda f: own.index(f.address))
    mine = next(iter(found), None)
    proof = proof_of(
        record,
        by_phone_code=by_phone_code,
        pin_right=pin_right,
        follower=mine,
        proven=context.proven_person() is not None,
        reached=context.talk.medium != "ivr",
    )
    events = context.shelves.dossiers.history(record.id)
    following = mine is not None and mine.state == "active"
    return disclose(record, proof, context.knowledge, context.at, events, following)


def mine(context: Context, _need: needs.MyDossiers) -> Sequence[Mapping[str, Any]]:
    """Dossiers on which this address is registered, or another that the same person has proven."""
    registered = context.shelves.dossiers.registered
    records = {record.id: record for address in context.own_addresses() for record in registered(address)}
    shown = [_disclosed(context, record, by_phone_code=False, pin_right=False) for record in records.values()]
    return [values for values in shown if values is not None]


def follow(context: Context, need: needs.Follow) -> str:
    """With the PIN at once; with the phone code alone the applicant is asked first. Who guesses too fast is told the
    same as who guesses wrong."""
    if context.pause() > timedelta():
        return "unknown"
    record = context.shelves.dossiers.by_code(need.code)
    right = right_pin(need.pin, record.pin_digest if record is not None else None) if need.pin else False
    if record is None or (need.pin and not right) or not (right or valid_phone_code(need.code)):
        context.guesses.append(str(context.talk.address))
        return "unknown"
    shelf, address = context.shelves.dossiers, str(context.talk.address)
    known = next((f for f in shelf.followers(record.id) if f.address == address), None)
    if known is not None and known.state == "active":
        return "following"
    request = context.world.new_id()[-6:].upper()
    if right:
        shelf.register(Follower(record.id, address, "follower", "active", request), context.at)
        return "following"
    if known is not None and known.state == "asked":
        return "asked"  # once is enough: nobody is asked by every message of somebody else
    shelf.register(Follower(record.id, address, "follower", "asked", request), context.at)
    values = {
        "request": request,
        "office": context.knowledge.settings.name,
        "phone_code": record.dossier.short_code,
    }
    _ask_applicant(context, record, Say("notice.follow_request", values))
    return "asked"


def _ask_applicant(context: Context, record: Record, say: Say) -> None:
    followers = context.shelves.dossiers.followers(record.id)
    own = [Address.parse(f.address) for f in followers if f.role == "applicant" and f.state == "active"]
    context.queued += told(context, own, say, about=record.dossier.code)


def unfollow(context: Context, need: needs.Unfollow) -> bool:
    """End the news to this address; the applicant's own never end by this."""
    record = context.shelves.dossiers.by_code(need.code)
    if record is None:
        return False
    for follower in context.shelves.dossiers.followers(record.id):
        if follower.address == str(context.talk.address) and follower.role == "follower":
            ended = Follower(record.id, follower.address, follower.role, "ended", follower.request)
            context.shelves.dossiers.register(ended, context.at)
            return follower.state == "active"
    return False


def consent(context: Context, need: needs.Consent) -> bool:
    """The applicant says yes or no; nobody else's answer counts."""
    asked = context.shelves.dossiers.request(need.request)
    if asked is None or asked.state != "asked":
        return False
    address = str(context.talk.address)
    everybody = context.shelves.dossiers.followers(asked.dossier)
    if not any(f.address == address and f.role in ("applicant", "authorised") for f in everybody):
        return False
    state = "active" if need.given else "ended"
    answered = Follower(asked.dossier, asked.address, asked.role, state, asked.request)
    context.shelves.dossiers.register(answered, context.at)
    return True
