"""Every form of the library is walked on every medium: to the end, or honestly on to another medium."""

from __future__ import annotations

import pytest

from core.messages import ExpectKind
from core.talk.needs import FileDraft, MakeLink
from procedures.form import next_question, unaskable
from procedures.form_field import Field, Kind
from procedures.form_reading import Answer, read_answer
from procedures.procedure import Procedure
from tests.dialogues.world import library
from tests.test_dialogues import Stage

PROCEDURES = [procedure for procedure in library().list() if procedure.form]
STEPS = 60  # more questions than any form has

TYPED = {
    Kind.TEXT: "Bệnh viện Từ Dũ",
    Kind.LONG_TEXT: "Sáng nay tại quầy 3 tôi chờ hai giờ không được gọi số",
    Kind.NAME: "Nguyễn Thị Minh An",
    Kind.TIME: "9h30 sáng",
    Kind.PHONE: "0912345678",
    Kind.EMAIL: "ten@congty.vn",
    Kind.IDENTITY: "079190012345",
    Kind.NUMBER: "2",
    Kind.MONEY: "50000000",
    Kind.ADDRESS: "45 Lê Lợi, phường Bến Nghé, TP.HCM",
    Kind.FILE: "[tệp a.jpg image/jpeg]",
}
DATES = (
    "01122026",
    "05032026",
    "05031980",
    "20122026",
    "01011950",
    "30112026",
)  # one of them fits every limit


def answer(stage: Stage) -> str:
    """What may be said to the open question; empty where the filing is over."""
    talk = stage.talk()
    expect, memory = talk.expects, talk.memory
    if expect is None or talk.topic != "filing":
        return ""
    if expect.kind is ExpectKind.RECORDING:
        return "[ghi âm]"
    if memory["step"] == "files":
        return "xong"
    if expect.kind in (ExpectKind.CHOICE, ExpectKind.YES_NO):
        return "1"
    form = library().form_of(library().procedures[str(memory["procedure"])])
    assert form is not None
    field = form.field(str(memory["field"]))
    return dated(field, stage) if field.kind is Kind.DATE else keyed(field, stage.medium)


def keyed(field: Field, medium: str) -> str:
    if field.kind is Kind.NUMBER and field.min is not None:
        return str(field.min)
    return "0930" if field.kind is Kind.TIME and medium == "ivr" else TYPED[field.kind]


def dated(field: Field, stage: Stage) -> str:
    """The first of the dates that the field's limits allow."""
    written = [day if stage.medium == "ivr" else f"{day[:2]}/{day[2:4]}/{day[4:]}" for day in DATES]
    return next(
        day for day in written if isinstance(read_answer(field, day, stage.medium, stage.at.date()), Answer)
    )


@pytest.mark.parametrize("medium", ["sms", "ivr", "chat", "web"])
@pytest.mark.parametrize("found", PROCEDURES, ids=lambda found: found.code)
def test_a_form_can_be_walked(found: Procedure, medium: str) -> None:
    stage = Stage()
    stage.fact(medium)
    stage.begin(found.code)
    for _ in range(STEPS):
        said = answer(stage)
        if not said:
            break
        stage.hear(said)
        assert not stage.talk().stumbles, f"{said!r} is not taken by {stage.talk().memory.get('field')}"
    kinds = {type(need) for need in stage.world.asked}
    assert (
        (FileDraft in kinds and stage.world.filed)
        or MakeLink in kinds
        or found.filing.on(medium) == "hand_off"
    )
    if MakeLink in kinds:
        form = library().form_of(found)
        draft = next(iter(stage.world.drafts.values()))
        assert form is not None and next_question(form, draft.answers, medium) is None
        assert unaskable(form, medium, draft.answers), "sent elsewhere without need"
