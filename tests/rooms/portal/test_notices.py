"""Messages on the pages: counted until read, read by their owner, and leading to what they are about."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from portal.database import Database
from portal.queue import enqueue
from services.applications import store as applications
from services.notices import inbox
from tests.rooms.portal.visitor import AGIM, BESNIK, Visitor, application_of


@pytest.fixture
async def told(visitor: Visitor, memory: Database) -> UUID:
    """Give Besnik's application of whose refusal he was just told."""
    await visitor.signs_in(BESNIK)
    check = await visitor.asks_for_what_is_refused()
    await visitor.follow(await visitor.send(check, "/submission"))
    async with memory.transaction() as connection:
        application = await applications.any_of(connection, application_of(check), lock=False)
        assert application
        await inbox.tell(connection, application, "refused", enqueue, application.updated_at)
    return application.id


async def _notice(memory: Database, application: UUID) -> UUID:
    async with memory.connect() as connection:
        return await connection.fetchval("SELECT id FROM notice WHERE application_id = $1", application)


async def test_an_unread_message_is_read_by_opening_it(visitor: Visitor, memory: Database, told: UUID) -> None:
    notice = await _notice(memory, told)
    before = await visitor.get("/en/notices")
    assert "New" in before.text.partition(f"/en/notices/{notice}")[2][:200]
    opened = await visitor.follow(await visitor.get(f"/en/notices/{notice}"))
    assert opened.url.path == f"/en/applications/{told}"
    after = await visitor.get("/en/notices")
    assert "New" not in after.text.partition(f"/en/notices/{notice}")[2][:200]


async def test_a_strangers_message_is_not_found_and_stays_unread(
    visitor: Visitor, new_visitor: Callable[[], Visitor], memory: Database, told: UUID
) -> None:
    notice = await _notice(memory, told)
    stranger = new_visitor()
    await stranger.signs_in(AGIM)
    assert (await stranger.get(f"/sq/notices/{notice}")).status_code == 404
    assert str(notice) not in (await stranger.get("/sq/notices")).text
    async with memory.connect() as connection:
        assert await connection.fetchval("SELECT read_at FROM notice WHERE id = $1", notice) is None


async def test_messages_are_for_who_is_signed_in(visitor: Visitor) -> None:
    answer = await visitor.get("/sr/notices")
    assert answer.headers["location"] == "/sr/sign-in?next=/notices"
