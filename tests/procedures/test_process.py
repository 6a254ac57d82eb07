"""Every action from every step of every process that ships; parallel work and its join; nothing illegal."""

from collections.abc import Iterator

import pytest

from procedures import catalogue, process_rules
from procedures.definition import parse
from procedures.process import NotAllowed, Process, Progress, act, begin, national_state

PROCESSES = catalogue.read().processes

# process, step, action → steps under way then, national state then. The whole table, written out.
TABLE = """
one_stop      reception   invite       originals    1
one_stop      reception   accept       assigning    2
one_stop      reception   ask_papers   completing   5
one_stop      reception   refuse       refused      3
one_stop      reception   withdraw     withdrawn    7
one_stop      originals   accept       assigning    2
one_stop      originals   ask_papers   completing   5
one_stop      originals   refuse       refused      3
one_stop      originals   withdraw     withdrawn    7
one_stop      completing  completed    reception    1
one_stop      completing  refuse       refused      3
one_stop      completing  withdraw     withdrawn    7
one_stop      assigning   assign       handling     4
one_stop      assigning   withdraw     withdrawn    7
one_stop      handling    propose      approval     4
one_stop      handling    ask_papers   supplement   5
one_stop      handling    ask_payment  payment      6
one_stop      handling    stop         stopped      8
one_stop      handling    withdraw     withdrawn    7
one_stop      supplement  completed    handling     4
one_stop      supplement  stop         stopped      8
one_stop      supplement  withdraw     withdrawn    7
one_stop      payment     paid         handling     4
one_stop      payment     stop         stopped      8
one_stop      payment     withdraw     withdrawn    7
one_stop      approval    approve      result       9
one_stop      approval    send_back    handling     4
one_stop      approval    withdraw     withdrawn    7
one_stop      result      hand_over    handed_over  10
same_day      reception   invite       originals    1
same_day      reception   accept       handling     4
same_day      reception   ask_papers   completing   5
same_day      reception   refuse       refused      3
same_day      reception   withdraw     withdrawn    7
same_day      originals   accept       handling     4
same_day      originals   ask_papers   completing   5
same_day      originals   refuse       refused      3
same_day      originals   withdraw     withdrawn    7
same_day      completing  completed    reception    1
same_day      completing  refuse       refused      3
same_day      completing  withdraw     withdrawn    7
same_day      handling    finish       result       9
same_day      handling    ask_papers   supplement   5
same_day      handling    stop         stopped      8
same_day      handling    withdraw     withdrawn    7
same_day      supplement  completed    handling     4
same_day      supplement  stop         stopped      8
same_day      supplement  withdraw     withdrawn    7
same_day      result      hand_over    handed_over  10
notice        arrived     note         noted        9
notice        arrived     ask_papers   asking       5
notice        arrived     refuse       refused      3
notice        arrived     withdraw     withdrawn    7
notice        asking      completed    arrived      1
notice        asking      refuse       refused      3
notice        asking      withdraw     withdrawn    7
request       arrived     take         working      4
request       arrived     answer       answered     9
request       arrived     refuse       refused      3
request       arrived     withdraw     withdrawn    7
request       working     answer       answered     9
request       working     withdraw     withdrawn    7
consultation  reception   accept       handling     4
consultation  reception   ask_papers   completing   5
consultation  reception   refuse       refused      3
consultation  reception   withdraw     withdrawn    7
consultation  completing  completed    reception    1
consultation  completing  refuse       refused      3
consultation  completing  withdraw     withdrawn    7
consultation  handling    consult      site+opinion 4
consultation  handling    ask_papers   supplement   5
consultation  handling    stop         stopped      8
consultation  handling    withdraw     withdrawn    7
consultation  site        checked      summing_up   4
consultation  site        stop         stopped      8
consultation  site        withdraw     withdrawn    7
consultation  opinion     answered     summing_up   4
consultation  opinion     withdraw     withdrawn    7
consultation  summing_up  propose      approval     4
consultation  summing_up  stop         stopped      8
consultation  summing_up  withdraw     withdrawn    7
consultation  supplement  completed    handling     4
consultation  supplement  stop         stopped      8
consultation  supplement  withdraw     withdrawn    7
consultation  approval    approve      result       9
consultation  approval    send_back    summing_up   4
consultation  approval    withdraw     withdrawn    7
consultation  result      hand_over    handed_over  10
"""
ROWS = [tuple(line.split()) for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("code", "step", "action", "to", "state"), ROWS)
def test_every_action_from_every_step(code: str, step: str, action: str, to: str, state: str) -> None:
    table = PROCESSES[code]
    after = act(table, Progress((step,)), action, note="lý do")
    assert after.active == tuple(to.split("+"))
    assert national_state(table, after) == int(state)


