"""The door's only SQL: people, sign-ins under way and sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from eid.logout import Logout
from eid.person import Identity, Lasting, Level
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
    refresh_token: str | None = None
    expires_at: datetime | None = None
    renew_at: datetime | None = None
    works_in_office: bool = False


_SESSION = """
    SELECT s.token_hash, s.person_id, p.personal_number, p.given_name, p.family_name, p.birthdate, p.email,
           s.acr, s.issuer, s.id_token, s.created_at, s.seen_at, s.typed, s.refresh_token, s.expires_at, s.renew_at,
           (SELECT count(*) FROM notice n WHERE n.person_id = s.person_id AND n.read_at IS NULL) AS unread,
           EXISTS (SELECT FROM office_member o WHERE o.personal_number = p.personal_number) AS works_in_office
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
    lasts = identity.lasts
    await connection.execute(
        """
        INSERT INTO session (token_hash, person_id, acr, issuer, subject, sid, id_token, auth_time, created_at, seen_at,
                             typed, refresh_token, expires_at, renew_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, $13)
        """,
        *(token_hash, person_id, identity.acr, identity.issuer, identity.subject, identity.sid, identity.id_token),
        *(identity.auth_time, now, typed),
        *((lasts.refresh_token, lasts.expires_at, _halfway(lasts, now)) if lasts else (None, None, None)),
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


async def claim_renewal(connection: Connection, token_hash: bytes, now: datetime, patience: timedelta) -> bool:
    """Tell whether it falls to the caller to renew this session; nobody else is told so while `patience` lasts."""
    claimed = await connection.fetchval(
        "UPDATE session SET renew_at = $2 + $3::interval WHERE token_hash = $1 AND renew_at <= $2 RETURNING true",
        token_hash,
        now,
        patience,
    )
    return claimed is True


async def renew_session(
    connection: Connection, token_hash: bytes, id_token: str, lasts: Lasting, now: datetime
) -> None:
    """Keep what a session was renewed to."""
    await connection.execute(
        "UPDATE session SET id_token = $2, refresh_token = $3, expires_at = $4, renew_at = $5 WHERE token_hash = $1",
        *(token_hash, id_token, lasts.refresh_token, lasts.expires_at, _halfway(lasts, now)),
    )


def _halfway(lasts: Lasting, now: datetime) -> datetime:
    return now + (lasts.expires_at - now) / 2


async def end_sessions(connection: Connection, logout: Logout, skew: timedelta) -> int | None:
    """End the sessions that the eID says have ended and return how many; None for a message that was taken before.

    One that names a person ends what began before it, not what she began since.
    """
    is_new = await connection.fetchval(
        "INSERT INTO logout_message (issuer, jti, expires_at) VALUES ($1, $2, $3) "
        "ON CONFLICT DO NOTHING RETURNING true",
        *(logout.issuer, logout.jti, logout.expires_at + skew),
    )
    if not is_new:
        return None
    ended = await connection.fetch(
        """
        DELETE FROM session
         WHERE issuer = $1 AND ($2::text IS NULL OR sid = $2) AND ($3::text IS NULL OR subject = $3)
           AND ($2::text IS NOT NULL OR created_at <= $4)
        RETURNING 1
        """,
        *(logout.issuer, logout.sid, logout.subject, logout.issued_at + skew),
    )
    return len(ended)


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in under way in one browser: what we asked the provider, where to go after, and what was being typed.

    `personal_number` is whose it must be, when it was begun to sign in more strongly.
    """

    attempt: dict[str, Any]
    next: str
    typed: dict[str, Any] | None
    personal_number: str | None


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
    connection: Connection,
    browser_hash: bytes,
    attempt: dict[str, Any],
    page: str,
    now: datetime,
    *,
    person_id: UUID | None,
) -> None:
    """Keep a sign-in of this browser; a second one replaces the first, and what was typed stays.

    `person_id` is who must come back from it; None: whoever comes.
    """
    await connection.execute(
        """
        INSERT INTO sign_in (browser_hash, attempt, next, created_at, person_id) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (browser_hash) DO UPDATE
           SET attempt = excluded.attempt, next = excluded.next, created_at = excluded.created_at,
               person_id = excluded.person_id
        """,
        *(browser_hash, attempt, page, now, person_id),
    )


async def take_sign_in(connection: Connection, browser_hash: bytes) -> SignIn | None:
    """Return the sign-in of this browser and forget its attempt, so that an answer of the provider is taken once.

    Where to go and what was typed stay, for a sign-in that fails is begun again.
    """
    row = await connection.fetchrow(
        """
        WITH taken AS (SELECT * FROM sign_in WHERE browser_hash = $1 AND attempt IS NOT NULL FOR UPDATE)
        UPDATE sign_in SET attempt = NULL FROM taken WHERE sign_in.browser_hash = taken.browser_hash
        RETURNING taken.attempt, taken.next, taken.typed,
                  (SELECT personal_number FROM person WHERE id = taken.person_id) AS personal_number
        """,
        browser_hash,
    )
    return SignIn(**dict(row)) if row else None


async def end_sign_in(connection: Connection, browser_hash: bytes) -> None:
    """Remove the sign-in of this browser: it has become a session."""
    await connection.execute("DELETE FROM sign_in WHERE browser_hash = $1", browser_hash)


async def sweep(connection: Connection, now: datetime, idle: timedelta, unfinished: timedelta) -> None:
    """Remove sessions idle for too long, sign-ins that were not finished for too long, and messages long expired."""
    await connection.execute("DELETE FROM session WHERE seen_at < $1", now - idle)
    await connection.execute("DELETE FROM logout_message WHERE expires_at < $1", now)
    await connection.execute("DELETE FROM sign_in WHERE created_at < $1", now - unfinished)
