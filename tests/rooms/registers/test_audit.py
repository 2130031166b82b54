"""Whoever tampers with the record of who looked, a superuser too, is found out, and the very row is named."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest
from uuid_utils.compat import uuid7

from i18n.text import Wording
from portal.database import connect_once
from services.registers import chain, tracker
from services.registers.audit import inclusion, sealing, verification
from services.registers.audit.verification import Count
from services.registers.facts import Answer, Need
from services.registers.message import Proof
from services.registers.seal import AuditKey, day_of
from services.registers.signature import Keys
from services.registers.store import Connection
from services.registers.tracker import Read, Reader

from .conftest import new_key
from .people import ARTA, MILICA

KEY = AuditKey(new_key())
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
WHY = Wording("Për ekstraktin.", "Za izvod.", "For the extract.")
NEED = Need("address", WHY, WHY)
OFFICER = Reader("officer", uuid7(), "Hetuesi", "arc", "Hetim sipas urdhrit.")
Fault = Callable[[Connection], Awaitable[object]]


def looks(subject: str, count: int, at: datetime = MONDAY, reader: Reader = OFFICER, **more: object) -> list[Read]:
    proof = Proof("/r1/XK/GOV/ARC/addresses/address", "hash", "a..b", 200, b"\1" * 32, "c..d")
    answers = [Answer(NEED, uuid7(), at, "ok", proof=proof) for _ in range(count)]
    return tracker.reads(answers, subject, reader, None, "portal", **more)  # type: ignore[arg-type]


@pytest.fixture
async def record(fresh_database_url: str) -> AsyncIterator[Connection]:
    """Give a record of two days: Arta was looked at 5 times on Monday and once on Tuesday, Milica twice."""
    connection = await connect_once(fresh_database_url, application="test")
    for reads in (looks(ARTA, 3), looks(MILICA, 2), looks(ARTA, 2), looks(ARTA, 1, TUESDAY)):
        async with connection.transaction():
            await tracker.record(connection, reads, KEY)
    yield connection
    await connection.close()


async def as_superuser(connection: Connection, *statements: str) -> None:
    """Do what only the database's owner can: change what triggers protect, and leave the triggers as they were."""
    async with connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement)


async def faults(connection: Connection) -> list[str]:
    return [fault async for fault in verification.faults(connection, KEY, Count())]


async def numbered(connection: Connection, position: int) -> str:
    statement = "SELECT id FROM fact_read WHERE subject = $1 AND day = $2 AND position = $3"
    return str(await connection.fetchval(statement, ARTA, MONDAY.date(), position))


async def sealed(connection: Connection, now: datetime) -> date | None:
    async with connection.transaction():
        return await sealing.seal(connection, KEY, now)


async def test_a_record_that_nobody_touched_is_whole(record: Connection) -> None:
    count = Count()
    assert [fault async for fault in verification.faults(record, KEY, count)] == []
    assert (count.reads, count.chains, count.days) == (8, 3, 0)
    assert await sealed(record, TUESDAY + timedelta(days=1)) == MONDAY.date()
    assert await sealed(record, TUESDAY + timedelta(days=1)) == TUESDAY.date()
    assert await sealed(record, TUESDAY + timedelta(days=1)) is None
    assert await faults(record) == []


@pytest.mark.parametrize(
    "change",
    [
        "outcome = 'refused'",
        "reader_role = 'Dikush tjetër'",
        'purpose = \'{"sq": "a", "sr": "a", "en": "a"}\'',
        "at = at + interval '1 microsecond'",
        "reason = 'tjetër'",
        "reader_id = '019aaf11-0000-7000-8000-000000000001'",
        "by_subject = true",
    ],
)
async def test_a_row_that_a_superuser_changed_is_named(record: Connection, change: str) -> None:
    row = await numbered(record, 2)
    await as_superuser(record, f"UPDATE fact_read SET {change} WHERE id = '{row}'")  # noqa: S608
    (fault,) = await faults(record)
    assert fault == f"Read {row} (of 2026-11-23, number 2 of its chain) was changed."


async def test_a_change_with_a_hash_that_fits_lacks_our_mark(record: Connection) -> None:
    row = await numbered(record, 5)
    await as_superuser(
        record,
        f"UPDATE fact_read SET outcome = 'refused', hash = sha256('forged') WHERE id = '{row}'",  # noqa: S608
    )
    assert (await faults(record))[0].startswith(f"Read {row} (of 2026-11-23, number 5 of its chain) was changed or add")


