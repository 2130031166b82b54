"""People rate what they were given, once; nothing that is kept leads back to them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from msgspec.structs import replace

from i18n.refusal import Invalid, NotFound, Refused
from services.applications import casework
from services.applications.application import Application, Step
from services.applications.errors import AlreadyRated
from services.applications.store import Connection
from services.insight import rating
from services.insight.rating import Average
from tests.rooms.applications.conftest import Queue, begun, known
from tests.unit.applications.people import ARTA, BIRTH, NOW, draft, service


async def issued(connection: Connection, person_id: UUID) -> Application:
    """Return a finished application of someone's."""
    application = await begun(connection, person_id, BIRTH, ARTA)
    application = await casework.answer(connection, application.id, person_id, "whom", {"whom": ["self"]}, NOW)
    queue = Queue()
    await casework.submit(connection, application.id, person_id, application.revision, queue, NOW)
    await casework.settle_payment(connection, application.id, uuid4(), queue, NOW)
    return await casework.issue(connection, application.id, uuid4(), NOW)


async def test_arta_rates_once(connection: Connection) -> None:
    arta = await known(connection)
    application = await issued(connection, arta)
    await rating.rate(connection, application.id, arta, "5", "  Shumë shpejt!\x00 ", NOW)
    with pytest.raises(AlreadyRated):
        await rating.rate(connection, application.id, arta, "1", "", NOW)
    assert (await casework.find(connection, application.id, arta)).rated_at == NOW
    assert (await casework.history(connection, application.id, arta))[-1].step is Step.RATE
    row = await connection.fetchrow("SELECT * FROM rating ORDER BY month DESC LIMIT 1")
    assert row is not None
    assert (row["score"], row["comment"], row["month"]) == (5, "Shumë shpejt!", date(2026, 11, 1))


async def test_what_is_kept_names_no_person_no_application_and_no_moment(connection: Connection) -> None:
    columns = await connection.fetch(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name IN ('rating', 'rating_rollup')"
    )
    assert {row["column_name"] for row in columns} == {
        "id",
        "service_id",
        "service_version",
        "channel",
        "language",
        "month",
        "score",
        "comment",
        "ratings",
        "points",
    }
    assert not any(row["data_type"].startswith("timestamp") for row in columns)
    arta = await known(connection)
    application = await issued(connection, arta)
    await rating.rate(connection, application.id, arta, "4", "", NOW)
    ids = await connection.fetch("SELECT id FROM rating")
    assert all(row["id"].version == 4 for row in ids)


@pytest.mark.parametrize(
    ("score", "comment", "fields"),
    [
        ("0", "", {"score"}),
        ("6", "", {"score"}),
        ("", "", {"score"}),
        ("five", "x" * 1001, {"score", "comment"}),
        ("٣", "", {"score"}),
        ("3", "x" * 1001, {"comment"}),
    ],
)
async def test_a_rating_that_cannot_be_taken_names_its_fields(
    connection: Connection, score: str, comment: str, fields: set[str]
) -> None:
    with pytest.raises(Invalid) as no:
        await rating.rate(connection, uuid4(), uuid4(), score, comment, NOW)
    assert set(no.value.fields) == fields


async def test_nobody_rates_for_another_nor_before_the_end(connection: Connection) -> None:
    arta, besnik = await known(connection), await known(connection)
    application = await issued(connection, arta)
    with pytest.raises(NotFound):
        await rating.rate(connection, application.id, besnik, "1", "", NOW)
    unfinished = await begun(connection, arta, BIRTH, ARTA)
    with pytest.raises(Refused, match="not_while_draft"):
        await rating.rate(connection, unfinished.id, arta, "5", "", NOW)
    assert await connection.fetchval("SELECT count(*) FROM rating") == 0


async def test_the_average_is_shown_from_ten_ratings_on(connection: Connection) -> None:
    other = replace(service(BIRTH), id="rated-service", version=987_003)
    scores = [5, 5, 4, 3, 5, 1, 2, 5, 5, 4]
    for number, score in enumerate(scores):
        assert await rating.average(connection, "rated-service") is None
        person = await known(connection)
        begun_ = await casework.begin(connection, other, person, "web", "sq", draft(BIRTH, ARTA).facts, NOW)
        await casework.answer(connection, begun_.id, person, "whom", {"whom": ["self"]}, NOW)
        queue = Queue()
        await casework.submit(connection, begun_.id, person, begun_.revision + 1, queue, NOW)
        await casework.settle_payment(connection, begun_.id, uuid4(), queue, NOW)
        await casework.issue(connection, begun_.id, uuid4(), NOW)
        month = NOW if number else NOW - timedelta(days=40)
        await rating.rate(connection, begun_.id, person, str(score), "", month)
    assert await rating.average(connection, "rated-service") == Average(3.9, 10)
    # Nine of them in November: too few to show that month.
    assert await rating.months(connection, "rated-service", date(2026, 1, 1)) == []
    kept = await connection.fetchrow(
        "SELECT count(*) AS ratings, sum(score) AS points FROM rating WHERE service_id = 'rated-service'"
    )
    assert kept is not None
    assert (kept["ratings"], kept["points"]) == (10, 39)


async def test_the_month_is_kosovos(connection: Connection) -> None:
    arta = await known(connection)
    application = await issued(connection, arta)
    new_year = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # already 2027 in Prishtina
    await rating.rate(connection, application.id, arta, "5", "", new_year)
    assert await connection.fetchval("SELECT month FROM rating") == date(2027, 1, 1)


async def test_a_rating_cannot_be_changed_afterwards(connection: Connection) -> None:
    arta = await known(connection)
    application = await issued(connection, arta)
    await rating.rate(connection, application.id, arta, "1", "", NOW)
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute("UPDATE rating SET score = 5")
