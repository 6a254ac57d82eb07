"""The library that ships is sound; and every rule that says so notices when it is broken."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from procedures import catalogue
from procedures import definition as definition_module
from procedures.catalogue import LIBRARY, Catalogue
from procedures.definition import Fault, LibraryError
from procedures.form import unaskable
from procedures.form_field import Kind
from procedures.procedure import Confidence, FilingKind, Procedure, Way
from procedures.term import Rule, Term, Unit

FILED_HERE = {
    "1.001193": "birth",
    "1.003677": "absence",
    "2.001159": "lodging",
    "1.001612": "household_business",
    "1.014027": "social_pension",
    "1.004873": "marital_status",
    "1.000656": "death",
    "1.000894": "marriage",
    "1.004194": "temporary_residence",
    "2.000635": "civil_status_copy",
    "1.010038": "household_split",
    "appointment": "appointment",
    "feedback": "feedback",
}

NEVER_NAMED_IN_A_TEXT = ("3.000527", "2.001263", "1.001699", "1.001776", "1.011607", "1.004873", "1.000894")


@pytest.fixture(scope="module")
def library() -> Catalogue:
    return catalogue.read()


# -- the library that ships ----------------------------------------------------------------------------------


def test_at_least_sixty_real_procedures_without_a_fault(library: Catalogue) -> None:
    assert sum(found.administrative for found in library.list()) >= 60


def test_what_can_be_filed_has_its_form(library: Catalogue) -> None:
    assert {code: found.form for code, found in library.procedures.items() if found.form} == FILED_HERE


def test_every_form_belongs_to_a_procedure_and_every_process_is_used(library: Catalogue) -> None:
    assert set(library.forms) == {found.form for found in library.list() if found.form}
    assert set(library.processes) == {found.process for found in library.list()}


@pytest.mark.parametrize("code", NEVER_NAMED_IN_A_TEXT)
def test_what_must_never_be_named_to_a_stranger_is_marked(library: Catalogue, code: str) -> None:
    assert library.procedures[code].sensitive


def test_only_what_the_law_takes_by_telephone_is_a_notice(library: Catalogue) -> None:
    notices = {code for code, found in library.procedures.items() if found.filing.kind is FilingKind.NOTICE}
    assert notices == {"1.003677", "2.001159"}


def test_the_two_that_are_no_procedure(library: Catalogue) -> None:
    plain = {code for code, found in library.procedures.items() if not found.administrative}
    assert plain == {"appointment", "feedback"}


def test_a_conflict_is_shown_with_what_each_source_says(library: Catalogue) -> None:
    shown = [found for found in library.list() if found.confidence is Confidence.CONFLICT]
    assert len(shown) >= 12
    assert all(len(conflict.versions) >= 2 for found in shown for conflict in found.conflicts)


def test_exemptions_stand_beside_the_fee_they_belong_to(library: Catalogue) -> None:
    adoption = library.procedures["2.001263"]
    assert [fee.amount for fee in adoption.fees_for(Way.COUNTER)] == [400_000]
    assert len(adoption.exemptions) >= 5
    by_province = [f for f in library.list() if f.field == "Hộ tịch" and f.fees[0].kind.value == "province"]
    assert by_province
    assert all(found.exemptions for found in by_province)


def test_every_fact_has_a_day_on_which_it_was_read(library: Catalogue) -> None:
    assert all(date(2026, 1, 1) <= found.as_of <= date(2026, 12, 31) for found in library.list())


def test_online_is_cheaper_where_the_law_says_so(library: Catalogue) -> None:
    residence = library.procedures["1.004222"]
    assert [fee.amount for fee in residence.fees_for(Way.COUNTER)] == [20_000]
    assert [fee.amount for fee in residence.fees_for(Way.ONLINE)] == [10_000]


def test_the_law_in_force_on_a_day(library: Catalogue) -> None:
    """The Civil Status Law 60/2014/QH13 gives way to a new one on 1 March 2027."""
    birth = library.procedures["1.001193"]
    assert "60/2014/QH13" in {basis.number for basis in birth.in_force(date(2027, 2, 28))}
    assert "60/2014/QH13" not in {basis.number for basis in birth.in_force(date(2027, 3, 1))}


TERMS = [
    ("1.001193", "", Way.COUNTER, Term(rule=Rule.SAME_DAY)),
    ("1.001193", "sau_15_gio", Way.COUNTER, Term(1, Unit.WORKING_DAY)),
    ("2.001159", "", Way.ONLINE, Term(1, Unit.HOUR)),
    ("1.012812", "", Way.POST, Term(30, Unit.CALENDAR_DAY)),
    ("1.012812", "", Way.COUNTER, Term(40, Unit.CALENDAR_DAY)),
    ("1.011606", "", Way.COUNTER, Term(rule=Rule.CAMPAIGN)),
    ("2.001019", "", Way.COUNTER, Term(rule=Rule.ON_RECEIPT)),
]


@pytest.mark.parametrize(("code", "case", "way", "term"), TERMS)
def test_time_limits(library: Catalogue, code: str, case: str, way: Way, term: Term) -> None:
    assert library.procedures[code].term(case, way) == term


LOOKED_UP = [
    ("1.001193", "1.001193"),
    (" 1.001193.01 ", "1.001193"),
    ("1.001193.000.00.00.H56", "1.001193"),
    ("appointment", "appointment"),
    ("9.999999", None),
    ("", None),
]


@pytest.mark.parametrize(("asked", "code"), LOOKED_UP)
def test_by_code(library: Catalogue, asked: str, code: str | None) -> None:
    found = library.by_code(asked)
    assert (found.code if found else None) == code


def test_by_short_name_and_by_field(library: Catalogue) -> None:
    named = library.by_short_name("khai sinh")
    assert named is not None
    assert named.code == "1.001193"
    assert library.by_short_name("khai") is None
    assert {"1.001193", "1.000656"} <= {found.code for found in library.fields()["Hộ tịch"]}
    assert sum(len(found) for found in library.fields().values()) == len(library.list())


def test_form_and_process_of_a_procedure(library: Catalogue) -> None:
    absence = library.procedures["1.003677"]
    form = library.form_of(absence)
    assert form is not None
    assert form.code == "absence"
    assert library.process_of(absence).code == "notice"
    assert library.form_of(library.procedures["1.013225"]) is None


# -- forms ---------------------------------------------------------------------------------------------------


def test_forms_are_short(library: Catalogue) -> None:
    assert all(4 <= len(form.fields) <= 8 for form in library.forms.values())


def test_a_question_by_sms_is_short_and_every_wrong_answer_gets_help(library: Catalogue) -> None:
    for form in library.forms.values():
        for field in form.fields:
            assert len(field.question("sms")) <= 100, (form.code, field.name)
            assert len(field.help) >= 15, (form.code, field.name)


def test_the_telephone_reads_out_the_keys_of_every_choice(library: Catalogue) -> None:
    for form in library.forms.values():
        for field in form.fields:
            if field.kind is Kind.CHOICE:
                said = field.question("ivr")
                keys = [str(key) for key in range(1, len(field.choices) + 1)]
                assert all(f"bấm {key}" in said for key in keys), (form.code, field.name)


@pytest.mark.parametrize("medium", ["sms", "ivr", "chat", "web"])
def test_every_form_can_be_finished_on_every_medium(library: Catalogue, medium: str) -> None:
    stuck = [
        (form.code, field.name)
        for form in library.forms.values()
        for field, _ in unaskable(form, medium)
        if field.required
    ]
    assert stuck == []


def test_no_question_asks_for_a_bank_account(library: Catalogue) -> None:
    asked = " ".join(
        field.question(m) for f in library.forms.values() for field in f.fields for m in ("sms", "web")
    )
    assert "số tài khoản" not in asked.lower()


# -- states --------------------------------------------------------------------------------------------------


def test_ten_states_with_labels_short_enough_for_a_chat_template(library: Catalogue) -> None:
    assert list(library.states) == list(range(1, 11))
    assert all(len(state.short) <= 30 and state.meaning for state in library.states.values())
    assert library.states[6].label == "Yêu cầu thực hiện nghĩa vụ tài chính"


# -- every rule notices --------------------------------------------------------------------------------------

BIRTH = "procedures/1.001193.yaml"
RESIDENCE = "procedures/1.004222.yaml"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A library of three procedures, sound as it stands."""
    for name in ("states.yaml", "lexicon.yaml", "filings.yaml"):
        shutil.copy(LIBRARY / name, tmp_path / name)
    shutil.copytree(LIBRARY / "processes", tmp_path / "processes")
    shutil.copytree(LIBRARY / "forms", tmp_path / "forms")
    (tmp_path / "procedures").mkdir()
    for name in (BIRTH, RESIDENCE, "procedures/appointment.yaml"):
        shutil.copy(LIBRARY / name, tmp_path / name)
    return tmp_path


