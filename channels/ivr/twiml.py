"""Messages to TwiML: pure, and only the verbs that every service taking TwiML knows."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from twilio.twiml.voice_response import Gather, Say, VoiceResponse  # type: ignore[import-untyped]

from channels.ivr.question import OPEN, Question
from channels.ivr.settings import TwimlSettings
from channels.ivr.speech import LOCALES, clean, spoken
from core.messages import Expect, ExpectKind, OutboundMessage

LARGEST = 64 * 1024  # bytes; a larger document ends the call with error 11750
HINTS = 500  # phrases that a recogniser takes
HINT_LENGTH = 100  # characters of each

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listening:
    """How we listen: `keys` None leaves the number of keys open and lets # or a pause end; `finish` is the
    key that ends; `speech` whether words are understood too."""

    keys: int | None
    finish: str
    speech: bool


# finish "" makes * and # ordinary keys: * (repeat) arrives, and a # left over from the entry before is seen.
ONE_KEY = Listening(1, "", speech=True)
ENTRY = Listening(None, "#", speech=False)
LISTENING = {
    OPEN: ONE_KEY,
    ExpectKind.CHOICE: ONE_KEY,
    ExpectKind.YES_NO: ONE_KEY,
    ExpectKind.TEXT: ONE_KEY,
    ExpectKind.FILE: ONE_KEY,
    ExpectKind.CONTACT: ONE_KEY,
    ExpectKind.DIGITS: ENTRY,
    ExpectKind.DATE: ENTRY,
    ExpectKind.CODE: Listening(None, "#", speech=True),  # a code may be dictated
}


class Document:
    """Writes the answers of one hotline."""

    def __init__(self, settings: TwimlSettings, path: str) -> None:
        self._settings = settings
        self._base = settings.public_url + path

    def turn(self, messages: Sequence[OutboundMessage], step: int) -> str:
        """Speak the messages of a turn, then listen for the answer to question `step`, or hang up."""
        expect = next((message.expect for message in reversed(messages) if message.expect), None)
        language = messages[-1].language if messages else "vi"
        says = [self._say(message) for message in messages if clean(message.text).strip()]
        if any(message.ends for message in messages):
            return self._finished(self._plain(says, hangup=True))
        question = Question.of(expect, step, language)
        if question.kind == ExpectKind.OFFICER:
            return self._finished(self._connect(says, question))
        keys_only = any(message.say.values.get("listen") == "keys" for message in messages)
        if question.kind == ExpectKind.RECORDING:
            return self._finished(self._record(says, question))
        response = VoiceResponse()
        response.append(self._gather(says, question, expect, keys_only=keys_only))
        # for services that do not report an empty entry: the same question, answered with silence
        response.redirect(self.at("turn", question), method="POST")
        return self._finished(response)

    def filler(self, question: Question) -> str:
        """Keep the line while a turn takes long, then ask again."""
        response = self._plain([self._phrase("one_moment", question.language)])
        response.redirect(self.at("wait", question), method="POST")
        return self._finished(response)

    def farewell(self, phrase: str, language: str = "vi") -> str:
        """End the call with one of our own phrases."""
        return self._finished(self._plain([self._phrase(phrase, language)], hangup=True))

    def key_to_hear(self, text: str, language: str, action: str, *, slow: bool) -> str:
        """Speak and wait for one key; nothing pressed ends the call."""
        gather = Gather(
            input="dtmf",
            action=action,
            method="POST",
            timeout=self._settings.first_key,
            num_digits=1,
            finish_on_key="",
        )
        gather.append(self._spoken(text, language, slow))
        response = VoiceResponse()
        response.append(gather)
        response.hangup()
        return self._finished(response)

    def goodbye(self) -> str:
        """Hang up without a word."""
        return self._finished(self._plain([], hangup=True))

    def at(self, place: str, question: Question) -> str:
        """The address that the exchange calls for the answer to `question`."""
        return f"{self._base}/{place}?{question.query()}"

    def notice(self, place: str, token: str, times: int = 0) -> str:
        """The address that the exchange calls about a notice."""
        return f"{self._base}/notice{place}?" + urlencode(
            {"token": token, "times": times} if times else {"token": token}
        )

    def _gather(
        self, says: Sequence[Say], question: Question, expect: Expect | None, *, keys_only: bool
    ) -> Gather:
        """All prompts stand inside the Gather: keys pressed outside of one are lost."""
        listening = LISTENING[question.kind]
        speech = self._settings.speech and listening.speech and not keys_only
        locale = LOCALES.get(question.language, question.language)
        gather = Gather(
            input="dtmf speech" if speech else "dtmf",
            action=self.at("turn", question),
            method="POST",
            timeout=self._settings.first_key if listening.keys else self._entry_pause(),
            finish_on_key=listening.finish,
            num_digits=_most_keys(listening, question, expect),
            action_on_empty_result=True,
            language=locale if speech else None,
            speech_timeout="auto" if speech else None,
            profanity_filter=False if speech else None,  # it stars out ordinary Vietnamese words
            hints=self._hints(expect) if speech else None,
        )
        for say in says:
            gather.append(say)
        return gather

    def _record(self, says: Sequence[Say], question: Question) -> VoiceResponse:
        """The prompt can be cut by a key (0, *; # starts at once), then the tone, then the voice note."""
        response = VoiceResponse()
        gather = Gather(
            input="dtmf",
            action=self.at("turn", question),
            method="POST",
            timeout=1,
            num_digits=1,
            finish_on_key="#",
        )
        for say in says:
            gather.append(say)
        response.append(gather)
        response.record(
            action=self.at("recorded", question),
            method="POST",
            max_length=self._settings.record_seconds,
            timeout=self._settings.between_keys,
            finish_on_key="#",
            play_beep=True,
        )
        response.redirect(self.at("recorded", question), method="POST")
        return response

    def _connect(self, says: Sequence[Say], question: Question) -> VoiceResponse:
        """Put the caller through to the officer, or at once say that nobody is there."""
        response = self._plain(says)
        if self._settings.officer_number:
            response.dial(
                self._settings.officer_number,
                action=self.at("dialled", question),
                method="POST",
                timeout=self._settings.officer_ring,
                caller_id=self._settings.number,
                answer_on_bridge=True,
            )
        else:
            response.redirect(self.at("dialled", question), method="POST")
        return response

    def _plain(self, says: Sequence[Say], *, hangup: bool = False) -> VoiceResponse:
        response = VoiceResponse()
        for say in says:
            response.append(say)
        if hangup:
            response.hangup()
        return response

    def _say(self, message: OutboundMessage) -> Say:
        return self._spoken(message.text, message.language, message.say.values.get("pace") == "slow")

    def _spoken(self, text: str, language: str, slow: bool) -> Say:
        voice = self._settings.voices.get(language) or self._settings.voice
        return spoken(text, language=language, voice=voice, slow=slow)

    def _phrase(self, name: str, language: str) -> Say:
        phrases = self._settings.phrases
        language = language if language in phrases else "vi"
        return self._spoken(phrases[language][name], language, slow=False)

    def _hints(self, expect: Expect | None) -> str | None:
        labels = [choice.label for choice in expect.choices] if expect else []
        words = [
            clean(hint).replace(",", " ").strip()[:HINT_LENGTH] for hint in (*labels, *self._settings.hints)
        ]
        return ",".join([word for word in words if word][:HINTS]) or None

    def _entry_pause(self) -> int:
        """One limit serves for the first key and between keys; people look for the paper first."""
        return max(self._settings.first_key, self._settings.between_keys)

    def _finished(self, response: VoiceResponse) -> str:
        text = str(response)
        if len(text.encode("utf-8")) > LARGEST:
            log.error("a spoken answer is larger than an exchange takes; the caller heard an apology")
            return self.farewell("not_now")
        return text


def _most_keys(listening: Listening, question: Question, expect: Expect | None) -> int | None:
    """After this many keys nothing more is waited for. A choice has as many as its longest key.

    Codes and dates are open: who sets * between their parts must not be cut off.
    """
    if listening.keys:
        return max([1, *(len(key) for key, _ in question.keys)])
    return expect.digits if expect and expect.kind is ExpectKind.DIGITS else None
