"""An event is taken once and makes its offer once; people hear of it as they chose; nothing is kept for long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from uuid_utils.compat import uuid7

from services.offers import offering, store, telling
from services.offers.offer import KEPT
from services.offers.preference import Message, Preference
from services.offers.store import Connection
from services.registers.event import Event
from services.registers.feed import Batch
from services.registers.message import Proof
from services.registers.seal import AuditKey
from tests.rooms.applications.conftest import Queue

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KEY = AuditKey(
    ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
)
BOTH = Preference(by_email=True, by_sms=True, phone="+38344123456")
BORN: Mapping[str, object] = {"child": "1249061588", "given_name": "Sofija", "born_on": "2026-11-14"}


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who is known to the portal."""

    person_id: UUID
    personal_number: str


async def known(connection: Connection, email: str | None = "milica@example.org") -> Person:
    """Return somebody new whom the portal knows."""
    person_id = uuid7()
    person = Person(person_id, f"{person_id.int % 10**10:010}")
    await connection.execute(
        "INSERT INTO person (id, personal_number, given_name, family_name, birthdate, email, language, created_at)"
        " VALUES ($1, $2, 'Milica', 'Jovanović', '1993-06-28', $3, 'sr', $4)",
        person.person_id,
        person.personal_number,
        email,
        NOW,
    )
    return person


async def told(
    connection: Connection,
    queue: Queue,
    *events: tuple[str, str, Mapping[str, object]],
    at: datetime = NOW,
    days: int = 0,
) -> bool:
    """Take events of `days` ago (to whom, of which kind, about what) as the next ones of the feed."""
    since = await store.read_until(connection)
    day = (at - timedelta(days=days)).date()
    numbered = (Event(since + number, day, kind, to, about) for number, (to, kind, about) in enumerate(events, 1))
    proof = Proof("/events", "hash", "signature", 200, b"answer", "signature")
    batch = Batch(since, since + len(events), tuple(numbered), uuid4(), proof)
    return await offering.take(connection, batch, queue, KEY, at)


async def test_events_are_taken_once_whoever_comes_second(connection: Connection, queue: Queue) -> None:
    milica = await known(connection)
    event = Event(await store.read_until(connection) + 1, NOW.date(), "birth", milica.personal_number, BORN)
    batch = Batch(event.sequence - 1, event.sequence, (event,), uuid4(), Proof("/events", "h", "s", 200, b"a", "s"))
    assert await offering.take(connection, batch, queue, KEY, NOW)
    assert not await offering.take(connection, batch, queue, KEY, NOW)
    (offer,) = await offering.of(connection, milica, NOW)
    assert (offer.state, offer.service and offer.service.id) == ("open", "birth-extract")
    reads = await connection.fetch(
        "SELECT message_id, purpose FROM fact_read WHERE subject = $1", milica.personal_number
    )
    assert [row["message_id"] for row in reads] == [batch.message_of(event)]


async def test_the_same_told_again_makes_no_second_offer_not_even_of_what_was_declined(
    connection: Connection, queue: Queue
) -> None:
    milica = await known(connection)
    await told(connection, queue, (milica.personal_number, "birth", BORN))
    (offer,) = await offering.of(connection, milica, NOW)
    await offering.decline(connection, offer.id, milica, NOW)
    await told(connection, queue, (milica.personal_number, "birth", BORN), (milica.personal_number, "birth", BORN))
    assert [each.state for each in await offering.of(connection, milica, NOW)] == ["declined"]
    twin = {**BORN, "child": "1249061589", "given_name": "Mila"}
    await told(connection, queue, (milica.personal_number, "birth", twin))
    assert sorted(each.state for each in await offering.of(connection, milica, NOW)) == ["declined", "open"]


async def test_what_happened_long_ago_is_recorded_as_read_and_not_offered(connection: Connection, queue: Queue) -> None:
    milica = await known(connection)
    await told(connection, queue, (milica.personal_number, "birth", BORN), days=KEPT.days + 1)
    assert await offering.of(connection, milica, NOW) == []
    count = "SELECT count(*) FROM fact_read WHERE subject = $1"
    assert await connection.fetchval(count, milica.personal_number) == 1