def change(root: Path, file: str, edit: Callable[[Any], object]) -> tuple[Fault, ...]:
    content = yaml.safe_load((root / file).read_text(encoding="utf-8"))
    edit(content)
    (root / file).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return catalogue.examine(root)[1]


def test_the_small_library_is_sound(small: Path) -> None:
    assert catalogue.examine(small)[1] == ()


BROKEN: list[tuple[str, Callable[[Any], object], str, str]] = [
    # shape
    (BIRTH, lambda d: d.pop("agency"), "agency", "required"),
    (BIRTH, lambda d: d.update(agenci="x"), "agenci", "Unexpected"),
    (BIRTH, lambda d: d["cases"][0].update(when="x"), "cases[0].when", "Unexpected"),
    (BIRTH, lambda d: d["cases"][1]["term"].update(unit="day"), "cases[1].term.unit", "working_day"),
    (BIRTH, lambda d: d["cases"][1]["term"].update(quantity=0), "cases[1].term", "above 0"),
    (BIRTH, lambda d: d["cases"][0]["term"].update(quantity=1), "cases[0].term", "neither quantity nor unit"),
    (BIRTH, lambda d: d["fees"][0].update(kind="fixed"), "fees[0]", "amount"),
    (BIRTH, lambda d: d["fees"][0].update(amount=0), "fees[0]", "amount"),
    (BIRTH, lambda d: d.update(conflicts=[{"what": "x", "versions": ["a"]}]), "conflicts[0]", "two versions"),
    (BIRTH, lambda d: d.update(code=1.001193), "code", "string"),
    (BIRTH, lambda d: d.update(as_of="hôm qua"), "as_of", "date"),
    # names
    (BIRTH, lambda d: d.update(code="1.001194"), "code", "file name"),
    ("procedures/appointment.yaml", lambda d: d.update(code="Hẹn"), "code", "wrong shape"),
    (BIRTH, lambda d: d.update(short_name="Đăng ký " * 6), "short_name", "47 characters"),
    (BIRTH, lambda d: d.update(where=" "), "where", "is empty"),
    (BIRTH, lambda d: d.update(phrases=d["phrases"][:4]), "phrases", "4 different"),
    (BIRTH, lambda d: d["phrases"].append("LAM GIAY KHAI SINH"), "phrases", "twice"),
    (BIRTH, lambda d: d["phrases"].append("nhập hộ khẩu"), "phrases", "also belongs to 1.001193"),
    # time, money
    (BIRTH, lambda d: d.update(cases=[]), "cases", "no case"),
    (BIRTH, lambda d: d["cases"].append(d["cases"][0]), "cases", "twice"),
    (BIRTH, lambda d: d.update(fees=[]), "fees", "nothing about money"),
    (BIRTH, lambda d: d.update(offers=[]), "offers", "no way of filing"),
    (BIRTH, lambda d: d["offers"].append({"way": "post"}), "offers", "twice"),
    # honesty
    (BIRTH, lambda d: d.update(source="nghe nói"), "source", "no address"),
    (BIRTH, lambda d: d.update(confidence="conflict"), "conflicts", "nothing is shown"),
    (
        BIRTH,
        lambda d: d.update(conflicts=[{"what": "x", "versions": ["a", "b"]}]),
        "confidence",
        "beside a conflict",
    ),
    (RESIDENCE, lambda d: d.pop("legal_basis"), "legal_basis", "no document"),
    (BIRTH, lambda d: d["filing"].update(kind="hand_off"), "form", "asks no questions"),
    (RESIDENCE, lambda d: d.pop("online_url"), "online_url", "leads nowhere"),
    (BIRTH, lambda d: d["filing"].update(by={"fax": "notice"}), "filing.by.fax", "no such medium"),
    # references
    (BIRTH, lambda d: d.update(form="births"), "form", "no form"),
    (BIRTH, lambda d: d.update(process="two_stop"), "process", "no process"),
    (BIRTH, lambda d: d.pop("online_url"), "online_url", "without an address"),
    # the rest of the library
    ("processes/notice.yaml", lambda d: d.update(code="notices"), "code", "file name"),
    ("processes/notice.yaml", lambda d: d.update(start="nowhere"), "start", "no step"),
    ("forms/birth.yaml", lambda d: d.update(code="births"), "code", "file name"),
    ("forms/birth.yaml", lambda d: d["fields"][0].update(kind="nom"), "fields[0].kind", "should be"),
    ("states.yaml", lambda d: d["states"].pop(), "states", "state 10 is missing"),
    ("states.yaml", lambda d: d["states"][0].update(short="x" * 31), "short", "31 characters"),
    ("filings.yaml", lambda d: d.pop("notice"), "notice", "missing"),
    ("filings.yaml", lambda d: d["notice"].update(sms="Được"), "notice.sms", "one text"),
    ("lexicon.yaml", lambda d: d["frames"].update(colour=["màu gì"]), "frames.colour.[key]", "should be"),
]


