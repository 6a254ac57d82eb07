"""Who has the floor: the rules of `dialogue.turn` that no single story shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core import plain
from core.messages import Say
from core.talk.conversation import Conversation
from core.talk.dialogue import EQUAL, MANY
from core.talk.needs import CallOfficer, ReportFlood, SetWishes
from tests.test_dialogues import Stage


def stage(medium: str = "sms") -> Stage:
    made = Stage()
    made.fact(medium)
    return made


def test_many_different_messages_are_a_flood_once() -> None:
    made = stage("chat")
    said = [made.hear(f"câu hỏi {number}") for number in range(MANY)]
    assert "tạm nghỉ 1 giờ" in said[-1] and said.count(said[-1]) == 1
    assert made.hear("câu nữa") == ""
    assert [need.medium for need in made.world.asked if isinstance(need, ReportFlood)] == ["chat"]


def test_slow_messages_are_no_flood() -> None:
    made = stage()
    for _ in range(EQUAL * 2):
        made.at += timedelta(minutes=1)
        assert "tam nghi" not in made.hear("menu")


def test_equal_keys_are_how_a_call_is_answered() -> None:
    made = stage("ivr")
    made.hear("[gọi đến]")
    assert all("tạm nghỉ" not in made.hear("*") for _ in range(EQUAL + 5))


def test_a_caller_in_a_flood_hears_why_and_the_call_ends() -> None:
    made = stage("ivr")
    said = [made.hear("[gọi đến]") for _ in range(MANY + 1)]
    assert "tạm nghỉ" in said[-1]
    assert made.talk().said[-1] == Say("flood.pause", ends=True)


def test_slower_is_remembered_and_says_it_again() -> None:
    made = stage("ivr")
    before = made.hear("[gọi đến]")
    assert made.hear("6") == before
    assert made.talk().slow
    made.hear("[gọi đến]")
    assert not made.talk().slow  # another call, perhaps another person


def test_stop_is_heard_while_an_official_holds_the_talk() -> None:
    made = stage("chat")
    made.hear("menu")
    made.fact("held")
    assert made.hear("khai sinh") == ""
    assert made.hear("DỪNG")
    assert [need.kind for need in made.world.asked if isinstance(need, SetWishes)] == ["notices"]


def test_the_officer_sees_what_was_said_but_no_pin() -> None:
    made = stage("sms")
    made.hear("H26.18-261103-0011")
    made.hear("gap can bo")
    collected = next(need.collected for need in made.world.asked if isinstance(need, CallOfficer))
    assert collected["topic"] == "status" and collected["codes"] == ["H26.18-261103-0011"]
    assert "pin" not in collected


@pytest.mark.parametrize(("medium", "reason"), [("sms", "stumbles"), ("ivr", "stumbles")])
def test_three_failures_in_a_row_bring_a_person(medium: str, reason: str) -> None:
    made = stage(medium)
    made.hear("[gọi đến]" if medium == "ivr" else "menu")
    for _ in range(3):
        made.hear("8888")
    assert [need.reason for need in made.world.asked if isinstance(need, CallOfficer)] == [reason]
    assert made.talk().stumbles == 0


def test_failures_are_counted_in_a_row_only() -> None:
    made = stage()
    for _ in range(3):
        made.hear("8888")
        made.hear("8888")
        made.hear("gio lam viec")
    assert not any(isinstance(need, CallOfficer) for need in made.world.asked)


def test_each_question_has_its_own_id() -> None:
    made, ids = stage("chat"), []
    for text in ("nop khai sinh", "Nguyễn An", "5/3/2026"):
        made.hear(text)
        expects = made.talk().expects
        assert expects is not None
        ids.append(expects.id)
    assert len(set(ids)) == 3


def test_the_answers_of_a_draft_do_not_stay_in_the_conversation() -> None:
    """Personal data live in the draft, which is kept, shown and deleted by its own rules."""
    made = stage("chat")
    made.hear("nop khai sinh")
    made.hear("Nguyễn Thị Minh An")
    made.hear("5/3/2026")
    assert "Minh An" not in plain.dump(made.talk())


def test_a_cold_talk_forgets_its_question_but_not_who_it_is() -> None:
    made = stage()
    made.hear("english")
    made.hear("tra cuu")
    made.at += timedelta(hours=25)
    made.hear("menu")
    talk = made.talk()
    assert talk.language == "en" and talk.topic == "menu"
    assert talk == replace(plain.load(Conversation, plain.dump(talk)))
