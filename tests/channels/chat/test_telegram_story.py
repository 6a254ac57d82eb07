"""The channel over a real wire: what people do arrives, what we say is seen, trouble loses nothing."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from telegram.error import NetworkError

from channels.chat.telegram import TelegramChannel, TelegramSettings
from channels.chat.telegram.connection import Connection
from core.channel import (
    CanFetch,
    ChannelAdapter,
    Doubtful,
    HasRoom,
    Misconfigured,
    OptedOut,
    Page,
    Refused,
    SendError,
    Throttled,
    Unreachable,
)
from core.messages import Address, Attachment, Expect, ExpectKind, Moment
from sandbox.chat import Limits
from sandbox.chat.updates import Hook
from tests.channels.chat.street import (
    BOT,
    TOKEN,
    choices,
    eventually,
    hooked_street,
    letter,
    new_platform,
    settings,
    street,
)
from tests.channels.reception import MemoryNotebook, MemoryReception, real_clock


def pages(house: MemoryReception) -> dict[str, Page]:
    assert isinstance(house.notebook, MemoryNotebook)
    return house.notebook.pages


def _at_least(house: MemoryReception, most: int) -> bool:
    return len(house.accepted) >= most


async def test_it_is_a_channel() -> None:
    channel = TelegramChannel("telegram", {"token": TOKEN, "bot": BOT})
    assert (
        isinstance(channel, ChannelAdapter) and isinstance(channel, HasRoom) and isinstance(channel, CanFetch)
    )
    assert channel.traits.kinds == (f"telegram:{BOT}",) and channel.routes() == ()
    assert channel.room() == 0  # closed
    with pytest.raises(Unreachable):
        await channel.send(letter("x"))


async def test_a_talk_by_polling() -> None:
    async with street(commands={"menu": "Trang đầu"}) as s:
        hoa = s.user()
        hoa.start("tkn_9x-A")
        await s.house.until(lambda: len(s.house.accepted) == 1)
        hello = s.house.accepted[0]
        assert (hello.moment, hello.payload, hello.addressed_to) == (Moment.HELLO, "tkn_9x-A", BOT)
        assert hello.sender == Address(f"telegram:{BOT}", "7001") and hello.external_id.isdecimal()

        ids = await s.channel.send(letter("Ông/bà cần gì?", expect=choices("Tra cứu", "Nộp hồ sơ")))
        shown = hoa.answers[-1]
        assert ids == [f"7001:{shown.id}"] and shown.text == "Ông/bà cần gì?"

        hoa.press("Nộp hồ sơ")
        await s.house.until(lambda: len(s.house.accepted) == 2)
        assert s.house.accepted[1].payload == "p2" and s.house.accepted[1].text == ""
        await eventually(lambda: shown.buttons == ())  # used up, edited away
        assert len(s.platform.called("answerCallbackQuery")) == 1
        await eventually(lambda: s.platform.bot().commands.get("vi"))
        assert s.platform.bot().commands["vi"] == [{"command": "menu", "description": "Trang đầu"}]


async def test_a_talk_by_webhook() -> None:
    async with hooked_street() as (s, _):
        hoa = s.user()
        await eventually(lambda: s.platform.bot().queue.hook)
        for n in range(20):
            hoa.text(f"câu {n}")
        await s.house.until(lambda: len(s.house.accepted) == 20)
        assert s.house.texts == [f"câu {n}" for n in range(20)]  # one person's lines keep their order
        await eventually(lambda: not s.platform.bot().queue.waiting)


async def test_webhook_waits_for_a_house_that_is_away() -> None:
    async with hooked_street() as (s, _):
        s.house.away = True
        s.user().text("còn đó không")
        await eventually(lambda: "503" in s.platform.bot().queue.last_error)
        assert s.house.accepted == []
        s.house.away = False
        await s.house.until(lambda: s.house.texts == ["còn đó không"])


async def test_polling_waits_for_a_house_that_is_away() -> None:
    async with street() as s:
        s.house.away = True
        s.user().text("còn đó không")
        await eventually(lambda: len(s.platform.called("getUpdates")) >= 1)
        assert s.platform.bot().queue.waiting  # not confirmed
        s.house.away = False
        await s.house.until(lambda: s.house.texts == ["còn đó không"])


async def test_a_restarted_poller_loses_nothing_and_doubles_nothing() -> None:
    platform, house = new_platform(), MemoryReception()
    async with platform.serve():
        hoa = platform.user(7001, "Hoa")
        for life in range(5):
            async with TelegramChannel("telegram", settings(platform)).open(house):
                for n in range(10):
                    hoa.text(f"{life}.{n}")
                await house.until(partial(_at_least, house, life * 10 + 3))
        async with TelegramChannel("telegram", settings(platform)).open(house):
            await house.until(lambda: len(house.accepted) >= 50)
    assert house.texts == [f"{life}.{n}" for life in range(5) for n in range(10)]


async def test_an_update_that_comes_again_is_one_message() -> None:
    async with street() as s:
        hoa, queue = s.user(), s.platform.bot().queue
        hoa.text("một")
        await s.house.until(lambda: len(s.house.accepted) == 1)
        await eventually(lambda: not queue.waiting)
        queue.repeat(queue.history[0])
        queue.next_id = queue.history[0]["update_id"]  # and the platform forgot that it was confirmed
        pages(s.house).clear()
        async with TelegramChannel("telegram", settings(s.platform)).open(s.house):
            await eventually(lambda: s.house.repeats >= 1)
        assert s.house.texts == ["một"]


async def test_a_press_that_comes_again_is_answered_once() -> None:
    async with street() as s:
        hoa, queue = s.user(), s.platform.bot().queue
        await s.channel.send(letter("Chọn", expect=choices("Có")))
        hoa.press("Có")
        await s.house.until(lambda: len(s.house.accepted) == 1)
        await s.channel._take(queue.history[-1])
        await eventually(lambda: len(s.platform.called("editMessageReplyMarkup")) == 1)
        assert len(s.house.accepted) == 1 and s.house.repeats == 1
        assert len(s.platform.called("answerCallbackQuery")) == 1


async def test_two_processes_share_one_poller() -> None:
    class Leased(MemoryNotebook):
        """Two processes' views of one lock."""

        holder: str = ""

        def __init__(self, who: str) -> None:
            super().__init__(real_clock)
            self._who = who

        async def lock(self, name: str, *, hold: timedelta) -> bool:
            if Leased.holder in ("", self._who):
                Leased.holder = self._who if hold else ""
                return True
            return False

    platform = new_platform()
    first, second = (MemoryReception(notebook=Leased(who)) for who in ("first", "second"))
    async with platform.serve():
        hoa = platform.user(7001, "Hoa")
        async with TelegramChannel("telegram", settings(platform)).open(second):
            await eventually(lambda: Leased.holder == "second")
            async with TelegramChannel("telegram", settings(platform)).open(first):
                hoa.text("ai nghe")
                await second.until(lambda: second.texts == ["ai nghe"])
                assert first.texts == [] and not any(c.status == 409 for c in platform.calls)
        assert Leased.holder == ""  # left in good order, so that the next one need not wait