async def test_after_half_a_year_an_offer_is_gone_whatever_became_of_it(connection: Connection, queue: Queue) -> None:
    milica = await known(connection)
    await told(connection, queue, (milica.personal_number, "birth", BORN))
    (offer,) = await offering.of(connection, milica, NOW)
    later = NOW + KEPT + timedelta(minutes=1)
    assert await offering.of(connection, milica, later) == []
    kept = "SELECT count(*) FROM offer WHERE id = $1"
    await store.sweep(connection, later - KEPT - timedelta(minutes=2))
    assert await connection.fetchval(kept, offer.id) == 1
    await store.sweep(connection, later - KEPT)
    assert await connection.fetchval(kept, offer.id) == 0


async def test_an_offer_lapses_when_its_rule_holds_no_more(connection: Connection, queue: Queue) -> None:
    milica = await known(connection)
    about = {"plate": "01-234-AB", "make": "Fiat", "model": "Panda", "valid_until": "2026-12-23"}
    await told(connection, queue, (milica.personal_number, "inspection_due", about))
    assert [each.state for each in await offering.of(connection, milica, NOW + timedelta(days=30))] == ["open"]
    assert [each.state for each in await offering.of(connection, milica, NOW + timedelta(days=31))] == ["lapsed"]
    assert await offering.open_of(connection, milica, NOW + timedelta(days=31)) == []


async def test_who_chose_nothing_gets_no_message(connection: Connection, queue: Queue) -> None:
    milica = await known(connection)
    await told(connection, queue, (milica.personal_number, "birth", BORN))
    assert queue.tasks == []
    assert await telling.preference(connection, milica.person_id) == Preference()


async def test_she_hears_once_a_day_on_each_channel_that_she_chose(connection: Connection, queue: Queue) -> None:
    milica = await known(connection)
    await telling.choose(connection, milica.person_id, BOTH, NOW)
    twin = {**BORN, "given_name": "Mila"}
    await told(connection, queue, (milica.personal_number, "birth", BORN), (milica.personal_number, "birth", twin))
    await told(connection, queue, (milica.personal_number, "birth", {**BORN, "given_name": "Ana"}))
    assert [task for task, _id in queue.tasks] == ["offer_email", "offer_sms"]
    ids = [UUID(payload) for _task, payload in queue.tasks]
    assert [await telling.message(connection, each) for each in ids] == [
        Message(ids[0], "email", "milica@example.org", "sr"),
        Message(ids[1], "sms", "+38344123456", "sr"),
    ]
    await telling.sent(connection, ids[0], NOW)
    assert await telling.message(connection, ids[0]) is None
    tomorrow = NOW + timedelta(days=1)
    await told(connection, queue, (milica.personal_number, "birth", {**BORN, "given_name": "Iva"}), at=tomorrow)
    assert len(queue.tasks) == 4


@pytest.mark.parametrize("chosen", [Preference(), Preference(by_email=True)])
async def test_what_she_no_longer_wants_is_not_sent_any_more(
    connection: Connection, queue: Queue, chosen: Preference
) -> None:
    milica = await known(connection)
    await telling.choose(connection, milica.person_id, BOTH, NOW)
    await told(connection, queue, (milica.personal_number, "birth", BORN))
    await telling.choose(connection, milica.person_id, chosen, NOW)
    left = [await telling.message(connection, UUID(payload)) for _task, payload in queue.tasks]
    assert [message.channel for message in left if message] == (["email"] if chosen.by_email else [])
    phone = "SELECT phone FROM offer_preference WHERE person_id = $1"
    assert await connection.fetchval(phone, milica.person_id) is None


async def test_who_has_no_address_is_not_written_to(connection: Connection, queue: Queue) -> None:
    milica = await known(connection, email=None)
    await telling.choose(connection, milica.person_id, Preference(by_email=True), NOW)
    await told(connection, queue, (milica.personal_number, "birth", BORN))
    assert queue.tasks == []
