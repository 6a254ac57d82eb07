"""What is said becomes what the exchange speaks: a table."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from channels.ivr.twiml import LARGEST, Document
from core.messages import Choice, Expect, ExpectKind, OutboundMessage
from tests.channels.ivr.hotline import HOTLINE, MENU, PATH, PUBLIC, say, settings

AT = f"{PUBLIC}{PATH}"
MENU_AT = f"{AT}/turn?step=3&as=choice&in=vi&k=1.q1.1&k=2.q1.2"
VOICE = 'language="vi-VN" voice="Google.vi-VN-Wavenet-A"'
ENGLISH = 'language="en-GB" voice="Google.en-GB-Wavenet-A"'
SPEECH = 'input="dtmf speech" language="vi-VN"'


def expect(kind: ExpectKind, digits: int | None = None) -> Expect:
    return Expect(kind, digits=digits)


def key(kind: str, *, more: str = "") -> str:
    """A Gather of one key, with * and # as keys, and speech."""
    at = f"{AT}/turn?step=3&as={kind}&in=vi{more}"
    return (
        f'<Gather action="{at}" actionOnEmptyResult="true" finishOnKey="" {SPEECH} method="POST" '
        f'numDigits="1" profanityFilter="false" speechTimeout="auto" timeout="8">'
    )


def entry(kind: str, digits: str = "") -> str:
    """A Gather of several keys, ended by #."""
    return (
        f'<Gather action="{AT}/turn?step=3&as={kind}&in=vi" actionOnEmptyResult="true" finishOnKey="#" '
        f'input="dtmf" method="POST" {digits}timeout="8">'
    )


def again(place: str) -> str:
    return f'<Redirect method="POST">{AT}/{place}&in=vi</Redirect>'


CASES: list[tuple[str, list[OutboundMessage], str]] = [
    (
        "a menu: prompt inside the Gather, hints from the labels, the keys in the address",
        [say("Một Cửa xin chào."), say("Tra cứu hồ sơ, nhấn phím 1.\nTìm thủ tục, nhấn phím 2.", MENU)],
        f'<Gather action="{MENU_AT}" actionOnEmptyResult="true" finishOnKey="" '
        f'hints="Tra cứu hồ sơ,Tìm thủ tục" {SPEECH} method="POST" numDigits="1" '
        'profanityFilter="false" speechTimeout="auto" timeout="8">'
        f"<Say {VOICE}>Một Cửa xin chào.</Say>"
        f'<Say {VOICE}>Tra cứu hồ sơ, nhấn phím 1.<break time="400ms" />'
        "Tìm thủ tục, nhấn phím 2.</Say></Gather>"
        f'<Redirect method="POST">{MENU_AT}</Redirect>',
    ),
    (
        "digits: as many as wanted, # ends, no speech",
        [say("Mã PIN", expect(ExpectKind.DIGITS, 6))],
        entry("digits", 'numDigits="6" ')
        + f"<Say {VOICE}>Mã PIN</Say></Gather>"
        + again("turn?step=3&as=digits"),
    ),
    (
        "a date: # ends, * is left to the caller",
        [say("Ngày sinh", expect(ExpectKind.DATE))],
        entry("date") + f"<Say {VOICE}>Ngày sinh</Say></Gather>" + again("turn?step=3&as=date"),
    ),
    (
        "nothing expected: listen all the same",
        [say("Xin nói")],
        key("open") + f"<Say {VOICE}>Xin nói</Say></Gather>" + again("turn?step=3&as=open"),
    ),
    (
        "nothing said: listen in silence",
        [],
        key("open").removesuffix(">") + " />" + again("turn?step=3&as=open"),
    ),
    (
        "a voice note: keys can cut the prompt, then the tone, 60 seconds, # ends",
        [say("Hãy nói", expect(ExpectKind.RECORDING))],
        f'<Gather action="{AT}/turn?step=3&as=recording&in=vi" finishOnKey="#" input="dtmf" method="POST" '
        f'numDigits="1" timeout="1"><Say {VOICE}>Hãy nói</Say></Gather>'
        f'<Record action="{AT}/recorded?step=3&as=recording&in=vi" finishOnKey="#" maxLength="60" '
        'method="POST" playBeep="true" timeout="5" />' + again("recorded?step=3&as=recording"),
    ),
    (
        "an officer",
        [say("Đang nối máy", expect(ExpectKind.OFFICER))],
        f'<Say {VOICE}>Đang nối máy</Say><Dial action="{AT}/dialled?step=3&as=officer&in=vi" '
        f'answerOnBridge="true" callerId="{HOTLINE}" method="POST" timeout="25">+842471000009</Dial>',
    ),
    (
        "the end",
        [say("Tạm biệt", ends=True)],
        f"<Say {VOICE}>Tạm biệt</Say><Hangup />",
    ),
    (
        "slower",
        [say("Một … hai", pace="slow", ends=True)],
        f'<Say {VOICE}><prosody rate="slow">Một<break time="800ms" />hai</prosody></Say><Hangup />',
    ),
    (
        "English",
        [say("Goodbye", language="en", ends=True)],
        f"<Say {ENGLISH}>Goodbye</Say><Hangup />",
    ),
    (
        "a language without a voice of its own speaks with ours",
        [say("Au revoir", language="fr", ends=True)],
        '<Say language="fr" voice="Google.vi-VN-Wavenet-A">Au revoir</Say><Hangup />',
    ),
    (
        "what breaks a document is taken out, what looks like markup is text",
        [say("a\x01b \x00<Hangup/> & \ud800", ends=True)],
        f"<Say {VOICE}>a b  &lt;Hangup/&gt; &amp;</Say><Hangup />",
    ),
]


