"""How a dossier walks through the office: steps and named actions, read from a table.

`library/processes/<code>.yaml` is that table, written to be read aloud: "in reception, *accept* leads to
handling; *refuse* leads to refused and needs a note". Rules that hold for every process:

- a state is the set of steps under way; consulting in parallel makes it more than one;
- an action that leads to several steps opens all of them;
- a step that `joins` others opens only when the last of those is done;
- entering a step that ends the process closes everything else;
- an action that is not in the table raises NotAllowed and changes nothing.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

from procedures.definition import STRICT
from procedures.term import Term

LOUDEST = (3, 7, 8, 10, 9, 6, 5, 4, 2, 1)  # of several steps under way, this national state is shown first
REASONED = frozenset(
    {3, 5, 6, 8}
)  # forms 02, 03, 05 of TT 03/2025/TT-VPCP carry a reason: no such act without one

DECIDED = frozenset({9, 10})  # there is a result: it is too late to withdraw


class NotAllowed(Exception):
    """This action cannot be taken now. Nothing has changed."""


@dataclass(frozen=True)
class Action:
    """What an official (or the applicant) may do in a step. `to` names the steps that it opens.

    `stops_clock` and `starts_clock` touch the time limit; `ground` is the legal ground for stopping it.
    `notice` names what the applicant is told, empty for nothing.
    """

    __pydantic_config__: ClassVar = STRICT

    code: str
    title: str
    to: tuple[str, ...]
    needs_note: bool = False
    stops_clock: bool = False
    starts_clock: bool = False
    ground: str = ""
    notice: str = ""
    by_applicant: bool = False


@dataclass(frozen=True)
class Step:
    """A desk that the dossier lies on. `state` is the national state 1–10 while it lies there."""

    __pydantic_config__: ClassVar = STRICT

    code: str
    title: str
    state: int
    role: str = ""
    agency: str = ""
    term: Term | None = None
    actions: tuple[Action, ...] = ()
    joins: tuple[str, ...] = ()

    @property
    def ends(self) -> bool:
        """Whether the process is over here."""
        return not self.actions


@dataclass(frozen=True)
class Process:
    """The table. `anywhere` lists what may be done in every step until there is a result (state 9)."""

    __pydantic_config__: ClassVar = STRICT

    code: str
    title: str
    start: str
    steps: tuple[Step, ...]
    anywhere: tuple[Action, ...] = ()
    version: int = 1

    def step(self, code: str) -> Step:
        """The step of that code. Raises KeyError."""
        return {step.code: step for step in self.steps}[code]

    def actions(self, step: Step) -> tuple[Action, ...]:
        """Everything that may be done in a step."""
        return step.actions if step.ends or step.state in DECIDED else (*step.actions, *self.anywhere)


@dataclass(frozen=True)
class Progress:
    """Where one dossier is: the steps under way, in the order in which they were opened."""

    active: tuple[str, ...]


def begin(process: Process) -> Progress:
    """The progress of a dossier that has just come in."""
    return Progress((process.start,))


def possible(process: Process, progress: Progress) -> tuple[tuple[Step, Action], ...]:
    """Every action that may be taken now, with the step it would be taken in."""
    steps = [process.step(code) for code in progress.active]
    return tuple((step, action) for step in steps for action in process.actions(step))


def find(process: Process, progress: Progress, action: str, step: str = "") -> tuple[Step, Action]:
    """The row of the table that this act means; `step` is needed only where two steps offer the same action.

    Raises NotAllowed.
    """
    rows = [
        row
        for row in possible(process, progress)
        if row[1].code == action and (not step or row[0].code == step)
    ]
    if not rows:
        raise NotAllowed(f"{action!r} is not possible in {', '.join(progress.active)}")
    if len(rows) > 1 and not _same_everywhere(rows):
        raise NotAllowed(f"{action!r} is possible in several steps: name one")
    return rows[0]


def act(process: Process, progress: Progress, action: str, *, step: str = "", note: str = "") -> Progress:
    """The progress after an action. Raises NotAllowed, and then nothing has changed."""
    here, chosen = find(process, progress, action, step)
    if chosen.needs_note and not note.strip():
        raise NotAllowed(f"{action!r} needs a note")
    opened = [process.step(code) for code in chosen.to]
    if any(target.ends for target in opened):
        return Progress(tuple(target.code for target in opened if target.ends)[:1])
    left = tuple(code for code in progress.active if code != here.code)
    new = tuple(target.code for target in opened if _may_open(target, left))
    return replace(progress, active=left + new)


def national_state(process: Process, progress: Progress) -> int:
    """The state 1–10 that the national portal and the citizen see."""
    states = {process.step(code).state for code in progress.active}
    return next(state for state in LOUDEST if state in states)


def _same_everywhere(rows: list[tuple[Step, Action]]) -> bool:
    """Several rows, yet one meaning: the same act, ending the process wherever it is taken."""
    return all(action is rows[0][1] for _, action in rows)


def _may_open(target: Step, still_active: tuple[str, ...]) -> bool:
    return target.code not in still_active and not any(code in still_active for code in target.joins)
