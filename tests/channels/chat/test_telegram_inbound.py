"""Updates as the Bot API manual documents them, and what they say to us.

Written by hand from https://core.telegram.org/bots/api, wider than what the platform of the sandbox sends.
"""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.chat.telegram.inbound import Desk, read
from channels.chat.telegram.values import Malformed, phone
from core.messages import Address, Attachment, InboundMessage, Moment

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
MENU = {"tracuu": "Tra cứu hồ sơ"}
DESK = Desk("telegram", "motcua_bot", NOW, MENU)
HOA = {"id": 7001, "is_bot": False, "first_name": "Hoa <&_> 🌸", "language_code": "vi"}
CHAT = {"id": 7001, "type": "private", "first_name": "Hoa <&_> 🌸"}
MESSAGE = {"message_id": 12, "from": HOA, "chat": CHAT, "date": 1763884800}
GROUP = {"id": -100500, "type": "supergroup", "title": "Tổ dân phố 5"}
BOT_USER = {"id": 4242, "is_bot": True, "first_name": "Một Cửa", "username": "motcua_bot"}
NFD = unicodedata.normalize("NFD", "Đăng ký khai sinh ở phường Tân Định")
FILE = {"file_id": "F1", "file_unique_id": "u1"}
SIZES = [
    {"file_id": "S", "file_unique_id": "s", "width": 90, "height": 120, "file_size": 1100},
    {"file_id": "L", "file_unique_id": "l", "width": 960, "height": 1280, "file_size": 150000},
    {"file_id": "M", "file_unique_id": "m", "width": 320, "height": 427},
]


def message(**body: Any) -> dict[str, Any]:
    return {"update_id": 100, "message": {**MESSAGE, **body}}


def press(**body: Any) -> dict[str, Any]:
    query = {"id": "4382", "from": HOA, "message": {**MESSAGE, "from": BOT_USER, "text": "Chọn"}}
    return {"update_id": 100, "callback_query": {**query, "chat_instance": "-3", "data": "p1", **body}}


def membership(old: str, new: str, **body: Any) -> dict[str, Any]:
    def standing(status: str) -> dict[str, Any]:
        return {"user": BOT_USER, "status": status} | ({"until_date": 0} if status == "kicked" else {})

    change = {"chat": CHAT, "from": HOA, "date": 1763884800}
    return {
        "update_id": 100,
        "my_chat_member": {
            **change,
            "old_chat_member": standing(old),
            "new_chat_member": standing(new),
            **body,
        },
    }


def contact(**body: Any) -> dict[str, Any]:
    return {"phone_number": "84912345678", "first_name": "Hoa", "user_id": 7001, **body}


