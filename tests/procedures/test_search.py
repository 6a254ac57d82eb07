"""What citizens write, and which procedure they mean; what is not ours is not answered."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures import catalogue
from procedures.search import OFFERED, Finder, Found, Outcome
from procedures.search_text import Aspect, misspelt, near, said_alike, untyped
from procedures.words import fold
from tests.procedures.messages import HARD, MESSAGES, NOT_OURS, NOTHING_ASKED

LIBRARY = catalogue.read()
FINDER = Finder(LIBRARY.list(), LIBRARY.lexicon)


def first(found: Found) -> str:
    return found.matches[0].code if found.matches else ""


@pytest.mark.parametrize(("message", "code", "aspect"), MESSAGES)
def test_the_procedure_and_what_is_asked_about_it(message: str, code: str, aspect: str) -> None:
    found = FINDER.find(message)
    assert (first(found), found.aspect or "") == (code, aspect), found


@pytest.mark.parametrize(("message", "code", "aspect"), MESSAGES)
def test_the_same_without_marks_and_in_capitals(message: str, code: str, aspect: str) -> None:
    found = FINDER.find(fold(message).upper())
    assert (first(found), found.aspect or "") == (code, aspect), found


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("birth registration", "1.001193"),
        ("how do I register a birth", "1.001193"),
        ("death certificate", "1.000656"),
        ("How to register a marriage", "1.000894"),
        ("pension", "1.014027"),
        ("lodging", "2.001159"),
        ("business registration", "1.001612"),
        ("temporary absence", "1.003677"),
    ],
)
def test_what_is_asked_most_may_be_asked_in_english(message: str, code: str) -> None:
    assert first(FINDER.find(message)) == code


def test_most_are_answered_at_once_and_none_wrongly() -> None:
    found = [(FINDER.find(message), code) for message, code, _ in MESSAGES]
    answered = [(result, code) for result, code in found if result.outcome is Outcome.ANSWER]
    assert len(MESSAGES) >= 150
    assert len(answered) >= 0.65 * len(MESSAGES)
    assert all(first(result) == code for result, code in answered)


@pytest.mark.parametrize(("message", "code"), HARD)
def test_a_story_that_is_hard_to_read_gets_no_wrong_answer(message: str, code: str) -> None:
    found = FINDER.find(message)
    assert found.outcome is not Outcome.ANSWER or first(found) == code


@pytest.mark.parametrize("message", NOT_OURS)
def test_what_is_not_ours_is_not_answered(message: str) -> None:
    assert FINDER.find(message).outcome is not Outcome.ANSWER


def test_what_is_not_ours_is_seldom_mistaken_for_a_choice() -> None:
    offered = [message for message in NOT_OURS if FINDER.find(message).outcome is Outcome.CHOICES]
    assert len(offered) <= 0.1 * len(NOT_OURS), offered


@pytest.mark.parametrize(("message", "aspect"), NOTHING_ASKED)
def test_a_question_without_a_matter_leaves_the_matter_open(message: str, aspect: str) -> None:
    found = FINDER.find(message)
    assert (found.outcome, found.empty, found.aspect or "") == (Outcome.UNKNOWN, True, aspect)


ELSEWHERE = [
    ("sang tên sổ đỏ cho vợ", "Văn phòng đăng ký đất đai"),
    ("lam ho chieu moi", "xuất nhập cảnh"),
    ("muon ly hon don phuong", "Tòa án"),
    ("rut bao hiem xa hoi 1 lan", "Bảo hiểm xã hội"),
]


@pytest.mark.parametrize(("message", "office"), ELSEWHERE)
def test_whose_matter_it_is_where_it_is_not_ours(message: str, office: str) -> None:
    found = FINDER.find(message)
    assert found.outcome is Outcome.UNKNOWN
    assert found.elsewhere is not None
    assert office in found.elsewhere.go_to


def test_three_choices_at_most_each_another_procedure() -> None:
    found = FINDER.find("đăng ký lại")
    codes = [match.code for match in found.matches]
    assert found.outcome is Outcome.CHOICES
    assert 2 <= len(codes) <= OFFERED
    assert len(set(codes)) == len(codes)


def test_a_code_is_believed_only_if_it_is_ours() -> None:
    assert FINDER.find("1.004194").matches[0].score == 1.0
    assert FINDER.find("9.999999") == Found(Outcome.UNKNOWN)
    assert first(FINDER.find("thu tuc 9.999999 dang ky khai sinh")) == "1.001193"
    assert FINDER.find("H26.18-261116-0001").empty


@pytest.mark.parametrize("word", ["hủy", "xóa", "đổi", "mất", "giấy", "phí"])
def test_one_word_is_too_little_to_answer_by(word: str) -> None:
    assert FINDER.find(word).outcome is not Outcome.ANSWER


def test_dossier_codes_and_telephone_numbers_do_not_disturb() -> None:
    found = FINDER.find("so toi 0912345678, dang ky tam tru can gi")
    assert (first(found), found.aspect) == ("1.004194", Aspect.PAPERS)


def test_every_phrase_of_the_library_finds_its_own_procedure() -> None:
    lost = [
        (phrase, procedure.code)
        for procedure in LIBRARY.list()
        for phrase in (procedure.short_name, *procedure.phrases)
        if first(FINDER.find(phrase)) != procedure.code
    ]
    assert lost == []


def test_a_message_is_understood_within_ten_milliseconds() -> None:
    times = []
    for message, _, _ in MESSAGES:
        start = process_time()
        FINDER.find(message)
        times.append(process_time() - start)
    assert sorted(times)[len(times) // 2] < 0.010


def test_a_very_long_message_is_read_and_not_answered_by_chance() -> None:
    assert FINDER.find("alo " * 2000).empty
    assert FINDER.find("lan man chuyện xưa kể mãi không hết " * 300).outcome is not Outcome.ANSWER


@given(st.text(max_size=300))
def test_whatever_is_written_gets_one_of_three_outcomes(message: str) -> None:
    found = FINDER.find(message)
    scores = [match.score for match in found.matches]
    assert (found.outcome is Outcome.UNKNOWN) == (not found.matches)
    assert scores == sorted(scores, reverse=True)
    assert len(scores) <= OFFERED
    assert all(0 < score <= 1 for score in scores)


@pytest.mark.parametrize("message", ["a" * 20_000, "1" * 20_000, "1.2." * 5_000, "đ " * 10_000])
def test_a_senseless_flood_is_read_quickly(message: str) -> None:
    start = process_time()
    FINDER.find(message)
    assert process_time() - start < 0.5


TYPED = [
    ("maats", "mat"),
    ("ddoocj", "doc"),
    ("cuwowcs", "cuoc"),
    ("laau", "lau"),
    ("khai", "khai"),
    ("s", "s"),
]


@pytest.mark.parametrize(("word", "bare"), TYPED)
def test_telex_keys_are_taken_off(word: str, bare: str) -> None:
    assert untyped(word) == bare


SLIPS = [("sihn", "sinh", True), ("knih", "kinh", True), ("od", "do", True), ("sinh", "sinhh", True)]
SLIPS += [("sinh", "sinh", False), ("khai", "kinh", False), ("a", "abc", False)]


@pytest.mark.parametrize(("word", "other", "slip"), SLIPS)
def test_one_slip_of_the_finger(word: str, other: str, slip: bool) -> None:
    assert near(word, other) is slip


@pytest.mark.parametrize(
    ("word", "other"), [("xinh", "sinh"), ("chu", "tru"), ("giay", "day"), ("lam", "nam")]
)
def test_written_apart_but_spoken_alike(word: str, other: str) -> None:
    assert said_alike(word, other)
    assert not said_alike(word, word)


@pytest.mark.parametrize(
    ("word", "wrong"), [("sinh", False), ("nghieng", False), ("khuya", False), ("shin", True)]
)
def test_what_makes_no_syllable(word: str, wrong: bool) -> None:
    assert misspelt(word) is wrong
