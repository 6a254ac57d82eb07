"""Keyboards under a message, read as strictly as the platform reads them."""

from __future__ import annotations

import json
from typing import Any

from sandbox.chat.refusals import bad_request
from sandbox.chat.world import Button, Keyboard

MAX_BUTTONS = 100
MAX_DATA = 64  # bytes of callback_data

_INLINE = ("url", "callback_data", "web_app", "login_url", "switch_inline_query", "copy_text", "pay")


def read_markup(value: Any) -> dict[str, Any]:
    """The `reply_markup` parameter as an object; it arrives as JSON text in a form, as an object in JSON."""
    if value in (None, ""):
        return {}
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise bad_request("can't parse reply keyboard markup JSON object") from None
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    return value


def inline_keyboard(markup: dict[str, Any]) -> Keyboard:
    return _rows(markup.get("inline_keyboard"), _inline_button)


def reply_keyboard(markup: dict[str, Any]) -> Keyboard:
    return _rows(markup.get("keyboard"), _reply_button)


def _rows(rows: Any, read: Any) -> Keyboard:
    if rows is None:
        return ()
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be of type Array of Arrays')
    keyboard = tuple(tuple(read(button) for button in row) for row in rows if row)
    if sum(len(row) for row in keyboard) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return keyboard


def _inline_button(button: Any) -> Button:
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if not any(kind in button for kind in _INLINE):
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= MAX_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    return Button(str(button["text"]), data=str(data or ""), url=str(button.get("url", "")))


def _reply_button(button: Any) -> Button:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad_request('can\'t parse keyboard button: Field "text" must be of type String')
    return Button(str(button["text"]), asks_contact=bool(button.get("request_contact")))
