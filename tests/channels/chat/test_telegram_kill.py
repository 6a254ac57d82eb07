"""kill -9 while people write: everything that the platform was told we have is there, once."""

from __future__ import annotations

import asyncio
import json
import random
import sys
from pathlib import Path

from sandbox.chat import ChatPlatform
from tests.channels.chat.keeper import whole_lines
from tests.channels.chat.street import eventually, new_platform

ROOT = Path(__file__).parents[3]
PEOPLE = 60
KILLS = 4


async def start(platform: ChatPlatform, file: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.channels.chat.keeper", platform.base_url, str(file), cwd=ROOT
    )


def kept(file: Path) -> list[str]:
    return [json.loads(line)["text"] for line in whole_lines(file)]


async def test_sixty_people_and_four_kills(tmp_path: Path) -> None:
    chance, file, platform = random.Random(20261123), tmp_path / "house.jsonl", new_platform()
    said = [f"{person}.{n}" for n in range(KILLS) for person in range(PEOPLE)]
    async with platform.serve():
        queue = platform.bot().queue
        people = [platform.user(100 + person, f"P{person}") for person in range(PEOPLE)]
        for n in range(KILLS):
            process = await start(platform, file)
            for person, handset in enumerate(people):
                handset.text(f"{person}.{n}")
            enough = n * PEOPLE + chance.randint(1, PEOPLE - 1)
            await eventually(lambda: len(kept(file)) >= enough, seconds=20)  # noqa: B023
            process.kill()
            await process.wait()
            waiting = {update["message"]["text"] for update in queue.waiting}
            told = {update["message"]["text"] for update in queue.history} - waiting
            assert told <= set(kept(file))  # confirmed means kept
        process = await start(platform, file)
        try:
            await eventually(lambda: len(kept(file)) == len(said) and not queue.waiting, seconds=20)
        finally:
            process.kill()
            await process.wait()
    assert sorted(kept(file)) == sorted(said)  # none lost, none twice
