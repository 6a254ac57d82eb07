"""An official in a talk: reads both directions, takes it over, answers on the citizen's channel, gives it back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from core import plain
from core.channel import Marks, Traits
from core.config import OfficeSettings
from core.conversations import HIDDEN, Conversations, HeldByOther, NotHeld, NoWay, holder
from core.messages import (
    Address,
    Choice,
    Expect,
    ExpectKind,
    InboundMessage,
    OutboundMessage,
    Say,
)
from core.office import Knowledge
from core.post.wording import Wording
from core.store.inbox import Arrival
from core.store.outbox import Queued
from core.store.shelves import Shelves
from core.store.tables import metadata
from core.store.talks import TalkMoved
from core.store.tasks import Task
from core.talk.conversation import Conversation
from core.talk.topics import REPERTOIRE
from core.world import World
from procedures.calendar import load_calendar

TEMPLATES = Path(__file__).parents[2] / "templates"
NINE = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
PHONE = Address("tel", "+84912345678")
CHAT = Address("telegram:motcua", "4711")
TRAITS = {
    "sms": Traits("sms", ("tel",), marks=Marks.STRIP, parts=lambda text: -(-len(text) // 160) or 1),
    "brand": Traits("sms", ("tel",)),
    "hotline": Traits("ivr", ("tel",), live=True),
    "telegram": Traits("chat", ("telegram:motcua",), buttons=8),
}
QUESTION = Say(
    "menu.again", {}, Expect(ExpectKind.CHOICE, (Choice("yes", "Có"), Choice("no", "Không")), id="q4")
)


@pytest.fixture
def shelves(tmp_path: Path) -> Iterator[Shelves]:
    engine = create_engine(f"sqlite:///{tmp_path}/talks.db")
    metadata.create_all(engine)
    with engine.begin() as connection:
        yield Shelves(connection)
    engine.dispose()


def acts(shelves: Shelves, at: datetime = NINE, **traits: Traits) -> Conversations:
    office = OfficeSettings(
        name="Phường Mẫu", agency="H99.18", address="", hours="", hours_spoken="", hotline="19009999"
    )
    knowledge = Knowledge(
        generation=1,
        settings=office,
        catalogue=None,  # type: ignore[arg-type]
        calendar=load_calendar(),
        search=None,  # type: ignore[arg-type]
        wording=Wording(TEMPLATES),
        ear=None,  # type: ignore[arg-type]
        repertoire=REPERTOIRE,
        portal="",
    )
    ids = iter(f"id{n}" for n in range(100))
    world = World(now=lambda: at, new_id=lambda: next(ids), chance=random.Random(1))
    return Conversations(shelves, knowledge, world, traits or TRAITS, at)


def says(shelves: Shelves, address: Address, channel: str, text: str, at: datetime = NINE) -> None:
    """A citizen's message that had its turn."""
    message = InboundMessage(channel, address, f"{channel}-{text}", at, text=text, addressed_to="8099")
    shelves.inbox.keep([Arrival(message, TRAITS[channel].medium)], at)
    shelves.inbox.settle_key(channel, message.external_id, at)


def known(shelves: Shelves, address: Address = PHONE, medium: str = "sms", **more: object) -> Conversation:
    shelves.talks.put([Conversation(address, medium, heard_at=NINE, **more)])  # type: ignore[arg-type]
    return shelves.talks.get(address, medium)


def outgoing(shelves: Shelves, address: Address = PHONE) -> list[OutboundMessage]:
    return [
        plain.load(OutboundMessage, row.message) for row in reversed(shelves.outbox.history(str(address)))
    ]


def test_a_talk_is_read_in_both_directions_in_order(shelves: Shelves) -> None:
    says(shelves, PHONE, "sms", "HCC DK khai sinh", NINE - timedelta(minutes=3))
    reply = OutboundMessage("", "sms", PHONE, "Ho ten?", Say("x"))
    shelves.outbox.put([Queued(reply, "sms/1", 0, NINE)], NINE - timedelta(minutes=2))
    says(shelves, PHONE, "hotline", "toi muon hoi", NINE - timedelta(minutes=1))
    lines = acts(shelves).read(PHONE)
    assert [(line.inbound, line.medium, line.text) for line in lines] == [
        (True, "sms", "HCC DK khai sinh"),
        (False, "sms", "Ho ten?"),
        (True, "ivr", "toi muon hoi"),
    ]


def test_an_official_does_not_read_the_pin(shelves: Shelves) -> None:
    filed = OutboundMessage("", "sms", PHONE, "Ma 4821930566, PIN 482913.", Say("x", {"pin": "482913"}))
    shelves.outbox.put([Queued(filed, "sms/1", 0, NINE)], NINE)
    assert acts(shelves).read(PHONE)[0].text == f"Ma 4821930566, PIN {HIDDEN}."


def test_taking_over_silences_the_machine_for_half_an_hour(shelves: Shelves) -> None:
    held = acts(shelves).take(known(shelves), "lan")
    assert shelves.talks.get(PHONE, "sms").held_by == "lan"
    assert holder(held, NINE + timedelta(minutes=30)) == "lan"
    assert holder(held, NINE + timedelta(minutes=31)) == ""


