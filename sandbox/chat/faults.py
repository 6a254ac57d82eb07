"""Trouble on demand: what the network and a tired platform do to a call."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Trouble(StrEnum):
    ERROR = "error"  # answered with an HTTP error, nothing done
    THROTTLE = "throttle"  # answered 429, nothing done
    DROP = "drop"  # the connection is cut before the call is read
    DROP_AFTER = "drop_after"  # the call is done, the connection is cut before the answer
    DELAY = "delay"  # done and answered, but late
    REFUSE = "refuse"  # answered 400 with a description, nothing done
    PASS = "pass"  # nothing happens; lets a call through before the next fault
    GARBAGE = "garbage"  # answered 200 with something that is not JSON


@dataclass(slots=True)
class Fault:
    """`method` "*" means any. `number` is the HTTP status, the seconds to wait, or the seconds of delay."""

    trouble: Trouble
    method: str
    times: int
    number: float = 0
    description: str = ""


@dataclass(slots=True)
class Faults:
    """The faults still to come, first come first served."""

    waiting: list[Fault] = field(default_factory=list)

    def error(self, method: str = "*", *, status: int = 500, times: int = 1) -> None:
        self.waiting.append(Fault(Trouble.ERROR, method, times, status))

    def throttle(self, method: str = "*", *, seconds: int = 1, times: int = 1) -> None:
        self.waiting.append(Fault(Trouble.THROTTLE, method, times, seconds))

    def drop(self, method: str = "*", *, times: int = 1, after: bool = False) -> None:
        self.waiting.append(Fault(Trouble.DROP_AFTER if after else Trouble.DROP, method, times))

    def delay(self, method: str = "*", *, seconds: float, times: int = 1) -> None:
        self.waiting.append(Fault(Trouble.DELAY, method, times, seconds))

    def garbage(self, method: str = "*", *, times: int = 1) -> None:
        self.waiting.append(Fault(Trouble.GARBAGE, method, times))

    def refuse(self, method: str, description: str, *, times: int = 1) -> None:
        self.waiting.append(Fault(Trouble.REFUSE, method, times, 400, description))

    def pass_by(self, method: str = "*", *, times: int = 1) -> None:
        self.waiting.append(Fault(Trouble.PASS, method, times))

    def clear(self) -> None:
        self.waiting.clear()

    def take(self, method: str) -> Fault | None:
        """The fault that hits this call, if any; it is used up."""
        for fault in self.waiting:
            if fault.method in ("*", method):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None