async def test_polling_survives_everything_the_network_does() -> None:
    async with street() as s:
        faults, hoa = s.platform.faults, s.user()
        await asyncio.wait_for(s.platform.bot().queue.asked.wait(), 5)
        faults.drop("getUpdates")
        faults.error("getUpdates", status=502)
        faults.garbage("getUpdates")
        faults.throttle("getUpdates", seconds=1)
        hoa.text("một")  # answered by the poll that is under way
        await s.house.until(lambda: s.house.texts == ["một"])
        hoa.text("hai")
        await s.house.until(lambda: s.house.texts == ["một", "hai"], limit=15)
        assert faults.waiting == []


async def test_an_update_that_we_cannot_take_is_set_aside() -> None:
    class Stubborn(MemoryReception):
        async def accept(self, message: Any, *, notes: Any = ()) -> bool:
            if message.text == "lạ":
                raise RuntimeError("a bug of ours")
            return await super().accept(message, notes=notes)

    house = Stubborn()
    async with street(house=house) as s:
        s.user().text("lạ")
        s.user(7002, "Bình").text("thường")
        await eventually(lambda: any(k.startswith("aside:") for k in pages(house)), seconds=12)
        assert house.texts == ["thường"]


SENDS: list[tuple[str, dict[str, Any], type[SendError]]] = [
    ("the platform answers 500", {"error": {"status": 500}}, Unreachable),
    ("the platform answers 502", {"error": {"status": 502}}, Unreachable),
    ("the line is cut before the call is read", {"drop": {}}, Doubtful),
    ("the line is cut after the call was done", {"drop": {"after": True}}, Doubtful),
    ("no answer in time", {"delay": {"seconds": 5}}, Doubtful),
    ("an answer that is no JSON", {"garbage": {}}, Doubtful),
    ("too many", {"throttle": {"seconds": 7}}, Throttled),
]


@pytest.mark.parametrize(("case", "fault", "error"), SENDS, ids=[c for c, _, _ in SENDS])
async def test_trouble_while_sending(case: str, fault: dict[str, Any], error: type[SendError]) -> None:
    async with street(timeout=1.5) as s:
        s.user()
        for kind, how in fault.items():
            getattr(s.platform.faults, kind)("sendMessage", **how)
        with pytest.raises(error) as raised:
            await s.channel.send(letter("xin chào"))
        assert type(raised.value) is error and "4242" not in raised.value.shown
        if isinstance(raised.value, Throttled):
            assert raised.value.after == timedelta(seconds=7)


