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
ENDED = "ended:"  # and the name of a channel: the kind under which a dead way stands among the wishes


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
        if known is not None and known[0] != person and proven(known[1]) and not proven(proof):
            return  # a claim takes nothing from who has proved it
        row = {"address": str(address), "person": person, "proof": proof, "at": now, "until": now + LINK_LIFE}
        self._db.execute(upsert(self._db, links, ("address",), ("person", "proof", "at", "until")), row)

    def join(self, person: str, into: str) -> None:
        """Two persons turn out to be one: open drafts go to the one that remains; links stay and are followed. A person
        to whom any address was proven is never merged: whoever asks for it holds only a claim on them."""
        if person != into and not self._has_proof(person):
            self._db.execute(update(people).where(people.c.id == person).values(merged_into=into))
            mine = (drafts.c.person == person) & (drafts.c.state == "open")
            self._db.execute(update(drafts).where(mine).values(person=into))

    def _all_of(self, person: str) -> list[str]:
        """A person and everybody who was merged into them."""
        found = [person]
        for each in found:
            merged = self._db.execute(select(people.c.id).where(people.c.merged_into == each)).scalars()
            found += [other for other in merged if other not in found]
        return found

    def _has_proof(self, person: str) -> bool:
        strong = links.c.person.in_(self._all_of(person)) & (links.c.proof != "claim")
        return self._db.execute(select(links.c.address).where(strong)).first() is not None

    def unlink(self, address: Address) -> None:
        self._db.execute(links.delete().where(links.c.address == str(address)))

    def addresses(self, person: str, now: datetime) -> list[tuple[Address, str]]:
        """The addresses of a person with their proofs, the best proven first."""
        alive = or_(links.c.until.is_(None), links.c.until >= now)
        mine = links.c.person.in_(self._all_of(person))
        rows = self._db.execute(select(links.c.address, links.c.proof).where(mine, alive)).all()
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
            wishes.c.address.in_(wanted), wishes.c.wanted == 0, wishes.c.kind == kind
        )
        return wanted - set(self._db.execute(refused).scalars())

    def end_way(self, channel: str, address: Address, now: datetime) -> None:
        """The provider says: no more to this address on this channel. Other channels may still reach it."""
        self.wish(address, f"{ENDED}{channel}", False, now)

    def reopen_ways(self, address: Address) -> None:
        """Somebody there wants to hear again."""
        mine = (wishes.c.address == str(address)) & wishes.c.kind.startswith(ENDED, autoescape=True)
        self._db.execute(wishes.delete().where(mine))

    def ended_ways(self, addresses: Sequence[Address]) -> set[tuple[str, str]]:
        """Of these addresses, the (channel, address) that are known to be dead."""
        mine = wishes.c.address.in_([str(address) for address in addresses])
        query = select(wishes.c.address, wishes.c.kind).where(
            mine, wishes.c.kind.startswith(ENDED, autoescape=True)
        )
        return {(row.kind.removeprefix(ENDED), row.address) for row in self._db.execute(query)}

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
