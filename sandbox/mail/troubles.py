"""Trouble on demand: what a mail server says when it does not take a letter."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Trouble:
    """At `verb` (CONNECT, EHLO, AUTH, MAIL, RCPT, DATA, END: the end of the text) answer `reply`.

    An empty reply cuts the line. With `kept`, END keeps the letter before the trouble.
    """

    verb: str
    reply: str
    times: int
    kept: bool = False
    seconds: float = 0


@dataclass(slots=True)
class Troubles:
    """The troubles still to come, first come first served."""

    waiting: list[Trouble] = field(default_factory=list)

    def answer(self, verb: str, reply: str, *, times: int = 1) -> None:
        """For example `answer("RCPT", "550 5.1.1 no such mailbox")`."""
        self.waiting.append(Trouble(verb, reply, times))

    def cut(self, verb: str, *, times: int = 1, kept: bool = False) -> None:
        self.waiting.append(Trouble(verb, "", times, kept))

    def delay(self, verb: str, seconds: float, *, times: int = 1) -> None:
        """Answer as usual, but late."""
        self.waiting.append(Trouble(verb, "", times, seconds=seconds))

    def take(self, verb: str) -> Trouble | None:
        for trouble in self.waiting:
            if trouble.verb == verb:
                trouble.times -= 1
                if trouble.times <= 0:
                    self.waiting.remove(trouble)
                return trouble
        return None
