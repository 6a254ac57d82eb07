"""What a topic is written in: `ask` for what it must know or have done, `stay` or `go` with what it says.

A topic is a function `(Conversation, Heard) -> Script`. It either returns a `Turn`, or is a generator that
yields needs and returns a `Turn`. A test answers the needs from a dictionary; `core/answers.py` answers them
from the store.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, TypeVar

from core.messages import Say
from core.talk.conversation import Conversation

T_co = TypeVar("T_co", covariant=True)


class Need(Generic[T_co]):
    """Something a topic must know (`changes` is False: answered from a snapshot) or have done (True: done in
    the turn's own write transaction, so that the act, the answer and the memory commit together)."""

    changes: ClassVar[bool] = False
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """The end of a turn: what we remember and what we say. `stumbled`: we did not understand."""

    conversation: Conversation
    says: tuple[Say, ...] = ()
    stumbled: bool = False


Steps = Generator[Need[Any], Any, Turn]
Script = Steps | Turn


def ask(need: Need[T_co]) -> Generator[Need[Any], Any, T_co]:
    """`answer = yield from ask(need)`: typed by the need."""
    answer: T_co = yield need
    return answer


def stay(talk: Conversation, *says: Say, stumbled: bool = False) -> Turn:
    """Keep the floor. What the last `Say` expects is what we now wait for."""
    return Turn(talk, says, stumbled)


def go(talk: Conversation, topic: str, *says: Say, **memory: Any) -> Turn:
    """Hand the floor to `topic`, with a fresh memory. Nothing of the old topic is kept but what is handed
    over."""
    return Turn(replace(talk, topic=topic, memory=memory), says)


def run(script: Script) -> Steps:
    """A script as steps, whether it needs anything or not."""
    if isinstance(script, Turn):
        return script
    return (yield from script)