@pytest.mark.parametrize(("file", "edit", "key", "problem"), BROKEN)
def test_a_fault_names_file_key_and_remedy(
    small: Path, file: str, edit: Callable[[Any], object], key: str, problem: str
) -> None:
    faults = change(small, file, edit)
    fitting = [fault for fault in faults if fault.key == key and problem in fault.problem]
    assert fitting, faults
    assert fitting[0].remedy


def test_all_faults_are_told_at_once_and_nothing_is_used(small: Path) -> None:
    change(small, BIRTH, lambda d: (d.pop("result"), d.update(short_name="")))
    change(small, RESIDENCE, lambda d: d.update(process="none"))
    (small / "forms" / "birth.yaml").write_text("title: [", encoding="utf-8")
    with pytest.raises(LibraryError) as raised:
        catalogue.read(small)
    files = {fault.file for fault in raised.value.faults}
    assert {BIRTH, RESIDENCE, "forms/birth.yaml"} <= files
    assert "forms/birth.yaml: line " in str(raised.value)


UNREADABLE = [
    (b"code: a\ncode: b\n", "line 2", "twice"),
    (b"\xff\xfe", "", "UTF-8"),
    (b"just words", "", "dict"),
]


@pytest.mark.parametrize(("content", "key", "problem"), UNREADABLE)
def test_a_file_that_cannot_be_read(small: Path, content: bytes, key: str, problem: str) -> None:
    (small / BIRTH).write_bytes(content)
    faults = catalogue.examine(small)[1]
    assert any(f.file == BIRTH and f.key == key and problem in f.problem for f in faults), faults


