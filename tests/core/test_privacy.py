"""Who may hear what, and how guessing is slowed: the table of proofs, wrong codes and wrong PINs that look the same,
counters that outlive a restart, persons who are never merged by a mere claim."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from core import pins
from core.answering import dossiers as giver
from core.answering import people as persons
from core.disclosure import Proof, disclose, proof_of
from core.guessing import CROWD, pause_for
from core.messages import Address
from core.store.database import Database
from core.store.dossiers import Follower, Record
from core.store.people import EVERYBODY
from core.talk import needs
from procedures.dossier import Event, EventKind
from tests.core.house import Core, knowledge
from tests.core.making import DAY, HOUR, MINUTE, NINE, SECOND, lan
from tests.core.test_casework import CHAT, ask

BIRTH = "1.001193"
WRONG = "000000"


@pytest.fixture
def core(database: Database) -> Core:
    return Core(database)


def sensitive() -> str:
    """The code of a procedure whose very name says too much."""
    return next(p.code for p in knowledge().catalogue.list() if p.sensitive)


async def look(core: Core, code: str, pin: str = "", who: Address | None = None) -> Any:
    return await ask(core, giver.look_up, needs.LookUp((code,), pin), who)


# -- the table ---------------------------------------------------------------------------------------------------------


# What was shown: by the phone code, with the PIN, as whom the address is registered and whether it was proven.
PROOFS = [
    (False, False, None, False, Proof.NOTHING),
    (False, False, None, True, Proof.NOTHING),
    (True, False, None, False, Proof.HOLDS_CODE),
    (False, True, None, False, Proof.KNOWS_PIN),
    (True, True, None, False, Proof.KNOWS_PIN),
    (False, False, ("applicant", "active"), True, Proof.KNOWS_PIN),
    (False, False, ("authorised", "active"), True, Proof.KNOWS_PIN),
    (False, False, ("applicant", "active"), False, Proof.NOTHING),  # a sender's number can be forged
    (False, False, ("applicant", "ended"), True, Proof.NOTHING),
    (False, False, ("follower", "active"), True, Proof.HOLDS_CODE),
    (False, False, ("follower", "asked"), True, Proof.NOTHING),
    (True, False, ("follower", "asked"), True, Proof.HOLDS_CODE),
]


@pytest.mark.parametrize("by_phone, pin, registered, proven, expected", PROOFS)
def test_what_counts_as_proof(
    by_phone: bool, pin: bool, registered: Any, proven: bool, expected: Proof
) -> None:
    follower = Follower(1, "a", registered[0], registered[1], "r") if registered else None
    found = proof_of(None, by_phone_code=by_phone, pin_right=pin, follower=follower, proven=proven)  # type: ignore[arg-type]
    assert found is expected


# Which of the values that say something about the person are heard.
HEARD = [
    (Proof.NOTHING, False, None),
    (Proof.NOTHING, True, None),
    (Proof.HOLDS_CODE, False, set()),
    (Proof.HOLDS_CODE, True, set()),
    (Proof.KNOWS_PIN, False, {"procedure", "missing"}),
    (Proof.KNOWS_PIN, True, {"missing"}),
    (Proof.SEEN, False, {"procedure", "missing"}),
    (Proof.SEEN, True, {"procedure", "missing"}),
]


@pytest.mark.parametrize("proof, secret, expected", HEARD)
async def test_what_is_heard_by_proof(
    core: Core, proof: Proof, secret: bool, expected: set[str] | None
) -> None:
    record, _ = await core.filed(
        procedure=sensitive() if secret else BIRTH, answers={"name": "Nguyễn Thị Lan"}
    )
    record = _asked_for_papers(record)
    note = [Event(EventKind.MOVED, NINE, "an", note="- giấy chứng sinh\n- căn cước")]
    values = disclose(record, proof, core.office.knowledge, NINE, note)
    if expected is None:
        assert values is None
        return
    assert values is not None
    assert {key for key in ("procedure", "missing", "reason") if values[key]} == expected
    assert values["label"] and values["place"] and values["code"] == record.dossier.code
    assert "Lan" not in str(values)


def _asked_for_papers(record: Record) -> Record:
    from dataclasses import replace

    return replace(record, dossier=replace(record.dossier, state=5), applicant_name="Nguyễn Thị Lan")


# -- wrong codes and wrong PINs ----------------------------------------------------------------------------------------


async def test_an_official_code_says_nothing_by_itself(core: Core) -> None:
    record, pin = await core.filed(lan(5))
    assert (await look(core, record.dossier.code))["found"] == []
    assert (await look(core, record.dossier.code, pin))["found"][0]["level"] == "own"
    assert (await look(core, record.dossier.short_code))["found"][0]["level"] == "public"


async def test_wrong_code_and_wrong_pin_cannot_be_told_apart(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the answer, in what is counted, and in the work done before it."""
    record, pin = await core.filed(lan(5))
    wrong = f"{(int(pin) + 1) % 10**6:06d}"
    hashed: list[int] = []
    scrypt = pins._scrypt

    def counted_scrypt(pin: str, salt: bytes) -> bytes:
        hashed.append(1)
        return scrypt(pin, salt)

    monkeypatch.setattr(pins, "_scrypt", counted_scrypt)
    seen = []
    for n, code in enumerate((record.dossier.code, "H99.18-260303-9999")):
        for act, need in (
            (giver.look_up, needs.LookUp((code,), wrong)),
            (giver.follow, needs.Follow(code, wrong)),
        ):
            hashed.clear()
            answer = await ask(core, act, need, lan(20 + n))
            counted = await core.database.read(lambda s, n=n: s.people.count_wrong(str(lan(20 + n)), NINE))  # type: ignore[misc]
            seen.append((str(answer).replace(code, "?"), counted, len(hashed)))
    assert seen[:2] == seen[2:]
    assert [work for _, _, work in seen] == [1, 1, 1, 1]


