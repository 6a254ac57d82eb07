"""Persons and the addresses that are theirs by proof; what each address wishes to hear; counters of guesses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from core.messages import Address
from core.store.dialect import upsert
from core.store.tables.people import drafts, guesses, links, people, wishes

# Proofs from weak to strong. A stronger one replaces a weaker one, never the other way round.
PROOFS = ("claim", "contact", "code", "counter")
LINK_LIFE = timedelta(days=365)  # a number that proved nothing for a year may belong to somebody else by now
EVERYBODY = "*"


class People:
    """Statements on `people`, `links`, `wishes` and `guesses`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of(self, address: Address, now: datetime) -> tuple[str, str] | None:
        """The person behind an address and how that is proven, or None."""
        alive = or_(links.c.until.is_(None), links.c.until >= now)
        query = select(links.c.person, links.c.proof).where(links.c.address == str(address), alive)
        row = self._db.execute(query).first()
        return None if row is None else (self._living(row.person), row.proof)

    def _living(self, person: str) -> str:
        """Follow merges to the person that remained."""
        for _ in range(10):
            into = self._db.execute(select(people.c.merged_into).where(people.c.id == person)).scalar()
            if into is None:
                break
            person = into
        return person

    def know(self, address: Address, new_id: str, now: datetime) -> str:
        """The person behind an address; a new one, by claim only, where nobody is known."""
        found = self.of(address, now)
        if found is not None:
            return found[0]
        self._db.execute(people.insert(), {"id": new_id, "created_at": now})
        self.link(address, new_id, "claim", now)
        return new_id

    def link(self, address: Address, person: str, proof: str, now: datetime) -> None:
        """Say that an address is a person's. Nothing filed moves with it; a stronger proof is never weakened."""
        known = self.of(address, now)
        if known is not None and known[0] == person and PROOFS.index(known[1]) > PROOFS.index(proof):
            proof = known[1]
        row = {"address": str(address), "person": person, "proof": proof, "at": now, "until": now + LINK_LIFE}
        self._db.execute(upsert(self._db, links, ("address",), ("person", "proof", "at", "until")), row)

    def join(self, person: str, into: str) -> None:
        """Two persons turn out to be one: open drafts go to the one that remains; links stay and are followed."""
        if person != into:
            self._db.execute(update(people).where(people.c.id == person).values(merged_into=into))
            mine = (drafts.c.person == person) & (drafts.c.state == "open")
            self._db.execute(update(drafts).where(mine).values(person=into))

    def unlink(self, address: Address) -> None:
        self._db.execute(links.delete().where(links.c.address == str(address)))

    def addresses(self, person: str, now: datetime) -> list[tuple[Address, str]]:
        """The addresses of a person with their proofs, the best proven first."""
        alive = or_(links.c.until.is_(None), links.c.until >= now)
        rows = self._db.execute(
            select(links.c.address, links.c.proof).where(links.c.person == person, alive)
        ).all()
        ranked = sorted(rows, key=lambda row: -PROOFS.index(row.proof))
        return [(Address.parse(row.address), row.proof) for row in ranked]

    # -- wishes ---------------------------------------------------------------------------------------------------

    def wish(self, address: Address, kind: str, wanted: bool, now: datetime) -> None:
        row = {"address": str(address), "kind": kind, "wanted": int(wanted), "at": now}
        self._db.execute(upsert(self._db, wishes, ("address", "kind"), ("wanted", "at")), row)

    def wants(self, addresses: Sequence[Address], kind: str) -> set[str]:
        """Which of these addresses (as text) have not said no to this kind."""
        wanted = {str(address) for address in addresses}
        refused = select(wishes.c.address).where(
            wishes.c.address.in_(wanted), wishes.c.wanted == 0, wishes.c.kind.in_((kind, "dead"))
        )
        return wanted - set(self._db.execute(refused).scalars())

    # -- guesses --------------------------------------------------------------------------------------------------

    def guessed_wrong(self, subject: str, now: datetime) -> None:
        """Count a wrong guess, of this subject and of everybody."""
        self._db.execute(guesses.insert(), [{"subject": name, "at": now} for name in (subject, EVERYBODY)])

    def wrong_guesses(self, subject: str, since: datetime) -> list[datetime]:
        """When this subject guessed wrong since then, oldest first."""
        query = (
            select(guesses.c.at)
            .where(guesses.c.subject == subject, guesses.c.at >= since)
            .order_by(guesses.c.at)
        )
        return list(self._db.execute(query).scalars())

    def count_wrong(self, subject: str, since: datetime) -> int:
        query = select(func.count()).where(guesses.c.subject == subject, guesses.c.at >= since)
        return int(self._db.execute(query).scalar() or 0)

    def forget_guesses(self, before: datetime) -> None:
        self._db.execute(guesses.delete().where(guesses.c.at < before))


def proven(proof: str) -> bool:
    """Does this proof make an address a person's (and not only a hint)?"""
    return proof != "claim"


__all__: Sequence[Any] = ["EVERYBODY", "People", "proven"]