FORWARDED = {"type": "user", "sender_user": HOA, "date": 1763880000}
SAYS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("a line", message(text="tra cứu"), {"text": "tra cứu"}),
    ("marks in two pieces become one", message(text=NFD), {"text": unicodedata.normalize("NFC", NFD)}),
    ("4096 characters", message(text="đ" * 4096), {"text": "đ" * 4096}),
    ("blanks stay", message(text="  a\n b "), {"text": "  a\n b "}),
    ("NUL and half a pair are dropped", message(text="a\0b\ud83dc"), {"text": "ab?c"}),
    ("start", message(text="/start"), {"moment": Moment.HELLO, "text": "/start"}),
    (
        "start by a deep link",
        message(text="/start tkn_9x-A"),
        {"moment": Moment.HELLO, "text": "/start tkn_9x-A", "payload": "tkn_9x-A"},
    ),
    (
        "start with the bot's name",
        message(text="/start@motcua_bot abc"),
        {"moment": Moment.HELLO, "text": "/start@motcua_bot abc", "payload": "abc"},
    ),
    (
        "start with what no link can carry",
        message(text="/start H29.11-251101-0001"),
        {"moment": Moment.HELLO, "text": "/start H29.11-251101-0001"},
    ),
    ("started is a word", message(text="/started"), {"text": "started"}),
    ("an entry of the menu says its label", message(text="/tracuu"), {"text": "Tra cứu hồ sơ"}),
    ("with the bot's name", message(text="/TraCuu@motcua_bot"), {"text": "Tra cứu hồ sơ"}),
    ("with a code behind", message(text="/tracuu 1234567890"), {"text": "Tra cứu hồ sơ 1234567890"}),
    ("a slash alone", message(text="/ 5"), {"text": "/ 5"}),
    ("a path", message(text="/a/b"), {"text": "/a/b"}),
    ("a date", message(text="28/2"), {"text": "28/2"}),
    ("another command is its name", message(text="/menu"), {"text": "menu"}),
    (
        "start in a caption is words",
        message(caption="/start", photo=SIZES[:1]),
        {"text": "start", "attachments": (Attachment("S", "", "image/jpeg", 1100),)},
    ),
    (
        "a photograph in three sizes, unordered",
        message(photo=SIZES),
        {"attachments": (Attachment("L", "", "image/jpeg", 150000),)},
    ),
    (
        "a photograph of an album",
        message(photo=SIZES, media_group_id="139", caption="mặt trước"),
        {"attachments": (Attachment("L", "", "image/jpeg", 150000),), "session": "139", "text": "mặt trước"},
    ),
    (
        "a document",
        message(document={**FILE, "file_name": "Đơn.pdf", "mime_type": "application/pdf", "file_size": 9}),
        {"attachments": (Attachment("F1", "Đơn.pdf", "application/pdf", 9),)},
    ),
    ("a document of which nothing is told", message(document=FILE), {"attachments": (Attachment("F1"),)}),
    (
        "a document beyond 20 MB is named, with its size",
        message(document={**FILE, "file_size": 26214400}),
        {"attachments": (Attachment("F1", size=26214400),)},
    ),
    (
        "a voice note",
        message(voice={**FILE, "duration": 4, "mime_type": "audio/ogg", "file_size": 7}),
        {"attachments": (Attachment("F1", "", "audio/ogg", 7),)},
    ),
    (
        "a voice note without a type",
        message(voice={**FILE, "duration": 4}),
        {"attachments": (Attachment("F1", "", "audio/ogg"),)},
    ),
    (
        "a song",
        message(audio={**FILE, "duration": 4, "file_name": "a.mp3", "mime_type": "audio/mpeg"}),
        {"attachments": (Attachment("F1", "a.mp3", "audio/mpeg"),)},
    ),
    (
        "a film",
        message(video={**FILE, "width": 1, "height": 1, "duration": 1, "mime_type": "video/mp4"}),
        {"attachments": (Attachment("F1", "", "video/mp4"),)},
    ),
    (
        "a round film",
        message(video_note={**FILE, "length": 1, "duration": 1}),
        {"attachments": (Attachment("F1", "", "video/mp4"),)},
    ),
    (
        "a moving picture, which comes as a document too",
        message(document=FILE, animation={**FILE, "width": 1, "height": 1, "duration": 1}),
        {"attachments": (Attachment("F1"),)},
    ),
    (
        "a sticker is its emoji",
        message(
            sticker={
                **FILE,
                "type": "regular",
                "width": 1,
                "height": 1,
                "is_animated": False,
                "is_video": False,
                "emoji": "👍",
            }
        ),
        {"text": "👍"},
    ),
    (
        "a place is silence that deserves an answer",
        message(location={"latitude": 10.77, "longitude": 106.7}),
        {},
    ),
    ("a die too", message(dice={"emoji": "🎲", "value": 3}), {}),
    (
        "the own number",
        message(contact=contact()),
        {"text": "+84912345678", "proven": (Address("tel", "+84912345678"),)},
    ),
    (
        "the own number with a plus and blanks",
        message(contact=contact(phone_number="+84 912 345 678")),
        {"text": "+84912345678", "proven": (Address("tel", "+84912345678"),)},
    ),
    ("somebody else's card", message(contact=contact(user_id=7002)), {"text": "+84912345678"}),
    (
        "a typed card",
        message(contact={"phone_number": "0912345678", "first_name": "x"}),
        {"text": "+84912345678"},
    ),
    (
        "the own card, forwarded",
        message(contact=contact(), forward_origin=FORWARDED),
        {"text": "+84912345678"},
    ),
    ("the own card, by another bot", message(contact=contact(), via_bot=BOT_USER), {"text": "+84912345678"}),
    ("a card that is no number", message(contact=contact(phone_number="113")), {"text": "113"}),
    ("a press", press(), {"payload": "p1"}),
    (
        "a press gives back exactly what was sent",
        press(data="v1: " + unicodedata.normalize("NFD", "ồ")),
        {"payload": "v1: " + unicodedata.normalize("NFD", "ồ")},
    ),
    (
        "a press on a message too old to see",
        press(message={"message_id": 12, "chat": CHAT, "date": 0}),
        {"payload": "p1"},
    ),
    ("blocked", membership("member", "kicked"), {"moment": Moment.BYE, "payload": "blocked"}),
    (
        "members of tomorrow's Bot API are ignored",
        message(text="a", shiny_new_thing={"x": [1]}, effect_id="5"),
        {"text": "a"},
    ),
    (
        "a quoted message does not count",
        message(text="a", reply_to_message={**MESSAGE, "message_id": 3, "text": "b"}),
        {"text": "a"},
    ),
]


