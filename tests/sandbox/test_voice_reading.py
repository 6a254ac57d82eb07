"""TwiML to verbs: by hand and by the provider's own library; and what the exchange refuses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from twilio.twiml import voice_response as lib  # type: ignore[import-untyped]

from sandbox.voice.faults import Code, Fault
from sandbox.voice.reading import LARGEST, read
from sandbox.voice.signature import sign
from sandbox.voice.speech import Spoken, rate_of
from sandbox.voice.verbs import (
    Dial,
    Enqueue,
    Gather,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)
from tests.sandbox.voice_product import response

VOICE = "Google.vi-VN-Wavenet-A"

BY_HAND: list[tuple[str, Verb]] = [
    ("<Say>Hello</Say>", Say(Spoken(("Hello",)))),
    (f'<Say language="vi-VN" voice="{VOICE}">Xin chào</Say>', Say(Spoken(("Xin chào",), "vi-VN", VOICE))),
    ("<Say>một<break time='400ms'/>hai</Say>", Say(Spoken(("một", 0.4, "hai")))),
    ("<Say>một <break time='2s'/> hai</Say>", Say(Spoken(("một", 2.0, "hai")))),
    ("<Say>một<break/>hai</Say>", Say(Spoken(("một", 0.5, "hai")))),
    ('<Say><prosody rate="slow">chậm thôi</prosody></Say>', Say(Spoken(("chậm thôi",), pace="slow"))),
    ('<Say>gặp <sub alias="Ủy ban nhân dân">UBND</sub> xã</Say>', Say(Spoken(("gặp Ủy ban nhân dân xã",)))),
    ("<Say>A &amp; B &lt; C</Say>", Say(Spoken(("A & B < C",)))),
    ('<Say loop="2">a</Say>', Say(Spoken(("a",)), 2)),
    ("<Play>/hello.wav</Play>", Play("/hello.wav")),
    ("<Pause/>", Pause(1.0)),
    ('<Pause length="3"/>', Pause(3.0)),
    ("<Gather/>", Gather()),
    (
        '<Gather input="dtmf speech" numDigits="1" finishOnKey="" timeout="8" action="/turn?a=1&amp;b=2"'
        ' language="vi-VN" hints="khai sinh, kết hôn" actionOnEmptyResult="true" bargeIn="false"/>',
        Gather(
            speech=True,
            keys=1,
            finish="",
            timeout=8.0,
            action="/turn?a=1&b=2",
            language="vi-VN",
            hints=("khai sinh", "kết hôn"),
            on_empty=True,
            barge_in=False,
        ),
    ),
    ("<Gather><Say>Nhấn phím</Say><Pause/></Gather>", Gather((Say(Spoken(("Nhấn phím",))), Pause()))),
    ('<Gather input="speech" timeout="auto"/>', Gather(dtmf=False, speech=True)),
    ("<Record/>", Record()),
    (
        '<Record maxLength="60" timeout="4" finishOnKey="#" action="/r"/>',
        Record("/r", timeout=4, finish="#", longest=60),
    ),
    ("<Redirect>/next</Redirect>", Redirect("/next")),
    ('<Redirect method="GET">/next</Redirect>', Redirect("/next", "GET")),
    ("<Dial>+842499990000</Dial>", Dial(("+842499990000",))),
    (
        '<Dial action="/d" timeout="25" callerId="19009999"><Number>+842499990000</Number></Dial>',
        Dial(("+842499990000",), "/d", timeout=25, caller_id="19009999"),
    ),
    (
        '<Enqueue waitUrl="/wait" action="/out">officers</Enqueue>',
        Enqueue("officers", "/out", wait_url="/wait"),
    ),
    ("<Hangup/>", Hangup()),
    ("<Reject/>", Reject()),
    ('<Reject reason="busy"/>', Reject("busy")),
]


@pytest.mark.parametrize(("twiml", "verb"), BY_HAND, ids=[row[0][:40] for row in BY_HAND])
def test_by_hand(twiml: str, verb: Verb) -> None:
    assert read(response(twiml).encode()) == (verb,)


def test_an_empty_document_has_no_verbs() -> None:
    assert read(b"<Response/>") == ()


def _by_library() -> lib.VoiceResponse:
    document = lib.VoiceResponse()
    gather = lib.Gather(
        input="dtmf speech", action="https://a.test/t?x=1&y=2", num_digits=1, finish_on_key=""
    )
    say = lib.Say(voice=VOICE, language="vi-VN")
    slow = say.prosody(rate="slow")
    slow.append("Xin chào")
    slow.break_(time="800ms")
    gather.append(say)
    document.append(gather)
    document.record(action="https://a.test/r", max_length=60, play_beep=True, finish_on_key="#")
    document.dial("+842499990000", action="https://a.test/d", timeout=25, answer_on_bridge=True)
    document.redirect("https://a.test/next", method="POST")
    document.hangup()
    return document


def test_by_the_library() -> None:
    gather, record, dial, redirect, hangup = read(str(_by_library()).encode())
    assert gather == Gather(
        (Say(Spoken(("Xin chào", 0.8), "vi-VN", VOICE, "slow")),),
        speech=True,
        action="https://a.test/t?x=1&y=2",
        keys=1,
        finish="",
    )
    assert record == Record("https://a.test/r", finish="#", longest=60)
    assert dial == Dial(("+842499990000",), "https://a.test/d", timeout=25)
    assert (redirect, hangup) == (Redirect("https://a.test/next"), Hangup())


def _unchecked(**attributes: object) -> str:
    """The library writes whatever it is given."""
    document = lib.VoiceResponse()
    document.gather(**attributes)
    return str(document)


REFUSED: list[tuple[str, str, Code]] = [
    ("no XML", "Xin chào", Code.NOT_WELL_FORMED),
    ("an open element", "<Response><Say>a</Response>", Code.NOT_WELL_FORMED),
    ("a control character", "<Response><Say>a\x01b</Say></Response>", Code.NOT_WELL_FORMED),
    ("nothing at all", "", Code.NOT_WELL_FORMED),
    ("another root", "<Answer/>", Code.NOT_TWIML),
    ("an unknown verb", response("<Shout>a</Shout>"), Code.NOT_TWIML),
    ("a verb in small letters", response("<say>a</say>"), Code.NOT_TWIML),
    ("an unknown attribute", response('<Say lang="vi-VN">a</Say>'), Code.NOT_TWIML),
    ("text beside the verbs", response("Xin chào"), Code.NOT_TWIML),
    ("text after a verb", response("<Hangup/>a"), Code.NOT_TWIML),
    ("a Say without words", response("<Say></Say>"), Code.NOT_TWIML),
    (
        "a verb in a Gather that asks itself",
        response("<Gather><Redirect>/x</Redirect></Gather>"),
        Code.NOT_TWIML,
    ),
    ("text in a Gather", response("<Gather>a</Gather>"), Code.NOT_TWIML),
    ("a break that is too long", response('<Say>a<break time="11s"/></Say>'), Code.NOT_TWIML),
    ("SSML outside of a Say", response('<break time="1s"/>'), Code.NOT_TWIML),
    (
        "a voice of another language",
        response(f'<Say language="en-GB" voice="{VOICE}">a</Say>'),
        Code.NOT_TWIML,
    ),
    ("a language with an underscore", _unchecked(language="vi_vn"), Code.NOT_TWIML),
    ("no keys at all", _unchecked(num_digits=0), Code.NOT_TWIML),
    ("two finish keys", _unchecked(finish_on_key="#*"), Code.NOT_TWIML),
    ("a queue without a name", response("<Enqueue></Enqueue>"), Code.NOT_TWIML),
    ("a queue with a long name", response(f"<Enqueue>{'q' * 65}</Enqueue>"), Code.NOT_TWIML),
    ("nobody to dial", response("<Dial></Dial>"), Code.NOT_TWIML),
    ("a hint that is too long", response(f'<Gather hints="{"a" * 101}"/>'), Code.NOT_TWIML),
    ("more than 64 KB", response(f"<Say>{'a' * LARGEST}</Say>"), Code.TOO_LARGE),
]


@pytest.mark.parametrize(("name", "document", "code"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused(name: str, document: str, code: Code) -> None:
    with pytest.raises(Fault) as fault:
        read(document.encode())
    assert fault.value.code is code


SIGNED = [
    ("https://motcua.test/hooks/voice/hotline", {"CallSid": "CA1", "From": "+84912345678", "Digits": ""}),
    (
        "https://motcua.test/turn?step=4&as=choice&k=1.q1.1",
        {"Digits": "12*3#", "SpeechResult": "khai sinh ạ"},
    ),
    ("http://127.0.0.1:8080/x?a=%C4%91%20b+c", {}),
]


@pytest.mark.parametrize(("url", "fields"), SIGNED)
def test_the_providers_library_accepts_the_signature(url: str, fields: dict[str, str]) -> None:
    validate: Callable[..., bool] = RequestValidator("secret").validate
    assert validate(url, fields, sign("secret", url, fields))
    assert not validate(url, fields, sign("other", url, fields))
    assert not validate(url, {**fields, "More": "1"}, sign("secret", url, fields))


def test_credentials_and_fragment_are_not_signed() -> None:
    plain = sign("t", "https://a.test/x", {"A": "1"})
    assert sign("t", "https://user:word@a.test/x#rc=2", {"A": "1"}) == plain


@pytest.mark.parametrize(("pace", "rate"), [("", 1.0), ("slow", 0.8), ("85%", 0.85), ("x-fast", 1.5)])
def test_pace(pace: str, rate: float) -> None:
    assert rate_of(pace) == rate


def test_a_slow_sentence_takes_longer() -> None:
    words = ("một hai ba bốn năm sáu bảy",)
    assert Spoken(words).seconds == pytest.approx(2.0)
    assert Spoken((*words, 0.5)).seconds == pytest.approx(2.5)
    assert Spoken(words, pace="50%").seconds == pytest.approx(4.0)
