"""Guessing is slowed down: per sender by a growing pause, overall by a short one for everybody. Nobody is
refused.

The counters are rows, so that they survive a restart.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from core.store.people import EVERYBODY, People

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FREE = 5  # wrong tries an hour that cost nothing: people do mistype
FREE_A_DAY = 10
FIRST = timedelta(seconds=30)  # then this, doubled with each further one
LONGEST = timedelta(hours=1)
CROWD = 500  # wrong tries of everybody within an hour that mean an attack
CROWD_PAUSE = timedelta(seconds=2)


def pause_for(
    people: People, subject: str, now: datetime, free: int = FREE, free_a_day: int = FREE_A_DAY
) -> timedelta:
    """How long this sender must wait before the next try is heard; zero in ordinary life. `free` and
    `free_a_day` are the wrong tries that cost nothing, where the subject is more than one person."""
    tries = people.wrong_guesses(subject, now - DAY)
    if not tries:
        return timedelta()
    recent = [at for at in tries if at >= now - HOUR]
    over = max(len(recent) - free, len(tries) - free_a_day)
    pause = min(FIRST * 2**over, LONGEST) if over >= 0 else timedelta()
    if people.count_wrong(EVERYBODY, now - HOUR) > CROWD:
        pause = max(pause, CROWD_PAUSE)
    return max(timedelta(), tries[-1] + pause - now)
