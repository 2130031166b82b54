"""The memory of signing: whose signatures are awaited, the sheet at each stage, and the signing under way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy

from eid.prepared import Credential, Prepared
from services.signing.signature import Signature
from services.signing.signing import Signing, State

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy

_SIGNATURE = "id, application_id, revision, place, personal_number, name, asked_at, due_at, signed_at"


async def add(connection: Connection, signatures: Iterable[Signature]) -> None:
    """Keep the signatures that an application waits for from now on."""
    await connection.executemany(
        f"INSERT INTO signature ({_SIGNATURE}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",  # noqa: S608 - our own columns
        [
            (
                one.id,
                one.application_id,
                one.revision,
                one.place,
                one.personal_number,
                one.name,
                one.asked_at,
                one.due_at,
                one.signed_at,
            )
            for one in signatures
        ],
    )


async def of_application(connection: Connection, application_id: UUID, *, lock: bool = False) -> list[Signature]:
    """Return the signatures that belong to an application as it was frozen last, in their order."""
    rows = await connection.fetch(
        f"""
        SELECT {_SIGNATURE} FROM signature
         WHERE application_id = $1 AND revision = (SELECT max(revision) FROM signature WHERE application_id = $1)
         ORDER BY place {"FOR UPDATE" if lock else ""}
        """,  # noqa: S608 - our own columns
        application_id,
    )
    return [Signature(**dict(row)) for row in rows]


async def find(connection: Connection, signature_id: UUID) -> Signature | None:
    """Return a signature."""
    row = await connection.fetchrow(f"SELECT {_SIGNATURE} FROM signature WHERE id = $1", signature_id)  # noqa: S608
    return Signature(**dict(row)) if row else None


async def awaited_of(
    connection: Connection, personal_number: str, person_id: UUID
) -> list[tuple[Signature, str, str | None]]:
    """Return the signatures that others' applications await of a person now, with service's id and company, if any."""
    rows = await connection.fetch(
        """
        SELECT s.id, s.application_id, s.revision, s.place, s.personal_number, s.name, s.asked_at, s.due_at,
               s.signed_at, a.service_id,
               (SELECT said ->> 'name' || ' (' || (said ->> 'number') || ')'
                  FROM jsonb_path_query_first(a.facts, '$[*] ? (@.name == "registration").value') AS said) AS company
          FROM signature s JOIN application a ON a.id = s.application_id
         WHERE s.personal_number = $1 AND s.signed_at IS NULL AND a.person_id <> $2
           AND a.state = 'awaiting_signature'
           AND NOT EXISTS (
               SELECT FROM signature o WHERE o.application_id = s.application_id
                  AND (o.revision > s.revision
                       OR (o.revision = s.revision AND o.place < s.place AND o.signed_at IS NULL))
           )
         ORDER BY s.due_at LIMIT 50
        """,
        personal_number,
        person_id,
    )
    return [
        (Signature(**{name: row[name] for name in _SIGNATURE.split(", ")}), row["service_id"], row["company"])
        for row in rows
    ]


async def overdue(connection: Connection, now: datetime) -> list[UUID]:
    """Return at most 100 applications that were not signed by everyone in time."""
    rows = await connection.fetch(
        """
        SELECT DISTINCT a.id FROM signature s JOIN application a ON a.id = s.application_id
         WHERE s.due_at < $1 AND s.signed_at IS NULL AND a.state = 'awaiting_signature'
           AND s.revision = (SELECT max(revision) FROM signature WHERE application_id = a.id)
         LIMIT 100
        """,
        now,
    )
    return [row["id"] for row in rows]


async def person_of(connection: Connection, personal_number: str) -> UUID | None:
    """Return whose personal number this is, of those who ever signed in here."""
    return await connection.fetchval("SELECT id FROM person WHERE personal_number = $1", personal_number)


async def applicant(connection: Connection, person_id: UUID) -> tuple[str, str]:
    """Return an applicant's personal number and name."""
    row = await connection.fetchrow(
        "SELECT personal_number, given_name || ' ' || family_name AS name FROM person WHERE id = $1", person_id
    )
    return (row["personal_number"], row["name"]) if row else ("", "")


async def mark_signed(connection: Connection, signature_id: UUID, now: datetime) -> None:
    """Note that a signature is in the sheet, and forget how it came there."""
    await connection.execute("UPDATE signature SET signed_at = $2 WHERE id = $1", signature_id, now)
    await forget(connection, signature_id)


# Sheets ---------------------------------------------------------------------------------------------------------------


async def keep_sheet(
    connection: Connection, one: Signature, stage: int, pdf: bytes, now: datetime, *, is_received: bool = False
) -> None:
    """Keep the sheet at a stage; what is kept already stays."""
    await connection.execute(
        """
        INSERT INTO sheet (application_id, revision, stage, is_received, pdf, sha256, kept_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
        """,
        one.application_id,
        one.revision,
        stage,
        is_received,
        pdf,
        hashlib.sha256(pdf).digest(),
        now,
    )


