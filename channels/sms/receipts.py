"""Delivery receipts: whose, and what became of it, from whatever the SMSC says.

SMPP 3.4 Appendix B gives a text ("id:… sub:… stat:…") that every vendor bends; §5.3.2.12 and §5.3.2.35 give
the same as optional parameters, which are trusted first. A text alone, without the receipt bits of
esm_class (§5.2.12), is never a receipt: anybody could write one.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from channels.sms.pdu import Delivered, Tag
from core.messages import ReceiptState

_TYPE = 0x3C  # the message type bits of esm_class
_RECEIPT = 0x04
_INTERMEDIATE = 0x20
_HANDSET = (0x08, 0x10)  # acknowledgements of the handset, not of the SMSC

# message_state, §5.2.28 (0 and 9 are SMPP 5.0's SCHEDULED and SKIPPED)
_BY_NUMBER = {
    0: ReceiptState.ACCEPTED,
    1: ReceiptState.ACCEPTED,  # ENROUTE
    2: ReceiptState.DELIVERED,
    3: ReceiptState.EXPIRED,
    4: ReceiptState.FAILED,  # DELETED
    5: ReceiptState.FAILED,  # UNDELIVERABLE
    6: ReceiptState.ACCEPTED,  # vendors use it for "taken"
    7: ReceiptState.UNKNOWN,
    8: ReceiptState.FAILED,  # REJECTED
    9: ReceiptState.FAILED,
}
# Appendix B, and the spellings met in the field; compared by their first five letters
_BY_WORD = {
    "DELIV": ReceiptState.DELIVERED,
    "EXPIR": ReceiptState.EXPIRED,
    "DELET": ReceiptState.FAILED,
    "UNDEL": ReceiptState.FAILED,
    "ACCEP": ReceiptState.ACCEPTED,
    "ENROU": ReceiptState.ACCEPTED,
    "BUFFE": ReceiptState.ACCEPTED,
    "QUEUE": ReceiptState.ACCEPTED,
    "SCHED": ReceiptState.ACCEPTED,
    "REJEC": ReceiptState.FAILED,
    "FAILE": ReceiptState.FAILED,
    "SKIPP": ReceiptState.FAILED,
    "UNKNO": ReceiptState.UNKNOWN,
}
_FIELD = re.compile(r"\b(id|stat|err|done date|submit date)\s*:\s*([^\s]*)", re.IGNORECASE)
_LENGTHS = (10, 12, 14)  # YYMMDDhhmm, with seconds, with the century and seconds


class Told(NamedTuple):
    """What a receipt says. `reference` is the SMSC's id as it stands there; empty where it names none."""

    reference: str
    state: ReceiptState
    error: str
    done: str
    word: str


def is_receipt(delivered: Delivered) -> bool:
    """Whether this is the SMSC speaking about a message of ours, not a citizen."""
    kind = delivered.esm_class & _TYPE
    if kind in (_RECEIPT, _INTERMEDIATE):
        return True
    named = Tag.RECEIPTED_MESSAGE_ID in delivered.tlvs
    return named and (kind in _HANDSET or Tag.MESSAGE_STATE in delivered.tlvs)


def parse(delivered: Delivered) -> Told:
    """Parameters first, then the text. Never raises."""
    text = delivered.octets.decode("latin-1")
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(text):
        fields.setdefault(name.lower(), value)
    tlvs = delivered.tlvs
    reference = tlvs.get(Tag.RECEIPTED_MESSAGE_ID, b"").partition(b"\0")[0].decode("latin-1").strip()
    word = fields.get("stat", "")
    state = _state(tlvs.get(Tag.MESSAGE_STATE, b""), word)
    if delivered.esm_class & _TYPE == _INTERMEDIATE and state is not ReceiptState.DELIVERED:
        state = ReceiptState.ACCEPTED  # §5.2.12: not final, whatever the state reads
    return Told(reference or fields.get("id", ""), state, _error(delivered, fields), _done(fields), word[:20])


def _state(number: bytes, word: str) -> ReceiptState:
    if number and number[-1] in _BY_NUMBER:
        return _BY_NUMBER[number[-1]]
    return _BY_WORD.get(word.upper()[:5], ReceiptState.UNKNOWN)


def _error(delivered: Delivered, fields: dict[str, str]) -> str:
    """The text's err, else network_error_code (§5.3.2.31: network type and a 16-bit code). "000" is none."""
    told = fields.get("err", "")[:20]
    if told.strip("0"):
        return told
    code = delivered.tlvs.get(Tag.NETWORK_ERROR_CODE, b"")
    if len(code) == 3 and any(code[1:]):
        return f"{code[0]}/{int.from_bytes(code[1:], 'big')}"
    return ""


def _done(fields: dict[str, str]) -> str:
    return fields.get("done date", "")


def done_at(done: str, zone: timedelta, now: datetime) -> datetime:
    """When it happened, where the date can be read (10, 12 or 14 digits in the SMSC's own time) and is
    believable: no more than three days back and no later than now. Otherwise now."""
    if len(done) not in _LENGTHS or not (done.isascii() and done.isdigit()):
        return now
    digits = done if len(done) == 14 else f"20{done}00"
    month, day, hour, minute, second = (int(digits[at : at + 2]) for at in range(4, 14, 2))
    try:
        at = datetime(int(digits[:4]), month, day, hour, minute, second, tzinfo=timezone(zone))
    except ValueError:
        return now
    return at if now - timedelta(days=3) <= at <= now else now


def reference_of(told: str, style: str) -> str:
    """An id in the one form in which both the submit answer and the receipt are compared, as text.

    `style`: "text" leaves it; "hex" reads it as hexadecimal, "decimal" as decimal; both give decimal digits
    without leading noughts. What cannot be read so is left as it is.
    """
    told = told.strip()
    if style == "text":
        return told
    try:
        return str(int(told, 16 if style == "hex" else 10))
    except ValueError:
        return told