async def test_readings_of_one_keyed_entry_are_one_guess(core: Core) -> None:
    record, _ = await core.filed(lan(5))
    codes = ("H99.18-260303-9998", record.dossier.short_code)
    found = await ask(core, giver.look_up, needs.LookUp(codes, readings=True))
    assert len(found["found"]) == 1
    assert await core.database.read(lambda s: s.people.count_wrong(str(lan()), NINE)) == 0


# -- guessing ----------------------------------------------------------------------------------------------------------


async def test_after_five_wrong_ones_in_an_hour_the_pauses_grow(core: Core) -> None:
    waits = []
    for _ in range(9):
        answer = await look(core, "H99.18-260303-9999", WRONG)
        if answer["wait"]:
            core.clock.forward(timedelta(seconds=answer["wait"]))
            waits.append(answer["wait"])
            await look(core, "H99.18-260303-9999", WRONG)
    assert waits == [30, 60, 120, 240]


async def test_while_one_waits_even_the_right_pin_is_not_heard_and_nothing_counts(core: Core) -> None:
    record, pin = await core.filed(lan(5))
    for _ in range(5):
        await look(core, record.dossier.code, WRONG)
    answer = await look(core, record.dossier.code, pin)
    assert (answer["found"], answer["wait"]) == ([], 30)
    assert await ask(core, giver.follow, needs.Follow(record.dossier.code, pin)) == "unknown"
    assert await core.database.read(lambda s: s.people.count_wrong(str(lan()), NINE)) == 5
    core.clock.forward(30 * SECOND)
    assert (await look(core, record.dossier.code, pin))["found"]
    assert (await look(core, record.dossier.code, pin, lan(2)))["found"]  # nobody else is slowed


async def test_the_counters_outlive_a_restart(store_url: str) -> None:
    for life in range(2):
        store = Database(store_url)
        store.create()
        store.open()
        core = Core(store)
        if life == 0:
            for _ in range(5):
                await look(core, "H99.18-260303-9999", WRONG)
        else:
            assert (await look(core, "H99.18-260303-9999", WRONG))["wait"] == 30
        await store.close()