def test_the_table_above_is_complete() -> None:
    there = {(p.code, s.code, a.code) for p in PROCESSES.values() for s in p.steps for a in p.actions(s)}
    assert there == {row[:3] for row in ROWS}


def illegal() -> Iterator[tuple[str, str, str]]:
    for table in PROCESSES.values():
        every = {action.code for step in table.steps for action in table.actions(step)} | {"fly"}
        for step in table.steps:
            for action in sorted(every - {action.code for action in table.actions(step)}):
                yield table.code, step.code, action


def test_an_illegal_act_raises_and_changes_nothing() -> None:
    cases = list(illegal())
    assert len(cases) > 200
    for code, step, action in cases:
        progress = Progress((step,))
        with pytest.raises(NotAllowed):
            act(PROCESSES[code], progress, action, note="lý do")
        assert progress == Progress((step,))


NEEDS_REASON = [row[:3] for row in ROWS if row[4] in ("3", "5", "6", "8")] + [
    ("one_stop", "approval", "send_back")
]


@pytest.mark.parametrize(("code", "step", "action"), NEEDS_REASON)
@pytest.mark.parametrize("note", ["", "   "])
def test_nothing_is_refused_asked_for_or_stopped_without_a_reason(
    code: str, step: str, action: str, note: str
) -> None:
    with pytest.raises(NotAllowed, match="note"):
        act(PROCESSES[code], Progress((step,)), action, note=note)


def test_a_result_cannot_be_withdrawn() -> None:
    with pytest.raises(NotAllowed):
        act(PROCESSES["one_stop"], Progress(("result",)), "withdraw")


# -- parallel ------------------------------------------------------------------------------------------------


def walk(*moves: str) -> Progress:
    table = PROCESSES["consultation"]
    progress = begin(table)
    for move in moves:
        step, _, action = move.rpartition(".")
        progress = act(table, progress, action, step=step, note="lý do")
    return progress


PARALLEL = [
    (("accept", "consult"), ("site", "opinion")),
    (("accept", "consult", "site.checked"), ("opinion",)),
    (("accept", "consult", "opinion.answered"), ("site",)),
    (("accept", "consult", "site.checked", "opinion.answered"), ("summing_up",)),
    (("accept", "consult", "opinion.answered", "site.checked"), ("summing_up",)),
    (("accept", "consult", "site.stop"), ("stopped",)),
    (("accept", "consult", "opinion.answered", "site.stop"), ("stopped",)),
    (("accept", "consult", "withdraw"), ("withdrawn",)),
    (("accept", "consult", "site.checked", "opinion.answered", "propose", "approve"), ("result",)),
]


@pytest.mark.parametrize(("moves", "active"), PARALLEL)
def test_the_last_answer_opens_the_join_and_an_end_closes_everything(
    moves: tuple[str, ...], active: tuple[str, ...]
) -> None:
    assert walk(*moves).active == active


