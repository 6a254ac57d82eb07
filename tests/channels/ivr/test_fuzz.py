"""Anything at all posted to the hotline: never a server error, never a trace unless it was signed."""

from __future__ import annotations

import asyncio
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.channels.ivr.hotline import MENU, House, fields, hotline, say
from tests.channels.ivr.test_hotline import MENU_TURN

PLACES = ["", "/turn", MENU_TURN, "/wait", "/recorded", "/dialled", "/fallback", "/status"]
PLACES += ["/notice?token=a", "/notice/key?token=a&times=x", "/notice/ended?token=a"]
NAMES = ["Digits", "SpeechResult", "Confidence", "CallSid", "From", "To", "CallStatus", "RecordingUrl"]
NAMES += ["RecordingSid", "RecordingDuration", "DialCallStatus", "DialBridged", "FinishedOnKey", "AnsweredBy"]
VALUES = st.sampled_from(["", "1", "#", "*", "0", "completed", "CA9"]) | st.text(
    st.characters(codec="utf-8"), max_size=40
)
FIELDS = st.dictionaries(st.sampled_from(NAMES) | st.text(st.characters(codec="utf-8"), max_size=8), VALUES)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), FIELDS), min_size=1, max_size=6))
def test_signed_rubbish_is_answered(posts: list[tuple[str, dict[str, str]]]) -> None:
    async def story() -> None:
        async with hotline(House(lambda message: [say(message.text, MENU)])) as (exchange, _):
            for place, more in posts:
                status, text = await exchange.post(place, fields(**more))
                assert status in (200, 204, 400, 403)
                if status == 200:
                    ET.fromstring(text)

    asyncio.run(story())


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(PLACES),
            st.binary(max_size=200),
            st.sampled_from(["application/x-www-form-urlencoded", "application/json", "text/plain", "x"]),
            st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_unsigned_rubbish_leaves_no_trace(posts: list[tuple[str, bytes, str, str]]) -> None:
    async def story() -> None:
        house = House()
        async with hotline(house) as (exchange, _):
            for place, body, kind, signature in posts:
                assert await exchange.post_raw(place, body, kind, signature) in (400, 403)
        assert house.untouched

    asyncio.run(story())
