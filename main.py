"""Một Cửa: the command line.

python main.py run                  start (the default)
python main.py check                verify configuration, wording and library
python main.py talk --as sms        hold a conversation in the terminal
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from core.config import ConfigError, Settings, private_secrets, read
from house import logs

if TYPE_CHECKING:
    from house.doors import Doors

log = logging.getLogger("motcua")


def arguments() -> argparse.ArgumentParser:
    """What can be asked of the program."""
    parser = argparse.ArgumentParser(prog="main.py", description="Một Cửa, the one-stop gateway")
    parser.add_argument(
        "--config", type=Path, default=Path("config.yaml"), help="settings (default: config.yaml)"
    )
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("run", help="start the gateway (default)")
    commands.add_parser("check", help="verify configuration, wording and library")
    talk = commands.add_parser("talk", help="hold a conversation in the terminal")
    talk.add_argument("--as", dest="medium", choices=("sms", "ivr", "chat", "web"), default="sms")
    talk.add_argument("--from", dest="sender", default="+84912345678")
    return parser


def settings_of(config: Path) -> Settings:
    """The settings, with secrets from the environment and the private file. Raises `ConfigError`."""
    from house.private import ensure

    private = Path(os.environ.get("MOTCUA_PRIVATE", "var/private.env"))
    ensure(private)
    return read(config, os.environ, private_secrets(private))


async def run(settings: Settings) -> None:
    """Run until somebody says stop."""
    from house.building import build, opened
    from house.joining import with_sandbox

    began = time.perf_counter()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        settings, page = await stack.enter_async_context(with_sandbox(settings))
        house = build(settings)
        doors = await stack.enter_async_context(opened(house))
        _tell(doors, page, time.perf_counter() - began)
        await stop.wait()
    print("Stopped.", flush=True)


def _tell(doors: Doors, page: str, seconds: float) -> None:
    """Where everything is."""
    lines = {
        "Citizens' portal": doors.public,
        "Desk": doors.desk,
        "Desk, first visit": doors.first_link,
        "Handsets": page,
    }
    print(f"Một Cửa is open (started in {seconds:.1f} s). Ctrl-C stops it.")
    for name, where in lines.items():
        if where:
            print(f"  {name:<18} {where}")
    sys.stdout.flush()


def check(settings: Settings) -> int:
    """Print every fault; 2 where there is one."""
    from house.checking import check as faults_of
    from house.checking import remarks
    from house.joining import assumed

    faults = list(faults_of(assumed(settings)))
    for fault in faults:
        print(fault, file=sys.stderr)
    for remark in () if faults else remarks(settings):
        print(f"note: {remark}")
    print(f"{len(faults)} faults." if faults else "Configuration, wording and library are in order.")
    return 2 if faults else 0


def main() -> int:
    """Returns the exit status: 2 where the configuration is wrong."""
    given = arguments().parse_args()
    try:
        settings = settings_of(given.config)
        logs.begin(settings.log)
        if given.command == "check":
            return check(settings)
        if given.command == "talk":
            from house.talking import talk

            asyncio.run(talk(settings, given.medium, given.sender))
        else:
            asyncio.run(run(settings))
    except ConfigError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
