"""What happened, how it is told, and at which hour. Tables, and two small functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Notice:
    """How one kind of news is told. `must_arrive`: without a receipt within `within` the next way is tried, and at
    last a person is asked to see to it."""

    key: str
    must_arrive: bool = True
    within: timedelta = timedelta(hours=24)
    any_hour: bool = False  # the person is waiting for it just now


# The news that a process can name in its actions, and the gateway's own.
NOTICES: Mapping[str, Notice] = {
    name: Notice(f"notice.{name}", must_arrive)
    for name, must_arrive in {
        "filed": False,
        "received": False,
        "accepted": False,
        "invited": True,
        "noted": False,
        "answered": False,
        "supplement": True,
        "paused": False,
        "resumed": False,
        "pay": True,
        "payment": True,
        "refused": True,
        "ready": True,
        "handed_over": False,
        "extended": True,
        "withdrawn": False,
        "stopped": True,
        "follow_request": True,
    }.items()
} | {
    "filing_failed": Notice("notice.filing_failed", any_hour=True),
    "set_aside": Notice("notice.set_aside", must_arrive=False, any_hour=True),
    "one_time_code": Notice("notice.one_time_code", False, timedelta(minutes=10), any_hour=True),
}

# Hours in which news on one's own dossier may come (local time). Decree 91/2020/NĐ-CP binds advertising only, to
# 07:00–22:00 for messages and 08:00–17:00 for calls; news keep to the first and, for calls, end at 20:00.
HOURS: Mapping[str, tuple[time, time]] = {
    "sms": (time(7), time(22)),
    "chat": (time(7), time(22)),
    "ivr": (time(8), time(20)),
}


def acceptable(at: datetime, medium: str) -> datetime:
    """The first moment from `at` (local, aware) at which this medium may disturb."""
    hours = HOURS.get(medium)
    if hours is None:
        return at
    opens, closes = hours
    if at.time() < opens:
        return datetime.combine(at.date(), opens, at.tzinfo)
    if at.time() >= closes:
        return datetime.combine(at.date() + timedelta(days=1), opens, at.tzinfo)
    return at