async def sheet(connection: Connection, one: Signature) -> tuple[int, bytes] | None:
    """Return how many have signed so far, and the sheet as it then is: with the seal of receipt when it has one."""
    row = await connection.fetchrow(
        """
        SELECT stage, pdf FROM sheet WHERE application_id = $1 AND revision = $2
         ORDER BY stage DESC, is_received DESC LIMIT 1
        """,
        one.application_id,
        one.revision,
    )
    return (row["stage"], row["pdf"]) if row else None


async def is_received(connection: Connection, one: Signature) -> bool:
    """Tell whether the institution has sealed the receipt of the sheet."""
    return await connection.fetchval(
        "SELECT EXISTS (SELECT FROM sheet WHERE application_id = $1 AND revision = $2 AND is_received)",
        one.application_id,
        one.revision,
    )


async def is_ours(connection: Connection, sha256: bytes) -> bool:
    """Tell whether a file is a sheet as it was signed here."""
    return await connection.fetchval("SELECT EXISTS (SELECT FROM sheet WHERE sha256 = $1 AND stage > 0)", sha256)


# Signings -------------------------------------------------------------------------------------------------------------


async def signing(connection: Connection, signature_id: UUID, *, lock: bool = False) -> Signing | None:
    """Return the signing under way for a signature."""
    row = await connection.fetchrow(
        f"""
        SELECT state, asked::text, credential::text, prepared,
               ('{{"pdf": ""}}' || prepared_about)::text AS prepared_about, value, failure,
               changed_at
          FROM signing WHERE signature_id = $1 {"FOR UPDATE" if lock else ""}
        """,  # noqa: S608 - a constant
        signature_id,
    )
    return _signing(row) if row else None


async def save(connection: Connection, signature_id: UUID, one: Signing, asked_hash: bytes | None = None) -> None:
    """Keep a signing in place of what was there; `asked_hash` is what the browser comes back with."""
    await connection.execute(
        """
        INSERT INTO signing (signature_id, state, asked_hash, asked, credential, prepared, prepared_about, value,
            failure, changed_at)
        VALUES ($1, $2, $3, $4::text::jsonb, $5::text::jsonb, $6, $7::text::jsonb, $8, $9, $10)
        ON CONFLICT (signature_id) DO UPDATE SET state = excluded.state, asked_hash = excluded.asked_hash,
            asked = excluded.asked, credential = excluded.credential, prepared = excluded.prepared,
            prepared_about = excluded.prepared_about, value = excluded.value, failure = excluded.failure,
            changed_at = excluded.changed_at
        """,
        signature_id,
        one.state,
        asked_hash,
        _json(one.asked),
        _json(one.credential),
        one.prepared.pdf if one.prepared else None,
        _json(replace(one.prepared, pdf=b"") if one.prepared else None),
        one.value,
        one.failure,
        one.changed_at,
    )


async def take(connection: Connection, asked_hash: bytes, personal_number: str) -> Signature | None:
    """Return the signature for which her browser comes back, whose answer is thereby taken: a second finds nothing."""
    signature_id = await connection.fetchval(
        """
        UPDATE signing SET asked_hash = NULL FROM signature s
         WHERE asked_hash = $1 AND s.id = signature_id AND s.personal_number = $2 RETURNING signature_id
        """,
        asked_hash,
        personal_number,
    )
    return await find(connection, signature_id) if signature_id else None


async def to_complete(connection: Connection, before: datetime) -> list[UUID]:
    """Return the signatures that were given before a time and are not in their sheet yet, at most 100."""
    rows = await connection.fetch(
        "SELECT signature_id FROM signing WHERE state = 'given' AND changed_at < $1 ORDER BY changed_at LIMIT 100",
        before,
    )
    return [row["signature_id"] for row in rows]


async def forget(connection: Connection, signature_id: UUID) -> None:
    """Forget a signing."""
    await connection.execute("DELETE FROM signing WHERE signature_id = $1", signature_id)


async def sweep(connection: Connection, before: datetime) -> None:
    """Forget signings that nobody went on with; a signature that was given waits as long as it must."""
    await connection.execute("DELETE FROM signing WHERE state <> 'given' AND changed_at < $1", before)
    await connection.execute(
        """
        DELETE FROM signing USING signature s JOIN application a ON a.id = s.application_id
         WHERE s.id = signing.signature_id AND a.state <> 'awaiting_signature'
        """
    )


async def forget_all(connection: Connection, application_id: UUID) -> None:
    """Forget every signing of an application."""
    await connection.execute(
        "DELETE FROM signing WHERE signature_id IN (SELECT id FROM signature WHERE application_id = $1)", application_id
    )


def _signing(row: Any) -> Signing:  # noqa: ANN401 - a record
    kept, about = row["credential"], row["prepared_about"]
    state: State = row["state"]
    return Signing(
        state=state,
        asked=msgspec.json.decode(row["asked"]) if row["asked"] else None,
        credential=msgspec.json.decode(kept, type=Credential) if kept else None,
        prepared=replace(msgspec.json.decode(about, type=Prepared), pdf=row["prepared"]) if about else None,
        value=row["value"],
        failure=row["failure"],
        changed_at=row["changed_at"],
    )


def _json(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
