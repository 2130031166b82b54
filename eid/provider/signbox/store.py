"""Remembers the codes that were sent to phones, each by its hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from eid.provider.store import Connection


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """A code that was sent to a phone: for one document (SHA-256), one person and one client."""

    id: UUID
    person_id: UUID
    client_id: str
    approval_id: UUID
    document_hash: bytes
    code_hash: bytes
    wrong_tries: int
    expires_at: datetime


async def sweep(connection: Connection, now: datetime) -> None:
    """Forget the codes that have expired."""
    await connection.execute("DELETE FROM one_time_code WHERE expires_at < $1", now)


async def save_code(connection: Connection, code: OneTimeCode) -> None:
    """Keep a new code in the place of an older one for the same document."""
    await connection.execute(
        """
        INSERT INTO one_time_code (id, person_id, client_id, approval_id, document_hash, code_hash, wrong_tries,
                                   expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (person_id, client_id, document_hash) DO UPDATE
           SET id = excluded.id, approval_id = excluded.approval_id, code_hash = excluded.code_hash, wrong_tries = 0,
               expires_at = excluded.expires_at
        """,
        *(code.id, code.person_id, code.client_id, code.approval_id, code.document_hash, code.code_hash),
        *(code.wrong_tries, code.expires_at),
    )


async def find_code(
    connection: Connection, person_id: UUID, client_id: str, document_hash: bytes
) -> OneTimeCode | None:
    """Return the code for a document, held until the transaction ends."""
    row = await connection.fetchrow(
        """
        SELECT * FROM one_time_code WHERE person_id = $1 AND client_id = $2 AND document_hash = $3 FOR UPDATE
        """,
        *(person_id, client_id, document_hash),
    )
    return OneTimeCode(**dict(row)) if row else None


async def note_wrong_code(connection: Connection, code_id: UUID) -> None:
    """Note that another code was given than the one that was sent."""
    await connection.execute("UPDATE one_time_code SET wrong_tries = wrong_tries + 1 WHERE id = $1", code_id)


async def forget_code(connection: Connection, code_id: UUID) -> None:
    """Forget a code: it was used."""
    await connection.execute("DELETE FROM one_time_code WHERE id = $1", code_id)
