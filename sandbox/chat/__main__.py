"""Run the platform alone: `python -m sandbox.chat --port 8081`. Stops with Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import sys

from sandbox.chat.platform import ChatPlatform
from sandbox.chat.world import BotAccount


async def run(port: int, token: str, username: str) -> None:
    platform = ChatPlatform([BotAccount(token, username)])
    async with platform.serve(port):
        sys.stdout.write(f"base_url {platform.base_url}\nfile_url {platform.file_url}\ntoken {token}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox.chat", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default="100000:sandbox-token-not-a-secret")
    parser.add_argument("--username", default="motcua_bot")
    given = parser.parse_args()
    try:
        asyncio.run(run(given.port, given.token, given.username))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
