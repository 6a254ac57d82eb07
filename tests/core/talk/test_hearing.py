"""What is meant by a message: the syntaxes of the shared short numbers, commands, keys, choices, old
buttons."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from core.ear import load_ear
from core.messages import Address, Attachment, Choice, Expect, ExpectKind, InboundMessage, Moment
from core.talk.hearing import (
    Bye,
    Chosen,
    Codes,
    Command,
    Hello,
    Late,
    Meaning,
    Silence,
    Words,
    chosen_among,
    hear,
)
from procedures.codes import load_patterns

EAR = load_ear(
    Path(__file__).parents[3] / "templates",
    patterns=load_patterns(),
    keywords=("hcc", "dost", "xnc", "bgtvt"),
)
AT = datetime.fromisoformat("2026-11-23T09:00:00+07:00")
MESSAGE = InboundMessage("sms", Address("tel", "+84912345678"), "1", AT)

MENU = Expect(
    ExpectKind.CHOICE,
    (Choice("status", "Tra cứu hồ sơ", key="1"), Choice("find", "Hỏi thủ tục", key="2")),
    id="q7",
)
YES_NO = Expect(ExpectKind.YES_NO, (Choice("yes", "Có"), Choice("no", "Không")), id="q8")
CODE, DATE = Expect(ExpectKind.CODE, id="q9"), Expect(ExpectKind.DATE, id="q9")
TEXT, DIGITS = Expect(ExpectKind.TEXT, id="q9"), Expect(ExpectKind.DIGITS, id="q9")


def meant(text: str, expect: Expect | None = None, medium: str = "sms") -> Meaning:
    return hear(expect, medium, replace(MESSAGE, text=text), EAR, AT).meaning


@pytest.mark.parametrize(
    ("text", "codes", "pin"),
    [
        ("HCC TC H26.18-260101-0001", ["H26.18-260101-0001"], ""),
        ("HCC TC H26.18-260101-0001 402817", ["H26.18-260101-0001"], "402817"),
        ("hcc h26 18 260101 0001", ["H26.18-260101-0001"], ""),
        ("HCCH26.18-260101-0001", ["H26.18-260101-0001"], ""),
        ("tch26182601010001", ["H26.18-260101-0001"], ""),
        ("H26.18-260101-0001\nH26.18-260101-0002", ["H26.18-260101-0001", "H26.18-260101-0002"], ""),
        ("HCC DN 00673810079", ["00673810079"], ""),
        ("DOST TC TT250C8DDF4C1E", ["TT250C8DDF4C1E"], ""),
        ("BGTVT G09.20-20260609-0092637 402817", ["G09.20-20260609-0092637"], "402817"),
        ("000.17.22.H56-210531-0001", ["000.17.22.H56-210531-0001"], ""),
        ("4821930529", ["4821930529"], ""),
        ("482 193 0529 402817", ["4821930529"], "402817"),
        ("cho toi hoi ho so 4821930529 den dau roi a", ["4821930529"], ""),
        ("Tra cứu H26.18-260101-OOO1", ["H26.18-260101-0001"], ""),
    ],
)
def test_codes_of_the_short_numbers(text: str, codes: list[str], pin: str) -> None:
    meaning = meant(text)
    assert isinstance(meaning, Codes), meaning
    assert [found.code for found in meaning.found] == codes
    assert meaning.pin == pin


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("MENU", Command("menu")),
        ("Trợ giúp!", Command("help")),
        ("HD", Command("help")),
        ("?", Command("help")),
        ("TC", Command("status")),
        ("hcc tc", Command("status")),
        ("HCC", Command("menu")),
        ("DỪNG", Command("stop")),
        ("huy dk", Command("stop")),
        ("từ chối", Command("stop")),
        ("Dừng tất cả", Command("stop_all")),
        ("hồ sơ tôi tới đâu", Command("mine")),
        ("sua 3", Command("correct", "3")),
        ("Sửa ngày sinh", Command("correct", "ngày sinh")),
        ("nop khai sinh", Command("file", "khai sinh")),
        ("tiep tuc 12345678", Command("continue", "12345678")),
        ("đồng ý K7Q2MD", Command("consent", "K7Q2MD")),
        ("English", Command("english")),
    ],
)
def test_commands_in_any_case_with_or_without_marks(text: str, command: Command) -> None:
    meaning = meant(text)
    assert isinstance(meaning, Command)
    assert (meaning.name, meaning.rest) == (command.name, command.rest)


def test_a_command_with_a_code_behind_it() -> None:
    meaning = meant("theo doi H26.18-260101-0001 402817")
    assert isinstance(meaning, Command) and meaning.name == "follow"
    assert [code.code for code in meaning.codes] == ["H26.18-260101-0001"] and meaning.pin == "402817"


@pytest.mark.parametrize(
    "text", ["đúng", "Đúng rồi", "khai sinh can giay to gi", "toi muon dung lai viec nay nhe"]
)
def test_what_is_no_command(text: str) -> None:
    assert meant(text) == Words(text)


@pytest.mark.parametrize(
    ("text", "expect", "value"),
    [
        ("1", MENU, "status"),
        ("2.", MENU, "find"),
        ("hoi thu tuc", MENU, "find"),
        ("Có", YES_NO, "yes"),
        ("ok", YES_NO, "yes"),
        ("đúng", YES_NO, "yes"),
        ("khong co", YES_NO, "no"),
        ("sai", YES_NO, "no"),
    ],
)
def test_a_choice_by_number_label_or_word(text: str, expect: Expect, value: str) -> None:
    meaning = meant(text, expect)
    assert isinstance(meaning, Chosen) and meaning.value == value


def test_stop_without_marks_is_heard_even_where_yes_is_awaited() -> None:
    assert meant("dung", YES_NO) == Command("stop")


@pytest.mark.parametrize("text", ["", "?", "...", "3", "0"])
def test_no_choice(text: str) -> None:
    assert chosen_among(MENU, text) is None


@pytest.mark.parametrize(
    ("payload", "meaning"),
    [
        ("q7.1", "status"),
        ("q7.find", "find"),
        ("q6.1", Late()),
        ("q7.9", Late()),
        ("rubbish", Late()),
        ("!menu", Command("menu")),
        ("!consent K7Q2MD", Command("consent", "K7Q2MD")),
    ],
)
def test_buttons(payload: str, meaning: Meaning | str) -> None:
    heard = hear(MENU, "chat", replace(MESSAGE, payload=payload), EAR, AT).meaning
    assert (heard.value if isinstance(heard, Chosen) else heard) == meaning


@pytest.mark.parametrize(
    ("keys", "expect", "meaning"),
    [
        ("0", MENU, Command("officer")),
        ("*", MENU, Command("repeat")),
        ("9", MENU, Command("language")),
        ("7", MENU, Command("back")),
        ("*7", MENU, Command("back")),
        ("0", CODE, Command("officer")),
        ("0", DATE, Command("officer")),
        ("0", DIGITS, Words("0")),
        ("*0", DIGITS, Command("officer")),
        ("*", DIGITS, Command("repeat")),
        ("#", MENU, Silence()),
        ("05122026#", DATE, Words("05122026")),
        ("7", DIGITS, Words("7")),
    ],
)
def test_keys_of_a_call(keys: str, expect: Expect, meaning: Meaning) -> None:
    """Fixed keys at every question; inside an entry they are dialled behind a star."""
    assert meant(keys, expect, "ivr") == meaning


def test_figures_of_an_official_code_are_keyed() -> None:
    meaning = meant("26*18*260101*0001", CODE, "ivr")
    assert isinstance(meaning, Codes)
    assert "H26.18-260101-0001" in [found.code for found in meaning.found]


@pytest.mark.parametrize("text", ["0912345678", "079190012345", "H26.18-260101-0001"])
def test_inside_another_question_a_number_is_an_answer(text: str) -> None:
    assert meant(text, DIGITS) == Words(text)


def test_inside_another_question_a_keyword_announces_a_code() -> None:
    assert isinstance(meant("TC H26.18-260101-0001", DIGITS), Codes)


@pytest.mark.parametrize(
    "text", ["sua duong Le Loi", "hoi tham gia dinh", "nop phat o quay 3", "tim nguoi nha"]
)
def test_free_text_that_begins_like_a_command(text: str) -> None:
    assert meant(text, TEXT) == Words(text)
    assert meant("sua 3", TEXT) == Command("correct", "3")


def test_moments_and_empty_messages() -> None:
    hello = replace(MESSAGE, moment=Moment.HELLO, payload="t0k3n")
    assert hear(None, "chat", hello, EAR, AT).meaning == Hello("t0k3n")
    assert hear(MENU, "ivr", replace(MESSAGE, moment=Moment.BYE), EAR, AT).meaning == Bye()
    assert meant("  ") == Silence()
    picture = replace(MESSAGE, attachments=(Attachment("x"),))
    assert hear(MENU, "chat", picture, EAR, AT).meaning == Words("")


def test_a_phrase_with_two_meanings_is_refused(tmp_path: Path) -> None:
    for language, name in (("vi", "menu"), ("en", "help")):
        folder = tmp_path / language
        folder.mkdir()
        (folder / "commands.yaml").write_text(
            f"commands: {{{name}: [dau]}}\nanswers: {{}}\n", encoding="utf-8"
        )
    with pytest.raises(ValueError, match="'dau' means both 'menu' and 'help'"):
        load_ear(tmp_path)
