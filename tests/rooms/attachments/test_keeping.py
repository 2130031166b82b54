"""A content is kept once, whoever attached it, as long as somebody has it; no two acts at once lose it."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from portal.database import Database
from services.applications import attached, casework
from services.attachments import keeping, store
from services.attachments.attachment import Attachment, Limits, Problem, Standing
from services.attachments.store import Connection
from tests.rooms.applications.conftest import begun, known
from tests.unit.applications.people import ARTA, NOW

CORRECTION = "record-correction"
LIMITS = Limits(10_000_000, 2, 3)


def made(application_id: UUID, content: bytes, question: str = "evidence", standing: Standing = "clean") -> Attachment:
    return Attachment(
        id=uuid7(),
        application_id=application_id,
        question=question,
        name="a.pdf",
        type="pdf",
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        located=False,
        attached_at=NOW,
        standing=standing,
    )


async def attaches(connection: Connection, one: Attachment, content: bytes) -> Problem | None:
    return await keeping.attach(connection, one, content, LIMITS, NOW)


async def test_a_question_and_an_application_take_so_many_and_no_more(connection: Connection) -> None:
    draft = await begun(connection, await known(connection), CORRECTION, ARTA)
    said = [await attaches(connection, made(draft.id, each), each) for each in (b"1", b"2", b"2", b"3")]
    assert said == [None, None, None, "too_many"]  # the second came twice
    said = [await attaches(connection, made(draft.id, each, "other"), each) for each in (b"3", b"4")]
    assert said == [None, "too_many_in_all"]


async def test_what_was_harmful_is_so_until_it_is_found_clean(connection: Connection) -> None:
    draft = await begun(connection, await known(connection), CORRECTION, ARTA)
    waiting = made(draft.id, b"bad", standing="waiting")
    assert await attaches(connection, waiting, b"bad") is None
    assert await store.waiting(connection, []) == waiting.sha256
    await attached.settle(connection, waiting.sha256, "Eicar", NOW)
    assert await store.content(connection, waiting.sha256) is None
    again = made(draft.id, b"bad", "other", "waiting")
    assert await attaches(connection, again, b"bad") == "harmful"
    assert (
        await attaches(connection, made(draft.id, b"bad", "other"), b"bad") is None
    )  # it was a mistake of the scanner
    assert await store.content(connection, waiting.sha256) == b"bad"


async def test_what_no_answer_names_is_forgotten_when_it_was_sent(connection: Connection) -> None:
    draft = await begun(connection, await known(connection), CORRECTION, ARTA)
    named, left = made(draft.id, b"named"), made(draft.id, b"left")
    for one, content in ((named, b"named"), (left, b"left")):
        await attaches(connection, one, content)
    await connection.execute(
        "UPDATE application SET answers = $2::text::jsonb WHERE id = $1",
        draft.id,
        f'{{"evidence": [{{"id": "{named.id}", "sha256": "00"}}]}}',
    )
    await store.sweep(connection, NOW + timedelta(days=1))
    assert len(await store.of_application(connection, draft.id)) == 2  # a draft is hers
    await connection.execute(
        "UPDATE application SET state = 'submitted', submitted_at = $2, fee_cents = 0 WHERE id = $1", draft.id, NOW
    )
    await store.sweep(connection, NOW - timedelta(days=1))
    assert len(await store.of_application(connection, draft.id)) == 2
    await store.sweep(connection, NOW + timedelta(days=1))
    assert [one.id for one in await store.of_application(connection, draft.id)] == [named.id]
    assert await store.content(connection, left.sha256) is None


async def test_two_people_have_the_same_paper_and_one_throws_it_away_while_the_other_attaches_it(
    database: Database,
) -> None:
    content = uuid7().bytes
    for _ in range(10):
        async with database.transaction() as connection:
            people = [await known(connection) for _each in range(2)]
            mine, hers = [await begun(connection, person, CORRECTION, ARTA) for person in people]
            await attaches(connection, made(mine.id, content), content)

        async def throws_away() -> None:
            async with database.transaction() as connection:
                await casework.discard(connection, mine.id, mine.person_id, NOW)  # noqa: B023 - awaited within

        async def attaches_it() -> None:
            async with database.transaction() as connection:
                await attaches(connection, made(hers.id, content), content)  # noqa: B023 - as above

        await asyncio.gather(throws_away(), attaches_it())
        async with database.transaction() as connection:
            (hers_now,) = await store.of_application(connection, hers.id)
            assert await keeping.opened(connection, hers_now, is_scanned_first=True) == content
            assert await store.of_application(connection, mine.id) == []
            await casework.discard(connection, hers.id, hers.person_id, NOW)
            assert await store.content(connection, hers_now.sha256) is None
