"""Remembers cards and phones with their codes, and what waits on a phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from datetime import datetime, timedelta
from uuid import UUID

from eid.provider.means.code import Code, CodeName, Means, MeansKind, Standing
from eid.provider.means.request import Approval
from eid.provider.store import Connection, Row

_ANSWERS_KEPT = timedelta(hours=1)  # whoever asked fetches the answer within this


async def sweep(connection: Connection, now: datetime) -> None:
    """Forget what waited on a phone and was answered or expired an hour ago."""
    await connection.execute("DELETE FROM approval WHERE expires_at < $1", now - _ANSWERS_KEPT)
    await connection.execute("DELETE FROM scan_code WHERE expires_at < $1", now)


# Cards and phones
async def save_means(connection: Connection, means: Means) -> None:
    """Keep a new card or phone with its codes."""
    await connection.execute(
        """
        INSERT INTO means (id, person_id, kind, number, standing, issued_at, valid_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        *(means.id, means.person_id, means.kind, means.number, means.standing, means.issued_at, means.valid_until),
    )
    for name, code in means.codes.items():
        await connection.execute(
            "INSERT INTO means_code (means_id, name, code_hash, wrong_tries) VALUES ($1, $2, $3, $4)",
            *(means.id, name, code.code_hash, code.wrong_tries),
        )


async def find_means(connection: Connection, person_id: UUID, kind: MeansKind, *, to_try: bool = False) -> Means | None:
    """Return a person's newest card or phone; `to_try` lets one code at a time be tried."""
    row = await connection.fetchrow(
        f"""
        SELECT * FROM means WHERE person_id = $1 AND kind = $2 ORDER BY issued_at DESC, id DESC LIMIT 1
        {"FOR UPDATE" if to_try else ""}
        """,  # noqa: S608 - two constants
        *(person_id, kind),
    )
    return Means(**dict(row), codes=await _codes(connection, row["id"])) if row else None


async def note_code_tries(connection: Connection, means_id: UUID, name: CodeName, wrong_tries: int) -> None:
    """Keep how often a code was wrong in a row."""
    note = "UPDATE means_code SET wrong_tries = $3 WHERE means_id = $1 AND name = $2"
    await connection.execute(note, means_id, name, wrong_tries)


async def renew_code(connection: Connection, means_id: UUID, name: CodeName, code_hash: str) -> None:
    """Put a new code in the place of one, with all its tries."""
    renew = "UPDATE means_code SET code_hash = $3, wrong_tries = 0 WHERE means_id = $1 AND name = $2"
    await connection.execute(renew, means_id, name, code_hash)


async def give_tries_back(connection: Connection, person_id: UUID) -> None:
    """Let every code of a person's card and phone be tried three times again."""
    await connection.execute(
        "UPDATE means_code SET wrong_tries = 0 FROM means WHERE means.id = means_id AND person_id = $1", person_id
    )


async def set_standing(connection: Connection, means_id: UUID, standing: Standing) -> None:
    """Suspend or revoke a card or a phone, or make it valid again."""
    await connection.execute("UPDATE means SET standing = $2 WHERE id = $1", means_id, standing)


async def set_valid_until(connection: Connection, means_id: UUID, valid_until: datetime) -> None:
    """Let a card or a phone end at another time."""
    await connection.execute("UPDATE means SET valid_until = $2 WHERE id = $1", means_id, valid_until)


async def _codes(connection: Connection, means_id: UUID) -> Mapping[CodeName, Code]:
    rows = await connection.fetch("SELECT name, code_hash, wrong_tries FROM means_code WHERE means_id = $1", means_id)
    return {row["name"]: Code(row["code_hash"], row["wrong_tries"]) for row in rows}


# What waits on a phone
async def save_approval(connection: Connection, approval: Approval) -> None:
    """Put a request on a phone."""
    await connection.execute(
        """
        INSERT INTO approval (id, person_id, client_id, kind, pin, message, control_code, state, created_at, expires_at,
                              answered_at, browser_hash, way_back)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """,
        *astuple(approval),
    )


async def find_approval(connection: Connection, approval_id: UUID, *, to_act: bool = False) -> Approval | None:
    """Return a request that was put on a phone; `to_act` lets one answer at a time be given."""
    row = await connection.fetchrow(
        f"SELECT * FROM approval WHERE id = $1{' FOR UPDATE' if to_act else ''}",  # noqa: S608 - two constants
        approval_id,
    )
    return _approval(row) if row else None


async def waiting(connection: Connection, person_id: UUID, now: datetime) -> list[Approval]:
    """Return what waits on a person's phone, newest first."""
    rows = await connection.fetch(
        """
        SELECT * FROM approval WHERE person_id = $1 AND state = 'pending' AND expires_at > $2
         ORDER BY created_at DESC, id DESC LIMIT 20
        """,
        *(person_id, now),
    )
    return [_approval(row) for row in rows]


async def answer_approval(connection: Connection, approval_id: UUID, state: str, now: datetime) -> None:
    """Keep a person's answer; what was answered stays as it is."""
    answer = "UPDATE approval SET state = $2, answered_at = $3 WHERE id = $1 AND state = 'pending'"
    await connection.execute(answer, approval_id, state, now)


async def wait_for(connection: Connection, interaction_id: UUID, approval_id: UUID | None) -> None:
    """Note for what a sign-in waits on a phone."""
    await connection.execute("UPDATE interaction SET approval_id = $2 WHERE id = $1", interaction_id, approval_id)


async def save_scan_code(connection: Connection, token_hash: bytes, interaction_id: UUID, expires_at: datetime) -> None:
    """Keep what a QR code leads to."""
    keep = "INSERT INTO scan_code (token_hash, interaction_id, expires_at) VALUES ($1, $2, $3)"
    await connection.execute(keep, token_hash, interaction_id, expires_at)


async def find_scanned(connection: Connection, token_hash: bytes, now: datetime) -> UUID | None:
    """Return the sign-in that a QR code belongs to, while it lives."""
    scanned = "SELECT interaction_id FROM scan_code WHERE token_hash = $1 AND expires_at > $2"
    return await connection.fetchval(scanned, token_hash, now)


async def spend_scan_codes(connection: Connection, interaction_id: UUID) -> None:
    """Forget the QR codes of a sign-in: one of them was scanned."""
    await connection.execute("DELETE FROM scan_code WHERE interaction_id = $1", interaction_id)


def _approval(row: Row) -> Approval:
    return Approval(**dict(row))