def test_one_talk_has_one_official(shelves: Shelves) -> None:
    acts(shelves).take(known(shelves), "lan")
    with pytest.raises(HeldByOther) as other:
        acts(shelves).take(shelves.talks.get(PHONE, "sms"), "hung")
    assert other.value.by == "lan"
    later = acts(shelves, NINE + timedelta(minutes=31))
    assert later.take(shelves.talks.get(PHONE, "sms"), "hung").held_by == "hung"


def test_a_talk_that_moved_meanwhile_is_not_overwritten(shelves: Shelves) -> None:
    old = known(shelves)
    acts(shelves).take(old, "lan")
    with pytest.raises(TalkMoved):
        acts(shelves).take(old, "lan")


def test_an_answer_goes_out_where_the_citizen_wrote(shelves: Shelves) -> None:
    says(shelves, PHONE, "sms", "alo")
    talk = acts(shelves).take(known(shelves), "lan")
    acts(shelves).answer(shelves.talks.get(PHONE, "sms"), "Mời bà đến quầy 2", "lan")
    (sent,) = outgoing(shelves)
    assert (sent.channel, sent.address, sent.addressed_from) == ("sms", PHONE, "8099")
    assert sent.text == "Can bo: Moi ba den quay 2"
    assert sent.say == Say("officer.says", {"text": "Mời bà đến quầy 2"})
    assert acts(shelves).read(PHONE)[-1].by == "lan"
    assert talk.topic == shelves.talks.get(PHONE, "sms").topic


def test_an_answer_keeps_the_talk_for_another_half_hour(shelves: Shelves) -> None:
    acts(shelves).take(known(shelves), "lan")
    at = NINE + timedelta(minutes=29)
    acts(shelves, at).answer(shelves.talks.get(PHONE, "sms"), "Chờ chút", "lan")
    assert holder(shelves.talks.get(PHONE, "sms"), at + timedelta(minutes=29)) == "lan"


def test_only_who_holds_the_talk_answers(shelves: Shelves) -> None:
    talk = known(shelves)
    for by in ("lan", "hung"):
        with pytest.raises(NotHeld):
            acts(shelves).answer(talk, "Chào bà", by)
    assert outgoing(shelves) == []


@pytest.mark.parametrize(
    ("case", "address", "medium", "wrote_on", "channel"),
    [
        ("chat", CHAT, "chat", "telegram", "telegram"),
        ("the text channel they wrote on, of two", PHONE, "sms", "brand", "brand"),
        ("a caller is answered by text", PHONE, "ivr", "hotline", "sms"),
    ],
)
def test_which_channel_carries_the_answer(
    shelves: Shelves, case: str, address: Address, medium: str, wrote_on: str, channel: str
) -> None:
    says(shelves, address, wrote_on, "alo")
    assert acts(shelves).channel_for(known(shelves, address, medium)) == channel, case


def test_without_a_way_nothing_is_promised(shelves: Shelves) -> None:
    with pytest.raises(NoWay):
        acts(shelves, hotline=TRAITS["hotline"]).channel_for(known(shelves, medium="ivr"))


def test_giving_back_keeps_the_form_and_asks_its_question_again(shelves: Shelves) -> None:
    memory = {"draft": "d1", "field": "birth_date"}
    known(shelves, topic="filing", memory=memory, expects=QUESTION.expect, said=(QUESTION,), asked_at=NINE)
    acts(shelves).take(shelves.talks.get(PHONE, "sms"), "lan")
    at = NINE + timedelta(minutes=20)
    acts(shelves, at).give_back(shelves.talks.get(PHONE, "sms"), "lan")
    talk = shelves.talks.get(PHONE, "sms")
    assert (talk.held_by, talk.topic, talk.memory, talk.asked_at) == ("", "filing", memory, at)
    assert talk.expects == QUESTION.expect
    assert [message.say.key for message in outgoing(shelves)] == ["menu.again"]


def test_giving_back_a_talk_without_a_question_says_nothing(shelves: Shelves) -> None:
    acts(shelves).take(known(shelves), "lan")
    assert acts(shelves).give_back(shelves.talks.get(PHONE, "sms"), "lan") == []


def test_who_asked_for_an_official_has_one(shelves: Shelves) -> None:
    call = Task("t1", "officer", {}, NINE, str(PHONE), "sms")
    other = Task("t2", "callback", {}, NINE, str(PHONE), "sms")
    for task in (call, other):
        shelves.tasks.put(task)
    acts(shelves).take(known(shelves), "lan")
    assert [(t.id, t.taken_by) for t in shelves.tasks.open()] == [("t1", "lan"), ("t2", None)]
    acts(shelves).give_back(shelves.talks.get(PHONE, "sms"), "lan")
    assert [t.id for t in shelves.tasks.open()] == ["t2"]


def test_nobody_gives_back_what_another_holds(shelves: Shelves) -> None:
    acts(shelves).take(known(shelves), "lan")
    with pytest.raises(HeldByOther):
        acts(shelves).give_back(shelves.talks.get(PHONE, "sms"), "hung")


@pytest.mark.parametrize(("letters", "parts"), [(10, 1), (152, 1), (153, 2), (400, 3)])
def test_the_official_sees_how_many_parts_an_answer_has(shelves: Shelves, letters: int, parts: int) -> None:
    says(shelves, PHONE, "sms", "alo")
    measured, text = acts(shelves).measure(known(shelves), "ă" * letters)
    assert (measured, len(text)) == (parts, letters + len("Can bo: "))
