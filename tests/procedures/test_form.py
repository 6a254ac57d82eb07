"""What a form asks, of whom, by which medium; and what falls away when an answer changes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.definition import LibraryError
from procedures.form import find_field, missing, next_question, prune, put, read, unaskable, visible
from procedures.form_field import Condition, Op, Reason, askable
from procedures.problem import JSON
from tests.procedures.forms import ASK, CONTENT, broken, form

FORM = form()


def names(answers: dict[str, JSON]) -> list[str]:
    return [field.name for field in visible(FORM, answers)]


def test_questions_behind_a_condition_appear_with_its_answer() -> None:
    assert "dia_chi" not in names({})
    assert "dia_chi" in names({"cach_nhan": "post"})
    assert "dia_chi" not in names({"cach_nhan": "counter"})


def test_an_answer_to_a_hidden_question_opens_nothing() -> None:
    assert "dong_con" in names({"co_con": True, "so_con": 4})
    assert "dong_con" not in names({"co_con": False, "so_con": 4})


def test_questions_come_in_order_and_stop_when_all_is_said() -> None:
    answers: dict[str, JSON] = {}
    asked = []
    values: dict[str, JSON] = {"cach_nhan": "counter", "co_con": False}
    while field := next_question(FORM, answers, "web"):
        asked.append(field.name)
        answers, _ = put(FORM, answers, field.name, values.get(field.name, "x"))
    assert asked == [n for n in (f.name for f in FORM.fields) if n not in ("dia_chi", "so_con", "dong_con")]
    assert missing(FORM, answers) == ()


def test_a_skipped_question_is_not_asked_again_but_a_required_one_is_missing() -> None:
    answers: dict[str, JSON] = {field.name: None for field in FORM.fields}
    assert next_question(FORM, answers, "web") is None
    assert [field.name for field in missing(FORM, answers)][:2] == ["ho_ten", "ngay_sinh"]


def test_a_changed_answer_drops_and_names_what_hung_on_it() -> None:
    answers: dict[str, JSON] = {"co_con": True, "so_con": 4, "dong_con": True, "ho_ten": "A"}
    kept, dropped = put(FORM, answers, "co_con", False)
    assert kept == {"ho_ten": "A", "co_con": False}
    assert dropped == ("so_con", "dong_con")


def test_answers_to_questions_of_another_version_are_dropped_and_named() -> None:
    assert prune(FORM, {"ho_ten": "A", "ten_cu": "B"}) == ({"ho_ten": "A"}, ("ten_cu",))


def test_a_name_that_the_form_does_not_have_is_a_bug() -> None:
    with pytest.raises(KeyError):
        put(FORM, {}, "nothing", 1)


def test_the_wording_of_a_question_depends_on_the_medium() -> None:
    assert FORM.field("ho_ten").question("sms") == "Cau hoi?"
    assert FORM.field("ho_ten").question("ivr") == "Câu hỏi?"


ASKABLE: dict[str, list[str]] = {
    "web": [field.name for field in FORM.fields],
    "chat": [field.name for field in FORM.fields],
    "sms": [field.name for field in FORM.fields if field.name != "giay_to"],
    "ivr": [
        "ho_ten",  # recorded, because this form allows it
        "ngay_sinh", "so_cccd", "dien_thoai", "cach_nhan", "co_con", "so_con", "dong_con",
        "ngay_hen", "gio_hen", "thu_nhap",
    ],
}  # fmt: skip


@pytest.mark.parametrize("medium", ASKABLE)
def test_what_each_medium_can_ask(medium: str) -> None:
    assert [field.name for field in FORM.fields if askable(field, medium) is None] == ASKABLE[medium]


def test_the_reasons_why_a_telephone_cannot_ask() -> None:
    reasons = {field.name: reason for field, reason in unaskable(FORM, "ivr")}
    assert reasons == {
        "dia_chi": Reason.NOT_KEYED,
        "thu_dien_tu": Reason.NOT_KEYED,
        "ghi_chu": Reason.NOT_KEYED,
        "giay_to": Reason.NO_FILES,
    }


def test_with_answers_only_what_is_still_open_counts() -> None:
    left = [field.name for field, _ in unaskable(FORM, "ivr", {"cach_nhan": "post", "ghi_chu": None})]
    assert left == ["dia_chi", "thu_dien_tu", "giay_to"]


def test_more_than_nine_choices_cannot_be_keyed_and_a_field_can_be_left_to_other_media() -> None:
    ten = [{"value": str(n), "label": f"Mục {n}"} for n in range(10)]
    field = {"name": "a", "kind": "choice", "title": "A", "ask": ASK, "choices": ten}
    other = {"name": "b", "kind": "text", "title": "B", "ask": ASK, "media": {"sms": "skipped"}}
    made = read({**CONTENT, "fields": [field, other]})
    assert askable(made.fields[0], "ivr") is Reason.TOO_MANY_CHOICES
    assert askable(made.fields[0], "sms") is None
    assert askable(made.fields[1], "sms") is Reason.SKIPPED
    assert next_question(made, {"a": "1"}, "sms") is None


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("3", "so_cccd"),
        ("sửa 3", "so_cccd"),
        ("sua cau 1", "ho_ten"),
        ("sua lai ngay sinh", "ngay_sinh"),
        ("Địa chỉ nhận", "dia_chi"),
        ("dia chi", "dia_chi"),
        ("sua dien thoai", "dien_thoai"),
        ("so dien thoai", "dien_thoai"),
        ("so con", "so_con"),
        ("so_con", "so_con"),
        ("99", None),
        ("0", None),
        ("ngay", None),  # two of them
        ("nhà", None),
        ("", None),
    ],
)
def test_a_question_is_found_by_number_or_name(words: str, name: str | None) -> None:
    found = find_field(FORM, words, {"cach_nhan": "post", "co_con": True})
    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("op", "value", "given_answer", "holds"),
    [
        (Op.EQ, "a", "a", True),
        (Op.EQ, "a", None, False),
        (Op.NE, "a", "b", True),
        (Op.NE, "a", None, False),  # not answered yet: not asked yet
        (Op.IN, ["a", "b"], "b", True),
        (Op.NOT_IN, ["a", "b"], "c", True),
        (Op.LT, 5, 4, True),
        (Op.LE, 5, 5, True),
        (Op.GT, 5, 5, False),
        (Op.GE, 5, 5, True),
        (Op.LT, "2020-01-01", "2019-12-31", True),  # ISO dates compare as texts
        (Op.GT, 5, "x", False),
        (Op.ANSWERED, None, "x", True),
        (Op.ANSWERED, None, None, False),
        (Op.UNANSWERED, None, None, True),
    ],
)
def test_conditions(op: Op, value: Any, given_answer: Any, holds: bool) -> None:
    assert Condition("f", op, value).holds({"f": given_answer}) is holds


FAULTS: list[tuple[dict[str, Any], str]] = [
    (broken(colour="red"), r"fields\[0\].colour"),
    (broken(kind="colour"), r"fields\[0\].kind"),
    (broken(name="Họ tên"), r"fields\[0\].name"),
    (broken(name="ngay_sinh"), r"fields\[1\].name"),
    (broken(ask={"sms": "x"}), r"fields\[0\].ask.default"),
    (broken(choices=[{"value": "a", "label": "A"}]), r"fields\[0\].choices"),
    (broken(kind="choice"), r"fields\[0\].choices"),
    (broken(only_if=[{"field": "so_con"}]), r"fields\[0\].only_if\[0\]"),
    (broken(kind="date", media={}, after="ngay_sinh"), r"fields\[0\].after"),
    (broken(born="ngay_sinh"), r"fields\[0\].born"),
    (broken(min="many"), r"fields\[0\].min"),
    (broken(kind="date", max="yesterday"), r"fields\[0\].max"),
    (broken(kind="time", max="25:00"), r"fields\[0\].max"),
    (broken(kind="phone", media={}, max=5), r"fields\[0\].max"),
    (broken(media={"ivr": "sung"}), r"fields\[0\].media.ivr"),
    ({**CONTENT, "fields": []}, "fields"),
    ({**CONTENT, "style": "x"}, "style"),
    ({"code": "a"}, "version"),
]


@pytest.mark.parametrize(("content", "key"), FAULTS)
def test_a_faulty_definition_is_refused_by_the_path_of_its_key(content: dict[str, Any], key: str) -> None:
    with pytest.raises(LibraryError, match=key):
        read(content, "thu.yaml")


@pytest.mark.parametrize("value", ["nowhere", True])
def test_a_condition_on_a_value_that_cannot_occur_is_refused(value: JSON) -> None:
    fields = [*CONTENT["fields"]]
    fields[5] = {**fields[5], "only_if": [{"field": "cach_nhan", "value": value}]}
    with pytest.raises(LibraryError, match="no choice of cach_nhan"):
        read({**CONTENT, "fields": fields})


values = st.sampled_from([None, True, False, 1, 4, "post", "counter", "x"])
steps = st.lists(st.tuples(st.sampled_from([field.name for field in FORM.fields]), values), max_size=30)


@given(steps)
def test_after_any_answers_only_visible_ones_remain_and_all_others_were_named(
    made: list[tuple[str, JSON]],
) -> None:
    answers: dict[str, JSON] = {}
    for name, value in made:
        before = {**answers, name: value}
        answers, dropped = put(FORM, answers, name, value)
        assert set(answers) <= {field.name for field in visible(FORM, answers)}
        assert set(answers) | set(dropped) == set(before)
        assert not set(answers) & set(dropped)
        assert list(answers) == [field.name for field in FORM.fields if field.name in answers]
        question = next_question(FORM, answers, "web")
        assert question is None or question.name not in answers
