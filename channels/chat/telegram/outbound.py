"""Our message turned into the platform's: escaped, cut, and with its keyboard. Pure."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterator, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from core.messages import Choice, Expect, ExpectKind

MAX_UNITS = 4096  # UTF-16 units of a message after its markup is parsed
MAX_BUTTONS = 100
MAX_DATA = 64  # bytes of callback_data
SHORT = 14  # characters of a label that fits beside another on a small screen


def units(text: str) -> int:
    """Length in UTF-16 code units, which is what the platform counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def escaped(text: str) -> str:
    """The text as HTML that shows exactly the text: a `<` in a name must not kill the message."""
    return html.escape(text, quote=False)


def parts(text: str, limit: int = MAX_UNITS) -> Sequence[str]:
    """Cut a text into messages of at most `limit` UTF-16 units: at line ends, else between words, else
    between letters (never inside a surrogate pair, nor between a letter and its mark)."""
    text = text.strip()
    cut: list[str] = []
    while units(text) > limit:
        end = _cut(text, limit)
        cut.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*cut, text] if text else cut


def _cut(text: str, limit: int) -> int:
    reach = _reach(text, limit)
    for separator in ("\n\n", "\n", " "):
        at = text.rfind(separator, reach // 2, reach + 1)
        if at > 0:
            return at
    end = reach
    while end > 1 and (unicodedata.combining(text[end]) or text[end] in "\u200d\ufe0f"):
        end -= 1
    return end


def _reach(text: str, limit: int) -> int:
    """How many characters fit into `limit` UTF-16 units."""
    used = 0
    for index, letter in enumerate(text):
        used += 2 if ord(letter) > 0xFFFF else 1
        if used > limit:
            return index
    return len(text)


def keyboard(expect: Expect | None, contact_label: str) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    """The keyboard that asks for what is expected.

    Choices are buttons under the message: they carry our payload and can be taken away. Only sharing the
    phone number needs the other keyboard, below the typing line.
    """
    if expect is None:
        return None
    if expect.kind is ExpectKind.CONTACT and contact_label:
        return _contact(expect.choices, contact_label)
    buttons = [_button(choice) for choice in expect.choices if _fits(choice)]
    if not buttons:
        return None
    return InlineKeyboardMarkup(list(_rows(buttons[:MAX_BUTTONS])))


def _contact(choices: Sequence[Choice], label: str) -> ReplyKeyboardMarkup:
    rows = [[KeyboardButton(label, request_contact=True)]]
    rows += [[KeyboardButton(choice.label)] for choice in choices if choice.label]
    return ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)


def _fits(choice: Choice) -> bool:
    """An unlabelled choice, or one whose payload the platform would refuse, is left to its number in the
    text."""
    return bool(choice.label.strip()) and 1 <= len(choice.payload.encode()) <= MAX_DATA


def _button(choice: Choice) -> InlineKeyboardButton:
    return InlineKeyboardButton(choice.label, callback_data=choice.payload)


def _rows(buttons: Sequence[InlineKeyboardButton]) -> Iterator[list[InlineKeyboardButton]]:
    """Two short labels share a row."""
    row: list[InlineKeyboardButton] = []
    for button in buttons:
        short = len(button.text) <= SHORT
        if row and not (short and len(row) == 1 and len(row[0].text) <= SHORT):
            yield row
            row = []
        row.append(button)
    if row:
        yield row