@pytest.mark.parametrize(("case", "update", "fields"), SAYS, ids=[c for c, _, _ in SAYS])
def test_what_an_update_says(case: str, update: dict[str, Any], fields: dict[str, Any]) -> None:
    reading = read(update, DESK)
    assert reading is not None
    expected = InboundMessage(
        channel="telegram",
        sender=Address("telegram:motcua_bot", "7001"),
        external_id="100",
        received_at=NOW,
        addressed_to="motcua_bot",
        raw=reading.message.raw,
        **fields,
    )
    assert reading.message == expected
    json.dumps(reading.message.raw, ensure_ascii=False).encode()  # what any database takes


NOT_OURS: list[tuple[str, dict[str, Any]]] = [
    ("a group's line", message(chat=GROUP, text="hồ sơ của ai?")),
    ("a group's press", press(message={**MESSAGE, "chat": GROUP, "text": "x"})),
    ("put out of a group", membership("member", "kicked", chat=GROUP)),
    ("a channel's post", {"update_id": 1, "channel_post": {**MESSAGE, "chat": GROUP, "text": "x"}}),
    ("another bot's line", message(**{"from": BOT_USER}, text="x")),
    ("nobody's line", message(**{"from": None}, text="x")),
    ("a pinned message", message(pinned_message={**MESSAGE, "text": "x"})),
    ("a timer", message(message_auto_delete_timer_changed={"message_auto_delete_time": 86400})),
    (
        "a live place that moves",
        {
            "update_id": 1,
            "edited_message": {
                **MESSAGE,
                "edit_date": 1763884900,
                "location": {"latitude": 1.0, "longitude": 2.0, "live_period": 60},
            },
        },
    ),
    ("a press on an inline result", press(message=None, inline_message_id="x")),
    ("first seen", membership("left", "member")),
    ("let in again, which comes with a /start", membership("kicked", "member")),
    ("kicked and still kicked", membership("kicked", "kicked")),
    (
        "a poll",
        {
            "update_id": 1,
            "poll": {
                "id": "1",
                "question": "?",
                "options": [],
                "total_voter_count": 0,
                "is_closed": False,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": False,
            },
        },
    ),
    ("something new", {"update_id": 1, "shiny": {"a": 1}}),
    ("nothing", {"update_id": 1}),
]


