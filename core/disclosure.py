"""What this person may hear of a dossier, as plain values. The only door between a dossier and any text.

The table is that of the Personal Data Protection Law 91/2025/QH15 read for a status line: purpose and minimum.
A code that runs in sequence proves nothing; the random phone code shows that somebody holds the receipt; the PIN,
or a registered and proven number, shows that it is theirs; an official who saw the papers may hear all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any

from core.office import Knowledge
from core.store.dossiers import Follower, Record
from procedures.dossier import Event, EventKind
from procedures.procedure import FilingKind


class Proof(IntEnum):
    """How well somebody has shown that a dossier concerns them."""

    NOTHING = 0
    HOLDS_CODE = 1  # the random phone code alone
    KNOWS_PIN = 2  # code and PIN, or a number that is registered on the dossier and proven
    SEEN = 3  # an official saw their papers


OWN_ROLES = ("applicant", "authorised")
# A notice, an appointment, feedback: what ends well there has no result to fetch. To the national portal it is a
# dossier "done" (9); to the citizen it is settled, which no national state says.
NO_RESULT = frozenset({FilingKind.NOTICE.value, FilingKind.NOT_A_PROCEDURE.value})
DONE, SETTLED = 9, 11
SUPPLEMENT = 5  # the national state "papers are missing"
LEVELS = {Proof.HOLDS_CODE: "public", Proof.KNOWS_PIN: "own", Proof.SEEN: "full"}


def disclose(
    record: Record,
    proof: Proof,
    knowledge: Knowledge,
    now: datetime,
    events: Sequence[Event] = (),
    following: bool = False,
) -> Mapping[str, Any] | None:
    """The plain values that a text may use, or None where nothing may be said.

    "public": state, due date, place. "own" adds the procedure's name (unless it is sensitive), what is missing and
    why. Nothing here ever holds a name, an address or an identity number.
    """
    if proof is Proof.NOTHING:
        return None
    dossier = record.dossier
    state = knowledge.catalogue.states[dossier.state]
    settled = record.kind in NO_RESULT and dossier.state == DONE
    own = proof >= Proof.KNOWS_PIN
    procedure = knowledge.catalogue.procedures.get(dossier.procedure)
    named = own and procedure is not None and (not procedure.sensitive or proof is Proof.SEEN)
    return {
        "code": dossier.code,
        "phone_code": dossier.short_code,
        "state": SETTLED if settled else dossier.state,
        "label": _title(knowledge, record) if settled else state.label,
        "short": state.short,
        "meaning": state.meaning,
        "due": None if dossier.due_at is None else knowledge.local(dossier.due_at).isoformat(),
        "filed": knowledge.local(dossier.filed_at).isoformat(),
        "closed": record.closed_at is not None,
        "paused": state.clock == "paused",
        "late": knowledge.late(record, now),
        "place": knowledge.settings.address,
        "kind": record.kind,
        "level": LEVELS[proof],
        "procedure": procedure.short_name if named and procedure is not None else "",
        "missing": lines(last_note(events)) if own and dossier.state == SUPPLEMENT else [],
        "reason": last_note(events) if own and dossier.state != SUPPLEMENT else "",
        "fee": None,
        "following": following,
    }


def _title(knowledge: Knowledge, record: Record) -> str:
    """What the process calls the step at which it ended."""
    table = knowledge.catalogue.processes[record.dossier.process]
    return table.step(record.dossier.steps[0]).title


def last_note(events: Sequence[Event]) -> str:
    """What the office last wrote to the applicant: what is missing, why it was refused."""
    moved = [event for event in events if event.kind is EventKind.MOVED and event.note]
    return moved[-1].note if moved else ""


def lines(note: str) -> list[str]:
    """A note written line by line, as a list."""
    return [line.strip(" -") for line in note.splitlines() if line.strip(" -")]


def proof_of(
    record: Record,
    *,
    by_phone_code: bool,
    pin_right: bool,
    follower: Follower | None,
    proven: bool,
    reached: bool = False,
) -> Proof:
    """What the asker has shown. A sender's number counts only where it is registered, and fully where it was proven.
    Unproven, or of who only follows, it hears what the news tell it anyway: state, date and place; and only where the
    answer goes to the number itself (`reached`): a caller's can be forged, and the forger would hear it."""
    registered = follower is not None and follower.state == "active" and (proven or reached)
    own = registered and proven and follower is not None and follower.role in OWN_ROLES
    if pin_right or own:
        return Proof.KNOWS_PIN
    return Proof.HOLDS_CODE if by_phone_code or registered else Proof.NOTHING