async def test_nobody_listens_at_the_address() -> None:
    platform = new_platform()
    async with platform.serve():
        gone = settings(platform, base_url="http://127.0.0.1:9/bot")
    channel = TelegramChannel("telegram", gone)
    async with channel.open(MemoryReception()):
        with pytest.raises(Unreachable):
            await channel.send(letter("x"))


async def test_people_who_cannot_be_reached() -> None:
    async with street() as s:
        s.user(1, "A").block()
        s.user(2, "B", started=False)
        s.user(3, "C").person.deactivated = True
        for chat in (1, 2, 3):
            with pytest.raises(OptedOut):
                await s.channel.send(letter("x", chat))
        for address in (99, -100123):
            with pytest.raises(Refused):
                await s.channel.send(letter("x", address))
        with pytest.raises(Refused):
            await s.channel.send(letter("x", 1, bot="another_bot"))
        with pytest.raises(Refused):
            await s.channel.send(letter("  \n "))


async def test_a_wrong_token_is_for_the_operator() -> None:
    platform = new_platform()
    async with platform.serve():
        channel = TelegramChannel("telegram", settings(platform, token="4242:another-token-AAbb"))
        async with channel.open(MemoryReception()):
            with pytest.raises(Misconfigured):
                await channel.send(letter("x"))


async def test_blocking_and_coming_back() -> None:
    async with street() as s:
        hoa = s.user()
        hoa.block()
        hoa.start()
        await eventually(lambda: not s.platform.bot().queue.waiting)
        assert [(m.moment, m.payload) for m in s.house.accepted] == [
            (Moment.BYE, "blocked"),
            (Moment.HELLO, ""),
        ]


async def test_an_edit_names_what_it_corrects() -> None:
    async with street() as s:
        hoa = s.user()
        line = hoa.text("sinh ngày 31/2")
        hoa.edit(line, "sinh ngày 28/2")
        await s.house.until(lambda: len(s.house.accepted) == 2)
        first, second = s.house.accepted
        assert second.text == "sinh ngày 28/2" and second.corrects == first.external_id
        assert second.external_id != first.external_id


async def test_papers_are_brought() -> None:
    scan, picture = b"%PDF-1.7 " + bytes(range(256)) * 1000, b"\xff\xd8\xff" + b"p" * 9000
    async with street() as s:
        hoa = s.user()
        hoa.document(scan, "Giấy khai sinh.pdf", caption="của con tôi")
        hoa.photo(picture, album="al-1")
        hoa.voice(b"OggS voice")
        await s.house.until(lambda: len(s.house.accepted) == 3)
        papers = [m.attachments[0] for m in s.house.accepted]
        assert (papers[0].name, papers[0].content_type, papers[0].size) == (
            "Giấy khai sinh.pdf",
            "application/pdf",
            len(scan),
        )
        assert s.house.accepted[0].text == "của con tôi" and s.house.accepted[1].session == "al-1"
        brought = [b"".join([chunk async for chunk in s.channel.fetch(paper)]) for paper in papers]
        assert brought == [scan, picture, b"OggS voice"]  # of the photograph the largest size


async def test_papers_that_cannot_be_brought(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.DEBUG)
    async with street() as s:
        huge = s.user().document(b"x", "phim.mp4", "video/mp4", claimed_size=25 * 1024 * 1024)
        for paper in (
            Attachment("nowhere"),
            Attachment(huge.file_id),
            Attachment("x", size=21 * 1024 * 1024),
        ):
            with pytest.raises(Refused):
                [chunk async for chunk in s.channel.fetch(paper)]
        kept = s.user().document(b"abc", "a.pdf")
        s.platform.faults.drop("download")
        with pytest.raises(Unreachable):
            [chunk async for chunk in s.channel.fetch(Attachment(kept.file_id))]
        assert [chunk async for chunk in s.channel.fetch(Attachment(kept.file_id))] == [b"abc"]
    assert "street-token" not in caplog.text  # the addresses of calls and downloads hold it


async def test_names_that_break_markup_arrive_as_they_are() -> None:
    async with street() as s:
        hoa = s.user()
        for name in (
            "Lê <Hà> & Cộng_sự",
            "A*B_c`d[e](f)",
            "😀 Nguyễn Thị 🌸",
            "&lt;đã thoát&gt;",
            "a < b > c",
        ):
            await s.channel.send(letter(name))
            assert hoa.answers[-1].text == name and hoa.answers[-1].entities == []


