"""A turn played against the store: needs answered, words found, everything written in one transaction.

A turn that only reads is played on a snapshot, with nothing locked, and written together with many others. The
first need that changes something ends that attempt: the turn is played again inside the write transaction, so
that the act, its answer and the memory commit together. Turns are pure, so playing one twice does no harm.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core import plain
from core.answers import Answers, WantsToWrite
from core.casework import Casework, no_news
from core.channel import Traits
from core.messages import InboundMessage, OutboundMessage, Say
from core.notify import told
from core.office import Office
from core.store.inbox import Waiting
from core.store.outbox import Queued
from core.store.shelves import Shelves
from core.talk.conversation import Conversation
from core.talk.dialogue import turn
from core.talk.script import Turn
from core.world import World

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Played:
    """What one message came to. `guesses` are subjects whose wrong guess is to be counted."""

    waiting: Waiting
    talk: Conversation
    messages: tuple[OutboundMessage, ...]
    more: tuple[Queued, ...] = ()
    guesses: tuple[str, ...] = ()


class Stage:
    """Plays turns. `traits` are those of the channels by name."""

    def __init__(self, office: Office, traits: Mapping[str, Traits], world: World) -> None:
        self._office = office
        self._traits = traits
        self._world = world

    def refresh(self, shelves: Shelves) -> None:
        """Before a batch or a call's turn: know what was published since."""
        self._office.refresh(shelves.registry)

    def play(
        self,
        shelves: Shelves,
        talk: Conversation,
        waiting: Waiting,
        *,
        writing: bool,
        guesses: list[str] | None = None,
    ) -> Played:
        """One message, one turn. Raises `WantsToWrite` where the turn changes something and may not. `guesses` is
        filled as wrong guesses are made, so that they can be counted also where the turn then fails."""
        at = self._world.now()
        message = waiting.message
        guesses = [] if guesses is None else guesses
        answers = Answers(
            shelves,
            self._office,
            self._world,
            self._traits,
            talk,
            message,
            at,
            writing=writing,
            guesses=guesses,
        )
        steps = turn(talk, message, self._office.ear, self._office.repertoire, at)
        answer: object = None
        try:
            while True:
                answer = answers.give(steps.send(answer))
        except StopIteration as stop:
            done: Turn = stop.value
        said = self._word(done, message)
        talk = _with_labels(done.conversation, said)
        return Played(waiting, talk, said, tuple(answers.queued), tuple(guesses))

    def sorry(self, shelves: Shelves, waiting: Waiting, at: datetime) -> list[Queued]:
        """No silent failure: who sent what could not be handled is told so, on whatever way reaches them. A filing
        that did not go through says that its answers are kept."""
        knowledge = self._office.knowledge
        talk = shelves.talks.get(waiting.message.sender, waiting.medium)
        filing = talk.topic == "filing"
        teller = Casework(shelves, knowledge, self._world, self._traits, at)
        say = Say("notice.filing_failed" if filing else "notice.set_aside", no_news(knowledge))
        return told(teller, [waiting.message.sender], say, language=talk.language)

    def _word(self, done: Turn, message: InboundMessage) -> tuple[OutboundMessage, ...]:
        traits = self._traits[message.channel]
        worded = []
        for number, say in enumerate(done.says):
            worded.append(
                self._office.wording.words(
                    _paced(say, done.conversation),
                    traits,
                    done.conversation.language,
                    id=f"{message.external_id}/{number}",
                    channel=message.channel,
                    address=message.sender,
                    session=message.session,
                    answers=message.external_id,
                    addressed_from=message.addressed_to,
                    charge=_charge(done, number),
                )
            )
        return tuple(worded)


def _paced(say: Say, talk: Conversation) -> Say:
    """A caller who asked for slower speech gets it; the channel reads it off the values."""
    return replace(say, values={**say.values, "pace": "slow"}) if talk.slow else say


def _charge(done: Turn, number: int) -> str:
    """Premium short numbers: a message that was not understood is paid back (on the first answer only)."""
    if number:
        return ""
    return "refund" if done.stumbled else "charge"


def _with_labels(talk: Conversation, said: Sequence[OutboundMessage]) -> Conversation:
    """Remember what we wait for as it was shown, so that an answer by label or number is understood."""
    if talk.expects is None:
        return talk
    shown = next(
        (m.expect for m in reversed(said) if m.expect is not None and m.expect.id == talk.expects.id), None
    )
    return talk if shown is None else replace(talk, expects=shown)


def queue(played: Played, now: datetime, state: str = "queued") -> list[Queued]:
    """What a turn sends, in order: its answers first, then what it caused elsewhere."""
    turn_key = f"{played.waiting.message.channel}/{played.waiting.message.external_id}"[:220]
    answers = [
        Queued(message, turn_key, number, now, state=state) for number, message in enumerate(played.messages)
    ]
    return [*answers, *played.more]


def write(shelves: Shelves, played: Sequence[Played], now: datetime) -> None:
    """Write turns down: memory, what is to be sent, what was done. Of several turns of one talk the last counts."""
    latest: dict[tuple[str, str], Conversation] = {}
    for item in played:
        latest[str(item.talk.address), item.talk.medium] = item.talk
    shelves.talks.put(list(latest.values()))
    shelves.outbox.put([row for item in played for row in queue(item, now)], now)
    shelves.inbox.settle([item.waiting.id for item in played], now)


def stored(messages: Sequence[OutboundMessage]) -> str:
    """A call's answer, as it is kept for a repeated request."""
    return "[" + ",".join(plain.dump(message) for message in messages) + "]"


__all__ = ["Played", "Stage", "WantsToWrite", "queue", "stored", "write"]
