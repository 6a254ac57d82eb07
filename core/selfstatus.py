"""Where is my dossier, at a page: by code and PIN, by the link on the receipt, or because it is one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.answering import dossiers
from core.answering.context import Context
from core.disclosure import Proof, disclose
from core.pins import right_pin
from core.selfservice import Citizen, SelfService, wait
from core.store.dossiers import Record
from core.talk import needs
from procedures.codes import find_codes, load_patterns, valid_phone_code
from procedures.dossier import Event, EventKind

ANYBODY = "*"
LINK_LIFE = timedelta(days=400)  # longer than any procedure takes
STEPS = (EventKind.FILED, EventKind.MOVED, EventKind.EXTENDED)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look-up came to: `found` is what may be shown, `steps` the way so far; or a pause; or
    nothing."""

    found: Mapping[str, Any] | None = None
    steps: Sequence[Mapping[str, Any]] = ()
    left: Mapping[str, int] | None = None
    pause: timedelta = timedelta()


class SelfStatus:
    """The acts of looking up."""

    def __init__(self, service: SelfService) -> None:
        self._service = service
        self._patterns = load_patterns()

    def read_code(self, text: str) -> str:
        """The code in what was typed, in its normal form; empty where there is none."""
        found = find_codes(text, self._patterns, asked=True)
        return found[0].code if found else ""

    async def look_up(self, citizen: Citizen, code: str, pin: str) -> Looked:
        """By code, with or without PIN. A wrong code and a wrong PIN look, and count, the same."""

        def act(context: Context) -> Looked:
            pause = wait(context, citizen)
            if pause:
                return Looked(pause=pause)
            answer = dossiers.look_up(context, needs.LookUp((code,), pin))
            record = context.shelves.dossiers.by_code(code)
            if not answer["found"] or record is None:
                return Looked()
            return _shown(context, record, answer["found"][0])

        return await self._service.write(citizen, act)

    async def by_link(self, citizen: Citizen, secret: str, pin: str = "") -> Looked:
        """By the link on the receipt: as much as the phone code tells; with the PIN as much as it tells."""

        def act(context: Context) -> Looked:
            values = context.shelves.tokens.look("dossier", ANYBODY, secret, context.at)
            record = None if values is None else context.shelves.dossiers.get(int(values["dossier"]))
            pause = wait(context, citizen) if pin else timedelta()
            if record is None or pause:
                return Looked(pause=pause)
            right = bool(pin) and right_pin(pin, record.pin_digest)
            if pin and not right:
                context.guesses.append(str(citizen.address))
                return Looked()
            return _disclosed(context, record, Proof.KNOWS_PIN if right else Proof.HOLDS_CODE)

        return await self._service.write(citizen, act)

    async def mine(self, citizen: Citizen) -> list[Looked]:
        """What was filed in this browser, and what is registered on numbers that were proven here."""

        def find(context: Context) -> list[Looked]:
            person = context.proven_person()
            known = [] if person is None else context.shelves.people.addresses(person, context.at)
            proven = [address for address, proof in known if proof != "claim"]
            proof = Proof.HOLDS_CODE if person is None else Proof.KNOWS_PIN
            found: dict[int, Record] = {}
            for address in dict.fromkeys([context.talk.address, *proven]):
                found |= {record.id: record for record in context.shelves.dossiers.registered(address)}
            return [_disclosed(context, record, proof) for record in found.values()]

        return await self._service.read(citizen, find)


def issue_link(context: Context, code: str) -> str:
    """A new opaque token that stands for a dossier: what the QR on its receipt leads to."""
    record = context.shelves.dossiers.by_code(code)
    secret = context.world.secret()
    values = {"dossier": record.id if record is not None else 0}
    context.shelves.tokens.issue("dossier", ANYBODY, secret, LINK_LIFE, context.at, values)
    return secret


def _disclosed(context: Context, record: Record, proof: Proof) -> Looked:
    events = context.shelves.dossiers.history(record.id)
    values = disclose(record, proof, context.knowledge, context.at, events)
    return Looked() if values is None else _shown(context, record, values)


def _shown(context: Context, record: Record, values: Mapping[str, Any]) -> Looked:
    events = context.shelves.dossiers.history(record.id)
    return Looked(values, steps(context, events), _left(context, record))


def steps(context: Context, events: Sequence[Event]) -> list[Mapping[str, Any]]:
    """The way so far: only when, and into which national state. No note, no name, no official."""
    found: list[Mapping[str, Any]] = []
    for event in events:
        if event.kind not in STEPS:
            continue
        state = int(str((event.values or {}).get("state", 1)))
        label = context.knowledge.catalogue.states[state].label
        at = context.knowledge.local(event.at).isoformat()
        step = {"kind": event.kind.value, "at": at, "state": state, "label": label}
        if not found or event.kind is EventKind.EXTENDED or found[-1]["state"] != state:
            found.append(step)
    return found


def _left(context: Context, record: Record) -> Mapping[str, int] | None:
    """Working days until the answer is due, or since; None where nothing is due."""
    due = record.dossier.due_at
    if due is None or record.closed_at is not None:
        return None
    calendar, now = context.knowledge.calendar, context.knowledge.local(context.at)
    first, last = sorted((now.date(), context.knowledge.local(due).date()))
    days = sum(calendar.counts(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
    return {"days": days, "late": int(context.at > due)}


__all__ = ["Looked", "SelfStatus", "issue_link", "valid_phone_code"]