async def test_refused_markup_goes_out_plain_once() -> None:
    async with street() as s:
        hoa = s.user()
        s.platform.faults.refuse(
            "sendMessage", "can't parse entities: Unsupported start tag at byte offset 3"
        )
        await s.channel.send(letter("Lê <Hà>"))
        assert [shown.text for shown in hoa.answers] == ["Lê <Hà>"]
        assert [call.status for call in s.platform.called("sendMessage")] == [400, 200]
        s.platform.faults.refuse("sendMessage", "can't parse entities: again", times=2)
        with pytest.raises(Refused):
            await s.channel.send(letter("Lê <Hà>"))


async def test_a_long_text_goes_on_where_it_was_cut_off() -> None:
    whole = "\n".join(f"{n}. " + "đ" * 96 for n in range(120))
    async with street() as s:
        hoa, long = s.user(), letter(whole, expect=choices("Có", "Không"))
        s.platform.faults.pass_by("sendMessage")
        s.platform.faults.error("sendMessage")
        with pytest.raises(Unreachable):
            await s.channel.send(long)
        ids = await s.channel.send(long)
        assert len(ids) == 3 == len(hoa.answers)
        assert "\n".join(shown.text for shown in hoa.answers) == whole
        assert [bool(shown.buttons) for shown in hoa.answers] == [False, False, True]
        assert not any(key.startswith("parts:") for key in pages(s.house))


async def test_sharing_the_phone() -> None:
    async with street(contact_label="Chia sẻ số điện thoại") as s:
        hoa = s.user(phone="84912345678")
        await s.channel.send(letter("Số của ông/bà?", expect=Expect(ExpectKind.CONTACT)))
        assert hoa.chat.keyboard[0][0].asks_contact
        hoa.share_contact()
        await s.house.until(lambda: len(s.house.accepted) == 1)
        assert s.house.accepted[0].proven == (Address("tel", "+84912345678"),)
        await s.channel.send(letter("Cảm ơn. Đúng không?", expect=choices("Đúng")))  # its buttons go first
        await s.channel.send(letter("Đã ghi nhận."))
        assert hoa.chat.keyboard == ()
        await s.channel.send(letter("Còn gì nữa không?"))
        assert "reply_markup" not in s.platform.called("sendMessage")[-1].params  # taken away once


async def test_limits_are_kept_by_our_own_pace() -> None:
    limits = Limits(overall=30, burst=4)
    async with street(limits=limits, rate=25, burst=3) as s:
        people = [s.user(100 + n, f"P{n}") for n in range(20)]
        texts = [letter(f"tin {n}", 100 + n % 20, id=f"d-{n}") for n in range(40)]
        await asyncio.gather(*(s.channel.send(text) for text in texts))
        assert [len(p.answers) for p in people] == [2] * 20
        assert not any(call.status == 429 for call in s.platform.calls)


async def test_a_429_pauses_its_chat_and_then_everything() -> None:
    async with street() as s:
        s.user(1, "A"), s.user(2, "B"), s.user(3, "C")
        s.platform.faults.throttle("sendMessage", seconds=30, times=2)
        for chat in (1, 1):
            with pytest.raises(Throttled):
                await s.channel.send(letter("x", chat))
        assert len(s.platform.called("sendMessage")) == 1  # the second was not even tried
        assert s.channel.room() > 0
        with pytest.raises(Throttled):
            await s.channel.send(letter("x", 2))
        assert s.channel.room() == 0  # two chats: it is the whole line
        with pytest.raises(Throttled):
            await s.channel.send(letter("x", 3))


async def test_a_platform_that_is_away_does_not_hinder_the_start() -> None:
    platform = new_platform()
    async with platform.serve():
        platform.faults.error("*", times=3)
        house = MemoryReception()
        async with TelegramChannel("telegram", settings(platform)).open(house):
            platform.user(7001, "Hoa").text("chào")
            await house.until(lambda: house.texts == ["chào"])


async def test_closing_closes_every_line() -> None:
    platform = new_platform()
    async with platform.serve():
        async with Connection.open(TelegramSettings.model_validate(settings(platform))) as connection:
            assert (await connection.bot.get_me()).is_bot
        with pytest.raises(NetworkError, match="not initialized"):
            await connection.bot.get_me()


async def test_mode_change_back_to_polling_takes_the_webhook_down() -> None:
    platform, house = new_platform(), MemoryReception()
    async with platform.serve():
        queue = platform.bot().queue
        queue.hook = Hook("http://127.0.0.1:9/old")
        platform.user(7001, "Hoa").text("chào")
        async with TelegramChannel("telegram", settings(platform)).open(house):
            await house.until(lambda: house.texts == ["chào"])
        assert queue.hook is None