@pytest.mark.parametrize(("name", "messages", "wanted"), CASES, ids=[case[0] for case in CASES])
def test_messages_become_twiml(name: str, messages: list[OutboundMessage], wanted: str) -> None:
    document = Document(settings(officer_number="+842471000009"), PATH)
    head, foot = '<?xml version="1.0" encoding="UTF-8"?><Response>', "</Response>"
    written = document.turn(messages, 3)
    assert (
        written
        == head + wanted.replace("&as", "&amp;as").replace("&in", "&amp;in").replace("&k", "&amp;k") + foot
    )


def test_a_code_may_be_dictated_and_after_failures_only_keyed() -> None:
    document = Document(settings(), PATH)
    code = expect(ExpectKind.CODE)
    assert 'input="dtmf speech"' in document.turn([say("Mã hồ sơ", code)], 1)
    assert 'input="dtmf"' in document.turn([say("Mã hồ sơ", code, listen="keys")], 1)
    assert 'input="dtmf"' in Document(settings(speech=False), PATH).turn([say("Mã", code)], 1)


def test_a_code_has_no_greatest_length_and_a_choice_that_of_its_longest_key() -> None:
    document = Document(settings(), PATH)
    assert "numDigits" not in document.turn([say("Mã", expect(ExpectKind.CODE, 14))], 1)
    long = Expect(ExpectKind.CHOICE, (Choice("a", "A", "", "p", "1"), Choice("b", "B", "", "q", "12")))
    assert 'numDigits="2"' in document.turn([say("Chọn", long)], 1)


def test_without_an_officer_the_caller_is_told_at_once() -> None:
    written = Document(settings(), PATH).turn([say("Đang nối máy", expect(ExpectKind.OFFICER))], 3)
    assert "<Dial" not in written
    assert "/dialled?step=3" in written


def test_a_document_too_large_becomes_an_apology() -> None:
    written = Document(settings(), PATH).turn([say("ộ" * 30_000, ends=True)], 1)
    assert "Xin gọi lại sau." in written
    assert len(written.encode()) < LARGEST


TEXTS = st.text(st.characters(codec=None, categories=None), max_size=300)


@hypothesis_settings(deadline=None)
@given(TEXTS, TEXTS, st.booleans())
def test_every_text_makes_a_well_formed_document_of_known_verbs(text: str, label: str, slow: bool) -> None:
    choices = Expect(ExpectKind.CHOICE, (Choice("a", label, "", "p1", "1"),))
    written = Document(settings(), PATH).turn([say(text, choices, pace="slow" if slow else "")], 1)
    tags = {element.tag for element in ET.fromstring(written).iter()}
    assert tags <= {"Response", "Gather", "Say", "Redirect", "break", "prosody"}
    assert re.search(r'actionOnEmptyResult="true"', written)
