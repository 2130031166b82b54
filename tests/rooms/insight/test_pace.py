"""A service says within what it really decides: counted by the step that does, shown from ten decisions on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from portal.database import Database
from services.applications import casework
from services.applications.application import State
from services.applications.duration import Duration
from services.applications.office import review
from services.applications.store import Connection
from services.insight import pace, usage
from services.insight.pace import Pace
from tests.rooms.applications.conftest import Queue, begun, known
from tests.rooms.applications.officers import member, sent
from tests.unit.applications.people import ARTA, BIRTH, NOW

LONG_AGO = datetime(2021, 3, 1, 9, tzinfo=UTC)  # a time that no other test decides in
TODAY = LONG_AGO.date()


async def decided(connection: Connection, after: timedelta) -> UUID:
    """Return an application that a rule decided so long after it was sent, when its fee was paid."""
    arta = await known(connection)
    application = await begun(connection, arta, BIRTH, ARTA)
    application = await casework.answer(connection, application.id, arta, "whom", {"whom": ["self"]}, LONG_AGO)
    await casework.submit(connection, application.id, arta, application.revision, Queue(), LONG_AGO)
    await casework.settle_payment(connection, application.id, uuid4(), Queue(), LONG_AGO + after)
    return application.id


async def test_the_pace_is_shown_from_ten_decisions_of_the_last_90_days_on(connection: Connection) -> None:
    await connection.execute("DELETE FROM decision_rollup")  # what other tests decided; undone with the rest
    for number in range(10):
        assert await pace.of(connection, BIRTH, TODAY) is None
        await decided(connection, timedelta(minutes=9) if number == 9 else timedelta(seconds=40))
    at_once = Duration(0, 60)
    assert await pace.of(connection, BIRTH, TODAY) == Pace(at_once, at_once)
    await decided(connection, timedelta(minutes=9))
    assert await pace.of(connection, BIRTH, TODAY) == Pace(at_once, Duration(0, 600))
    assert await pace.of(connection, BIRTH, TODAY + timedelta(days=89)) is not None
    assert await pace.of(connection, BIRTH, TODAY + timedelta(days=90)) is None
    assert await pace.of(connection, "residence-change", TODAY) is None


async def test_what_is_decided_most_of_late_is_used_most(connection: Connection) -> None:
    await connection.execute("DELETE FROM decision_rollup")
    await connection.execute(
        """
        INSERT INTO decision_rollup (service_id, day, days, seconds, part, decisions)
        VALUES ('plan-copy', $1, 1, 0, 0, 3), ('plan-copy', $1, 2, 0, 1, 3), ('passport', $1, 1, 0, 0, 5),
            ('diploma-confirmation', $2, 1, 0, 0, 100)
        """,
        TODAY,
        TODAY - pace.WINDOW,
    )
    assert await usage.most_used(connection, TODAY, 9) == ["plan-copy", "passport"]
    assert await usage.most_used(connection, TODAY, 1) == ["plan-copy"]


async def test_a_decision_counts_once_and_its_document_and_rating_count_nothing(connection: Connection) -> None:
    await connection.execute("DELETE FROM decision_rollup")
    application_id = await decided(connection, timedelta(0))
    await casework.issue(connection, application_id, uuid4(), LONG_AGO)
    counted = "SELECT sum(decisions)::bigint FROM decision_rollup WHERE service_id = $1 AND day = $2"
    assert await connection.fetchval(counted, BIRTH, TODAY) == 1


async def test_an_officers_decision_is_counted_in_working_days(database: Database) -> None:
    async with database.transaction() as connection:
        officer = await member(connection)
        application = await sent(connection, Queue())
        held = await review.take(connection, officer, application.id, application.revision, NOW)
        days = "SELECT coalesce(sum(decisions), 0)::bigint FROM decision_rollup WHERE service_id = $1 AND days = 4"
        before = await connection.fetchval(days, application.service_id)
        later = NOW + timedelta(days=6)
        done = await review.decide(
            connection, officer, held.id, held.revision, "As asked.", Queue(), later, approve=True
        )
        assert done.state is State.APPROVED
        assert await connection.fetchval(days, application.service_id) == before + 1
