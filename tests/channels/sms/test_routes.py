"""Which bind carries which number."""

from __future__ import annotations

import pytest

from channels.sms.routes import prefix_length

PREFIXES = [
    # prefixes of a bind, number, digits that fit
    ((), "+84961234567", 0),
    (("+8496",), "+84961234567", 4),
    (("8496",), "+84961234567", 4),
    (("+84", "+8496"), "+84961234567", 4),
    (("+8496",), "+84911234567", -1),
    (("+8496",), "8088", -1),
    (("8",), "8088", 1),
]


@pytest.mark.parametrize(("prefixes", "number", "length"), PREFIXES)
def test_the_longest_prefix_counts(prefixes: tuple[str, ...], number: str, length: int) -> None:
    assert prefix_length(prefixes, number) == length
