"""Power cuts, rubbish, repeated requests: nothing is lost, nothing is done twice, nothing falls over."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import aiohttp
import pytest

from tests.stories.filings import receipt
from tests.stories.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="session")
HOOK = "/hooks/voice/hotline"


async def test_a_power_cut_in_the_middle_of_a_filing(town: Town) -> None:
    mother = town.phone()
    await mother.texts("nop khai sinh", "(1/7)")
    await mother.texts("Nguyen Thi Minh An", "(2/7)")
    for product in town.products:
        await product.kill()
    asked = await mother.sends("5/3/2026")  # while nobody is there
    await asyncio.gather(*(town.start(product) for product in town.products))
    await town.smsc.acknowledged(asked, timeout=10)
    await mother.hears("1. Nam")
    await mother.texts("nu", "can cuoc")


async def test_a_repeated_request_of_a_call_is_answered_the_same_and_acts_once(town: Town) -> None:
    caller = town.phone()
    line = await town.call(caller.number)
    await line.presses("3")
    await line.presses("2")
    await line.records("mười hai số căn cước")
    await line.presses(f"001190{caller.number[-6:]}#", "Nếu đúng")
    await line.presses("1", "Đi vắng từ ngày nào")
    await line.presses("05122026#", "ngày 5 tháng 12")
    await line.presses("1", "Dự kiến về ngày nào")
    await line.presses("05032027#", "ngày 5 tháng 3")
    await line.presses("1", "Đi làm bấm 1")
    await line.presses("1", "địa chỉ nơi đến")
    await line.records("Để gửi, nhấn phím 1")
    await line.presses("1", "Đã nhận thông báo Khai báo tạm vắng")
    said = [event for event in town.exchange.wire.history if event["kind"] == "webhook"]
    last = next(event for event in reversed(said) if "Đã nhận thông báo" in event["body"])
    for _ in range(3):
        again = await town.exchange.hooks.call(last["url"], last["method"], last["fields"])
        assert (again.status, again.body.decode()) == (200, last["body"])
    filed = receipt(await caller.hears("PIN"))
    await line.call.hang_up()
    async with town.official() as lan:
        await lan.opens(filed.code)
        page = await lan.open("/ho-so?loc=all&kenh=ivr")
        assert page.html.count(lan.official_code) <= 1
    assert len(town.smsc.inbox(caller.number)) == 1
    await caller.texts("ho so toi toi dau", f"HS {filed.written}")


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
RUBBISH: Mapping[str, tuple[str, dict[str, str], bytes, int]] = {
    "no signature": (HOOK, FORM, b"CallSid=CA1", 403),
    "a wrong signature": (
        HOOK,
        {**FORM, "X-Twilio-Signature": "AAAA"},
        b"CallSid=CA1&From=%2B84912345678",
        403,
    ),
    "no form at all": (HOOK, {"Content-Type": "application/json"}, b'{"a": [', 400),
    "octets": (HOOK, FORM, bytes(range(256)), 400),
    "too much": (HOOK, FORM, b"a=" + b"x" * 200_000, 413),
    "a chat line that is no form": ("/chat/send", {"Content-Type": "text/plain"}, b"\xff\xfe", 400),
    "a chat line without a cookie": ("/chat/send", FORM, b"text=xin+chao&csrf=x&id=12345678", 403),
    "a hook that is not there": ("/hooks/nobody", {}, b"x", 404),
}


@pytest.mark.parametrize("what", RUBBISH)
async def test_rubbish_at_the_doors_is_refused(town: Town, what: str) -> None:
    path, headers, body, expected = RUBBISH[what]
    async with (
        aiohttp.ClientSession() as client,
        client.post(town.doors[0] + path, headers=headers, data=body) as answer,
    ):
        assert answer.status == expected


BROKEN = {
    "an unknown command": "00000010 000000ff 00000000 00000001",
    "a deliver_sm without a body": "00000010 00000005 00000000 00000002",
    "a deliver_sm cut in the middle": "00000014 00000005 00000000 00000003 00010130",
    "no PDU at all": "ffffffff ffffffff ffffffff ffffffff",
}


@pytest.mark.parametrize("what", BROKEN)
async def test_broken_octets_from_the_carrier_cost_no_message(town: Town, what: str) -> None:
    """The bind survives the first three; after the last one there is a new one."""
    citizen = town.phone()
    assert town.smsc.raw(bytes.fromhex(BROKEN[what])) >= 1
    await citizen.texts("xin chao", "1. Tra cuu ho so")
    await town.smsc.bound(len(town.products))
