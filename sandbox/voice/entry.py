"""What a Gather collects: keys or words, until it is complete or the time is over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sandbox.voice.acts import Act, Bridge, Key, Listening, Silence, Speech, VoiceNote, Wait
from sandbox.voice.verbs import Gather


@dataclass(frozen=True, slots=True)
class Entry:
    """`seconds`: how long the line was quiet."""

    digits: str = ""
    finished_on: str = ""
    speech: str = ""
    confidence: float = 0.0
    seconds: float = 0.0

    def fields(self, verb: Gather) -> dict[str, str] | None:
        """What is posted to the action; None: nothing is, the document goes on with its next verb."""
        if self.speech:
            return {
                "SpeechResult": self.speech,
                "Confidence": f"{self.confidence:.8g}",
                "Language": verb.language,
            }
        if not self.digits and not verb.on_empty:
            return None
        if not verb.dtmf:
            return {"SpeechResult": ""}
        return {"Digits": self.digits, "FinishedOnKey": self.finished_on, "msg": "Gather End"}


def listening_to(verb: Gather, typed: str) -> Listening:
    """What a Gather waits for."""
    return Listening(
        Wait.KEYS, verb.timeout, verb.keys, verb.finish, verb.speech, verb.language, typed=len(typed)
    )


async def collect(verb: Gather, wait: Callable[[str], Awaitable[Act]]) -> Entry:
    """Collect until `keys` are there, the finish key comes, something is said, or nothing more comes."""
    digits = ""
    while True:
        match await wait(digits):
            case Key(key) if not verb.dtmf:
                continue
            case Key(key) if verb.finish and key == verb.finish:
                return Entry(digits, finished_on=key)
            case Key(key):
                digits += key
                if len(digits) == verb.keys:
                    return Entry(digits)
            case Speech(text, confidence) if verb.speech and not digits:
                return Entry(speech=text, confidence=confidence)
            case Silence():
                return Entry(digits, seconds=verb.timeout)
            case Speech() | VoiceNote() | Bridge():
                continue
