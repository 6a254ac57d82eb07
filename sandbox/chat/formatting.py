"""Texts as the platform measures and reads them: UTF-16 units, and HTML with a short list of tags."""

from __future__ import annotations

import html
import re
from typing import Any

from sandbox.chat.refusals import bad_request

MAX_TEXT = 4096  # UTF-16 units after parsing
MAX_CAPTION = 1024

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}
_TAG = re.compile(r"<(/?)([^\s>/]*)((?:\s+[^<>]*)?)>")
_HREF = re.compile(r"""href\s*=\s*["']?([^"'\s>]+)""")
_NAMED = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]+|#x[0-9A-Fa-f]+);")


def units(text: str) -> int:
    """Length in UTF-16 code units, which is how every limit and offset of the platform counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def read_text(text: str, parse_mode: str, limit: int = MAX_TEXT) -> tuple[str, list[dict[str, Any]]]:
    """The text as a person will see it, with its entities. Raises the platform's own 400s."""
    if parse_mode.lower() == "html":
        plain, entities = _read_html(text)
    elif parse_mode == "":
        plain, entities = text, []
    else:
        raise bad_request("unsupported parse_mode")
    if units(plain) > limit:
        raise bad_request("message is too long" if limit == MAX_TEXT else "message caption is too long")
    return plain, entities


def _read_html(text: str) -> tuple[str, list[dict[str, Any]]]:
    plain = ""
    entities: list[dict[str, Any]] = []
    opened: list[tuple[str, int, str]] = []
    position = 0
    while (start := text.find("<", position)) >= 0:
        plain += _unescape(text[position:start])
        tag = _TAG.match(text, start)
        offset = len(text[:start].encode())
        if tag is None:
            raise _unparsable(f"Unclosed start tag at byte offset {offset}")
        closing, name, rest = tag.group(1), tag.group(2).lower(), tag.group(3)
        if closing:
            entities.append(_close(opened, name, offset, units(plain)))
        elif name in _KINDS:
            opened.append((name, units(plain), rest))
        else:
            raise _unparsable(f'Unsupported start tag "{name}" at byte offset {offset}')
        position = tag.end()
    if opened:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    plain += _unescape(text[position:])
    return plain, [entity for entity in sorted(entities, key=lambda e: e["offset"]) if entity["length"]]


def _close(opened: list[tuple[str, int, str]], name: str, offset: int, end: int) -> dict[str, Any]:
    if not opened:
        raise _unparsable(f"Unexpected end tag at byte offset {offset}")
    expected, begin, rest = opened.pop()
    if expected != name:
        found = f'expected "</{expected}>", found "</{name}>"'
        raise _unparsable(f"Unmatched end tag at byte offset {offset}, {found}")
    entity: dict[str, Any] = {"type": _KINDS[name], "offset": begin, "length": end - begin}
    if name == "a" and (link := _HREF.search(rest)):
        entity["url"] = html.unescape(link.group(1))
    return entity


def _unescape(text: str) -> str:
    return _NAMED.sub(lambda found: html.unescape(found.group()), text)


def _unparsable(why: str) -> Exception:
    return bad_request(f"can't parse entities: {why}")
