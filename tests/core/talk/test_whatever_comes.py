"""Whatever citizens send, in whatever order: an answer comes, it is declared and worded, and the talk stays
JSON."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.talk.topics import REPERTOIRE
from tests.test_dialogues import EAR, Stage

COMMANDS = [phrase.removesuffix(" ...") for phrase in EAR.commands]
SAID = st.one_of(
    st.sampled_from(COMMANDS),
    st.sampled_from(["1", "2", "3", "4", "0", "*", "#", "*7", "9", "6", "12345678", "246810"]),
    st.sampled_from(
        ["4821930529", "H26.18-261102-0007", "402817", "TC 4821930529 2960047151", "079190012345"]
    ),
    st.sampled_from(
        ["nop khai sinh", "nop phan anh", "nop tam vang", "sua 3", "sua ten", "khai sinh", "ket hon"]
    ),
    st.sampled_from(["Nguyen An", "5/3/2026", "05032026", "An#5/3/2026#nam", "le phi bao nhieu", "theo doi"]),
    st.sampled_from(["[gọi đến]", "[gác máy]", "[im lặng]", "[nút cũ]", "[ghi âm]", "[chia sẻ số]"]),
    st.sampled_from(
        ["[tệp a.jpg image/jpeg]", "[tệp a.exe application/x-dosexec]", "[mở liên kết 12345678]"]
    ),
    st.text(max_size=30).filter(lambda text: not text.startswith("[")),
)


@pytest.mark.parametrize("medium", ["sms", "ivr", "chat", "web"])
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(said=st.lists(SAID, min_size=1, max_size=25), closed=st.booleans(), proven=st.booleans())
def test_an_answer_comes(medium: str, said: list[str], closed: bool, proven: bool) -> None:
    """Only a goodbye, a flood and an official's hold are answered with silence; no story here has the
    latter."""
    stage = Stage()
    stage.fact(medium)
    stage.world.open, stage.world.proven = not closed, proven
    for text in said:
        answer = stage.hear(text)
        talk = stage.talk()
        assert answer or text == "[gác máy]" or talk.flood.silent_until, f"no answer to {text!r}"
        assert talk.topic in REPERTOIRE.topics
