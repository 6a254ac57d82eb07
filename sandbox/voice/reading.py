"""A TwiML document to verbs, strictly: what the manual does not know is a fault, not a guess."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element, ParseError, fromstring

from sandbox.voice.faults import Code, Fault
from sandbox.voice.grammar import check
from sandbox.voice.speech import spoken
from sandbox.voice.verbs import (
    Dial,
    Enqueue,
    Gather,
    Hangup,
    Leave,
    Pause,
    Play,
    Prompt,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)

LARGEST = 64 * 1024  # bytes of a document


def read(document: bytes) -> tuple[Verb, ...]:
    """The verbs of a document, in order. Raises `Fault`: too large, not well formed, not TwiML."""
    if len(document) > LARGEST:
        raise Fault(Code.TOO_LARGE, f"{len(document)} bytes")
    try:
        root = fromstring(document)
    except (ParseError, ValueError, LookupError) as error:
        raise Fault(Code.NOT_WELL_FORMED, str(error)) from None
    if root.tag != "Response" or root.attrib:
        raise Fault(Code.NOT_TWIML, f"the root is <{root.tag}>")
    check(root)
    return tuple(_VERBS[child.tag](child) for child in root)


def _text(element: Element) -> str:
    return (element.text or "").strip()


def _number(element: Element, name: str, default: float) -> float:
    value = element.get(name, "")
    return float(value) if value.isdigit() else default


def _method(element: Element, name: str = "method") -> str:
    return element.get(name, "POST")


def _times(element: Element) -> int:
    """0 means for ever, which here is often enough to be noticed."""
    return min(int(element.get("loop", "1")) or 1000, 1000)


def _say(element: Element) -> Say:
    said = spoken(element)
    if not said.text:
        raise Fault(Code.NOT_TWIML, "<Say> without words")
    return Say(said, _times(element))


def _play(element: Element) -> Play:
    if not _text(element) and not element.get("digits"):
        raise Fault(Code.NOT_TWIML, "<Play> without an address")
    return Play(_text(element), _times(element))


def _pause(element: Element) -> Pause:
    return Pause(_number(element, "length", 1.0))


_PROMPTS: Mapping[str, Callable[[Element], Prompt]] = {"Say": _say, "Play": _play, "Pause": _pause}


def _gather(element: Element) -> Gather:
    inputs = element.get("input", "dtmf").split()
    digits = element.get("numDigits")
    return Gather(
        prompts=tuple(_PROMPTS[child.tag](child) for child in element),
        dtmf="dtmf" in inputs,
        speech="speech" in inputs,
        action=element.get("action"),
        method=_method(element),
        timeout=_number(element, "timeout", 5.0),
        finish=element.get("finishOnKey", "#"),
        keys=int(digits) if digits else None,
        on_empty=element.get("actionOnEmptyResult") == "true",
        barge_in=element.get("bargeIn") != "false",
        language=element.get("language", "en-US"),
        hints=_hints(element),
    )


def _hints(element: Element) -> tuple[str, ...]:
    """At most 500 phrases of at most 100 characters."""
    hints = tuple(hint.strip() for hint in element.get("hints", "").split(",") if hint.strip())
    if len(hints) > 500 or any(len(hint) > 100 for hint in hints):
        raise Fault(Code.NOT_TWIML, "too many hints, or too long ones")
    return hints


def _record(element: Element) -> Record:
    return Record(
        action=element.get("action"),
        method=_method(element),
        timeout=_number(element, "timeout", 5.0),
        finish=element.get("finishOnKey", "1234567890*#"),
        longest=_number(element, "maxLength", 3600.0),
        beep=element.get("playBeep") != "false",
        callback=element.get("recordingStatusCallback", ""),
    )


def _redirect(element: Element) -> Redirect:
    return Redirect(_text(element), _method(element))


def _dial(element: Element) -> Dial:
    numbers = tuple(filter(None, [_text(element), *(_text(child) for child in element)]))
    if not numbers:
        raise Fault(Code.NOT_TWIML, "<Dial> without a number")
    return Dial(
        numbers,
        element.get("action"),
        _method(element),
        _number(element, "timeout", 30.0),
        element.get("callerId", ""),
    )


def _enqueue(element: Element) -> Enqueue:
    if not 1 <= len(_text(element)) <= 64:
        raise Fault(Code.NOT_TWIML, "a queue's name has 1 to 64 characters")
    return Enqueue(
        _text(element),
        element.get("action"),
        _method(element),
        element.get("waitUrl", ""),
        _method(element, "waitUrlMethod"),
    )


_VERBS: Mapping[str, Callable[[Element], Verb]] = {
    **_PROMPTS,
    "Gather": _gather,
    "Record": _record,
    "Redirect": _redirect,
    "Dial": _dial,
    "Enqueue": _enqueue,
    "Leave": lambda element: Leave(),
    "Hangup": lambda element: Hangup(),
    "Reject": lambda element: Reject(element.get("reason", "rejected")),
}
