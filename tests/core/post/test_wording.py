"""From a meaning to a text: which file speaks, numbered lines, keys, marks, and how values are written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError

from core.channel import Marks, Traits
from core.messages import Address, Choice, Expect, ExpectKind, Say
from core.post.filters import for_the_ear, shorten, spoken
from core.post.wording import NoWording, Wording

WORDS = """
language: vi
weekdays: [thứ Hai, thứ Ba, thứ Tư, thứ Năm, thứ Sáu, thứ Bảy, Chủ nhật]
months: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]
spoken_date: ngày {day} tháng {month} năm {year}
spoken_time: "{hour} giờ {minute}"
spoken_hour: "{hour} giờ"
currency: đồng
per: mỗi
minutes: "{number} phút"
hours: "{number} giờ"
key_line: "{label}, nhấn phím {key}."
fixed_keys: Gặp cán bộ, nhấn phím 0.
fixed_keys_entry: Gặp cán bộ, nhấn phím sao rồi phím 0.
states: {4: Đang xử lý}
units: {working_day: "{quantity} ngày làm việc"}
rules: {same_day: trong ngày}
fees: {fixed: "", free: không thu}
spoken_words: {UBND: Ủy ban nhân dân, TP: Thành phố}
"""
CHOICES = """
menu.status: {text: Tra cứu hồ sơ, ivr: Để tra cứu hồ sơ}
menu.find: {text: Hỏi thủ tục, ivr: Để hỏi thủ tục}
menu.named: {text: "Xem {label}", ivr: ""}
"""
FILES = {
    "vi/words.yaml": WORDS,
    "vi/choices.yaml": CHOICES,
    "en/words.yaml": "language: en\nkey_line: '{label}, press {key}.'\nspoken_words: {}\n",
    "en/choices.yaml": "menu.status: Where is my dossier",
    "vi/menu/main.txt": "Ông/bà cần việc gì?",
    "vi/menu/main.sms.txt": "Cần việc gì?",
    "vi/menu/main.ivr.txt": "Mời chọn. {{ fixed_keys }}",
    "en/menu/main.txt": "What can we do?",
    "vi/only/vietnamese.sms.txt": "Chỉ có tin nhắn",
    "vi/say/value.txt": "{{ value }}",
    "vi/push/ready.txt": "Đây là UBND. Nhấn phím 1.{{ key_first }}Đã có   kết quả.",
}
SMS = Traits("sms", ("tel",), marks=Marks.STRIP)
CALL = Traits("ivr", ("tel",), live=True)
CHAT = Traits("chat", ("telegram:b",), buttons=8)
MENU = Expect(
    ExpectKind.CHOICE, (Choice("status", say="menu.status"), Choice("find", say="menu.find")), id="q3"
)


def parts(text: str) -> int:
    return 1 if len(text) <= (160 if text.isascii() else 70) else 2


@pytest.fixture
def wording(tmp_path: Path) -> Wording:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Wording(tmp_path)


@pytest.mark.parametrize(
    ("key", "medium", "language", "file"),
    [
        ("menu.main", "chat", "vi", "vi/menu/main.txt"),
        ("menu.main", "sms", "vi", "vi/menu/main.sms.txt"),
        ("menu.main", "sms", "en", "en/menu/main.txt"),  # language before medium
        ("only.vietnamese", "sms", "en", "vi/only/vietnamese.sms.txt"),
        ("only.vietnamese", "chat", "vi", None),
    ],
)
def test_which_file_speaks(wording: Wording, key: str, medium: str, language: str, file: str | None) -> None:
    assert wording.find(key, medium, language) == file


def test_choices_are_buttons_numbered_lines_or_keys(wording: Wording) -> None:
    say = Say("menu.main", {}, MENU)
    assert wording.say_text(say, CHAT).text == "Ông/bà cần việc gì?"
    assert wording.say_text(say, SMS).text == "Can viec gi?\n1. Tra cuu ho so\n2. Hoi thu tuc"
    assert wording.say_text(say, CALL).text == (
        "Mời chọn. Để tra cứu hồ sơ, nhấn phím 1. Để hỏi thủ tục, nhấn phím 2. Gặp cán bộ, nhấn phím 0."
    )


def test_choices_travel_labelled_with_short_payloads(wording: Wording) -> None:
    expect = wording.say_text(Say("menu.main", {}, MENU), CHAT).expect
    assert expect is not None
    assert [choice.label for choice in expect.choices] == ["Tra cứu hồ sơ", "Hỏi thủ tục"]
    assert [choice.payload for choice in expect.choices] == ["q3.1", "q3.2"]
    assert [choice.key for choice in expect.choices] == ["1", "2"]
    assert all(choice.payload.isascii() and len(choice.payload) <= 32 for choice in expect.choices)


def test_a_question_that_names_its_keys_itself_is_not_doubled(wording: Wording) -> None:
    named = Expect(ExpectKind.CHOICE, (Choice("a", "Nam", "menu.named"),), id="q1")
    assert wording.say_text(Say("say.value", {"value": "Nam bấm 1."}, named), CALL).text == "Nam bấm 1."


def test_keys_behind_a_star_while_digits_are_entered(wording: Wording) -> None:
    say = Say("menu.main", {}, Expect(ExpectKind.DIGITS, id="q1"))
    assert wording.say_text(say, CALL).text == "Mời chọn. Gặp cán bộ, nhấn phím sao rồi phím 0."


@pytest.mark.parametrize(
    ("marks", "text", "sent"),
    [
        (Marks.KEEP, "đ" * 80, "đ" * 80),
        (Marks.STRIP, "Đã có kết quả", "Da co ket qua"),
        (Marks.SAVE, "Đã có kết quả", "Đã có kết quả"),  # one part either way
        (Marks.SAVE, "đ" * 80, "d" * 80),
    ],
)
def test_marks_are_stripped_from_all_or_nothing(wording: Wording, marks: Marks, text: str, sent: str) -> None:
    traits = Traits("sms", ("tel",), marks=marks, parts=parts)
    assert wording.say_text(Say("say.value", {"value": text}), traits).text == sent


def test_numbered_lines_are_stripped_with_the_text(wording: Wording) -> None:
    traits = Traits("sms", ("tel",), marks=Marks.SAVE, parts=parts)
    text = wording.say_text(Say("say.value", {"value": "đ" * 65}, MENU), traits).text
    assert text.isascii() and text.endswith("2. Hoi thu tuc")


def test_a_pushed_call_says_the_private_part_after_a_key(wording: Wording) -> None:
    before, after = wording.render(Say("push.ready"), "ivr").split("\f")
    assert (before, after) == ("Đây là Ủy ban nhân dân. Nhấn phím 1.", "Đã có kết quả.")


def test_a_missing_value_or_text_is_an_error(wording: Wording) -> None:
    with pytest.raises(UndefinedError):
        wording.render(Say("say.value"), "chat")
    with pytest.raises(NoWording):
        wording.render(Say("say.nothing"), "chat")


def test_published_texts_stand_above_the_files(wording: Wording, tmp_path: Path) -> None:
    newer = Wording(tmp_path, published={"vi/menu/main.txt": "Mới"})
    assert newer.render(Say("menu.main"), "chat") == "Mới"


def test_the_message_that_leaves(wording: Wording) -> None:
    address = Address("tel", "+84912345678")
    say = Say("menu.main", {}, MENU, ends=True)
    message = wording.words(say, CALL, "en", id="d1", channel="hotline", address=address, session="c1")
    assert (message.id, message.channel, message.address, message.session) == ("d1", "hotline", address, "c1")
    assert message.text == "What can we do? Where is my dossier, press 1. Để hỏi thủ tục, press 2."
    assert message.say == say and message.ends and message.language == "en"


@pytest.mark.parametrize(
    ("template", "value", "chat", "sms", "ivr"),
    [
        ("date", "2026-11-26", "thứ Năm, 26/11/2026", "26/11/2026", "ngày 26 tháng 11 năm 2026"),
        ("date", "2026-11-26T17:00:00+07:00", "thứ Năm, 26/11/2026", "26/11/2026",
         "ngày 26 tháng 11 năm 2026"),
        ("time", "07:30", "07:30", "07:30", "7 giờ 30"),
        ("time", "2026-11-26T07:00:00+07:00", "07:00", "07:00", "7 giờ"),
        ("money", 50000, "50.000\u00a0đ", "50.000\u00a0d", "50000 đồng"),
        ("money", 1200000, "1.200.000\u00a0đ", "1.200.000\u00a0d", "1200000 đồng"),
        ("code", "4821930529", "482\u00a0193\u00a00529", "482\u00a0193\u00a00529", "4 8 2, 1 9 3, 0 5 2 9"),
        ("code", "H26.18-260101-0001", "H26.18-260101-0001", "H26.18-260101-0001",
         "2 6, 1 8, 2 6 0, 1 0 1, 0 0 0 1"),
        ("state", 4, "Đang xử lý", "Dang xu ly", "Đang xử lý"),
        ("term", {"quantity": 5, "unit": "working_day", "rule": "count"}, "5 ngày làm việc", "5 ngay lam viec",
         "5 ngày làm việc"),
        ("term", {"quantity": None, "unit": None, "rule": "same_day"}, "trong ngày", "trong ngay", "trong ngày"),
        ("fee", {"kind": "fixed", "amount": 8000, "per": "bản", "note": ""}, "8.000\u00a0đ / bản",
         "8.000\u00a0d / ban", "8000 đồng mỗi bản"),
        ("fee", {"kind": "free", "amount": None, "per": "", "note": "tại nhà"}, "không thu (tại nhà)",
         "khong thu (tai nha)", "không thu (tại nhà)"),
        ("duration", 61, "2 phút", "2 phut", "2 phút"),
        ("duration", 7200, "2 giờ", "2 gio", "2 giờ"),
    ],
)  # fmt: skip
def test_values_are_written_for_the_medium(
    tmp_path: Path, template: str, value: Any, chat: str, sms: str, ivr: str
) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    wording = Wording(tmp_path, published={"vi/say/it.txt": "{{ value | " + template + " }}"})
    written = [wording.say_text(Say("say.it", {"value": value}), traits).text for traits in (CHAT, SMS, CALL)]
    assert written == [chat, sms, ivr]


@pytest.mark.parametrize(
    ("digits", "said"),
    [
        ("1234567890", "1 2 3, 4 5 6, 7 8 9 0"),
        ("123456", "1 2 3, 4 5 6"),
        ("402817", "4 0 2, 8 1 7"),
        ("079190012345", "0 7 9, 1 9 0, 0 1 2, 3 4 5"),
        ("12", "1 2"),
    ],
)
def test_digits_are_spoken_in_groups(digits: str, said: str) -> None:
    assert spoken(digits) == said


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("UBND phường", 20, "UBND phường"),
        ("Giấy xác nhận tình trạng hôn nhân", 20, "Giấy xác nhận..."),
        ("Giấy chứng sinh bản chính", 17, "Giấy chứng..."),
    ],
)
def test_a_text_is_cut_behind_a_word(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short and len(short) <= limit


def test_a_voice_spells_out() -> None:
    words = {
        "spoken_words": {"UBND": "Ủy ban nhân dân", "TP": "Thành phố"},
        "spoken_date": "ngày {day} tháng {month}",
    }
    words["months"] = [str(month) for month in range(1, 13)]
    assert (
        for_the_ear("UBND TP Huế, 5/3/2026, TPHCM", words)
        == "Ủy ban nhân dân Thành phố Huế, ngày 5 tháng 3, TPHCM"
    )