def test_an_empty_directory_is_not_a_library(tmp_path: Path) -> None:
    files = {fault.file for fault in catalogue.examine(tmp_path)[1]}
    assert {"states.yaml", "lexicon.yaml", "filings.yaml"} <= files


def test_a_library_can_be_kept_as_plain_json_and_read_again(library: Catalogue) -> None:
    """Published versions live in a database, where there are neither dates nor YAML."""
    plain, unreadable = catalogue.contents()
    kept = json.loads(json.dumps(plain, default=str))
    again, faults = catalogue.assemble(kept)
    assert (unreadable, faults) == ((), ())
    assert again == library


def test_one_definition_to_json_and_back(library: Catalogue) -> None:
    for definition in (library.procedures["2.001263"], library.processes["consultation"]):
        kept = json.loads(json.dumps(definition_module.plain(definition)))
        assert definition_module.parse(type(definition), kept, "kept") == definition


def test_what_a_filing_is_can_be_said_in_one_text(library: Catalogue) -> None:
    for found in library.list():
        assert library.filings[found.filing.on("sms")].sms
        assert found.filing.note or found.filing.kind is FilingKind.HAND_OFF, found.code


def test_a_procedure_cannot_be_changed(library: Catalogue) -> None:
    with pytest.raises(AttributeError):
        library.procedures["1.001193"].code = "x"  # type: ignore[misc]
    assert isinstance(library.procedures["1.001193"], Procedure)
