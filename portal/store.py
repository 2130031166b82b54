"""The door's only SQL: people, sign-ins under way and sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from eid.person import Identity, Level
from i18n.text import Language
from portal.database import Connection


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser and the person behind it, as one query finds them."""

    token_hash: bytes
    person_id: UUID
    personal_number: str
    given_name: str
    family_name: str
    birthdate: date
    email: str | None
    acr: Level
    issuer: str
    id_token: str
    created_at: datetime
    seen_at: datetime
    unread: int
    typed: dict[str, Any] | None


_SESSION = """
    SELECT s.token_hash, s.person_id, p.personal_number, p.given_name, p.family_name, p.birthdate, p.email,
           s.acr, s.issuer, s.id_token, s.created_at, s.seen_at, s.typed,
           (SELECT count(*) FROM notice n WHERE n.person_id = s.person_id AND n.read_at IS NULL) AS unread
      FROM session s JOIN person p ON p.id = s.person_id
     WHERE s.token_hash = $1
"""


async def find_session(connection: Connection, token_hash: bytes) -> Session | None:
    """Return the session of a cookie, live or gone idle; the caller judges which."""
    row = await connection.fetchrow(_SESSION, token_hash)
    return Session(**dict(row)) if row else None


async def open_session(
    connection: Connection,
    token_hash: bytes,
    identity: Identity,
    *,
    typed: dict[str, Any] | None,
    language: Language,
    now: datetime,
) -> UUID:
    """Keep a new session of the person behind `identity`, whom it makes or brings up to date; return her id."""
    person_id = await _person(connection, identity, language, now)
    await connection.execute(
        """
        INSERT INTO session (token_hash, person_id, acr, issuer, sid, id_token, auth_time, created_at, seen_at, typed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)
        """,
        token_hash,
        person_id,
        identity.acr,
        identity.issuer,
        identity.sid,
        identity.id_token,
        identity.auth_time,
        now,
        typed,
    )
    return person_id


async def _person(connection: Connection, identity: Identity, language: Language, now: datetime) -> UUID:
    person = identity.person
    person_id: UUID = await connection.fetchval(
        """
        INSERT INTO person (id, personal_number, given_name, family_name, birthdate, email, language, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (personal_number) DO UPDATE
           SET given_name = excluded.given_name, family_name = excluded.family_name,
               birthdate = excluded.birthdate, email = coalesce(excluded.email, person.email),
               language = excluded.language
        RETURNING id
        """,
        uuid7(),
        person.personal_number,
        person.given_name,
        person.family_name,
        person.birthdate,
        person.email,
        language,
        now,
    )
    await connection.execute(
        "INSERT INTO identity_link (issuer, subject, person_id, created_at) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (issuer, subject) DO UPDATE SET person_id = excluded.person_id",
        identity.issuer,
        identity.subject,
        person_id,
        now,
    )
    return person_id


async def touch_session(connection: Connection, token_hash: bytes, now: datetime) -> None:
    """Note that the person did something."""
    await connection.execute("UPDATE session SET seen_at = $2 WHERE token_hash = $1", token_hash, now)


async def forget_typed(connection: Connection, token_hash: bytes) -> None:
    """Drop what had been typed when an earlier session ended: it has been shown again."""
    await connection.execute("UPDATE session SET typed = NULL WHERE token_hash = $1", token_hash)


async def close_session(connection: Connection, token_hash: bytes) -> None:
    """End one session."""
    await connection.execute("DELETE FROM session WHERE token_hash = $1", token_hash)


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in under way in one browser: what we asked the provider, where to go after, and what was being typed."""

    attempt: dict[str, Any]
    next: str
    typed: dict[str, Any] | None


async def keep_typed(
    connection: Connection, browser_hash: bytes, typed: dict[str, Any], page: str, now: datetime
) -> None:
    """Keep the form that a lost session could not take, until this browser has signed in."""
    await connection.execute(
        """
        INSERT INTO sign_in (browser_hash, next, typed, created_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (browser_hash) DO UPDATE
           SET next = excluded.next, typed = excluded.typed, created_at = excluded.created_at
        """,
        browser_hash,
        page,
        typed,
        now,
    )


async def begin_sign_in(
    connection: Connection, browser_hash: bytes, attempt: dict[str, Any], page: str, now: datetime
) -> None:
    """Keep a sign-in of this browser; a second one replaces the first, and what was typed stays."""
    await connection.execute(
        """
        INSERT INTO sign_in (browser_hash, attempt, next, created_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (browser_hash) DO UPDATE
           SET attempt = excluded.attempt, next = excluded.next, created_at = excluded.created_at
        """,
        browser_hash,
        attempt,
        page,
        now,
    )


async def take_sign_in(connection: Connection, browser_hash: bytes) -> SignIn | None:
    """Return the sign-in of this browser and forget its attempt, so that an answer of the provider is taken once.

    Where to go and what was typed stay, for a sign-in that fails is begun again.
    """
    row = await connection.fetchrow(
        """
        WITH taken AS (SELECT * FROM sign_in WHERE browser_hash = $1 AND attempt IS NOT NULL FOR UPDATE)
        UPDATE sign_in SET attempt = NULL FROM taken WHERE sign_in.browser_hash = taken.browser_hash
        RETURNING taken.attempt, taken.next, taken.typed
        """,
        browser_hash,
    )
    return SignIn(**dict(row)) if row else None


async def end_sign_in(connection: Connection, browser_hash: bytes) -> None:
    """Remove the sign-in of this browser: it has become a session."""
    await connection.execute("DELETE FROM sign_in WHERE browser_hash = $1", browser_hash)


async def sweep(connection: Connection, now: datetime, idle: timedelta, unfinished: timedelta) -> None:
    """Remove sessions idle for too long, and sign-ins that were not finished for too long."""
    await connection.execute("DELETE FROM session WHERE seen_at < $1", now - idle)
    await connection.execute("DELETE FROM sign_in WHERE created_at < $1", now - unfinished)