@pytest.mark.parametrize("position", [1, 3])
async def test_a_row_that_is_gone_is_named_by_its_place(record: Connection, position: int) -> None:
    row, after = await numbered(record, position), await numbered(record, position + 1)
    await as_superuser(record, f"DELETE FROM fact_read WHERE id = '{row}'")  # noqa: S608
    first, second = await faults(record)
    assert first == f"A read of 2026-11-23, number {position} of its chain, is missing before read {after}."
    assert second.startswith("The read of message")


async def test_a_last_row_that_is_gone_is_named_although_nothing_follows_it(record: Connection) -> None:
    await as_superuser(
        record,
        f"DELETE FROM fact_read WHERE id = '{await numbered(record, 5)}'",  # noqa: S608
        "DELETE FROM register_message m WHERE NOT EXISTS (SELECT FROM fact_read r WHERE r.message_id = m.message_id)",
    )
    assert await faults(record) == ["A read of 2026-11-23, number 5 of 5 in its chain, is missing there."]


async def test_a_chain_put_back_to_what_it_was_does_not_fit_the_sealed_day(record: Connection) -> None:
    was = await record.fetchrow("SELECT head, mark FROM fact_read_chain WHERE subject = $1 AND length = 5", ARTA)
    assert was
    async with record.transaction():
        await tracker.record(record, looks(ARTA, 1), KEY)
    await sealed(record, TUESDAY)
    await as_superuser(
        record,
        f"DELETE FROM fact_read WHERE id = '{await numbered(record, 6)}'",  # noqa: S608
        "DELETE FROM register_message m WHERE NOT EXISTS (SELECT FROM fact_read r WHERE r.message_id = m.message_id)",
        f"UPDATE fact_read_chain SET length = 5, head = '\\x{was['head'].hex()}', mark = '\\x{was['mark'].hex()}'"  # noqa: S608
        " WHERE length = 6",
    )
    (fault,) = await faults(record)
    assert fault.startswith("The sealed day 2026-11-23 holds other reads than it was sealed with")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE fact_read_chain SET length = 4 WHERE length = 5", "was changed by someone without the key"),
        ("DELETE FROM fact_read_chain WHERE length = 5", "is missing, though its reads are there"),
        ("UPDATE register_message SET answer_hash = '\\x00'", "was changed or removed"),
        ("DELETE FROM register_message", "was changed or removed"),
        ("UPDATE fact_read_day SET signed = 'a.b.c'", "is not signed by our key"),
        ("DELETE FROM fact_read_day WHERE day = '2026-11-24'", "is missing"),
        ("UPDATE fact_read SET day = NULL WHERE position = 5", "stands in no chain"),
    ],
)
async def test_all_that_surrounds_the_reads_is_watched_too(record: Connection, change: str, said: str) -> None:
    for _day in range(3):
        await sealed(record, TUESDAY + timedelta(days=2))
    await as_superuser(record, "ALTER TABLE fact_read DROP CONSTRAINT a_new_read_stands_in_a_chain", change)
    assert any(said in fault for fault in await faults(record))


async def test_a_read_that_comes_when_its_day_is_sealed_stands_in_the_next(record: Connection) -> None:
    await sealed(record, TUESDAY)
    async with record.transaction():
        await tracker.record(record, looks(MILICA, 1), KEY)
    days = await record.fetch("SELECT day FROM fact_read WHERE subject = $1 ORDER BY day", MILICA)
    assert [row["day"] for row in days] == [MONDAY.date(), MONDAY.date(), TUESDAY.date()]
    assert await faults(record) == []


async def test_what_was_recorded_once_is_not_recorded_twice(record: Connection) -> None:
    (again,) = looks(ARTA, 1)
    for _ in range(2):
        async with record.transaction():
            await tracker.record(record, [again], KEY)
    assert await record.fetchval("SELECT count(*) FROM fact_read WHERE id = $1", again.id) == 1
    assert await faults(record) == []


