"""The rights table, every cell told: what each role may do at the desk, and what it may not."""

from __future__ import annotations

import pytest

from core.rights import RIGHTS, ROLES, may, may_take

# R reception, H handler, A approver, L leader, D administrator, U auditor; a dot: may not.
TABLE = """
act               R H A L D U
work.see          x x x x . x
work.do           x x x x . .
aside.settle      x . . x . .
dossier.list      x x x x . x
dossier.open      x x x x . x
dossier.act       x x x x . .
dossier.note      x x x x . .
dossier.take      x x x x . .
dossier.assign    . . . x . .
dossier.consent   x . . . . .
paper.open        x x x x . x
talk.list         x x . x . x
talk.read         x x . x . x
talk.hold         x x . x . .
counter.receive   x . . . . .
official.list     . . . . x x
official.change   . . . . x .
audit.read        . . . . . x
session.own       x x x x x x
"""

# Step's role, then who may take an action there; the last column but one row each: what the applicant may do too.
STEPS = """
step              R H A L D U
reception         x . . . . .
handler           . x . . . .
consulted         . x . x . .
approver          . . x x . .
leader            . . x x . .
stranger          . . . . . .
"""


def _cells(table: str) -> list[tuple[str, str, bool]]:
    lines = [line.split() for line in table.strip().splitlines()[1:]]
    return [
        (name, role, cell == "x") for name, *cells in lines for role, cell in zip(ROLES, cells, strict=True)
    ]


@pytest.mark.parametrize(("act", "role", "allowed"), _cells(TABLE))
def test_an_act_is_allowed_to_these_roles_only(act: str, role: str, allowed: bool) -> None:
    assert may([role], act) is allowed


def test_the_table_names_every_act() -> None:
    assert {act for act, _, _ in _cells(TABLE)} == set(RIGHTS)


@pytest.mark.parametrize(("step", "role", "allowed"), _cells(STEPS))
def test_a_step_belongs_to_its_desk(step: str, role: str, allowed: bool) -> None:
    assert may_take([role], step) is allowed


@pytest.mark.parametrize(("step", "role", "allowed"), _cells(STEPS))
def test_reception_may_enter_what_the_applicant_wants(step: str, role: str, allowed: bool) -> None:
    assert may_take([role], step, by_applicant=True) is (allowed or role == "reception")


def test_nobody_may_do_what_the_table_does_not_know() -> None:
    assert not any(may([role], "dossier.destroy") for role in ROLES)
    assert not may([], "session.own")
    assert not may(["king"], "dossier.open")


def test_several_roles_add_up() -> None:
    assert may(["handler", "auditor"], "audit.read")
    assert may(["handler", "auditor"], "dossier.act")
    assert not may_take(["auditor", "administrator"], "reception", by_applicant=True)
