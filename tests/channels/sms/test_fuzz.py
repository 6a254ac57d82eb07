"""A year of odd PDUs in a second: the line lives, every request that can be answered is answered."""

from __future__ import annotations

import random

import pytest

from tests.channels.sms.carrier import deliver, pdu, street

# requests and responses, known and not; unbind is left out because it ends the session by right
COMMANDS = [
    0x05,
    0x05,
    0x05,
    0x103,
    0x15,
    0x80000004,
    0x80000000,
    0x80000015,
    0x0B,
    0x21,
    0x102,
    0x7777,
    0x80009999,
]
TAILS = [
    "04 00 00 00 00 00 00 00 00 0a 69643a37372073746174",
    "40 00 00 00 00 00 00 00 00 07 050003aa0201 41",
    "40 00 00 00 00 00 00 08 00 09 060804aaaa0301 41 d8",
    "00 00 00 00 00 00 00 f0 00 02 4f4b 0424 0001 41",
]


@pytest.mark.parametrize("seed", range(5))
async def test_whatever_comes_the_line_lives(seed: int) -> None:
    chance = random.Random(seed)
    async with street(accept_waiting=5000) as s:
        for number in range(300):
            body = chance.randbytes(chance.choice([0, 1, 3, 20, 60, 300])).hex()
            odd = pdu(
                chance.choice(COMMANDS),
                10_000 + number,
                body,
                status=chance.choice([0, 8, 0x400, 0xFFFFFFFF]),
            )
            near = bytearray(bytes.fromhex(deliver(chance.choice(TAILS), 20_000 + number)))
            near[chance.randrange(16, len(near))] = chance.randrange(256)
            await s.raw(odd, near.hex())
        assert await s.say("still here") == (0,)
        assert s.house.texts.count("still here") == 1
        assert len(s.smsc.sessions) == 1
        assert s.channel.room() == 50


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
async def test_pdus_in_crumbs_and_in_lumps(size: int) -> None:
    """TCP cuts where it likes."""
    octets = b"".join(
        bytes.fromhex(
            deliver(f"00 00 00 00 00 00 00 00 00 02 {number:04x}", 1000 + number, source=f"8491{number:07d}")
        )
        for number in range(0x3030, 0x3035)
    )
    async with street() as s:
        for start in range(0, len(octets), size):
            await s.raw(octets[start : start + size].hex())
        await s.house.until(lambda: len(s.house.accepted) == 5)
        assert s.house.texts == ["00", "01", "02", "03", "04"]
