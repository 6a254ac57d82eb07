"""Whatever the order in which claims, outcomes, receipts, deaths and sweeps come: what arrived is never sent again,
no word about it is lost, and a failure is told once."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import create_engine, select

from core.messages import ReceiptState
from core.store.outbox import Settled
from core.store.shelves import Shelves
from core.store.tables import metadata
from core.store.tables.messages import outbox
from tests.core.making import LEASE, NINE, SECOND, lan, queued, receipt

FINAL = (ReceiptState.DELIVERED, ReceiptState.READ, ReceiptState.FAILED)
ENDED = {"delivered", "read", "failed"}


class Deliveries(RuleBasedStateMachine):
    """One process after another over one store; the model knows only what was sent and what the carrier said."""

    def __init__(self) -> None:
        super().__init__()
        engine = create_engine("sqlite://")
        metadata.create_all(engine)
        self.shelves = Shelves(engine.connect())
        self.now: datetime = NINE
        self.put = 0
        self.sending: dict[int, str] = {}  # what a living process holds, and its words
        self.references: dict[str, int] = {}  # every reference that a carrier ever gave
        self.first_word: dict[int, str] = {}  # of settled messages: the first final word about them
        self.early: dict[str, str] = {}
        self.told_failed: Counter[int] = Counter()

    @rule(address=st.integers(1, 3))
    def a_turn_queues(self, address: int) -> None:
        self.put += 1
        self.shelves.outbox.put([queued(f"m{self.put}", lan(address))], self.now)

    @rule(room=st.integers(1, 4))
    def a_courier_claims(self, room: int) -> None:
        for item in self.shelves.outbox.claim("sms", "p", self.now, room, LEASE):
            assert self.state(item.id) == "sending"
            assert item.id not in self.first_word, "what has ended is sent again"
            self.sending[item.id] = item.message.text

    @precondition(lambda self: self.sending)
    @rule(data=st.data(), state=st.sampled_from(["sent", "sent", "queued", "doubtful"]))
    def an_outcome_is_settled(self, data: st.DataObject, state: str) -> None:
        id = data.draw(st.sampled_from(sorted(self.sending)))
        words = self.sending.pop(id)
        given = (f"r{id}",) if state == "sent" else ()
        row = self.row(id)
        item = Settled(id, state, "sms", given, due_at=self.now, turn=row.turn, seq=row.seq)
        self.shelves.outbox.settle([item], self.now)
        failed = self.shelves.receipts.early(self.shelves.outbox.early([item]))
        for reference in given:
            self.references[reference] = id
            if reference in self.early:
                self.first_word.setdefault(id, self.early.pop(reference))
        self.told_failed.update(failed)
        assert words

    @rule(id=st.integers(1, 12), state=st.sampled_from(FINAL), twice=st.booleans())
    def the_carrier_reports(self, id: int, state: ReceiptState, twice: bool) -> None:
        reference, word = f"r{id}", "failed" if state is ReceiptState.FAILED else "arrived"
        come = [receipt(reference, state)] * (2 if twice else 1)
        self.told_failed.update(self.shelves.receipts.take(come))
        if reference in self.references:
            self.first_word.setdefault(id, word)
        else:
            self.early.setdefault(reference, word)

    @rule()
    def the_process_dies(self) -> None:
        self.sending.clear()
        self.shelves.outbox.reclaim(self.now, ["another"])

    @rule()
    def leases_run_out(self) -> None:
        self.now += LEASE + timedelta(seconds=1)
        self.sending.clear()
        self.shelves.outbox.reclaim(self.now, ["p"])

    @rule()
    def the_caretaker_sweeps(self) -> None:
        self.now += SECOND
        self.told_failed.update(self.shelves.receipts.sweep())

    @invariant()
    def the_first_word_stands(self) -> None:
        for id, word in self.first_word.items():
            state = self.state(id)
            assert state == "failed" if word == "failed" else state in ("delivered", "read"), (
                id,
                word,
                state,
            )

    @invariant()
    def a_failure_is_told_once(self) -> None:
        failed = {id for id, word in self.first_word.items() if word == "failed"}
        assert self.told_failed == Counter(failed)

    @invariant()
    def one_address_gets_one_batch_at_a_time(self) -> None:
        held = set(self.sending)
        assert {row.id for row in self.rows() if row.state == "sending"} == held

    def row(self, id: int) -> Any:
        return self.shelves.outbox.row(id)

    def state(self, id: int) -> str:
        return str(self.row(id).state)

    def rows(self) -> list[Any]:
        return list(self.shelves.connection.execute(select(outbox)))


Deliveries.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestDeliveries = Deliveries.TestCase
