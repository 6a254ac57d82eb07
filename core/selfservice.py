"""What a citizen does at a page: each act in one transaction, answered by the same functions as a talk.

A page has no dialogue, so it asks the givers of `core/answering` directly: one set of rules for a draft, a
code or a number, whatever the medium. What an act causes to be sent leaves in its own commit; wrong guesses
count for the visitor and for the network they come from, because a cookie is easily thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from core.answering import catalogue, people
from core.answering.context import Context
from core.channel import Traits
from core.guessing import pause_for
from core.messages import Address, InboundMessage, Say
from core.office import Knowledge, Office
from core.post.filters import FILTERS
from core.store.database import Database
from core.store.dossiers import Follower
from core.store.shelves import Shelves
from core.store.signals import Signals
from core.talk import needs
from core.talk.conversation import Conversation
from core.world import World
from procedures.problem import Problem

MEDIUM = "web"
# A network may be a whole mobile carrier: its people may mistype more often than one person.
NETWORK_AN_HOUR = 60
NETWORK_A_DAY = 300

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Citizen:
    """Who is at the page: the address of the browser, the network it calls from, the language it reads."""

    address: Address
    network: str = ""
    language: str = "vi"

    @property
    def network_subject(self) -> str:
        return f"net|{self.network}"


class SelfService:
    """Runs the acts. `channel` is the name of the web channel, under which papers are noted."""

    def __init__(
        self,
        database: Database,
        office: Office,
        world: World,
        traits: Mapping[str, Traits],
        signals: Signals,
        channel: str = "web",
    ) -> None:
        self._database = database
        self._office = office
        self._traits = traits
        self._signals = signals
        self._channel = channel
        self.world = world

    @property
    def knowledge(self) -> Knowledge:
        return self._office.knowledge

    def now(self) -> datetime:
        """This moment, as the office's clock shows it."""
        return self.knowledge.local(self.world.now())

    async def freshen(self) -> None:
        """See whether something was published since."""
        await self._database.read(lambda shelves: self._office.refresh(shelves.registry))

    async def read(self, citizen: Citizen, work: Callable[[Context], T]) -> T:
        """Answer from a snapshot; nothing is changed."""
        return await self._database.read(lambda shelves: work(self._context(shelves, citizen)))

    async def write(self, citizen: Citizen, work: Callable[[Context], T]) -> T:
        """Act, and write what follows from it, in one transaction."""

        def act(shelves: Shelves) -> tuple[T, bool]:
            context = self._context(shelves, citizen)
            result = work(context)
            shelves.outbox.put(context.queued, context.at)
            for subject in context.guesses:
                shelves.people.guessed_wrong(subject, context.at)
                if citizen.network:
                    shelves.people.guessed_wrong(citizen.network_subject, context.at)
            return result, bool(context.queued)

        result, ring = await self._database.write(act)
        if ring:
            await self._signals.ring("outbox")
        return result

    def _context(self, shelves: Shelves, citizen: Citizen) -> Context:
        at = self.world.now()
        talk = Conversation(citizen.address, MEDIUM, language=citizen.language)
        message = InboundMessage(self._channel, citizen.address, "", at)
        return Context(shelves, self.knowledge, self.world, self._traits, talk, message, at)

    # -- the office -----------------------------------------------------------------------------------------

    async def office_now(self, citizen: Citizen) -> Mapping[str, Any]:
        """Where the office is, and whether it is open."""
        return await self.read(citizen, lambda context: catalogue.office_now(context, needs.OfficeNow()))

    def explain(self, problem: Problem, language: str) -> str:
        """What is wrong with an answer and what would do, as every channel says it."""
        say = Say(problem.key, {"problem": problem.code, "help": "", "question": "", **problem.values})
        return self.knowledge.wording.render(say, MEDIUM, language)

    # -- a number of one's own ------------------------------------------------------------------------------

    async def send_code(self, citizen: Citizen, number: str) -> bool:
        """A one-time code by SMS to a number in E.164. False: not now, too many were asked for."""
        return await self.write(citizen, lambda context: people.send_code(context, needs.SendCode(number)))

    async def prove(self, citizen: Citizen, number: str, code: str) -> bool:
        """The right code makes this visitor the number's person; what they filed here is told there too."""

        def act(context: Context) -> bool:
            if wait(context, citizen):
                return False
            proven = people.prove_number(context, needs.ProveNumber(number, code))
            if proven:
                _tell_there_too(context, Address("tel", number))
            return proven

        return await self.write(citizen, act)

    async def numbers(self, citizen: Citizen) -> list[str]:
        """The telephone numbers that this visitor has proven to be theirs."""

        def find(context: Context) -> list[str]:
            person = context.proven_person()
            known = [] if person is None else context.shelves.people.addresses(person, context.at)
            return [
                address.identity for address, proof in known if address.kind == "tel" and proof != "claim"
            ]

        return await self.read(citizen, find)


def wait(context: Context, citizen: Citizen) -> timedelta:
    """How long this visitor, or their network, must wait before the next guess is heard."""
    shelf, at = context.shelves.people, context.at
    pause = pause_for(shelf, str(citizen.address), at)
    if citizen.network:
        of_network = pause_for(shelf, citizen.network_subject, at, NETWORK_AN_HOUR, NETWORK_A_DAY)
        pause = max(pause, of_network)
    return pause


def _tell_there_too(context: Context, number: Address) -> None:
    shelf = context.shelves.dossiers
    for record in shelf.registered(context.talk.address):
        known = {f.address: f for f in shelf.followers(record.id)}
        if known[str(context.talk.address)].role == "applicant" and str(number) not in known:
            request = context.world.new_id()
            shelf.register(Follower(record.id, str(number), "applicant", "active", request), context.at)


__all__ = ["FILTERS", "Citizen", "SelfService", "wait"]
