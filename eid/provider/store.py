"""The eID's memory: who is enrolled, who asks, who is signed in, and what has expired of what was given out."""

from __future__ import annotations

from dataclasses import astuple
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy

from eid.provider.client import Client
from eid.provider.people import Enrolled
from eid.provider.request import Authorization, Interaction, Session
from i18n.text import Wording

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy
Row: TypeAlias = asyncpg.Record

_SCHEMA = Path(__file__).with_name("schema.sql")  # and below it one for each area, by name
_ONE_AT_A_TIME = 0x65494400


async def create(connection: Connection) -> None:
    """Create the schema `eid` and whatever of it is missing."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _ONE_AT_A_TIME)
        for schema in (_SCHEMA, *sorted(_SCHEMA.parent.glob("*/schema.sql"))):
            await connection.execute(schema.read_text())


async def sweep(connection: Connection, now: datetime) -> None:
    """Forget what has expired, but sessions: they end. A used code is remembered, so that its reuse still revokes."""
    await connection.execute("DELETE FROM interaction WHERE expires_at < $1", now)
    await connection.execute("DELETE FROM pushed_request WHERE expires_at < $1", now)
    await connection.execute("DELETE FROM authorization_code WHERE expires_at < $1", now - timedelta(minutes=10))
    await connection.execute("DELETE FROM access_token WHERE expires_at < $1", now)
    await connection.execute("DELETE FROM used_proof WHERE expires_at < $1", now)
    await connection.execute("DELETE FROM used_assertion WHERE expires_at < $1", now)


# Clients
async def save_client(connection: Connection, client: Client, now: datetime) -> None:
    """Register a client, or put new metadata in the place of the old."""
    await connection.execute(
        """
        INSERT INTO client (client_id, metadata, registered_at) VALUES ($1, $2, $3)
        ON CONFLICT (client_id) DO UPDATE SET metadata = excluded.metadata
        """,
        client.client_id,
        client.model_dump_json(by_alias=True),
        now,
    )


async def find_client(connection: Connection, client_id: str) -> Client | None:
    """Return a registered client."""
    metadata = await connection.fetchval("SELECT metadata FROM client WHERE client_id = $1", client_id)
    return _client(metadata) if metadata else None


async def clients(connection: Connection) -> list[Client]:
    """Return every registered client, by id."""
    rows = await connection.fetch("SELECT metadata FROM client ORDER BY client_id")
    return [_client(row["metadata"]) for row in rows]


async def remove_client(connection: Connection, client_id: str) -> bool:
    """Forget a client and all that was given to it; tell whether there was one."""
    return await connection.fetchval("DELETE FROM client WHERE client_id = $1 RETURNING true", client_id) or False


@lru_cache(maxsize=256)
def _client(metadata: str) -> Client:
    """Return the client that the metadata describe, parsed once as long as they stay the same."""
    return Client.model_validate_json(metadata)


async def spend_assertion(connection: Connection, client_id: str, jti: str, expires_at: datetime) -> bool:
    """Remember a client assertion as used; False when it was used before."""
    spend = "INSERT INTO used_assertion VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING true"
    return await connection.fetchval(spend, client_id, jti, expires_at) is True


# People

_PERSON = """
    SELECT id, personal_number, given_name, family_name, birthdate, email, language, shows,
           pin_hash, wrong_tries, locked_at
      FROM person
