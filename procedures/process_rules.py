"""Whether a process table can be walked: what an editor may get wrong, each with its key and remedy."""

from collections.abc import Iterator

from procedures.process import LOUDEST, Action, Process, Step

REASONED = frozenset(
    {3, 5, 6, 8}
)  # forms 02, 03, 05 of TT 03/2025/TT-VPCP carry a reason: no such act without one


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