@pytest.mark.parametrize(("case", "update"), NOT_OURS, ids=[c for c, _ in NOT_OURS])
def test_what_is_none_of_our_business(case: str, update: dict[str, Any]) -> None:
    assert read(update, DESK) is None


def test_an_edit_is_a_correction() -> None:
    reading = read(
        {"update_id": 101, "edited_message": {**MESSAGE, "edit_date": 1763884900, "text": "28/2"}}, DESK
    )
    assert reading is not None and reading.edits and reading.message_id == 12
    assert (reading.message.text, reading.message.external_id) == ("28/2", "101")


def test_an_edited_start_opens_nothing() -> None:
    reading = read(
        {"update_id": 101, "edited_message": {**MESSAGE, "edit_date": 1, "text": "/start x"}}, DESK
    )
    assert reading is not None and reading.message.moment is Moment.WORDS


def test_a_press_names_the_query_and_the_message() -> None:
    reading, old = read(press(), DESK), read(press(message={"message_id": 12, "chat": CHAT, "date": 0}), DESK)
    assert reading is not None and reading.pressed is not None
    assert (reading.pressed.query, reading.pressed.chat, reading.pressed.message) == ("4382", 7001, 12)
    assert old is not None and old.pressed is not None and old.pressed.message is None  # cannot be edited


MALFORMED: list[tuple[str, Any]] = [
    ("no number", {"message": {**MESSAGE, "text": "x"}}),
    ("a number in words", {"update_id": "1"}),
    ("true is no number", {"update_id": True}),
    ("a number beyond measure", {"update_id": 2**70}),
    ("no message at all", {"update_id": 1, "message": "x"}),
    (
        "a message without a chat",
        {"update_id": 1, "message": {"message_id": 1, "date": 1, "from": HOA, "text": "x"}},
    ),
    ("a chat with a name for a number", message(chat={"id": "x", "type": "private"}, text="x")),
    ("text that is a list", message(text=["x"])),
    ("a date beyond measure", message(text="x", date=10**18)),
    ("a date in words", message(text="x", date="heute")),
    ("a file without an id", message(document={"file_unique_id": "u"})),
    ("a file whose id is empty", message(document={**FILE, "file_id": ""})),
    ("a size in words", message(document={**FILE, "file_size": "9"})),
    ("a press without data", press(data=7)),
    ("photographs that are none", message(photo=[1, 2])),
]


@pytest.mark.parametrize(("case", "update"), MALFORMED, ids=[c for c, _ in MALFORMED])
def test_rubbish(case: str, update: Any) -> None:
    with pytest.raises(Malformed):
        read(update, DESK)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
members = st.sampled_from(
    [
        "text",
        "from",
        "chat",
        "date",
        "photo",
        "contact",
        "document",
        "voice",
        "sticker",
        "message_id",
        "caption",
    ]
)


@given(st.dictionaries(members, json_values, max_size=4))
def test_a_message_with_broken_members_is_read_or_malformed(broken: dict[str, Any]) -> None:
    try:
        reading = read(message(**{"text": "x", **broken}), DESK)
    except Malformed:
        return
    assert reading is None or isinstance(reading.message.text, str)


@given(json_values)
def test_anything_is_read_or_malformed(anything: Any) -> None:
    for update in (
        anything,
        {"update_id": 5, "callback_query": anything},
        {"update_id": 5, "my_chat_member": anything},
    ):
        try:
            read(update, DESK)
        except Malformed:
            continue


PHONES = [
    ("84912345678", "+84912345678"),
    ("+84912345678", "+84912345678"),
    ("0912345678", "+84912345678"),
    ("0912.345.678", "+84912345678"),
    ("02838291234", "+842838291234"),
    ("4915112345678", "+4915112345678"),
    ("115", "115"),
    ("", ""),
]


@pytest.mark.parametrize(("given_as", "expected"), PHONES)
def test_numbers(given_as: str, expected: str) -> None:
    assert phone(given_as) == expected
