"""A request of the exchange to what was meant: pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from channels.ivr.question import Question
from channels.webhooks import BadInput, Form, e164
from core.messages import Address, Attachment

SID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # Twilio's own or a UUID
ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})

# Kept with the message for the channel's log. What was keyed and said is not among it: it may be a PIN.
LOGGED = (
    "CallSid",
    "CallStatus",
    "Direction",
    "StirVerstat",
    "FinishedOnKey",
    "Confidence",
    "DialCallStatus",
)
# Fixed payloads, as `core.talk.hearing` reads them: a command by name, given to the topic that has the floor.
NO_ANSWER = "!nobody"
ANSWERED = "!spoken"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a caller did. `nothing` is a key that means nothing (a # left over from the entry before)."""

    text: str = ""
    payload: str = ""
    spoken: bool = False
    confidence: float | None = None
    attachments: tuple[Attachment, ...] = ()
    nothing: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """Who is on the line: the essentials of every request of a call."""

    sid: str
    caller: Address
    called: str
    over: bool
    raw: dict[str, str]


def call_of(form: Form, *, country: str) -> Call:
    """The call that a request is about. Raises `BadInput` where it names none.

    A caller without a number that can be called back (withheld, SIP, a short number) gets an address that
    lives as long as the call.
    """
    sid = form.text("CallSid")
    if not SID.fullmatch(sid):
        raise BadInput("no CallSid")
    number = e164(form.text("From"), country=country)
    caller = Address("tel", number) if number else Address("call", sid)
    raw = {name: form.text(name) for name in LOGGED if name in form}
    return Call(sid, caller, form.text("To"), form.text("CallStatus") in ENDED, raw)


def answer_of(form: Form, question: Question) -> Heard:
    """What was keyed or said. Keys that stand for a choice become its payload; other keys are the text, with
    * as it came; silence is an empty text."""
    digits = form.text("Digits", most=200)
    if digits and not re.fullmatch(r"[0-9*#A-D]+", digits):
        raise BadInput("no such keys")
    speech = form.text("SpeechResult").strip()
    if not digits and speech:
        return Heard(text=speech, spoken=True, confidence=_confidence(form.text("Confidence")))
    if digits.strip("#") == "" and (digits or form.text("FinishedOnKey") == "#"):
        return Heard(nothing=True)
    digits = digits.strip("#")
    payload = question.payload_of(digits)
    return Heard(payload=payload) if payload else Heard(text=digits)


def voice_note_of(form: Form) -> Heard:
    """A recording, as a pointer to it; nothing recorded is silence. A hang-up keeps what was said."""
    url, duration = form.text("RecordingUrl"), form.text("RecordingDuration")
    if not url or duration == "0":
        return Heard()
    name = form.text("RecordingSid")
    if not SID.fullmatch(name):
        raise BadInput("no RecordingSid")
    return Heard(attachments=(Attachment(pointer=url, name=f"{name}.wav", content_type="audio/wav"),))


def officer_of(form: Form) -> Heard:
    """Whether an officer spoke to the caller. A call answered but never bridged met a voice box."""
    talked = form.text("DialCallStatus") == "completed" and form.text("DialBridged", most=5) != "false"
    return Heard(payload=ANSWERED if talked else NO_ANSWER)


def _confidence(text: str) -> float | None:
    """0–1, or None where the recogniser gives none: "0.0" means that too."""
    if not re.fullmatch(r"[01](\.[0-9]+)?", text):
        return None
    return min(float(text), 1.0) or None
