"""Answers as each medium delivers them, summary, structured message, schema. Today is 23 November 2026."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.form import next_question, read
from procedures.form_reading import Answer, mask, read_answer, shown
from procedures.form_schema import to_json_schema
from procedures.form_structured import looks_structured, read_structured
from procedures.form_summary import summary
from procedures.problem import JSON, Problem
from tests.procedures.forms import ASK, form

FORM = form()
TODAY = date(2026, 11, 23)
PHOTO: JSON = {"id": "f1", "name": "giay.jpg", "type": "image/jpeg"}

READ: list[tuple[str, JSON, str, JSON]] = [
    ("ho_ten", "Nguyễn Văn A", "sms", "Nguyễn Văn A"),
    ("ho_ten", {"recording": "r1"}, "ivr", {"recording": "r1"}),
    ("ngay_sinh", "2/9/90", "chat", "1990-09-02"),
    ("ngay_sinh", "02091990", "ivr", "1990-09-02"),
    ("ngay_sinh", "1990-09-02", "web", "1990-09-02"),
    ("so_cccd", "001090012345", "ivr", "001090012345"),
    ("dien_thoai", "0912345678", "ivr", "+84912345678"),
    ("cach_nhan", "2", "ivr", "counter"),
    ("cach_nhan", "len lay", "sms", "counter"),
    ("cach_nhan", "post", "web", "post"),
    ("co_con", "có", "sms", True),
    ("co_con", "không", "chat", False),
    ("co_con", "1", "ivr", True),
    ("co_con", "sai", "ivr", False),
    ("so_con", "ba", "sms", 3),
    ("so_con", "3", "ivr", 3),
    ("ngay_hen", "mai", "sms", "2026-11-24"),
    ("ngay_hen", "thứ 2 tuần sau", "chat", "2026-11-30"),
    ("gio_hen", "2 giờ chiều", "sms", "14:00"),
    ("gio_hen", "0800", "ivr", "08:00"),
    ("thu_nhap", "5tr", "sms", 5_000_000),
    ("thu_nhap", "5000000", "ivr", 5_000_000),
    ("thu_dien_tu", "A@B.VN", "web", "A@b.vn"),
    ("ghi_chu", "khẩn", "sms", "khẩn"),
    ("ghi_chu", "bỏ qua", "sms", None),
    ("ghi_chu", "không", "sms", None),
    ("thu_nhap", "", "web", None),
    ("giay_to", PHOTO, "chat", [PHOTO]),
    ("giay_to", [PHOTO, PHOTO], "web", [PHOTO, PHOTO]),
    ("giay_to", "bo qua", "chat", None),
]


@pytest.mark.parametrize(("name", "raw", "medium", "value"), READ)
def test_an_answer_is_read(name: str, raw: JSON, medium: str, value: JSON) -> None:
    found = read_answer(FORM.field(name), raw, medium, TODAY)
    assert isinstance(found, Answer)
    assert found.value == value


REFUSED: list[tuple[str, JSON, str, str]] = [
    ("ho_ten", "", "sms", "required"),
    ("ho_ten", "bỏ qua 1", "sms", "name_digits"),
    ("ngay_sinh", "1/1/2030", "web", "date_in_future"),
    ("ngay_hen", "hôm qua", "sms", "date_in_past"),
    ("ngay_hen", "1/3/2027", "sms", "date_too_late"),
    ("gio_hen", "6h sáng", "sms", "time_too_early"),
    ("gio_hen", "20:00", "sms", "time_too_late"),
    ("gio_hen", "2h", "sms", "time_which_half"),
    ("so_con", "0", "sms", "number_too_small"),
    ("so_con", "21", "sms", "number_too_large"),
    ("so_con", "1,5", "sms", "number_not_whole"),
    ("thu_nhap", "500 đồng", "sms", "money_too_small"),
    ("thu_nhap", "5 củ", "sms", "money_slang"),
    ("ghi_chu", "a" * 51, "sms", "too_long"),
    ("dien_thoai", "419 390 7133", "sms", "phone_is_code"),
    ("co_con", "không", "ivr", "yesno_unreadable"),
    ("giay_to", "đây ạ", "chat", "file_expected"),
    ("giay_to", PHOTO, "sms", "not_here"),
    ("giay_to", [PHOTO, PHOTO, PHOTO], "web", "file_too_many"),
    ("giay_to", {"id": "f2", "type": "video/mp4"}, "chat", "file_type"),
    ("giay_to", {"name": "x"}, "chat", "file_expected"),
    ("giay_to", [], "web", "file_expected"),
    ("ho_ten", PHOTO, "chat", "file_expected"),
    ("ho_ten", {"recording": "r1"}, "chat", "not_here"),
    ("dia_chi", "12 Lê Lợi", "ivr", "not_here"),
]


@pytest.mark.parametrize(("name", "raw", "medium", "code"), REFUSED)
def test_a_wrong_answer_is_a_problem(name: str, raw: JSON, medium: str, code: str) -> None:
    found = read_answer(FORM.field(name), raw, medium, TODAY)
    assert isinstance(found, Problem)
    assert found.code == code


def test_warnings_travel_with_an_accepted_answer() -> None:
    found = read_answer(FORM.field("so_cccd"), "012345678", "sms", TODAY)
    assert isinstance(found, Answer)
    assert [problem.code for problem in found.warnings] == ["identity_old_card"]


COMPARED = read(
    {
        "code": "vang",
        "version": "1",
        "title": "Hai ngày và một số",
        "fields": [
            {"name": "di", "kind": "date", "title": "Đi", "ask": ASK},
            {"name": "ve", "kind": "date", "title": "Về", "ask": ASK, "after": "di"},
            {"name": "sinh", "kind": "date", "title": "Sinh", "ask": ASK, "max": "today"},
            {"name": "so", "kind": "identity", "title": "Số", "ask": ASK, "born": "sinh"},
        ],
    }
)


def test_a_date_must_not_precede_the_one_before() -> None:
    field = COMPARED.field("ve")
    assert read_answer(field, "4/12/2026", "sms", TODAY, {"di": "2026-12-05"}) == Problem(
        "date_too_early", {"min": "2026-12-05"}
    )
    assert read_answer(field, "5/12/2026", "sms", TODAY, {"di": "2026-12-05"}) == Answer("2026-12-05")
    assert read_answer(field, "4/12/2026", "sms", TODAY) == Answer("2026-12-04")


def test_an_identity_number_is_compared_with_the_birth_date_that_was_stated() -> None:
    found = read_structured(COMPARED, "5/12/2026#6/12/2026#1/1/1991#001090012345", TODAY)
    assert found.problems == {}
    assert [problem.code for problem in found.warnings["so"]] == ["identity_birth_differs"]


@pytest.mark.parametrize(
    ("name", "value", "display"),
    [
        ("ngay_sinh", "1990-09-02", "02/09/1990"),
        ("dien_thoai", "+84912345678", "0912345678"),
        ("cach_nhan", "post", "Qua bưu điện"),
        ("co_con", True, "Có"),
        ("co_con", False, "Không"),
        ("thu_nhap", 5_000_000, "5.000.000 đ"),
        ("ho_ten", {"recording": "r1"}, "(lời ghi âm)"),
        ("giay_to", [PHOTO], "1 tệp"),
        ("ghi_chu", None, ""),
    ],
)
def test_how_an_answer_is_shown(name: str, value: JSON, display: str) -> None:
    assert shown(FORM.field(name), value) == display


@pytest.mark.parametrize(("text", "masked"), [("001090012345", "*********345"), ("0912", "****"), ("", "")])
def test_masking(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_the_summary_numbers_what_is_asked_and_masks_what_is_sensitive() -> None:
    rows = summary(FORM, {"ho_ten": "A", "so_cccd": "001090012345", "cach_nhan": "counter"}, masked=True)
    assert [(row.number, row.name) for row in rows][:6] == [
        (1, "ho_ten"),
        (2, "ngay_sinh"),
        (3, "so_cccd"),
        (4, "dien_thoai"),
        (5, "cach_nhan"),
        (6, "co_con"),
    ]
    assert rows[2].display == "*********345"
    assert rows[2].value is None
    assert rows[4].display == "Tại quầy"


FULL = "Nguyen Van A#2/9/90#001090012345#0912345678#2#ko#mai#8h"


def test_one_message_answers_all_questions_in_order() -> None:
    found = read_structured(FORM, FULL, TODAY)
    assert found.problems == {}
    assert found.missing == ()
    assert found.answers == {
        "ho_ten": "Nguyen Van A",
        "ngay_sinh": "1990-09-02",
        "so_cccd": "001090012345",
        "dien_thoai": "+84912345678",
        "cach_nhan": "counter",
        "co_con": False,
        "ngay_hen": "2026-11-24",
        "gio_hen": "08:00",
    }


@pytest.mark.parametrize("sign", ["#", ";", "\n", ",", " # ", " ; "])
def test_any_of_the_usual_signs_separates(sign: str) -> None:
    assert read_structured(FORM, FULL.replace("#", sign), TODAY) == read_structured(FORM, FULL, TODAY)


def test_a_choice_in_the_message_opens_its_question() -> None:
    found = read_structured(FORM, "A#2/9/90#001090012345#0912345678#1#12 Lê Lợi, phường Láng#ko", TODAY)
    assert found.answers["dia_chi"] == "12 Lê Lợi, phường Láng"
    assert found.answers["co_con"] is False
    assert found.missing == ("ngay_hen", "gio_hen")


def test_values_by_name_or_number_in_any_order() -> None:
    found = read_structured(FORM, "so dien thoai=0912345678; ho_ten = A; 2=2/9/90; mau=do", TODAY)
    assert found.answers == {"ho_ten": "A", "ngay_sinh": "1990-09-02", "dien_thoai": "+84912345678"}
    assert found.problems == {"mau": Problem("value_unknown_name", {"name": "mau"})}


def test_a_wrong_value_is_named_and_the_others_are_kept() -> None:
    found = read_structured(FORM, "A#31/2/90##0912345678", TODAY)
    assert found.answers == {"ho_ten": "A", "dien_thoai": "+84912345678"}
    assert {name: problem.code for name, problem in found.problems.items()} == {
        "ngay_sinh": "date_impossible",
        "so_cccd": "required",
    }
    assert "cach_nhan" in found.missing


def test_the_last_text_keeps_the_rest_and_beyond_it_there_are_too_many() -> None:
    found = read_structured(FORM, FULL + "#5tr#a@b.vn#ghi chú#thêm", TODAY)
    assert found.problems == {}
    assert found.answers["ghi_chu"] == "ghi chú, thêm"
    more = read_structured(FORM, "thừa", TODAY, found.answers)
    assert more.problems == {"#": Problem("values_too_many", {"expected": 0, "count": 1})}


def test_a_message_goes_on_top_of_what_was_said_before() -> None:
    found = read_structured(FORM, "2/9/90#001090012345", TODAY, {"ho_ten": "A"})
    assert list(found.answers) == ["ho_ten", "ngay_sinh", "so_cccd"]
    question = next_question(FORM, found.answers, "sms")
    assert question is not None
    assert question.name == "dien_thoai"


@pytest.mark.parametrize(
    ("text", "many"), [("A#B", True), ("ten=A", True), ("12 Lê Lợi, Hà Nội", False), ("A", False)]
)
def test_which_messages_look_like_several_values(text: str, many: bool) -> None:
    assert looks_structured(text) is many


@given(st.text(alphabet="ab1209/#;,=\n giấykhôngcóho_ten", max_size=60))
def test_no_structured_message_raises_and_answers_stay_visible(text: str) -> None:
    found = read_structured(FORM, text, TODAY)
    assert set(found.answers) <= {field.name for field in FORM.fields}
    assert not set(found.problems) & set(found.answers)


raws: Any = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=20), st.lists(st.integers()),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5)),
)  # fmt: skip


@given(st.sampled_from(FORM.fields), raws, st.sampled_from(["sms", "ivr", "chat", "web"]))
def test_whatever_a_medium_delivers_is_an_answer_or_a_problem(field: Any, raw: Any, medium: str) -> None:
    assert isinstance(read_answer(field, raw, medium, TODAY), Answer | Problem)


def test_the_schema_names_the_dialect_and_hides_what_is_not_asked() -> None:
    schema = to_json_schema(FORM)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is False
    assert schema["required"][:2] == ["ho_ten", "ngay_sinh"]
    assert "dia_chi" not in schema["required"]
    assert schema["properties"]["cach_nhan"]["enum"] == ["post", "counter"]
    assert schema["properties"]["so_con"] == {
        "title": "Số con",
        "type": "integer",
        "minimum": 1,
        "maximum": 20,
    }
    assert {
        "if": {"allOf": [{"required": ["cach_nhan"], "properties": {"cach_nhan": {"const": "post"}}}]},
        "then": {"required": ["dia_chi"]},
        "else": {"not": {"required": ["dia_chi"]}},
    } in schema["allOf"]
