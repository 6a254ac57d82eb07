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

    shelves: Shelves
    knowledge: Knowledge
    world: World
    traits: Mapping[str, Traits]
    at: datetime


def told(
    teller: Teller,
    addresses: Sequence[Address],
    say: Say,
    *,
    medium: str = "",
    language: str = "vi",
    about: str = "",
) -> list[Queued]:
    """Tell one person, on the first of their ways that is open; the others follow if it fails. Nothing where the
    person refused all of them: what must arrive is then handed to an officer by the caller."""
    wanted = teller.shelves.people.wants(addresses, "all")
    open_to_us = [address for address in addresses if str(address) in wanted]
    found = ways(open_to_us, teller.traits, medium)
    if not found:
        return []
    return [attempt(teller, say, found[0], found[1:], language=language, about=about)]


def attempt(
    teller: Teller, say: Say, way: Way, rest: Sequence[Way], *, language: str = "vi", about: str = ""
) -> Queued:
    """One attempt, in the words of its channel, at an hour that the person accepts."""
    notice = NOTICES.get(say.key.partition(".")[2], Notice(say.key, False))
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
        turn=f"notice/{teller.world.new_id()}",
        seq=0,
        due_at=due,
        about=about,
        notice=say.key,
        chain=tuple(tuple(each.plain()) for each in rest),
        must_arrive=notice.must_arrive,
    )
