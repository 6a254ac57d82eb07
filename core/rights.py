"""Who may do what at the desk: one literal table, read aloud row by row, and nothing else decides.

Rights are of roles, never of persons (Decree 118/2025/NĐ-CP keeps reception, handling and signing in
different hands). An act that is not in the table is allowed to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

RECEPTION = "reception"  # the counter: receives, asks for papers before acceptance, hands over
HANDLER = "handler"  # works on dossiers
APPROVER = "approver"  # checks and signs in the leader's place
LEADER = "leader"  # assigns and signs
ADMINISTRATOR = "administrator"  # keeps the accounts; sees no dossier
AUDITOR = "auditor"  # sees everything, changes nothing
ROLES = (RECEPTION, HANDLER, APPROVER, LEADER, ADMINISTRATOR, AUDITOR)

_WORKERS = frozenset({RECEPTION, HANDLER, APPROVER, LEADER})
_READERS = _WORKERS | {AUDITOR}
_TALKERS = frozenset({RECEPTION, HANDLER, LEADER})
_EVERYBODY = frozenset(ROLES)

RIGHTS: Mapping[str, frozenset[str]] = {
    "work.see": _READERS,  # tasks that wait for a person
    "work.do": _WORKERS,  # take one, finish it
    "aside.settle": frozenset({LEADER, RECEPTION}),  # a message that failed: try again, or put away
    "dossier.list": _READERS,
    "dossier.open": _READERS,
    "dossier.act": _WORKERS,  # and the step must be one's own: `may_take`
    "dossier.note": _WORKERS,
    "dossier.take": _WORKERS,  # make it one's own, give it back
    "dossier.assign": frozenset({LEADER}),  # make it another's
    "dossier.consent": frozenset({RECEPTION}),  # the applicant says at the counter who may follow
    "paper.open": _READERS,
    "talk.list": _TALKERS | {AUDITOR},
    "talk.read": _TALKERS | {AUDITOR},
    "talk.hold": _TALKERS,  # take over, answer, give back
    "counter.receive": frozenset({RECEPTION}),
    "official.list": frozenset({ADMINISTRATOR, AUDITOR}),
    "official.change": frozenset({ADMINISTRATOR}),
    "audit.read": frozenset({AUDITOR}),
    "session.own": _EVERYBODY,  # see one's own sign-ins, end them, sign out
}

# Whose desk a step of a process lies on. What another body must answer is entered by those who asked it.
STEP_ROLES: Mapping[str, frozenset[str]] = {
    "reception": frozenset({RECEPTION}),
    "handler": frozenset({HANDLER}),
    "consulted": frozenset({HANDLER, LEADER}),
    "approver": frozenset({APPROVER, LEADER}),
    "leader": frozenset({LEADER, APPROVER}),
}


def may(roles: Iterable[str], act: str) -> bool:
    """Whether somebody with these roles may do this."""
    return not RIGHTS.get(act, frozenset()).isdisjoint(roles)


def may_take(roles: Iterable[str], step_role: str, *, by_applicant: bool = False) -> bool:
    """Whether somebody with these roles may take an action in a step of that role.

    What the applicant may do, reception may enter for them: people come to the counter.
    """
    held = frozenset(roles)
    if held.isdisjoint(RIGHTS["dossier.act"]):
        return False
    allowed = STEP_ROLES.get(step_role, frozenset())
    return not held.isdisjoint(allowed | {RECEPTION} if by_applicant else allowed)
