"""The only SQL of batches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from services.applications.application import Application
from services.applications.store import Connection
from services.batches.batch import Batch, Case
from services.signing.signing import Signing


async def add(connection: Connection, batch: Batch) -> None:
    """Keep a new batch with its list."""
    await connection.execute(
        "INSERT INTO decision_batch (id, officer_id, service_id, made_at) VALUES ($1, $2, $3, $4)",
        batch.id,
        batch.officer_id,
        batch.service_id,
        batch.made_at,
    )
    await connection.execute(
        """
        INSERT INTO decision_batch_case (batch_id, application_id, revision)
        SELECT $1, * FROM unnest($2::uuid[], $3::bigint[])
        """,
        batch.id,
        [case.application_id for case in batch.cases],
        [case.revision for case in batch.cases],
    )


async def find(connection: Connection, batch_id: UUID, *, lock: bool = False) -> Batch | None:
    """Return a batch with its list, in the order of references."""
    row = await connection.fetchrow(
        f"""
        SELECT id, officer_id, service_id, made_at, text, sheet, signing::text, signed_at
        FROM decision_batch WHERE id = $1 {"FOR UPDATE" if lock else ""}
        """,  # noqa: S608 - a constant
        batch_id,
    )
    if row is None:
        return None
    cases = await connection.fetch(
        """
        SELECT application_id, reference, decision_batch_case.revision, outcome
        FROM decision_batch_case JOIN application ON application.id = application_id
        WHERE batch_id = $1 ORDER BY reference
        """,
        batch_id,
    )
    values: dict[str, Any] = dict(row)
    kept = values.pop("signing")
    signing = msgspec.json.decode(kept, type=Signing) if kept else None
    return Batch(**values, signing=signing, cases=tuple(Case(**dict(case)) for case in cases))


async def take(connection: Connection, asked_hash: bytes, officer_id: UUID) -> Batch | None:
    """Return the batch that an officer's browser comes back to, whose answer is thereby taken; None the second time."""
    batch_id = await connection.fetchval(
        "UPDATE decision_batch SET asked_hash = NULL WHERE asked_hash = $1 AND officer_id = $2 RETURNING id",
        asked_hash,
        officer_id,
    )
    return await find(connection, batch_id, lock=True) if batch_id else None


async def save_reasons(connection: Connection, batch_id: UUID, text: str, sheet: bytes) -> None:
    """Keep why, and the sheet that is to be signed; what was prepared of another one is void."""
    await connection.execute(
        "UPDATE decision_batch SET text = $2, sheet = $3, signing = NULL, asked_hash = NULL WHERE id = $1",
        batch_id,
        text,
        sheet,
    )


async def save_signing(
    connection: Connection, batch_id: UUID, signing: Signing, asked_hash: bytes | None = None
) -> None:
    """Keep how far the signing is; `asked_hash` is what the browser comes back with."""
    await connection.execute(
        "UPDATE decision_batch SET signing = $2::text::jsonb, asked_hash = $3 WHERE id = $1",
        batch_id,
        msgspec.json.encode(signing).decode(),
        asked_hash,
    )


async def save_signed(connection: Connection, batch_id: UUID, pdf: bytes, now: datetime) -> None:
    """Keep the signed sheet for good; the signing is over."""
    await connection.execute(
        "UPDATE decision_batch SET signed = $2, signed_at = $3, signing = NULL WHERE id = $1 AND signed_at IS NULL",
        batch_id,
        pdf,
        now,
    )


async def save_outcome(connection: Connection, batch_id: UUID, application_id: UUID, outcome: str) -> None:
    """Keep what became of one application of the list."""
    await connection.execute(
        "UPDATE decision_batch_case SET outcome = $3 WHERE batch_id = $1 AND application_id = $2",
        batch_id,
        application_id,
        outcome,
    )


async def signed_of(connection: Connection, batch_id: UUID) -> bytes | None:
    """Return the signed sheet."""
    return await connection.fetchval("SELECT signed FROM decision_batch WHERE id = $1", batch_id)


async def deciding(connection: Connection, application: Application) -> UUID | None:
    """Return the batch by which an application was approved, None when it was decided alone."""
    return await connection.fetchval(
        "SELECT batch_id FROM decision_batch_case WHERE application_id = $1 AND outcome = 'approved'", application.id
    )


async def to_complete(connection: Connection, before: datetime) -> Sequence[UUID]:
    """Return the batches that were signed before a time and are not done yet, at most 100."""
    rows = await connection.fetch(
        """
        SELECT id FROM decision_batch WHERE made_at < $1 AND (signing ->> 'state' = 'given' OR (
            signed_at < $1 AND EXISTS (SELECT FROM decision_batch_case WHERE batch_id = id AND outcome IS NULL)))
        ORDER BY made_at LIMIT 100
        """,
        before,
    )
    return [row["id"] for row in rows]