async def test_she_finds_her_reads_in_the_sealed_day_and_can_check_it_herself(record: Connection) -> None:
    assert await inclusion.of(record, ARTA, MONDAY.date(), TUESDAY) is None
    await sealed(record, TUESDAY)
    found = await inclusion.of(record, ARTA, MONDAY.date(), TUESDAY)
    assert found
    assert found.holds(Keys(KEY.published()))
    assert not found.holds(Keys(AuditKey(new_key()).published()))
    (hers,) = found.chains
    assert [len(hers.texts), hers.chain.length] == [5, 5]
    head = chain.START
    for text in hers.texts:
        head = chain.link(head, text)
    signed = day_of(found.signed, Keys(KEY.published()))
    assert signed
    assert chain.arrive(hers.chain.leaf(), hers.path).hex() == signed.root
    assert hers.chain.head == head
    assert MILICA not in str(found)


async def test_a_look_in_an_investigation_is_shown_from_its_day_on_and_betrayed_by_nothing_before(
    record: Connection,
) -> None:
    later = TUESDAY.date() + timedelta(days=30)
    async with record.transaction():
        await tracker.record(record, looks(MILICA, 1, MONDAY, shown_from=later), KEY)
    await sealed(record, TUESDAY)
    assert len(await tracker.of(record, MILICA, TUESDAY)) == 2
    before = await inclusion.of(record, MILICA, MONDAY.date(), TUESDAY)
    assert before
    assert [one.chain.length for one in before.chains] == [2]
    then = TUESDAY + timedelta(days=31)
    assert [read.shown_from for read in await tracker.of(record, MILICA, then)].count(later) == 1
    after = await inclusion.of(record, MILICA, MONDAY.date(), then)
    assert after
    assert after.holds(Keys(KEY.published()))
    assert [one.chain.length for one in after.chains] == [2, 1]
    assert await faults(record) == []


async def test_a_citizens_own_look_cannot_be_hidden_for_later(record: Connection) -> None:
    hidden = looks(ARTA, 1, MONDAY, Reader("citizen", uuid7()), shown_from=TUESDAY.date())
    with pytest.raises(asyncpg.CheckViolationError, match="only_an_officers_look_is_shown_later"):
        async with record.transaction():
            await tracker.record(record, hidden, KEY)


async def test_who_looks_in_office_without_a_reason_is_not_recorded_as_having_looked(record: Connection) -> None:
    for reason in (None, "  "):
        clerk = Reader("clerk", uuid7(), "Sporteli 3", "arc", reason)
        with pytest.raises(asyncpg.CheckViolationError, match="who_looks_in_office_says_why"):
            async with record.transaction():
                await tracker.record(record, looks(ARTA, 1, MONDAY, clerk), KEY)


async def test_a_refused_attempt_is_shown_to_her_too(record: Connection) -> None:
    clerk = Reader("clerk", uuid7(), "Sporteli 3", "arc")
    async with record.transaction():
        await tracker.record(record, tracker.denied([NEED], ARTA, clerk, "counter", TUESDAY), KEY)
    newest = (await tracker.of(record, ARTA, TUESDAY))[0]
    assert (newest.outcome, newest.reader.role, newest.channel) == ("denied", "Sporteli 3", "counter")
    assert await faults(record) == []


@pytest.mark.parametrize(
    ("subject", "institution", "rules"),
    [
        ("1000000001", "atk", {"self"}),
        ("1000000002", "atk", {"colleague"}),
        ("1000000003", "atk", {"marked"}),
        ("1000000004", "atk", set[str]()),
    ],
)
async def test_a_look_at_oneself_a_colleague_or_a_marked_person_raises_an_alert(
    record: Connection, subject: str, institution: str, rules: set[str]
) -> None:
    clerk_id = uuid7()
    await record.execute(
        "INSERT INTO person (id, personal_number, given_name, family_name, birthdate, language, created_at)"
        " VALUES ($1, '1000000001', 'Drita', 'Berisha', '1980-01-01', 'sq', $2)",
        clerk_id,
        MONDAY,
    )
    await record.execute("INSERT INTO office_member VALUES ('1000000001', 'atk', $1)", MONDAY.date())
    await record.execute("INSERT INTO office_member VALUES ('1000000002', 'atk', $1)", MONDAY.date())
    await record.execute("INSERT INTO marked_person VALUES ('1000000003', $1)", MONDAY)
    clerk = Reader("clerk", clerk_id, "Sporteli 3", institution, "Kërkesë në sportel.")
    async with record.transaction():
        await tracker.record(record, looks(subject, 1, TUESDAY, clerk), KEY)
    rows = await record.fetch("SELECT rule FROM look_alert_event")
    assert {row["rule"] for row in rows} == rules
