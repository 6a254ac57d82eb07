"""The words of the house themselves: nothing lacks, nothing is too long, and the ear is spared."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from channels.sms.segments import count
from core.channel import Marks, Traits
from core.ear import load_ear
from core.messages import Say
from core.post.notices import NOTICES
from core.post.verify import Fault, verify
from core.post.wording import KEY_FIRST, Wording
from core.talk import sayings
from core.talk.sayings import SAYINGS
from core.talk.topics import REPERTOIRE
from core.talk.topics.offers import offer
from procedures.problem import CODES
from procedures.words import strip_marks
from tests.dialogues.world import library, procedure_values

TEMPLATES = Path(__file__).parents[3] / "templates"
WORDING = Wording(TEMPLATES)
SAMPLES = yaml.safe_load((TEMPLATES / "samples.yaml").read_text(encoding="utf-8"))
SMS = Traits("sms", ("tel",), marks=Marks.STRIP, parts=count)
ASPECTS = offer("lookup.papers", "lookup.fee", "lookup.where")
MEDIA = ("sms", "ivr", "chat", "web", "mail")


def sample(key: str) -> dict[str, object]:
    pool = {**SAMPLES["values"], **SAMPLES.get("keys", {}).get(key, {})}
    return {name: pool[name] for name in SAYINGS[key].values}


def test_everything_that_can_be_said_has_words_in_both_languages() -> None:
    assert verify(WORDING, SAYINGS, SAMPLES, MEDIA, parts=count) == []


def test_every_problem_and_every_notice_is_declared() -> None:
    assert {f"problem.{code}" for code in CODES} <= set(SAYINGS)
    assert {notice.key for notice in NOTICES.values()} <= set(SAYINGS)


def test_every_command_leads_to_a_topic_and_every_topic_is_there() -> None:
    ear = load_ear(TEMPLATES)
    assert set(ear.commands.values()) <= set(REPERTOIRE.commands)
    assert set(REPERTOIRE.commands.values()) <= set(REPERTOIRE.topics)


def test_every_name_in_the_topics_is_a_saying_or_a_choice() -> None:
    """A key that is built from pieces would escape this; the stories hold those."""
    folder = TEMPLATES.parent / "core" / "talk" / "topics"
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    names = set(re.findall(r'"([a-z]+\.[a-z_]+)"', source))
    known = set(SAYINGS) | set(WORDING.table("choices.yaml", "vi"))
    assert len(names) > 100 and names <= known, names - known


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("key", [key for key, saying in SAYINGS.items() if "ivr" in saying.media])
def test_the_ear_gets_no_signs_and_no_abbreviations(key: str, language: str) -> None:
    """Short sentences, no written abbreviations; no date with slashes."""
    text = WORDING.render(Say(key, sample(key)), "ivr", language)
    assert not re.search(r"[/_<>]|https?:", text), text
    assert not re.search(r"\b(UBND|HS|VD|CCCD|SĐT)\b", text), text


@pytest.mark.parametrize("event", sayings.EVENTS)
def test_a_pushed_call_tells_the_office_first_and_the_news_after_a_key(event: str) -> None:
    """The office's name first, content after a key press."""
    values = sample(f"notice.{event}")
    before, mark, after = WORDING.render(Say(f"notice.{event}", values), "ivr").partition(KEY_FIRST)
    assert mark and after
    assert "Bến Nghé" in before and "Nhấn phím 1" in before
    assert str(values["procedure"]) not in before and str(values["phone_code"]) not in before


@pytest.mark.parametrize("event", sayings.EVENTS)
def test_a_notice_bears_values_that_are_empty(event: str) -> None:
    """What may not be told, or is not known, is empty: a sensitive procedure, no due date, no reason."""
    values = {
        **sample(f"notice.{event}"),
        "procedure": "",
        "due": None,
        "missing": [],
        "reason": "",
        "hotline": "",
    }
    for medium in MEDIA:
        text = WORDING.render(Say(f"notice.{event}", values), medium)
        assert text and "None" not in text and "()" not in text


def test_a_missing_text_a_wrong_value_and_a_long_sms_are_found(tmp_path: Path) -> None:
    for language in ("vi", "en"):
        (tmp_path / language / "a").mkdir(parents=True)
        for name in ("words", "choices"):
            (tmp_path / language / f"{name}.yaml").write_text("spoken_words: {}", encoding="utf-8")
    (tmp_path / "vi/a/long.txt").write_text("đ" * 500, encoding="utf-8")
    (tmp_path / "vi/a/wrong.txt").write_text("{{ nobody }}", encoding="utf-8")
    declared = {
        "a.long": sayings.Saying(),
        "a.wrong": sayings.Saying(),
        "a.absent": sayings.Saying(),
        "a.unsampled": sayings.Saying(("what",)),
    }
    found = verify(Wording(tmp_path), declared, {"values": {}}, ("sms",), parts=count)
    assert [(fault.key, fault.serious) for fault in found] == [
        ("a.long", True),
        ("a.long", False),
        ("a.wrong", True),
        ("a.wrong", False),
        ("a.absent", True),
        ("a.absent", True),
        ("a.unsampled", True),
    ]
    assert Fault("en/a/long.txt", "a.long", "not translated (sms)", "translate it", serious=False) in found


@pytest.mark.parametrize("code", sorted(library().procedures))
def test_what_is_told_of_a_procedure_fits_an_sms(code: str) -> None:
    """The card in two parts, everything else in four, the numbered lines included; exemptions are never dropped."""
    procedure = procedure_values(code)
    assert procedure is not None
    for aspect in ("card", "fee", "time_limit", "where"):
        text = WORDING.say_text(Say(f"lookup.{aspect}", {"procedure": procedure}, ASPECTS), SMS).text
        assert count(text) <= (2 if aspect == "card" else 4), text
        if aspect == "fee":
            assert all(strip_marks(each) in text for each in procedure["exemptions"])