"""


async def enrol(
    connection: Connection, person: Enrolled, place: int | None, now: datetime, *, is_pin_new: bool = False
) -> None:
    """Keep a person. One who is enrolled already keeps her id, and her PIN and tries unless the PIN is new."""
    await connection.execute(
        """
        INSERT INTO person (id, personal_number, given_name, family_name, birthdate, email, language, shows, pin_hash,
                            place, enrolled_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (personal_number) DO UPDATE
           SET pin_hash = CASE WHEN $12 THEN excluded.pin_hash ELSE person.pin_hash END,
               wrong_tries = CASE WHEN $12 THEN 0 ELSE person.wrong_tries END,
               locked_at = CASE WHEN $12 THEN NULL ELSE person.locked_at END,
               given_name = excluded.given_name, family_name = excluded.family_name, birthdate = excluded.birthdate,
               email = excluded.email, language = excluded.language, shows = excluded.shows, place = excluded.place
        """,
        person.id,
        person.personal_number,
        person.given_name,
        person.family_name,
        person.birthdate,
        person.email,
        person.language,
        msgspec.json.encode(person.shows).decode() if person.shows else None,
        person.pin_hash,
        place,
        now,
        is_pin_new,
    )


async def listed(connection: Connection) -> list[Enrolled]:
    """Return the people on the sign-in page, in their order."""
    return [_person(row) for row in await connection.fetch(f"{_PERSON} WHERE place IS NOT NULL ORDER BY place, id")]


async def find_person(connection: Connection, person_id: UUID, *, to_try: bool = False) -> Enrolled | None:
    """Return an enrolled person; `to_try` lets one PIN at a time be tried."""
    row = await connection.fetchrow(f"{_PERSON} WHERE id = $1{' FOR UPDATE' if to_try else ''}", person_id)
    return _person(row) if row else None


async def find_by_number(connection: Connection, personal_number: str) -> Enrolled | None:
    """Return the person enrolled with a personal number."""
    row = await connection.fetchrow(f"{_PERSON} WHERE personal_number = $1", personal_number)
    return _person(row) if row else None


async def note_tries(connection: Connection, person_id: UUID, wrong_tries: int, locked_at: datetime | None) -> None:
    """Keep how many wrong PINs were given in a row, and since when she is locked."""
    await connection.execute(
        "UPDATE person SET wrong_tries = $2, locked_at = $3 WHERE id = $1", person_id, wrong_tries, locked_at
    )


def _person(row: Row) -> Enrolled:
    shows = msgspec.json.decode(row["shows"], type=Wording) if row["shows"] else None
    return Enrolled(**_values(row, shows=shows))


def _values(row: Row, **read: object) -> dict[str, Any]:
    return dict(row) | read


# Sign-ins under way
async def begin(connection: Connection, interaction: Interaction) -> None:
    """Keep a request while its person is at the sign-in page."""
    await connection.execute(
        "INSERT INTO interaction (id, browser_hash, expires_at, request) VALUES ($1, $2, $3, $4)",
        *(interaction.id, interaction.browser_hash, interaction.expires_at, interaction.request.as_json()),
    )


async def find_interaction(connection: Connection, interaction_id: UUID, *, to_act: bool = False) -> Interaction | None:
    """Return a sign-in under way; `to_act` lets one request at a time act on it."""
    row = await connection.fetchrow(
        f"SELECT * FROM interaction WHERE id = $1{' FOR UPDATE' if to_act else ''}",  # noqa: S608 - two constants
        interaction_id,
    )
    return Interaction(**_values(row, request=Authorization.from_json(row["request"]))) if row else None


async def set_person(connection: Connection, interaction_id: UUID, person_id: UUID) -> None:
    """Note who the person says she is; her PIN will tell."""
    await connection.execute("UPDATE interaction SET person_id = $2 WHERE id = $1", interaction_id, person_id)


async def finish(connection: Connection, interaction_id: UUID, now: datetime) -> None:
    """Note that a sign-in was answered; it cannot be answered again."""
    await connection.execute("UPDATE interaction SET finished_at = $2 WHERE id = $1", interaction_id, now)


# Sessions
async def open_session(connection: Connection, session: Session, cookie_hash: bytes) -> None:
    """Keep a browser's new session, or one in which the person has proved herself anew."""
    await connection.execute(
        """
        INSERT INTO session (id, person_id, acr, amr, auth_time, seen_at, cookie_hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (id) DO UPDATE
           SET acr = excluded.acr, amr = excluded.amr, auth_time = excluded.auth_time, seen_at = excluded.seen_at,
               cookie_hash = excluded.cookie_hash
        """,
        *astuple(session)[:6],
        cookie_hash,
    )


async def find_session(connection: Connection, cookie_hash: bytes) -> Session | None:
    """Return the session of a cookie; the caller judges whether it is live."""
    row = await connection.fetchrow(
        """
        SELECT id, person_id, acr, amr, auth_time, seen_at,
               ARRAY(SELECT client_id FROM session_client WHERE session_id = session.id) AS told
          FROM session WHERE cookie_hash = $1
        """,
        cookie_hash,
    )
    return Session(**dict(row)) if row else None


async def touch_session(connection: Connection, session_id: UUID, now: datetime) -> None:
    """Note that a session was used."""
    await connection.execute("UPDATE session SET seen_at = $2 WHERE id = $1", session_id, now)


async def tell_client(connection: Connection, session_id: UUID, client_id: str, sid: str) -> None:
    """Note that a client was told who is signed in, and the name under which it knows the session."""
    await connection.execute(
        "INSERT INTO session_client VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", session_id, client_id, sid
    )


async def find_session_by_sid(connection: Connection, client_id: str, sid: str) -> UUID | None:
    """Return the id of the session that a client knows as `sid`."""
    known = "SELECT session_id FROM session_client WHERE client_id = $1 AND sid = $2"
    return await connection.fetchval(known, client_id, sid)


# Signing keys
async def signing_keys(connection: Connection, *, to_change: bool = False) -> list[Row]:
    """Return the keys with their state, oldest first; `to_change` lets one program at a time change them."""
    if to_change:
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _ONE_AT_A_TIME)
    return await connection.fetch("SELECT * FROM signing_key ORDER BY created_at, kid")


async def save_key(connection: Connection, key: tuple[str, str, str], kty: str, state: str, now: datetime) -> None:
    """Keep a new signing key: its id, its public part and its sealed private part."""
    keep = """
        INSERT INTO signing_key (kid, public_jwk, sealed_jwk, kty, state, created_at) VALUES ($1, $2, $3, $4, $5, $6)
    """
    await connection.execute(keep, *key, kty, state, now)


async def rotate_keys(connection: Connection, now: datetime, served: timedelta) -> None:
    """Retire the current key, let the next one sign, and forget what was retired longer than `served` ago."""
    await connection.execute("DELETE FROM signing_key WHERE retired_at < $1", now - served)
    await connection.execute("UPDATE signing_key SET state = 'retired', retired_at = $1 WHERE state = 'current'", now)
    await connection.execute("UPDATE signing_key SET state = 'current' WHERE state = 'next'")
