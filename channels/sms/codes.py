"""What an SMSC's command_status means for us: one row a status, with its reason. SMPP 3.4 §5.1.3."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from core.channel import Doubtful, Misconfigured, OptedOut, Refused, SendError, Throttled, Unreachable


class Meaning(NamedTuple):
    """`error` is how the sending ends; `why` is what an operator reads."""

    error: type[SendError]
    why: str


ROK = 0x00
RINVMSGLEN = 0x01
RINVCMDLEN = 0x02
RINVCMDID = 0x03
RINVBNDSTS = 0x04
RALYBND = 0x05
RSYSERR = 0x08
RBINDFAIL = 0x0D
RINVPASWD = 0x0E
RINVSYSID = 0x0F
RMSGQFUL = 0x14
RTHROTTLED = 0x58
RX_T_APPN = 0x64

MEANINGS: dict[int, Meaning] = {
    0x01: Meaning(Refused, "message length is invalid"),
    0x02: Meaning(Refused, "command length is invalid"),  # our PDU is wrong for this SMSC: again is no better
    0x03: Meaning(Misconfigured, "the SMSC does not know submit_sm"),
    0x04: Meaning(Unreachable, "not bound for sending"),  # a bind that was lost on their side; it is rebuilt
    0x05: Meaning(Unreachable, "already bound"),
    0x06: Meaning(Refused, "priority flag is invalid"),
    0x07: Meaning(Refused, "registered delivery flag is invalid"),
    0x08: Meaning(Throttled, "system error at the SMSC"),  # passing; vendors use it for overload
    0x0A: Meaning(
        Misconfigured, "sender number or brand name is not allowed"
    ),  # the operator must register it
    0x0B: Meaning(Refused, "destination number is invalid"),
    0x0C: Meaning(Unreachable, "message id is invalid"),
    0x0D: Meaning(Misconfigured, "bind failed"),
    0x0E: Meaning(Misconfigured, "wrong password"),
    0x0F: Meaning(Misconfigured, "wrong system id"),
    0x14: Meaning(Throttled, "message queue full"),
    0x15: Meaning(Misconfigured, "service type is invalid"),  # from our settings
    0x33: Meaning(Refused, "number of destinations is invalid"),
    0x34: Meaning(Refused, "destination list name is invalid"),
    0x40: Meaning(Refused, "destination flag is invalid"),
    0x42: Meaning(Refused, "submit with replace is not supported"),
    0x43: Meaning(Refused, "esm_class is invalid"),
    0x44: Meaning(Refused, "cannot submit to a distribution list"),
    0x45: Meaning(Throttled, "submit failed"),  # says nothing: tried again, and given up by the deadline
    0x48: Meaning(Misconfigured, "source type of number is invalid"),
    0x49: Meaning(Misconfigured, "source numbering plan is invalid"),
    0x50: Meaning(Misconfigured, "destination type of number is invalid"),
    0x51: Meaning(Misconfigured, "destination numbering plan is invalid"),
    0x53: Meaning(Misconfigured, "system type is invalid"),
    0x54: Meaning(Refused, "replace flag is invalid"),
    0x55: Meaning(Refused, "number of messages is invalid"),
    0x58: Meaning(Throttled, "too many messages in this time"),
    0x61: Meaning(Refused, "scheduled time is invalid"),
    0x62: Meaning(Refused, "validity period is invalid"),
    0x63: Meaning(Refused, "predefined message is invalid"),
    0x64: Meaning(Throttled, "temporary error at the receiver"),
    0x65: Meaning(Refused, "permanent error at the receiver"),
    0x66: Meaning(Refused, "rejected by the receiver"),
    0x67: Meaning(Refused, "query failed"),
    0xC0: Meaning(Refused, "optional parameters are malformed"),
    0xC1: Meaning(Refused, "an optional parameter is not allowed"),
    0xC2: Meaning(Refused, "parameter length is invalid"),
    0xC3: Meaning(Refused, "an optional parameter is missing"),
    0xC4: Meaning(Refused, "an optional parameter has a wrong value"),
    0xFE: Meaning(Refused, "delivery failure"),  # the answer to data_sm: final
    0xFF: Meaning(Unreachable, "unknown error at the SMSC"),
}

_NAMES = {
    "refused": Refused,
    "opted_out": OptedOut,
    "misconfigured": Misconfigured,
    "unreachable": Unreachable,
}
_NAMES |= {"throttled": Throttled}
OUTCOMES = frozenset(_NAMES)
"""The words by which `vendor_statuses` in the settings says what a vendor's own status means."""


def meaning_of(status: int, vendor: dict[int, str] | None = None) -> Meaning:
    """A vendor's own status (0x400–0x4FF, or any that the settings name) by the settings, else "try later":
    a message is not thrown away for a number that nobody can read."""
    if vendor and status in vendor:
        return Meaning(_NAMES[vendor[status]], f"status 0x{status:X} of this carrier")
    return MEANINGS.get(status, Meaning(Unreachable, f"status 0x{status:X}, not in the specification"))


def code_of(status: int) -> str:
    """The status as the delivery keeps it: "smpp:0x58"."""
    return f"smpp:0x{status:02X}"


def error_of(status: int, vendor: dict[int, str] | None, after: timedelta) -> SendError:
    """How a sending with this status ends."""
    meaning = meaning_of(status, vendor)
    if meaning.error is Throttled:
        return Throttled(meaning.why, code=code_of(status), after=after)
    return meaning.error(meaning.why, code=code_of(status))


__all__ = ["MEANINGS", "OUTCOMES", "Doubtful", "Meaning", "code_of", "error_of", "meaning_of"]
