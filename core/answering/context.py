"""What every answer is given from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.channel import Traits
from core.guessing import pause_for
from core.messages import Address, InboundMessage
from core.office import Knowledge
from core.store.outbox import Queued
from core.store.people import proven
from core.store.shelves import Shelves
from core.talk.conversation import Conversation
from core.world import World


@dataclass(slots=True)
class Context:
    """One turn's surroundings: the open transaction, the office's knowledge, who speaks, and now."""

    shelves: Shelves
    knowledge: Knowledge
    world: World
    traits: Mapping[str, Traits]
    talk: Conversation
    message: InboundMessage
    at: datetime
    queued: list[Queued] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)

    def person(self) -> str | None:
        """Who speaks, if known."""
        found = self.shelves.people.of(self.talk.address, self.at)
        return None if found is None else found[0]

    def known_person(self) -> str:
        """Who speaks; from now on known, if only by claim. Inside a write only."""
        return self.shelves.people.know(self.talk.address, self.world.new_id(), self.at)

    def pause(self) -> timedelta:
        """How long this sender must wait before the next guess is heard."""
        privacy = self.knowledge.privacy
        return pause_for(
            self.shelves.people,
            str(self.talk.address),
            self.at,
            privacy.wrong_guesses_an_hour,
            privacy.wrong_guesses_a_day,
        )

    def proven_person(self) -> str | None:
        """Who speaks, where the address was proven and not only used."""
        found = self.shelves.people.of(self.talk.address, self.at)
        return found[0] if found is not None and proven(found[1]) else None

    def own_addresses(self) -> list[Address]:
        """The address that speaks, then whatever else the same person has proven, if this one is proven too."""
        person = self.proven_person()
        known = [] if person is None else self.shelves.people.addresses(person, self.at)
        return list(
            dict.fromkeys([self.talk.address, *(address for address, proof in known if proven(proof))])
        )
