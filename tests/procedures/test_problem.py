"""The table of problems is the contract with wording."""

import re
from pathlib import Path

import pytest

from procedures.problem import CODES, Problem, wrong

HOUSE = Path(__file__).parents[2] / "procedures"
BUILT = {f"{kind}_too_{end}" for kind in ("number", "money") for end in ("small", "large")} | {
    "time_too_early",
    "time_too_late",
}  # form_limits puts these codes together


def test_a_problem_carries_exactly_the_values_of_its_code() -> None:
    assert wrong("too_long", max=5, length=9).values == {"max": 5, "length": 9}
    assert wrong("required").key == "problem.required"


@pytest.mark.parametrize(("code", "values"), [("unheard_of", {}), ("too_long", {}), ("required", {"a": 1})])
def test_an_unknown_code_or_value_is_a_bug(code: str, values: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=code):
        Problem(code, values)


def test_every_code_is_used_and_every_used_code_is_listed() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in HOUSE.rglob("*.py"))
    used = set(re.findall(r'wrong\(\s*"(\w+)"', source)) | BUILT
    assert used == set(CODES)
