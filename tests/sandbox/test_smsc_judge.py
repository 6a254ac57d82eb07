"""The verdict on a journal: small journals of one or two handsets, and what they prove."""

from typing import Any

import pytest

from sandbox.smpp.judge import Verdict, judge

NOBODY: frozenset[str] = frozenset()
AN = frozenset({"84901"})


def line(what: str, **fields: object) -> dict[str, Any]:
    return {"what": what} | fields


MO = line("mo", **{"id": "mo1", "from": "84901"}, parts=[1, 2])
FIRST = line("deliver_resp", id="mo1", part=1, kind="mo", status=0)
SECOND = line("deliver_resp", id="mo1", part=2, kind="mo", status=0)
LATER = line("deliver_resp", id="mo1", part=2, kind="mo", status=0x64)
SUBMIT = line("submit", id="7", to="84901")
AGAIN = line("submit", id="8", to="84901")
RECEIVED = line("received", number="84901")
RESPONSE = line("submit_resp", id="7")
RECEIPT = line("receipt", id="7", told_id="07")
ACK = line("deliver_resp", id="07", part=1, kind="receipt", status=0)

CASES = [
    ("not all parts taken", [MO, FIRST, LATER], Verdict(1, 0, NOBODY, NOBODY, NOBODY, 0)),
    ("taken, no answer", [MO, FIRST, SECOND], Verdict(1, 1, AN, NOBODY, NOBODY, 0)),
    ("answered", [MO, FIRST, SECOND, SUBMIT, RECEIVED, RESPONSE], Verdict(1, 1, NOBODY, NOBODY, NOBODY, 0)),
    (
        "answered twice, the first answer's response was lost",
        [MO, FIRST, SECOND, SUBMIT, RECEIVED, AGAIN, RECEIVED],
        Verdict(1, 1, NOBODY, AN, AN, 0),
    ),
    (
        "answered twice without excuse",
        [MO, FIRST, SECOND, SUBMIT, RECEIVED, RESPONSE, AGAIN, RECEIVED, line("submit_resp", id="8")],
        Verdict(1, 1, NOBODY, AN, NOBODY, 0),
    ),
    ("receipt not acknowledged", [SUBMIT, RESPONSE, RECEIPT], Verdict(0, 0, NOBODY, NOBODY, NOBODY, 1)),
    (
        "receipt acknowledged twice",
        [SUBMIT, RESPONSE, RECEIPT, ACK, ACK],
        Verdict(0, 0, NOBODY, NOBODY, NOBODY, 0),
    ),
]


@pytest.mark.parametrize(("why", "lines", "verdict"), CASES, ids=[case[0] for case in CASES])
def test_verdicts(why: str, lines: list[dict[str, Any]], verdict: Verdict) -> None:
    assert judge(lines) == verdict
