"""Settings say what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from channels.sms.settings import SmppSettings

BIND = {"system_id": "motcua", "password": "secret"}

WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "binds"),
    ({"binds": []}, "binds"),
    ({"binds": [BIND], "sendr": "8088"}, "sendr"),
    ({"binds": [{**BIND, "hots": "x"}]}, "hots"),
    ({"binds": [{**BIND, "password": "ninechars"}]}, "password"),
    ({"binds": [{**BIND, "window": 0}]}, "window"),
    ({"binds": [{**BIND, "prefixes": ["viettel"]}]}, "prefix"),
    ({"binds": [BIND, BIND]}, "same name"),
    ({"binds": [BIND], "sender": "UBND QUAN NHAT"}, "brand name"),
    ({"binds": [BIND], "vendor_statuses": {0x400: "odd"}}, "odd"),
    ({"binds": [BIND], "long_messages": "sar"}, "long_messages"),
]


@pytest.mark.parametrize(("given", "named"), WRONG)
def test_what_is_wrong_is_named(given: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        SmppSettings.model_validate(given)


def test_the_password_is_not_shown() -> None:
    assert "secret" not in repr(SmppSettings.model_validate({"binds": [BIND]}))
