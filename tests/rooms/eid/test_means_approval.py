"""What is put on a person's phone: kept, found again, answered once, over in two minutes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from eid.provider import store
from eid.provider.client import Client
from eid.provider.database import SESSION
from eid.provider.means import store as means
from eid.provider.means.approval import Approval, ask_phone, find_approval, outcome
from eid.provider.means.issue import demo_codes, issue
from eid.provider.people import Enrolled, hash_pin
from eid.provider.secret import Secret
from i18n.refusal import Refused

from .parties import RelyingParty

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
SECRET = Secret("a secret of this test, of thirty-two")
PERSON = UUID(int=7)
MESSAGE = "Counter 4: change of address"


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    """Give an empty database."""
    return new_database()


@pytest.fixture
async def database(url: str, portal: RelyingParty) -> AsyncIterator[asyncpg.Connection]:
    """Give an eID's database with one person, who has a phone, and the portal."""
    connection = await asyncpg.connect(url, server_settings=SESSION)
    await store.create(connection)
    await store.create(connection)  # at every start
    pin_hash = hash_pin("1111", SECRET)
    born = datetime(1987, 4, 11, tzinfo=UTC).date()
    person = Enrolled(PERSON, "1176042318", "Arta", "Krasniqi", born, None, "sq", None, pin_hash, 0, None)
    await store.enrol(connection, person, None, NOW)
    await store.save_client(connection, Client.model_validate(portal.registration()), NOW)
    await issue(connection, PERSON, "phone", demo_codes("1111"), secret=SECRET, now=NOW)
    yield connection
    await connection.close()


async def asked(connection: asyncpg.Connection, now: datetime = NOW) -> Approval:
    """Put a request on her phone."""
    return await ask_phone(
        connection, person_id=PERSON, client_id="portal", kind="backchannel", pin="pin1", message=MESSAGE, now=now
    )


async def test_a_request_waits_on_her_phone_until_she_answers_it_once(database: asyncpg.Connection) -> None:
    request = await asked(database)
    assert await find_approval(database, request.id) == request
    assert request.message == MESSAGE
    assert len(request.control_code) == 4
    assert outcome(request, NOW) == "pending"
    assert await means.waiting(database, PERSON, NOW) == [request]
    for answer in ("approved", "refused"):
        await means.answer_approval(database, request.id, answer, NOW)
        found = await find_approval(database, request.id)
        assert found
        assert outcome(found, NOW + timedelta(hours=1)) == "approved"
    assert await means.waiting(database, PERSON, NOW) == []


async def test_a_request_that_nobody_answers_is_over_in_two_minutes(database: asyncpg.Connection) -> None:
    request = await asked(database)
    assert outcome(request, NOW + timedelta(seconds=119)) == "pending"
    assert outcome(request, NOW + timedelta(seconds=120)) == "expired"
    assert await means.waiting(database, PERSON, NOW + timedelta(seconds=120)) == []
    await means.sweep(database, NOW + timedelta(minutes=30))
    assert await find_approval(database, request.id)
    await means.sweep(database, NOW + timedelta(minutes=63))
    assert await find_approval(database, request.id) is None


async def test_a_phone_that_cannot_be_used_is_not_asked(database: asyncpg.Connection) -> None:
    phone = await means.find_means(database, PERSON, "phone")
    assert phone
    with pytest.raises(Refused, match="phone_expired"):
        await asked(database, phone.valid_until)
    await means.note_code_tries(database, phone.id, "pin1", 3)
    with pytest.raises(Refused, match="phone_locked"):
        await asked(database)
    await means.set_standing(database, phone.id, "suspended")
    with pytest.raises(Refused, match="phone_suspended"):
        await asked(database)
    await database.execute("DELETE FROM means")
    with pytest.raises(Refused, match="phone_missing"):
        await asked(database)


async def test_nobody_is_flooded_with_requests(database: asyncpg.Connection) -> None:
    for _ in range(20):
        await asked(database)
    with pytest.raises(Refused, match="phone_busy"):
        await asked(database)
    await asked(database, NOW + timedelta(seconds=120))
