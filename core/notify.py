"""News for people: a `Say`, the ways to reach somebody, and a row in the outbox for the first of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.channel import Traits
from core.messages import Address, Priority, Say
from core.office import Knowledge
from core.post.notices import NOTICES, Notice, acceptable
from core.post.routing import Way, ways
from core.store.outbox import Queued
from core.store.shelves import Shelves
from core.world import World


class Teller(Protocol):
    """What telling needs: the open transaction, the office's knowledge, the channels, now."""

    @property
    def shelves(self) -> Shelves: ...

    @property
    def knowledge(self) -> Knowledge: ...

    @property
    def world(self) -> World: ...

    @property
    def traits(self) -> Mapping[str, Traits]: ...

    @property
    def at(self) -> datetime: ...


OWN, FOLLOWED = "notice/", "follow/"  # how the key of a turn begins, by whom the news concern
ANSWER = Notice("", False, any_hour=True)  # no news: what somebody asks for just now


def told(
    teller: Teller,
    addresses: Sequence[Address],
    say: Say,
    *,
    medium: str = "",
    language: str = "vi",
    about: str = "",
    own: bool = True,
) -> list[Queued]:
    """Tell one person, on the first of their ways that is open; the others follow if it fails. Nothing where the
    person refused all of them: what must arrive is then handed to an officer by the caller. `own`: the news are on
    their own dossier; for who only follows one, nobody is made to go after them."""
    found = still_open(teller, ways(addresses, teller.traits, medium), asked_for=notice_of(say) is ANSWER)
    if not found:
        return []
    return [attempt(teller, say, found[0], found[1:], language=language, about=about, own=own)]


def still_open(teller: Teller, found: Sequence[Way], *, asked_for: bool = False) -> list[Way]:
    """Those of these ways on which the person may be told: not refused, and not known to be dead. A refusal of news
    does not stand against what somebody asks for (`asked_for`)."""
    people, addresses = teller.shelves.people, list(dict.fromkeys(way.address for way in found))
    wanted = {str(address) for address in addresses} if asked_for else people.wants(addresses, "all")
    ended = people.ended_ways(addresses)
    return [
        way for way in found if str(way.address) in wanted and (way.channel, str(way.address)) not in ended
    ]


def notice_of(say: Say) -> Notice:
    """How this is told."""
    kind, _, name = say.key.partition(".")
    return NOTICES.get(name, Notice(say.key, False)) if kind == "notice" else ANSWER


def is_own(turn: str) -> bool:
    """Were these news on the person's own dossier? By the key of their turn."""
    return not turn.startswith(FOLLOWED)


def attempt(
    teller: Teller,
    say: Say,
    way: Way,
    rest: Sequence[Way],
    *,
    language: str = "vi",
    about: str = "",
    own: bool = True,
) -> Queued:
    """One attempt, in the words of its channel, at an hour that the person accepts."""
    notice = notice_of(say)
    traits = teller.traits[way.channel]
    local = teller.knowledge.local(teller.at)
    due = local if notice.any_hour else acceptable(local, traits.medium)
    message = teller.knowledge.wording.words(
        say,
        traits,
        language,
        id="",
        channel=way.channel,
        address=way.address,
        priority=Priority.REPLY if notice.any_hour else Priority.NOTICE,
        good_until=due + notice.within,
    )
    return Queued(
        message,
        turn=f"{OWN if own else FOLLOWED}{teller.world.new_id()}",
        seq=0,
        due_at=due,
        about=about,
        notice="" if notice is ANSWER else say.key,
        chain=tuple(tuple(each.plain()) for each in rest),
        must_arrive=notice.must_arrive and own,
    )
