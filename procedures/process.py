"""How a dossier walks through the office: steps and named actions, read from a table.

`library/processes/<code>.yaml` is that table, written to be read aloud: "in reception, *accept* leads to
handling; *refuse* leads to refused and needs a note". Rules that hold for every process:

- a state is the set of steps under way; consulting in parallel makes it more than one;
- an action that leads to several steps opens all of them;
- a step that `joins` others opens only when the last of those is done;
- entering a step that ends the process closes everything else;
- an action that is not in the table raises NotAllowed and changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from procedures.definition import STRICT, read
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


def faults(process: Process) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a table: (key, problem, remedy). An empty result means that it can be walked."""
    codes = [step.code for step in process.steps]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield "steps", f"step {code!r} twice", "give each step its own code"
    if process.start not in codes:
        yield "start", f"no step {process.start!r}", f"name one of {', '.join(codes)}"
        return
    for index, step in enumerate(process.steps):
        yield from _step_faults(process, step, f"steps[{index}]")
    for index, action in enumerate(process.anywhere):
        yield from _action_faults(process, action, f"anywhere[{index}]")
        if not all(process.step(code).ends for code in action.to if code in codes):
            yield f"anywhere[{index}].to", "does not end the process", "list it in the steps it belongs to"
    if all(code in codes for step in process.steps for action in step.actions for code in action.to):
        yield from _way_faults(process)


def _step_faults(process: Process, step: Step, key: str) -> Iterator[tuple[str, str, str]]:
    if step.state not in LOUDEST:
        yield f"{key}.state", f"{step.state} is no national state", "give a number from 1 to 10"
    if not step.ends and not step.role:
        yield f"{key}.role", "nobody is in charge", "name the role that acts here"
    names = [action.code for action in process.actions(step)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{key}.actions", f"action {name!r} twice", "give each action in a step its own code"
    for code in step.joins:
        if not _leads(process, code, step.code):
            yield f"{key}.joins", f"{code!r} never leads here", "let it lead here or take it off the list"
    for index, action in enumerate(step.actions):
        yield from _action_faults(process, action, f"{key}.actions[{index}]")
        yield from _clock_faults(process, step, action, f"{key}.actions[{index}]")


def _action_faults(process: Process, action: Action, key: str) -> Iterator[tuple[str, str, str]]:
    steps = {step.code: step for step in process.steps}
    if not action.to:
        yield f"{key}.to", "leads nowhere", "name the step that follows"
    for code in action.to:
        if code not in steps:
            yield f"{key}.to", f"no step {code!r}", f"name one of {', '.join(steps)}"
        elif steps[code].state in REASONED and not action.needs_note:
            yield (
                f"{key}.needs_note",
                f"{code!r} cannot be entered without a reason",
                "write needs_note: true",
            )


def _clock_faults(process: Process, step: Step, action: Action, key: str) -> Iterator[tuple[str, str, str]]:
    targets = [target for target in process.steps if target.code in action.to]
    if action.stops_clock and not action.ground:
        yield f"{key}.ground", "the clock stops without a legal ground", "name the rule that allows it"
    if action.stops_clock and not all(target.state in (5, 6) for target in targets):
        yield (
            f"{key}.stops_clock",
            "the clock stops but the dossier waits for nobody",
            "lead to a state 5 or 6",
        )
    stopped = any(a.stops_clock and step.code in a.to for s in process.steps for a in s.actions)
    if stopped and not action.starts_clock and not any(target.ends for target in targets):
        yield f"{key}.starts_clock", "the clock would stay stopped", "write starts_clock: true"


def _way_faults(process: Process) -> Iterator[tuple[str, str, str]]:
    reached, edge = {process.start}, [process.start]
    while edge:
        for action in process.actions(process.step(edge.pop())):
            edge += [code for code in action.to if code not in reached]
            reached.update(action.to)
    for index, step in enumerate(process.steps):
        if step.code not in reached:
            yield f"steps[{index}]", f"{step.code!r} is never reached", "lead an action to it or remove it"
        elif not step.ends and not _can_end(process, step.code, set()):
            yield f"steps[{index}]", f"no way out of {step.code!r}", "add an action that leads on"


def _can_end(process: Process, code: str, seen: set[str]) -> bool:
    """Whether the ordinary actions (not those that hold anywhere) lead to an end."""
    step = process.step(code)
    if step.ends:
        return True
    ahead = {target for action in step.actions for target in action.to} - seen - {code}
    return any(_can_end(process, target, seen | {code}) for target in sorted(ahead))


def _leads(process: Process, origin: str, target: str) -> bool:
    return any(
        target in action.to for step in process.steps if step.code == origin for action in step.actions
    )


def load(path: Path, shown: str = "") -> Process:
    """Read one process table. Raises definition.LibraryError for what cannot be read; `faults` judges it."""
    return read(Process, path, shown or path.name)
