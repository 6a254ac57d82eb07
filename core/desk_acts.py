"""What officials do to a dossier besides moving it: whose it is, who may follow, a filing at the counter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.casework import Casework, twin_of
from core.messages import Address
from core.selfstatus import ANYBODY, LINK_LIFE
from core.store.dossiers import Follower, Record
from core.store.drafts import Draft
from core.store.shelves import Shelves
from procedures.dossier import Event, EventKind
from procedures.process import Progress, possible

COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Who stands at the counter, what for. `phone` in E.164 or ""; `seen`: their identity paper was seen."""

    procedure: str
    name: str
    phone: str = ""
    seen: bool = False


def assign(casework: Casework, record: Record, to: str, by: str) -> Record:
    """Make a dossier somebody's ("": nobody's). Raises `Moved` where somebody was quicker."""
    dossier = replace(record.dossier, revision=record.dossier.revision + 1)
    changed = replace(record, dossier=dossier, assignee=to or None)
    casework.shelves.dossiers.write(changed, record.dossier.revision)
    event = Event(EventKind.NOTED, casework.at, by, values={"assigned": to})
    casework.shelves.dossiers.happened(record.id, [event])
    return changed


def consent(casework: Casework, record: Record, request: str, given: bool, by: str) -> bool:
    """The applicant, at the counter, lets somebody follow, or does not. False where nobody asked any more."""
    asked = casework.shelves.dossiers.request(request)
    if asked is None or asked.state != "asked" or asked.dossier != record.id:
        return False
    answered = replace(asked, state="active" if given else "ended")
    casework.shelves.dossiers.register(answered, casework.at)
    event = Event(EventKind.NOTED, casework.at, by, values={"follower": answered.state})
    casework.shelves.dossiers.happened(record.id, [event])
    return True


def file_walk_in(casework: Casework, visitor: WalkIn, by: str) -> tuple[Record, str]:
    """Register a filing at the counter, in short; the papers are in the official's hands. Returns it with its
    PIN. Raises `KeyError` where there is no such procedure."""
    catalogue = casework.knowledge.catalogue
    procedure = catalogue.procedures[visitor.procedure]
    person = _person(casework, visitor)
    draft = Draft(casework.world.new_id(), person, procedure.code, "", {}, 0, COUNTER, casework.at)
    contact = [Address("tel", visitor.phone)] if visitor.phone else []
    record, pin = casework.file(draft, contact, COUNTER, by)
    twin = twin_of(replace(draft, answers={"name": visitor.name, "phone": visitor.phone}))
    named = replace(record, applicant_name=visitor.name, kind=COUNTER, twin=twin)
    casework.shelves.dossiers.write(named, record.dossier.revision)
    return named, pin


def receipt_link(casework: Casework, record: Record) -> str:
    """A new opaque token that stands for a dossier: what the QR on its receipt leads to, at the portal too."""
    secret = casework.world.secret()
    values = {"dossier": record.id}
    casework.shelves.tokens.issue("dossier", ANYBODY, secret, LINK_LIFE, casework.at, values)
    return secret


def by_receipt_link(shelves: Shelves, secret: str, now: datetime) -> Record | None:
    """The dossier whose receipt carries this QR."""
    values = shelves.tokens.look("dossier", ANYBODY, secret, now)
    return None if values is None else shelves.dossiers.get(int(values["dossier"]))


def _person(casework: Casework, visitor: WalkIn) -> str:
    people, now = casework.shelves.people, casework.at
    if not visitor.phone:
        return casework.world.new_id()
    address = Address("tel", visitor.phone)
    person = people.know(address, casework.world.new_id(), now)
    if visitor.seen:
        people.link(address, person, "counter", now)
    return person


def can_accept(casework: Casework, record: Record) -> bool:
    """Whether its process lets it be accepted in the step where it lies."""
    table = casework.knowledge.catalogue.processes[record.dossier.process]
    return any(action.code == "accept" for _, action in possible(table, Progress(record.dossier.steps)))


def told_about(followers: Sequence[Follower]) -> list[Follower]:
    """Those who hear of the dossier, the applicant first."""
    order = ("applicant", "authorised", "follower")
    return sorted((f for f in followers if f.state != "ended"), key=lambda f: order.index(f.role))


__all__ = [
    "COUNTER", "WalkIn", "assign", "by_receipt_link", "can_accept", "consent", "file_walk_in", "receipt_link",
    "told_about",
]  # fmt: skip
