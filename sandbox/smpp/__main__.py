"""The SMSC as a process of its own: `python -m sandbox.smpp --port 0 --journal FILE`.

The first line on standard output is JSON: {"port": …, "control": …}. Then commands are taken, one JSON object
a line, on the loopback TCP port `control` (and on standard input with --stdin, whose end then ends the
process); each is answered by one line of JSON. See `sandbox.smpp.control` for the commands.

With --load N it waits for a bind, sends N texts from distinct numbers (closed loop with --window, open loop
with --rate), waits for an answer on each handset, prints the figures as one line of JSON and ends.
"""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from sandbox.smpp.behaviour import Receipts
from sandbox.smpp.control import Control
from sandbox.smpp.esme import Account
from sandbox.smpp.journal import Journal
from sandbox.smpp.load import Load
from sandbox.smpp.server import Smsc


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.smpp", description="An SMSC on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--control-port", type=int, default=0)
    parser.add_argument(
        "--account", action="append", help="system_id:password[:number,number]; again for more"
    )
    parser.add_argument("--deliver-window", type=int, default=50, help="deliver_sm open at a time, per bind")
    parser.add_argument("--journal", type=Path)
    parser.add_argument("--no-receipts", action="store_true")
    parser.add_argument("--stdin", action="store_true", help="take commands there too; end with it")
    parser.add_argument("--load", type=int, default=0, metavar="N", help="send N texts, print figures, end")
    parser.add_argument("--rate", type=float, default=0.0, help="texts a second (open loop)")
    parser.add_argument("--window", type=int, default=1, help="texts without an answer (closed loop)")
    parser.add_argument("--text", default="TRO GIUP")
    parser.add_argument("--to", default="8088")
    parser.add_argument("--patience", type=float, default=60.0, help="seconds for the last answers")
    return parser.parse_args()


def _accounts(given: list[str] | None, window: int) -> list[Account]:
    accounts = []
    for word in given or ["motcua:motcua"]:
        system_id, password, numbers = (*word.split(":"), "")[:3]
        accounts.append(Account(system_id, password, frozenset(filter(None, numbers.split(","))), window))
    return accounts


def say(line: dict[str, object]) -> None:
    """One line of JSON on standard output, at once."""
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


async def _run(given: argparse.Namespace) -> None:
    journal = Journal(given.journal) if given.journal else None
    accounts = _accounts(given.account, given.deliver_window)
    receipts = Receipts(states=()) if given.no_receipts else Receipts()
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    smsc = Smsc(accounts, port=given.port, receipts=receipts, journal=journal)
    async with smsc, Control(smsc, over, given.control_port) as control:
        say({"port": smsc.port, "control": control.port})
        if given.stdin:
            await control.take_stdin()
        if given.load:
            await smsc.bound(timeout=given.patience)
            load = Load(smsc, given.load, given.text, given.to, rate=given.rate, window=given.window)
            say(await load.run(given.patience))
        else:
            await over.wait()
    if journal is not None:
        journal.close()


if __name__ == "__main__":
    asyncio.run(_run(_arguments()))
