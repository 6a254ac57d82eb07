"""Every status means one thing, and an unknown one never throws a message away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels.sms.codes import MEANINGS, OUTCOMES, code_of, error_of, meaning_of
from core.channel import Misconfigured, OptedOut, Refused, SendError, Throttled, Unreachable

SOME = [
    (0x0A, Misconfigured),
    (0x0B, Refused),
    (0x14, Throttled),
    (0x58, Throttled),
    (0x08, Throttled),
    (0x0E, Misconfigured),
    (0xFF, Unreachable),
    (0x400, Unreachable),  # defect 10: a vendor's own
    (0x99999999, Unreachable),
]


@pytest.mark.parametrize(("status", "error"), SOME)
def test_what_a_status_means(status: int, error: type[SendError]) -> None:
    assert type(error_of(status, None, timedelta(seconds=1))) is error


def test_a_carrier_may_say_what_its_own_mean() -> None:
    vendor = {0x401: "opted_out", 0x402: "throttled"}
    assert meaning_of(0x401, vendor).error is OptedOut
    throttled = error_of(0x402, vendor, timedelta(seconds=3))
    assert isinstance(throttled, Throttled)
    assert throttled.after == timedelta(seconds=3)
    assert throttled.code == "smpp:0x402"


def test_every_row_has_a_reason_and_nothing_means_success() -> None:
    assert 0 not in MEANINGS
    assert all(meaning.why and issubclass(meaning.error, SendError) for meaning in MEANINGS.values())
    assert code_of(0x58) == "smpp:0x58"
    assert {"refused", "opted_out", "misconfigured", "unreachable", "throttled"} == OUTCOMES
