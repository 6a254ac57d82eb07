"""The desk's lists on each database: filters, counts, order, who waits, messages that failed, the log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.messages import Address, InboundMessage
from core.store.database import Database
from core.store.desk import DeskShelf, Filter
from core.store.dossiers import Follower, Record
from core.store.inbox import Arrival
from core.store.shelves import Shelves
from core.store.tasks import Task
from core.talk.conversation import Conversation
from procedures.dossier import Dossier
from procedures.term import Term, Unit

NINE = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
# name, state, due in days, assignee, medium
FILED = [
    ("Nguyễn Văn Ân", 4, -1, "lan", "sms"),
    ("Trần Thị Bích", 4, 2, None, "web"),
    ("Lê Hoàng Anh", 1, None, None, "sms"),
    ("Phạm Minh Đức", 10, -3, "lan", "counter"),
    ("Đỗ 100% Thật", 5, 1, "lan", "web"),
]


def _record(number: int, name: str, state: int, due: int | None, assignee: str | None, medium: str) -> Record:
    dossier = Dossier(
        code=f"H99.18-261125-{number:04d}",
        short_code=f"{4821930500 + number}",
        procedure="1.001193",
        procedure_version=1,
        process="one_stop",
        process_version=1,
        term=Term(3, Unit.WORKING_DAY),
        steps=("handling",),
        state=state,
        applicant="p1",
        answers={},
        filed_at=NINE,
        due_at=None if due is None else NINE + due * DAY,
    )
    closed = NINE if state == 10 else None
    return Record(0, dossier, "counter", "H99.18", "p1", name, medium, "x", f"t{number}", closed, assignee)


async def _fill(database: Database) -> None:
    def work(shelves: Shelves) -> None:
        for number, row in enumerate(FILED, 1):
            shelves.dossiers.add(_record(number, *row))

    await database.write(work)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (
            Filter(),
            [1, 5, 2, 3, 4],
        ),  # open ones by what is due first, without a date after them, closed ones last
        (Filter(states=(4,)), [1, 2]),
        (Filter(assignee="lan"), [1, 5, 4]),
        (Filter(medium="sms"), [1, 3]),
        (Filter(states=(4,), due_before=NINE), [1]),
        (Filter(due_from=NINE, due_before=NINE + 2 * DAY), [5]),
        (Filter(text="nguyen van an"), [1]),
        (Filter(text="BÍCH"), [2]),
        (Filter(text="100%"), [5]),
        (Filter(text="261125-0003"), [3]),
        (Filter(text="4821 930 504"), [4]),
        (Filter(text="khong co"), []),
    ],
)
async def test_a_filter_and_its_count_agree(database: Database, wanted: Filter, found: list[int]) -> None:
    await _fill(database)

    def look(shelves: Shelves) -> tuple[list[Record], dict[str, int]]:
        shelf = DeskShelf(shelves.connection)
        return shelf.dossiers(wanted, 50), shelf.counts({"one": wanted, "four": Filter(states=(4,))})

    records, counts = await database.read(look)
    assert [int(record.dossier.code[-4:]) for record in records] == found
    assert counts == {"one": len(found), "four": 2}


async def test_pages_follow_each_other(database: Database) -> None:
    await _fill(database)
    pages = [
        await database.read(lambda s, n=n: DeskShelf(s.connection).dossiers(Filter(), 2, n))  # type: ignore[misc]
        for n in (0, 2, 4)
    ]
    assert [[int(r.dossier.code[-4:]) for r in page] for page in pages] == [[1, 5], [2, 3], [4]]


async def test_an_empty_office_counts_nothing(database: Database) -> None:
    wanted = {"all": Filter(), "mine": Filter(assignee="lan"), "late": Filter(states=(4,), due_before=NINE)}
    counts = await database.read(lambda shelves: DeskShelf(shelves.connection).counts(wanted))
    assert counts == {"all": 0, "mine": 0, "late": 0}


async def test_talks_by_who_was_heard_who_waits_and_who_holds(database: Database) -> None:
    addresses = [Address("tel", f"+8491234567{n}") for n in range(3)]

    def work(shelves: Shelves) -> None:
        for n, address in enumerate(addresses):
            held = "lan" if n == 2 else ""
            shelves.talks.put([Conversation(address, "sms", heard_at=NINE + n * DAY, held_by=held)])
        for n, minutes in ((0, 5), (1, 9)):
            at = NINE - timedelta(minutes=minutes)
            shelves.tasks.put(Task(f"t{n}", "officer", {}, at, str(addresses[n]), "sms"))

    await database.write(work)

    def look(shelves: Shelves) -> list[list[str]]:
        shelf = DeskShelf(shelves.connection)
        lists = (shelf.talks(), shelf.talks(waiting=True), shelf.talks(held=True))
        return [[row.talk.address.identity[-1] for row in each] for each in lists]

    assert await database.read(look) == [["2", "1", "0"], ["1", "0"], ["2"]]


async def test_a_message_set_aside_is_dealt_with_once(database: Database) -> None:
    address = Address("tel", "+84912345678")

    def fail(shelves: Shelves) -> int:
        shelves.inbox.keep([Arrival(InboundMessage("sms", address, "e1", NINE, text="alo"), "sms")], NINE)
        shelves.inbox.claim("p", NINE, 1, DAY)
        (waiting,) = shelves.inbox.waiting([str(address)])[str(address)]
        shelves.inbox.stumble(waiting.id, "boom", aside=True)
        shelves.inbox.release([str(address)], "p")
        return waiting.id

    number = await database.write(fail)
    shown = await database.read(lambda s: DeskShelf(s.connection).aside())
    assert [(each.id, each.error) for each in shown] == [(number, "boom")]
    assert await database.write(lambda s: DeskShelf(s.connection).again(number, NINE))
    assert not await database.write(lambda s: DeskShelf(s.connection).put_away(number, NINE))
    assert await database.write(lambda s: s.inbox.claim("p", NINE, 1, DAY)) == [str(address)]


async def test_who_asked_to_follow_and_the_log(database: Database) -> None:
    await _fill(database)

    def work(shelves: Shelves) -> None:
        shelves.dossiers.register(Follower(1, "tel|+84987654321", "follower", "asked", "R1"), NINE)
        shelves.dossiers.register(Follower(2, "tel|+84987654321", "follower", "active", "R2"), NINE)
        shelves.tasks.record("lan", "dossier.open", "H99.18-261125-0001", NINE)
        shelves.tasks.record("hung", "dossier.open", "H99.18-261125-0002", NINE)

    await database.write(work)

    def look(shelves: Shelves) -> tuple[object, list[str], list[str]]:
        shelf = DeskShelf(shelves.connection)
        by_lan, about_two = shelf.log(actor="lan"), shelf.log(subject="H99.18-261125-0002")
        return shelf.follow_requests(), [row.subject[-1] for row in by_lan], [row.actor for row in about_two]

    asked = [(1, "H99.18-261125-0001", "tel|+84987654321")]
    assert await database.read(look) == (asked, ["1"], ["hung"])