async def test_the_settings_say_how_many_are_free(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    privacy = core.office.knowledge.privacy.model_copy(update={"wrong_guesses_an_hour": 2})
    core.office.knowledge = replace(core.office.knowledge, privacy=privacy)
    waits = [(await look(core, "H99.18-260303-9999", WRONG))["wait"] for _ in range(3)]
    assert waits == [0, 0, 30]


async def test_an_attack_by_many_slows_those_who_guess_wrong_and_refuses_nobody(database: Database) -> None:
    def crowd(s: Any) -> None:
        for n in range(CROWD + 1):
            s.people.guessed_wrong(f"attacker{n}", NINE)

    await database.write(crowd)

    async def pause(who: str, at: datetime) -> timedelta:
        return await database.read(lambda s: pause_for(s.people, who, at))

    assert await pause("honest", NINE) == timedelta()
    assert await pause("attacker1", NINE) == 2 * SECOND
    assert await pause("attacker1", NINE + 2 * SECOND) == timedelta()
    assert await database.read(lambda s: s.people.count_wrong(EVERYBODY, NINE)) == CROWD + 1


async def test_old_guesses_are_forgotten(core: Core) -> None:
    for _ in range(10):
        await core.database.write(lambda s: s.people.guessed_wrong(str(lan()), core.clock.at))
    assert (await look(core, "H99.18-260303-9999", WRONG))["wait"] > 0
    core.clock.forward(DAY + HOUR)
    assert (await look(core, "H99.18-260303-9999", WRONG))["wait"] == 0


# -- following ---------------------------------------------------------------------------------------------------------


async def test_by_the_phone_code_the_applicant_is_asked_once_on_one_way(core: Core) -> None:
    record, _ = await core.filed(CHAT, lan(5))
    for _ in range(3):
        assert await ask(core, giver.follow, needs.Follow(record.dossier.short_code)) == "asked"
    asked = await core.database.read(lambda s: s.outbox.about(record.dossier.code))
    assert [row.channel for row in asked] == ["telegram"]


async def test_only_the_applicant_can_consent(core: Core) -> None:
    record, _ = await core.filed(lan(5))
    await ask(core, giver.follow, needs.Follow(record.dossier.short_code))
    followers = await core.database.read(lambda s: s.dossiers.followers(record.id))
    request = followers[-1].request
    assert not await ask(core, giver.consent, needs.Consent(request, True), lan(6))
    assert not await ask(core, giver.consent, needs.Consent(request, True))  # who asked cannot answer
    assert await ask(core, giver.consent, needs.Consent(request, True), lan(5))
    assert not await ask(core, giver.consent, needs.Consent(request, False), lan(5))  # once
    assert await ask(core, giver.follow, needs.Follow(record.dossier.short_code)) == "following"
    assert await ask(core, giver.unfollow, needs.Unfollow(record.dossier.short_code))
    assert not await ask(core, giver.unfollow, needs.Unfollow(record.dossier.short_code), lan(5))


# -- persons -----------------------------------------------------------------------------------------------------------


async def person(core: Core, who: Address) -> Any:
    return await core.database.read(lambda s: s.people.of(who, core.clock.at))


async def prove(core: Core, who: Address, number: Address) -> bool:
    """A one-time code is sent to the number and typed by `who`."""
    await ask(core, persons.send_code, needs.SendCode(number.identity), who)
    await core.deliver()
    code = core.sms.sent[-1].say.values["code"]
    proven: bool = await ask(core, persons.prove_number, needs.ProveNumber(number.identity, code), who)
    return proven


async def test_a_one_time_code_joins_two_addresses(core: Core) -> None:
    await core.database.write(lambda s: s.people.know(CHAT, "c" * 26, NINE))
    assert await prove(core, CHAT, lan())
    assert await person(core, CHAT) == await person(core, lan())
    found = await core.database.read(lambda s: s.people.addresses("c" * 26, NINE))
    assert found == []  # they are another's now
    own = (await person(core, lan()))[0]
    assert {a for a, _ in await core.database.read(lambda s: s.people.addresses(own, NINE))} == {CHAT, lan()}


async def test_a_code_works_once_for_a_while_and_dies_by_five_wrong_ones(core: Core) -> None:
    assert await prove(core, CHAT, lan())
    code = core.sms.sent[-1].say.values["code"]
    again = needs.ProveNumber(lan().identity, code)
    assert not await ask(core, persons.prove_number, again, CHAT)
    await ask(core, persons.send_code, needs.SendCode(lan().identity), CHAT)
    await core.deliver()
    code = core.sms.sent[-1].say.values["code"]
    for n in range(5):
        wrong = f"{(int(code) + n + 1) % 10**6:06d}"
        assert not await ask(core, persons.prove_number, needs.ProveNumber(lan().identity, wrong), CHAT)
    assert not await ask(core, persons.prove_number, needs.ProveNumber(lan().identity, code), CHAT)


async def test_codes_to_one_number_are_few_an_hour(core: Core) -> None:
    sent = [await ask(core, persons.send_code, needs.SendCode(lan().identity), CHAT) for _ in range(5)]
    assert sent == [True, True, True, False, False]
    core.clock.forward(HOUR + MINUTE)
    assert await ask(core, persons.send_code, needs.SendCode(lan().identity), CHAT)


async def test_one_sender_has_codes_sent_to_few_numbers_an_hour(core: Core) -> None:
    sent = [await ask(core, persons.send_code, needs.SendCode(lan(n).identity), CHAT) for n in range(8)]
    assert sent == [True] * 6 + [False] * 2
    assert await ask(core, persons.send_code, needs.SendCode(lan(9).identity), lan(9))


async def test_a_claim_takes_nothing_from_who_has_proved_it(database: Database) -> None:
    def work(s: Any) -> Any:
        s.people.know(lan(), "a" * 26, NINE)
        s.people.link(lan(), "a" * 26, "code", NINE)
        s.people.link(lan(), "b" * 26, "claim", NINE)
        return s.people.of(lan(), NINE)

    assert await database.write(work) == ("a" * 26, "code")


async def test_a_person_with_a_proven_number_is_never_merged_into_another(database: Database) -> None:
    """Somebody whose chat is only claimed to be hers gives it away: she is not given away with it."""

    def work(s: Any) -> Any:
        s.people.know(lan(), "a" * 26, NINE)
        s.people.link(lan(), "a" * 26, "code", NINE)
        s.people.link(CHAT, "a" * 26, "claim", NINE)
        s.people.know(lan(2), "b" * 26, NINE)
        s.people.join("a" * 26, "b" * 26)
        return s.people.of(lan(), NINE)[0], s.people.of(CHAT, NINE)[0]

    assert await database.write(work) == ("a" * 26, "a" * 26)


async def test_claims_alone_are_merged_and_followed(database: Database) -> None:
    def work(s: Any) -> Any:
        s.people.know(CHAT, "a" * 26, NINE)
        s.people.know(lan(), "b" * 26, NINE)
        s.people.join("a" * 26, "b" * 26)
        return s.people.of(CHAT, NINE)[0], [a for a, _ in s.people.addresses("b" * 26, NINE)]

    merged, addresses = await database.write(work)
    assert merged == "b" * 26 and set(addresses) == {CHAT, lan()}


async def test_a_number_that_proved_nothing_for_a_year_may_be_anothers(database: Database) -> None:
    await database.write(lambda s: s.people.know(lan(), "a" * 26, NINE))
    await database.write(lambda s: s.people.know(lan(), "b" * 26, NINE + 366 * DAY))
    found = await database.read(lambda s: s.people.of(lan(), NINE + 366 * DAY))
    assert found == ("b" * 26, "claim")
