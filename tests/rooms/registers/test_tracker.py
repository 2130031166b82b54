"""Every look at a person's data is recorded for good, and she sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

import aiohttp
import asyncpg
import pytest
from uuid_utils.compat import uuid7

from i18n.text import Wording
from portal.database import Connection, Database
from services.registers import tracker
from services.registers.facts import FACTS, Answer, Need
from services.registers.gateway import Gateway
from services.registers.seal import AuditKey
from services.registers.tracker import Read, Reader

from .conftest import Registers, free_port, new_key, portal_at

ARTA, BESNIK = "1176042318", "1133902755"
WHY = Wording("Për ekstraktin.", "Za izvod.", "For the extract.")
LAW = Wording("Ligji 04/L-003", "Zakon 04/L-003", "Law 04/L-003")
NEEDS = [Need(name, WHY, LAW) for name in FACTS]
ADDRESS = Need("address", WHY, LAW)
KEY = AuditKey(new_key())
HERSELF = Reader("citizen", uuid7())


def a_read(subject: str, now: datetime, need: Need = NEEDS[0], reader: Reader = HERSELF) -> list[Read]:
    return tracker.reads([Answer(need, uuid7(), now, "ok")], subject, reader, None, "portal")


@pytest.fixture
async def registers_log(registers: Registers) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(registers.database_url, server_settings={"search_path": "registers"})
    yield connection
    await connection.close()


async def logged(log: asyncpg.Connection, issue: str) -> list[tuple[object, ...]]:
    """Return what every register's own log says of a case: message, about whom, register, whether it knew her."""
    tables = await log.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'registers' AND tablename LIKE '%\\_access'"
        " AND tablename <> 'denied_access'"
    )
    said: list[tuple[object, ...]] = []
    for name in (row["tablename"] for row in tables):
        register = name.removesuffix("_access").replace("_", "-")
        rows = await log.fetch(f"SELECT message_id, subject, known FROM {name} WHERE issue = $1", issue)  # noqa: S608
        said += [(row["message_id"], row["subject"], register, row["known"]) for row in rows]
    return said


async def test_what_was_recorded_is_what_she_reads(connection: Connection, now: datetime) -> None:
    application = uuid7()
    clerk = Reader("clerk", uuid7(), "Zyra e gjendjes civile, Pejë", "arc", "Kërkesë me gojë në sportel.")
    (read,) = tracker.reads([Answer(ADDRESS, uuid7(), now, "unreachable")], BESNIK, clerk, application, "counter")
    await tracker.record(connection, [read], KEY)
    assert await tracker.of(connection, BESNIK, now) == [read]
    assert (read.register, read.fact, read.purpose, read.legal_basis) == ("addresses", "address", WHY, LAW)
    assert (read.application_id, read.channel, read.outcome) == (application, "counter", "unreachable")


async def test_she_sees_looks_at_her_and_at_nobody_else(connection: Connection, now: datetime) -> None:
    await tracker.record(connection, a_read(ARTA, now) + a_read(BESNIK, now), KEY)
    assert {read.subject for read in await tracker.of(connection, ARTA, now)} == {ARTA}


async def test_the_newest_stands_first_and_pages_neither_skip_nor_repeat(connection: Connection, now: datetime) -> None:
    nobody_else = "1000000001"
    every = [a_read(nobody_else, now)[0] for _ in range(25)]
    await tracker.record(connection, every, KEY)
    seen: list[Read] = []
    after: UUID | None = None
    while page := await tracker.of(connection, nobody_else, now, after, limit=10):
        await tracker.record(connection, a_read(nobody_else, now), KEY)  # one more arrives while she reads
        seen += page
        after = page[-1].id
    assert seen == every[::-1]


async def test_a_law_in_one_language_is_the_same_in_all(connection: Connection, now: datetime) -> None:
    await tracker.record(connection, a_read("1000000002", now, Need("person", WHY, "Ligji 04/L-003")), KEY)
    (read,) = await tracker.of(connection, "1000000002", now)
    assert read.legal_basis == Wording("Ligji 04/L-003", "Ligji 04/L-003", "Ligji 04/L-003")


@pytest.mark.parametrize(
    "change", ["UPDATE fact_read SET outcome = 'ok'", "DELETE FROM fact_read", "TRUNCATE fact_read"]
)
async def test_nobody_changes_what_was_recorded(connection: Connection, change: str, now: datetime) -> None:
    await tracker.record(connection, a_read(ARTA, now), KEY)
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await connection.execute(change)


async def test_a_human_reader_without_a_name_is_not_recorded(connection: Connection, now: datetime) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="a_human_reader_is_named"):
        await tracker.record(connection, a_read(ARTA, now, reader=Reader("clerk")), KEY)


async def test_the_portals_record_and_the_registers_logs_tell_the_same(
    gateway: Gateway, database: Database, registers_log: asyncpg.Connection, now: datetime
) -> None:
    reference = f"A-{uuid7()}"
    answers = await gateway.ask(NEEDS, ARTA, f"XK{ARTA}", reference, now)
    unknown = await gateway.ask(NEEDS, "9999999999", f"XK{ARTA}", reference, now)
    async with database.transaction() as connection:
        await tracker.record(connection, tracker.reads(answers, ARTA, HERSELF, None, "portal"), KEY)
        await tracker.record(connection, tracker.reads(unknown, "9999999999", HERSELF, None, "portal"), KEY)
    async with database.connect() as connection:
        ours = [
            (read.message_id, read.subject, read.register, read.outcome == "ok")
            for subject in (ARTA, "9999999999")
            for read in await tracker.of(connection, subject, now, limit=500)
            if read.message_id in {answer.message_id for answer in [*answers, *unknown]}
        ]
    theirs = await logged(registers_log, reference)
    assert sorted(ours) == sorted(theirs)
    assert len(ours) == 2 * len(NEEDS)


async def test_a_look_that_failed_is_recorded_too(
    connection: Connection, http: aiohttp.ClientSession, now: datetime
) -> None:
    gateway = Gateway(portal_at(f"http://127.0.0.1:{free_port()}", http))
    answers = await gateway.ask(NEEDS, "1000000003", "XK1000000003", None, now)
    await tracker.record(connection, tracker.reads(answers, "1000000003", HERSELF, None, "worker"), KEY)
    assert [read.outcome for read in await tracker.of(connection, "1000000003", now)] == ["unreachable"] * len(NEEDS)
