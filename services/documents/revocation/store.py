"""The memory of what was proposed and confirmed, and of what people say is wrong in their documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.documents.document import Document
from services.documents.revocation.revocation import Correction, Proposal, State
from services.documents.store import DOCUMENT, Connection

_PROPOSAL = """
    SELECT id, document_id, desk, ground, text, facts, proposed_by, proposed_at, state, settled_by, settled_at,
        failure, told_at
    FROM revocation_proposal
"""
_CORRECTION = "SELECT id, document_id, person_id, text, asked_at, answer, answered_at FROM document_correction"
# Found from the few that wait, however many were issued.
_WAITING = """
    WHERE coalesce(application.desk, document.institution) = ANY($1) AND application.person_id <> $2
        AND document.id IN (
            SELECT document_id FROM revocation_proposal WHERE state = 'open'
            UNION SELECT document_id FROM revocation_proposal WHERE failure IS NOT NULL AND told_at IS NULL
            UNION SELECT document_id FROM document_correction WHERE answered_at IS NULL
        )
"""
_AT_ONCE = 200


async def propose(connection: Connection, proposal: Proposal) -> bool:
    """Keep a proposal; False when the document has one."""
    status = await connection.execute(
        """
        INSERT INTO revocation_proposal (id, document_id, desk, ground, text, facts, proposed_by, proposed_at, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (document_id) WHERE state IN ('open', 'confirmed') DO NOTHING
        """,
        proposal.id,
        proposal.document_id,
        proposal.desk,
        proposal.ground,
        proposal.text,
        proposal.facts,
        proposal.proposed_by,
        proposal.proposed_at,
        proposal.state,
    )
    return status == "INSERT 0 1"


async def proposal(connection: Connection, proposal_id: UUID, *, lock: bool = False) -> Proposal | None:
    """Return a proposal, locked for a change or only read."""
    row = await connection.fetchrow(f"{_PROPOSAL} WHERE id = $1 {'FOR UPDATE' if lock else ''}", proposal_id)
    return msgspec.convert(dict(row), Proposal) if row else None


async def proposed(connection: Connection, document_id: UUID) -> Proposal | None:
    """Return what is proposed for a document, or was carried out."""
    row = await connection.fetchrow(f"{_PROPOSAL} WHERE document_id = $1 AND state <> 'dropped'", document_id)
    return msgspec.convert(dict(row), Proposal) if row else None


async def settle(connection: Connection, proposal_id: UUID, state: State, by: UUID, now: datetime) -> None:
    """Keep what became of a proposal, and who said so."""
    await connection.execute(
        "UPDATE revocation_proposal SET state = $2, settled_by = $3, settled_at = $4 WHERE id = $1",
        proposal_id,
        state,
        by,
        now,
    )


async def to_reissue(connection: Connection, before: datetime) -> list[UUID]:
    """Return what was confirmed before a time and whose corrected document is not there yet."""
    rows = await connection.fetch(
        """
        SELECT id FROM revocation_proposal proposal
        WHERE state = 'confirmed' AND facts IS NOT NULL AND settled_at < $1
          AND failure IS NULL AND NOT EXISTS (SELECT FROM document WHERE replaces = proposal.document_id)
        ORDER BY settled_at LIMIT $2
        """,
        before,
        _AT_ONCE,
    )
    return [row["id"] for row in rows]


async def fail(connection: Connection, proposal_id: UUID, code: str) -> None:
    """Keep why no corrected document can be made; it is not tried again."""
    await connection.execute("UPDATE revocation_proposal SET failure = $2 WHERE id = $1", proposal_id, code)


async def tell(connection: Connection, document_id: UUID, by: UUID, now: datetime) -> bool:
    """Keep that a person was told of no corrected document; False when she was, or there is nothing to tell."""
    status = await connection.execute(
        """
        UPDATE revocation_proposal SET told_at = $3, told_by = $2
        WHERE document_id = $1 AND failure IS NOT NULL AND told_at IS NULL
        """,
        document_id,
        by,
        now,
    )
    return status == "UPDATE 1"


async def ask(connection: Connection, correction: Correction) -> bool:
    """Keep what a person says is wrong; False while an earlier word of hers is not answered."""
    status = await connection.execute(
        """
        INSERT INTO document_correction (id, document_id, person_id, text, asked_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (document_id) WHERE answered_at IS NULL DO NOTHING
        """,
        correction.id,
        correction.document_id,
        correction.person_id,
        correction.text,
        correction.asked_at,
    )
    return status == "INSERT 0 1"


async def answer(connection: Connection, document_id: UUID, text: str, by: UUID, now: datetime) -> bool:
    """Keep an office's answer; False when there is nothing to answer any more."""
    status = await connection.execute(
        """
        UPDATE document_correction SET answer = $2, answered_by = $3, answered_at = $4
        WHERE document_id = $1 AND answered_at IS NULL
        """,
        document_id,
        text,
        by,
        now,
    )
    return status == "UPDATE 1"


async def corrections(connection: Connection, document_id: UUID) -> list[Correction]:
    """Return what was said about a document, newest first."""
    rows = await connection.fetch(f"{_CORRECTION} WHERE document_id = $1 ORDER BY asked_at DESC", document_id)
    return [msgspec.convert(dict(row), Correction) for row in rows]


async def to_see_to(connection: Connection, desks: Sequence[str], but: UUID) -> list[Document]:
    """Return the documents of these desks that wait: for a second officer, or for a word to their person."""
    rows = await connection.fetch(
        f"{DOCUMENT} {_WAITING} ORDER BY document.sealed_at, document.id LIMIT $3",
        list(desks),
        but,
        _AT_ONCE,
    )
    return [Document(**dict(row)) for row in rows]


async def count_to_see_to(connection: Connection, desks: Sequence[str], but: UUID) -> int:
    """Return how many documents of these desks wait, at most as many as are listed."""
    return await connection.fetchval(
        f"""
        SELECT count(*) FROM (
            SELECT FROM document JOIN application ON application.id = document.application_id {_WAITING} LIMIT $3
        ) waiting
        """,  # noqa: S608 - constants
        list(desks),
        but,
        _AT_ONCE,
    )
