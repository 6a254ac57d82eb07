"""main.py with a clock that the test moves: the file named by MOVED_CLOCK holds the seconds to add to the real time.
Office hours and quiet hours then hold at whatever hour the tests run; everything else is the program as it is."""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta, tzinfo
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLOCKS = (
    "core.world",
    "channels.sms.adapter",
    "channels.ivr.channel",
    "channels.chat.telegram.adapter",
    "channels.web.channel",
    "channels.mail.adapter",
)


class Moved(datetime):
    """The one question that those modules ask `datetime` while the program runs."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + timedelta(seconds=float(Path(os.environ["MOVED_CLOCK"]).read_text("ascii")))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.path.remove(str(Path(__file__).parent))
    for name in CLOCKS:
        import_module(name).__dict__["datetime"] = Moved
    from main import main

    sys.exit(main())
