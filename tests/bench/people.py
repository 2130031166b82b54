"""The people of a measurement: some who have ten applications each, and a crowd, each with one ready to be sent.

Sessions and applications are made by the portal's own functions. The crowd is one such person, copied in the
database: thousands could not be made one by one in the time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from eid.person import Identity, Person
from portal import cookie
from portal.database import Connection
from portal.queue import enqueue
from portal.store import open_session
from services.applications import casework
from services.applications.application import Application, State
from services.catalogue.load import catalogue
from services.registers.facts import FACTS, Fact
from tests.unit.applications.people import ARTA, BIRTH, REGISTERS, RENEWAL, RESIDENCE

READERS = 16
APPLICATIONS = 10
_ANSWERS = {
    BIRTH: {"whom": {"whom": ["self"]}},
    RESIDENCE: {"whom": {"whom": ["self"]}, "purpose": {"purpose": ["bank"]}},
    RENEWAL: {"vehicle": {"vehicle": ["01-234-AB"]}},
}


def token(name: str, number: int) -> str:
    """Return the token of a session, of a "reader" or one of the "crowd": 43 letters, as all have."""
    return f"{name}-{number:0{42 - len(name)}}"


def application_id(number: int) -> UUID:
    """Return the application that is ready to be sent by one of the crowd."""
    return UUID(f"00000000-0000-7000-9000-{number:012}")


def person_id(number: int) -> UUID:
    """Return one of the crowd."""
    return UUID(f"00000000-0000-7000-8000-{number:012}")


def in_use(now: datetime) -> datetime:
    """Return when sessions were last used: always just now, however long the measurement takes."""
    return now + timedelta(minutes=3)


async def reader(connection: Connection, number: int) -> str:
    """Make someone with ten applications in different states, and return her session's token."""
    now = datetime.now(UTC)
    person_id = await _signed_in(connection, "reader", number, now)
    for service_id in (RESIDENCE, BIRTH, RENEWAL) * (APPLICATIONS // 3):
        draft = await prepared(connection, person_id, service_id, now)
        await casework.submit(connection, draft.id, person_id, draft.revision, enqueue, now)
    await prepared(connection, person_id, RESIDENCE, now)
    return token("reader", number)


async def prepared(connection: Connection, person_id: UUID, service_id: str, now: datetime) -> Application:
    """Return a draft with every fact fetched and every question answered."""
    service = catalogue().get(service_id)
    assert service is not None
    facts = [
        Fact(need.name, ARTA, REGISTERS[ARTA][need.name], FACTS[need.name].register.code, now, uuid4())
        for need in service.facts
    ]
    draft = await casework.begin(connection, service, person_id, "web", "sq", facts, now)
    for section, fields in _ANSWERS[service_id].items():
        draft = await casework.answer(connection, draft.id, person_id, section, fields, now)
    return draft


async def crowd(connection: Connection, count: int) -> int:
    """Make `count` people, each with a session and an application ready to be sent; return its revision."""
    now = datetime.now(UTC)
    first = await _signed_in(connection, "crowd", 0, now)
    draft = await prepared(connection, first, RESIDENCE, now)
    assert draft.state is State.DRAFT
    for copying in _COPIES:
        await connection.execute(copying, first, draft.id, count)
    return draft.revision


async def _signed_in(connection: Connection, name: str, number: int, now: datetime) -> UUID:
    prefix = {"reader": "80", "crowd": "90"}[name]
    person = Person(f"{prefix}{number:08}", "Arta", "Krasniqi", date(1990, 5, 14), None, "sq")
    identity = Identity("https://eid.example.org", f"{name}-{number}", person, "substantial", now, None, "e" * 900)
    hashed = cookie.digest(token(name, number))
    return await open_session(connection, hashed, identity, typed=None, language="sq", now=in_use(now))


# Each is given the first person of the crowd, her application, and how many copies; all else is as it was made.
_COPIES = (
    """
    INSERT INTO person
    SELECT copy.* FROM person AS p, generate_series(1, $3::int) AS n, jsonb_populate_record(p, jsonb_build_object(
        'id', '00000000-0000-7000-8000-' || lpad(n::text, 12, '0'),
        'personal_number', '9' || lpad(n::text, 9, '0')
    )) AS copy WHERE p.id = $1 AND $2::uuid IS NOT NULL
    """,
    """
    INSERT INTO session
    SELECT copy.* FROM session AS s, generate_series(1, $3::int) AS n, jsonb_populate_record(s, jsonb_build_object(
        'token_hash', sha256(convert_to('crowd-' || lpad(n::text, 37, '0'), 'UTF8')),
        'person_id', '00000000-0000-7000-8000-' || lpad(n::text, 12, '0')
    )) AS copy WHERE s.person_id = $1 AND $2::uuid IS NOT NULL
    """,
    """
    INSERT INTO application
    SELECT copy.* FROM application AS a, generate_series(1, $3::int) AS n, jsonb_populate_record(a, jsonb_build_object(
        'id', '00000000-0000-7000-9000-' || lpad(n::text, 12, '0'),
        'reference', 'bench-' || n,
        'person_id', '00000000-0000-7000-8000-' || lpad(n::text, 12, '0')
    )) AS copy WHERE a.person_id = $1 AND a.id = $2
    """,
    """
    INSERT INTO application_event
    SELECT copy.* FROM application_event AS e, generate_series(1, $3::int) AS n,
        jsonb_populate_record(e, jsonb_build_object(
            'application_id', '00000000-0000-7000-9000-' || lpad(n::text, 12, '0')
        )) AS copy WHERE $1::uuid IS NOT NULL AND e.application_id = $2
    """,
)
