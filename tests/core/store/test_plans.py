"""No statement of the daily traffic looks through a whole table: a year of messages must not slow the next one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from core.answering import dossiers, drafts, people
from core.caretaker import Caretaker
from core.config import PrivacySettings
from core.messages import Address
from core.store.database import Database
from core.talk import needs
from tests.core.house import Core
from tests.core.making import lan, receipt, text
from tests.core.test_casework import ask

CHAT = Address("telegram:1", "42")
# Looked through in whole on purpose: they hold what is under way just now, or a handful of rows.
SMALL = {
    "receipts",
    "locks",
    "settings",
    "definitions",
    "officials",
    "sessions",
    "tasks",
    "pages",
    "answers",
    "tokens",
}


@contextmanager
def noted(database: Database) -> Iterator[dict[str, Any]]:
    """The statements that pass while the context lasts, with values of each."""
    passed: dict[str, Any] = {}

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
            passed[statement] = parameters[0] if many else parameters

    engines = (database._writer, database._reader)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield passed
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def scans(database: Database, statement: str, parameters: Any) -> list[str]:
    """The large tables that this statement looks through from end to end."""
    with database._reader.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    found = [re.match(r"SCAN (\w+)(?! USING)", row[3]) for row in plan]
    names = {match.group(1) for match in found if match and "USING" not in match.string}
    return sorted(names - SMALL - {"anon_1"})


async def test_the_daily_traffic_uses_indexes(tmp_path: Any) -> None:
    database = Database(f"sqlite:///{tmp_path}/s.db")
    database.create()
    database.open()
    core = Core(database)
    caretaker = Caretaker(database, core.signals, core.undelivered, core.world, PrivacySettings())
    with noted(database) as passed:
        await a_day(core)
        await caretaker.round()
    slow = {statement: scans(database, statement, values) for statement, values in passed.items()}
    assert len(passed) > 40, "the day was too short to say anything"
    assert {statement: tables for statement, tables in slow.items() if tables} == {}
    await database.close()


async def a_day(core: Core) -> None:
    """A little of everything that happens all the time."""
    for n in range(3):
        await core.gateway.accept(text(f"m{n}", lan(n), "gap can bo" if n else "menu"))
    await core.work()
    await core.deliver()
    await core.database.write(lambda s: s.receipts.take([receipt(f"sms-{m.id}") for m in core.sms.sent]))
    record, pin = await core.filed(lan(), CHAT)
    await core.act(record, "withdraw")
    await core.deliver()
    await ask(core, dossiers.look_up, needs.LookUp((record.dossier.code, "H99.18-260303-9999"), pin))
    await ask(core, dossiers.follow, needs.Follow(record.dossier.short_code), lan(7))
    await ask(core, dossiers.consent, needs.Consent("ABCDEF", True))
    await ask(core, dossiers.mine, needs.MyDossiers())
    draft = await ask(core, drafts.begin, needs.OpenDraft("feedback"))
    await ask(core, drafts.keep, needs.KeepDraft(draft.id, {"x": "1"}, draft.revision))
    link = await ask(core, drafts.make_link, needs.MakeLink(draft.id))
    await ask(core, drafts.use_code, needs.UseCode(link["code"]), CHAT)
    await ask(core, drafts.file, needs.FileDraft(draft.id, draft.revision))
    await ask(core, people.send_code, needs.SendCode(lan().identity), CHAT)
    await ask(core, people.prove_number, needs.ProveNumber(lan().identity, "000000"), CHAT)
    await core.undelivered.sweep()
