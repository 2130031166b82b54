"""A person is told of each decision once, reads it herself, and gets one mail if she gave an address."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from i18n.refusal import NotFound
from services.applications.application import Application
from services.applications.store import Connection
from services.notices import inbox
from services.notices.notice import Letter
from tests.rooms.applications.conftest import Queue, begun, known
from tests.unit.applications.people import ARTA, BIRTH, NOW


async def _told(connection: Connection, *, email: str | None = "arta@example.org") -> tuple[UUID, Application, Queue]:
    """Return a person, an application of hers of which she was told, and the queue with what followed."""
    arta, queue = await known(connection), Queue()
    await connection.execute("UPDATE person SET email = $2 WHERE id = $1", arta, email)
    application = await begun(connection, arta, BIRTH, ARTA)
    await inbox.tell(connection, application, "issued", queue, NOW)
    return arta, application, queue


async def test_she_is_told_once_and_mailed_once(connection: Connection) -> None:
    arta, application, queue = await _told(connection)
    await inbox.tell(connection, application, "issued", queue, NOW + timedelta(days=1))
    (notice,) = await inbox.of(connection, arta, None)
    assert (notice.application_id, notice.kind, notice.created_at, notice.read_at) == (
        application.id,
        "issued",
        NOW,
        None,
    )
    assert queue.tasks == [("mail", str(notice.id))]


async def test_two_kinds_are_two_notices(connection: Connection) -> None:
    arta, application, queue = await _told(connection)
    await inbox.tell(connection, application, "refused", queue, NOW)
    assert [notice.kind for notice in await inbox.of(connection, arta, None)] == ["refused", "issued"]
    assert len(queue.tasks) == 2


async def test_reading_is_noted_the_first_time(connection: Connection) -> None:
    arta, _application, _queue = await _told(connection)
    (notice,) = await inbox.of(connection, arta, None)
    first = await inbox.read(connection, notice.id, arta, NOW)
    again = await inbox.read(connection, notice.id, arta, NOW + timedelta(hours=1))
    assert first.read_at == again.read_at == NOW


async def test_a_stranger_reads_nothing(connection: Connection) -> None:
    arta, _application, _queue = await _told(connection)
    (notice,) = await inbox.of(connection, arta, None)
    besnik = await known(connection)
    assert await inbox.of(connection, besnik, None) == []
    for who, what in ((besnik, notice.id), (arta, uuid4())):
        with pytest.raises(NotFound):
            await inbox.read(connection, what, who, NOW)
    (unread,) = await inbox.of(connection, arta, None)
    assert unread.read_at is None


async def test_many_are_read_page_by_page_newest_first(connection: Connection) -> None:
    arta, queue = await known(connection), Queue()
    for number in range(inbox.PAGE + 5):
        application = await begun(connection, arta, BIRTH, ARTA)
        await connection.execute("UPDATE application SET state = 'withdrawn' WHERE id = $1", application.id)
        await inbox.tell(connection, application, "issued", queue, NOW + timedelta(minutes=number))
    first = await inbox.of(connection, arta, None)
    second = await inbox.of(connection, arta, first[-1].id)
    assert (len(first), len(second)) == (inbox.PAGE, 5)
    times = [notice.created_at for notice in [*first, *second]]
    assert times == sorted(times, reverse=True)


async def test_a_letter_goes_out_until_it_has(connection: Connection) -> None:
    arta, application, _queue = await _told(connection)
    (notice,) = await inbox.of(connection, arta, None)
    letter = await inbox.letter(connection, notice.id)
    assert letter == Letter(notice=notice, email="arta@example.org", language="sq", given_name="Arta")
    assert letter is not None
    assert letter.notice.reference == application.reference
    await inbox.mailed(connection, notice.id, NOW)
    assert await inbox.letter(connection, notice.id) is None


async def test_who_gave_no_address_gets_no_mail_and_reads_it_here(connection: Connection) -> None:
    arta, _application, _queue = await _told(connection, email=None)
    (notice,) = await inbox.of(connection, arta, None)
    assert await inbox.letter(connection, notice.id) is None
    assert await inbox.letter(connection, uuid4()) is None


async def test_a_letter_holds_no_personal_number(connection: Connection) -> None:
    arta, _application, _queue = await _told(connection)
    (notice,) = await inbox.of(connection, arta, None)
    number = await connection.fetchval("SELECT personal_number FROM person WHERE id = $1", arta)
    assert number not in str(await inbox.letter(connection, notice.id))
