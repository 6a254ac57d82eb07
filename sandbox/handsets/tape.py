"""What went over the wire, of every protocol in one shape, and what changes on the devices; for live pages.

An entry of the tape: channel (SMPP, HTTP, BOT, SMTP), to_us (towards the product), title, about (one readable
line), fields, and raw (hex of a PDU, TwiML, JSON, the text of a letter). `quiet` ones are keep-alives.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from sandbox.chat.platform import Call as BotCall
from sandbox.mail.letters import Letter
from sandbox.smpp.alphabets import alphabet_of, decode
from sandbox.smpp.pdu import Message, ProtocolError, parse, parse_body
from sandbox.smpp.udh import open_part
from sandbox.smpp.wire import WireEvent

HISTORY = 200
Event = dict[str, Any]
_ACCOUNT = re.compile(r"^/2010-04-01/Accounts/[^/]*")
_PATIENT = ("enquire_link", "enquire_link_resp")
_SHOWN = ("CallStatus", "Digits", "SpeechResult", "RecordingDuration", "DialCallStatus", "ErrorCode")


class Tape:
    """A bounded history of entries, and any number of listeners to entries and to the devices' news."""

    def __init__(self) -> None:
        self.entries: deque[Event] = deque(maxlen=HISTORY)
        self._numbers = itertools.count(1)
        self._listeners: set[asyncio.Queue[Event]] = set()

    @property
    def watched(self) -> bool:
        return bool(self._listeners)

    def tell(self, kind: str, **fields: Any) -> None:
        """News of a device, for those who look now."""
        self._send({"kind": kind, **fields})

    def write(self, entry: Event) -> None:
        """One entry on the tape."""
        entry = {"kind": "wire", "n": next(self._numbers), "at": round(time.time(), 3), **entry}
        if not entry.get("quiet"):
            self.entries.append(entry)
        self._send(entry)

    def _send(self, event: Event) -> None:
        for listener in self._listeners:
            if listener.full():
                listener.get_nowait()
            listener.put_nowait(event)

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[Event]]:
        """A queue of what happens from now on; who does not keep up misses the oldest."""
        queue: asyncio.Queue[Event] = asyncio.Queue(HISTORY)
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)


def of_pdu(event: WireEvent) -> Event:
    """A frame between the carrier and the product."""
    fields = event.fields
    return {
        "channel": "SMPP",
        "to_us": event.direction == "out",
        "title": f"{event.name} · receipt" if _is_receipt(event) else event.name,
        "about": _pdu_line(event, fields),
        "fields": fields,
        "raw": "" if event.name.startswith("bind") else event.frame.hex(" "),
        "quiet": event.name in _PATIENT,
    }


def _pdu_line(event: WireEvent, fields: Mapping[str, object]) -> str:
    """From and to, what it says, and what was answered."""
    ends = " → ".join(str(fields[name]) for name in ("source", "destination") if fields.get(name))
    more = [str(fields[name]) for name in ("message_id", "system_id") if fields.get(name)]
    if event.name.endswith("_resp"):
        more.append(str(fields.get("status", "")))
    return "  ".join(filter(None, [ends, " ".join(more), _text_of(event)]))


def _is_receipt(event: WireEvent) -> bool:
    """esm_class says so (SMPP 3.4 §5.2.12)."""
    try:
        body = parse_body(parse(event.frame))
    except ProtocolError:
        return False
    return event.name == "deliver_sm" and isinstance(body, Message) and bool(body.esm_class & 0x04)


def _text_of(event: WireEvent) -> str:
    """The words of one message, with its place among the parts of a long one."""
    try:
        body = parse_body(parse(event.frame))
        if not isinstance(body, Message):
            return ""
        place, octets, _ = open_part(body)
        words = decode(octets, alphabet_of(body.data_coding))
    except (ProtocolError, UnicodeError):
        return ""
    return f"{place.part}/{place.total} “{words}”" if place is not None else f"“{words}”"


def of_voice(event: Mapping[str, Any]) -> Event:
    """A webhook of the exchange, or a request to its REST interface."""
    fields = {name: value for name, value in event["fields"].items() if value}
    hook = event["kind"] == "webhook"
    place = urlsplit(event["url"] if hook else event["path"])
    path = _ACCOUNT.sub("", place.path)
    told = [f"{name}={fields[name]}" for name in _SHOWN if name in fields]
    return {
        "channel": "HTTP",
        "to_us": hook,
        "title": f"{event['method']} {path.removeprefix('/hooks')}",
        "about": "  ".join([*told, f"→ {event['status'] or event['body']}"]),
        "fields": {"url": place.geturl(), **fields},
        "raw": event["body"],
        "quiet": False,
    }


def of_bot_call(call: BotCall) -> Event:
    """A call of the product to the Bot API."""
    fields = {name: value for name, value in call.params.items() if value not in (None, "")}
    return {
        "channel": "BOT",
        "to_us": False,
        "title": call.method,
        "about": str(fields.get("text") or fields.get("caption") or f"→ {call.status}"),
        "fields": fields,
        "raw": json.dumps(fields, ensure_ascii=False, indent=1, default=str),
        "quiet": call.method.lower() in ("getupdates", "sendchataction", "getme"),
    }


def of_update(update: Mapping[str, Any]) -> Event:
    """What the platform tells the product of what a person did."""
    kind = next(name for name in update if name != "update_id")
    what = update[kind]
    said = what.get("text") or what.get("data") or what.get("caption") or ""
    return {
        "channel": "BOT",
        "to_us": True,
        "title": f"update · {kind}",
        "about": f"“{said}”"
        if said
        else ", ".join(sorted(set(what) - {"message_id", "from", "chat", "date"})),
        "fields": {"update_id": update["update_id"]},
        "raw": json.dumps(update, ensure_ascii=False, indent=1),
        "quiet": False,
    }


def of_letter(letter: Letter) -> Event:
    """A letter that the mail catcher took."""
    return {
        "channel": "SMTP",
        "to_us": False,
        "title": "MAIL",
        "about": f"{letter.sender} → {', '.join(letter.recipients)}  “{letter.subject}”",
        "fields": {"from": letter.sender, "to": list(letter.recipients), "encrypted": letter.encrypted},
        "raw": letter.content.decode("utf-8", "replace"),
        "quiet": False,
    }