def test_two_steps_with_an_action_of_one_name_must_be_told_apart() -> None:
    content = {
        "code": "two",
        "title": "Hai việc song song",
        "start": "a",
        "steps": [
            {"code": "a", "title": "A", "state": 4, "role": "r", "actions": [action("split", "b", "c")]},
            {"code": "b", "title": "B", "state": 4, "role": "r", "actions": [action("done", "d")]},
            {"code": "c", "title": "C", "state": 6, "role": "r", "actions": [action("done", "d")]},
            {"code": "d", "title": "D", "state": 9},
        ],
    }
    content["steps"][0]["actions"][0]["needs_note"] = True  # type: ignore[index]
    table = parse(Process, content, "two.yaml")
    split = act(table, begin(table), "split", note="lý do")
    assert national_state(table, split) == 6  # what the citizen must do is louder than what the office does
    with pytest.raises(NotAllowed, match="name one"):
        act(table, split, "done")
    assert act(table, split, "done", step="b").active == ("d",)


# -- a table that cannot be walked is refused ----------------------------------------------------------------


def action(code: str, *to: str, **more: object) -> dict[str, object]:
    return {"code": code, "title": code, "to": list(to), **more}


def step(code: str, state: int, *actions: dict[str, object], **more: object) -> dict[str, object]:
    return {"code": code, "title": code, "state": state, "role": "desk", "actions": list(actions), **more}


END = {"code": "end", "title": "end", "state": 9}
FAULTY = [
    ([step("a", 1, action("x", "b")), END], "steps[0].actions[0].to", "no step 'b'"),
    ([step("a", 1, action("x")), END], "steps[0].actions[0].to", "leads nowhere"),
    ([step("a", 11, action("x", "end")), END], "steps[0].state", "no national state"),
    ([step("a", 1, action("x", "end"), role=""), END], "steps[0].role", "nobody"),
    ([step("a", 1, action("x", "end")), END, END], "steps", "twice"),
    ([step("a", 1, action("x", "end"), action("x", "end")), END], "steps[0].actions", "twice"),
    ([step("a", 1, action("x", "end")), step("b", 4, action("y", "end")), END], "steps[1]", "never reached"),
    ([step("a", 1, action("x", "b")), step("b", 4, action("y", "a")), END], "steps[0]", "no way out"),
    ([step("a", 1, action("x", "end"), joins=["end"]), END], "steps[0].joins", "never leads here"),
    (
        [step("a", 4, action("x", "end", stops_clock=True, ground="luật")), END],
        "steps[0].actions[0].stops_clock",
        "waits for nobody",
    ),
    (
        [
            step("a", 4, action("x", "b", stops_clock=True, needs_note=True)),
            step("b", 5, action("y", "end")),
            END,
        ],
        "steps[0].actions[0].ground",
        "legal ground",
    ),
    (
        [
            step(
                "a", 4, action("x", "b", stops_clock=True, needs_note=True, ground="luật"), action("z", "end")
            ),
            step("b", 5, action("y", "a")),
            END,
        ],
        "steps[1].actions[0].starts_clock",
        "stay stopped",
    ),
    (
        [
            step("a", 1, action("x", "end"), action("no", "refused")),
            END,
            {**END, "code": "refused", "state": 3},
        ],
        "steps[0].actions[1].needs_note",
        "without a reason",
    ),
]


@pytest.mark.parametrize(("steps", "key", "problem"), FAULTY)
def test_a_table_that_cannot_be_walked(steps: list[dict[str, object]], key: str, problem: str) -> None:
    table = parse(Process, {"code": "p", "title": "P", "start": "a", "steps": steps}, "p.yaml")
    found = list(process_rules.faults(table))
    assert any(k == key and problem in p for k, p, _ in found), found


def test_what_holds_anywhere_must_end_the_process() -> None:
    steps = [step("a", 1, action("x", "end")), END]
    content = {"code": "p", "title": "P", "start": "a", "steps": steps, "anywhere": [action("back", "a")]}
    assert any(
        key == "anywhere[0].to" for key, _, _ in process_rules.faults(parse(Process, content, "p.yaml"))
    )
