"""An office sees what waits for it: by due day, filtered, counted, and found by whose it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from portal.database import Database
from services.applications.application import State
from services.applications.office import review
from services.applications.queue import store as queued
from services.applications.queue.wanted import Figures, Key, names_in
from tests.rooms.applications.conftest import Queue
from tests.rooms.applications.officers import CHANGE, member, sent, wanted
from tests.unit.applications.people import NOW


async def test_the_queue_is_paged_by_due_day(database: Database, queue: Queue) -> None:
    async with database.transaction() as connection:
        officer = await member(connection)
        applications = [await sent(connection, queue) for _each in range(3)]
        for number, application in enumerate(applications):
            due = NOW.date() - timedelta(days=number)
            await connection.execute("UPDATE application SET due_on = $2 WHERE id = $1", application.id, due)
        seen: list[UUID] = []
        key = None
        while lines := await queued.page(connection, wanted(officer, after=key), 1):
            seen.append(lines[0].id)
            key = Key(lines[0].due_on, lines[0].id)
    ours = [each for each in seen if each in {application.id for application in applications}]
    assert ours == [application.id for application in reversed(applications)]
    assert len(seen) == len(set(seen))


async def test_the_queue_is_filtered_and_counted(database: Database, queue: Queue) -> None:
    async with database.transaction() as connection:
        officer = await member(connection, municipality="gjilan")
        late, hers, asked, free = [await sent(connection, queue) for _each in range(4)]
        await connection.execute(
            "UPDATE application SET desk = 'arc/gjilan' WHERE id = ANY($1)",
            [one.id for one in (late, hers, asked, free)],
        )
        await connection.execute(
            "UPDATE application SET due_on = $2 WHERE id = ANY($1)", [late.id, asked.id], NOW.date() - timedelta(days=1)
        )
        for one in (hers, asked):
            held = await review.take(connection, officer, one.id, one.revision, NOW)
        await review.ask(connection, officer, held.id, held.revision, [], "Bring it", NOW)

        async def seen(**more: Any) -> set[UUID]:  # noqa: ANN401 - a filter
            return {line.id for line in await queued.page(connection, wanted(officer, **more), 1000)}

        assert await seen() == {late.id, hers.id, asked.id, free.id}
        assert await seen(whose="mine") == {hers.id, asked.id}
        assert await seen(whose="free") == {late.id, free.id}
        assert await seen(whose="overdue") == {late.id}  # while she is asked the time limit stands still
        assert await seen(state=State.IN_REVIEW) == {hers.id}
        assert await seen(service_id=CHANGE) == set()
        assert await queued.figures(connection, wanted(officer)) == Figures(waiting=3, overdue=1, mine=1, free=2)
        assert await queued.following(connection, officer, late.id) == hers.id


async def test_an_office_finds_its_own_by_name_and_number(database: Database, queue: Queue) -> None:
    async with database.transaction() as connection:
        officer, elsewhere = await member(connection), await member(connection, municipality="prizren")
        application = await sent(connection, queue)
        await connection.execute(
            "UPDATE person SET given_name = 'Ëndrra', family_name = 'Đokić' WHERE id = $1", application.person_id
        )
        number = await connection.fetchval("SELECT personal_number FROM person WHERE id = $1", application.person_id)
        for typed in ("endrra djokic", "Đokić", "DOKIC endr", "ëndrra"):
            names = names_in(typed)
            lines, are_more = await queued.of_name(connection, officer, names, 50)
            assert not are_more
            found = {line.id for line in lines}
            assert application.id in found, typed
            assert await queued.of_name(connection, elsewhere, names, 50) == ([], False)
        await connection.execute(
            """
            INSERT INTO person (SELECT (jsonb_populate_record(original, jsonb_build_object(
                'id', gen_random_uuid(), 'personal_number', '99' || to_char(number, 'FM00000000')))).*
            FROM person original, generate_series(1, 500) number WHERE original.id = $1)
            """,
            application.person_id,
        )
        _lines, are_more = await queued.of_name(connection, officer, names_in("Đokić"), 50)
        assert are_more  # people than are looked through: she is asked for more of the name
        assert [line.id for line in await queued.of_number(connection, officer, number, 50)] == [application.id]
        assert await queued.of_number(connection, elsewhere, number, 50) == []
        assert await queued.referred(connection, elsewhere, application.reference) is None
        assert await queued.referred(connection, officer, application.reference) == application.id
