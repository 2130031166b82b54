"""Remembers citizens' keys, what they were asked to sign, what they allowed and what was signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from eid.provider.signing.activation import Activation, Digests
from eid.provider.store import Connection, Row

_FINDS = ("code_hash", "handle_hash", "sad_hash")


async def sweep(connection: Connection, now: datetime) -> None:
    """Forget what nobody may act on any more. Signatures are kept, and so are the keys that made them."""
    await connection.execute("DELETE FROM signature_request WHERE expires_at < $1", now)
    await connection.execute("DELETE FROM activation WHERE expires_at < $1", now - timedelta(minutes=5))


# Keys
async def save_credential(connection: Connection, values: tuple[object, ...]) -> None:
    """Keep a new key; whoever is second to give a person her key keeps nothing."""
    await connection.execute(
        """
        INSERT INTO credential (id, person_id, serial, certificate, sealed_key, issued_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (person_id) WHERE replaced_at IS NULL DO NOTHING
        """,
        *values,
    )


async def replace_credential(connection: Connection, person_id: UUID, now: datetime) -> None:
    """Let a person's key sign no more."""
    await connection.execute(
        "UPDATE credential SET replaced_at = $2 WHERE person_id = $1 AND replaced_at IS NULL", person_id, now
    )


async def find_credential(connection: Connection, credential_id: str) -> Row | None:
    """Return the key with this id, unless another one has taken its place."""
    return await connection.fetchrow("SELECT * FROM credential WHERE id = $1 AND replaced_at IS NULL", credential_id)


async def find_current_credential(connection: Connection, person_id: UUID) -> Row | None:
    """Return the key with which a person signs."""
    return await connection.fetchrow("SELECT * FROM credential WHERE person_id = $1 AND replaced_at IS NULL", person_id)


async def credentials_of(connection: Connection, person_id: UUID) -> list[Row]:
    """Return every key that a person ever had, newest first."""
    return await connection.fetch("SELECT * FROM credential WHERE person_id = $1 ORDER BY issued_at DESC", person_id)


# The page that asks
async def begin(connection: Connection, values: tuple[object, ...]) -> None:
    """Keep a request for a signature while its person reads it."""
    await connection.execute(
        """
        INSERT INTO signature_request (id, browser_hash, credential_id, request, expires_at)
        VALUES ($1, $2, $3, $4, $5)
        """,
        *values,
    )


async def find_request(connection: Connection, request_id: UUID, *, to_act: bool = False) -> Row | None:
    """Return a request for a signature; `to_act` lets one at a time act on it."""
    return await connection.fetchrow(
        f"SELECT * FROM signature_request WHERE id = $1{' FOR UPDATE' if to_act else ''}",  # noqa: S608 - two constants
        request_id,
    )


async def await_approval(connection: Connection, request_id: UUID, approval_id: UUID | None) -> None:
    """Note what a request waits for on her phone."""
    await connection.execute("UPDATE signature_request SET approval_id = $2 WHERE id = $1", request_id, approval_id)


async def finish(connection: Connection, request_id: UUID, now: datetime) -> None:
    """Note that a request was answered; it cannot be answered again."""
    await connection.execute("UPDATE signature_request SET finished_at = $2 WHERE id = $1", request_id, now)


# Leave to sign
async def save_activation(
    connection: Connection, activation: Activation, *, code_hash: bytes | None = None, handle_hash: bytes | None = None
) -> None:
    """Keep leave to sign, found by a code or by a handle."""
    await connection.execute(
        """
        INSERT INTO activation (id, credential_id, client_id, hash_algorithm, hashes, approval_id, is_spent, expires_at,
                                details, code_hash, handle_hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        *(activation.id, activation.credential_id, activation.client_id, activation.hash_algorithm),
        list(activation.hashes),
        *(activation.approval_id, activation.is_spent, activation.expires_at, activation.details),
        *(code_hash, handle_hash),
    )


async def find_activation(connection: Connection, by: str, name_hash: bytes) -> Activation | None:
    """Return leave to sign by `code_hash`, `handle_hash` or `sad_hash`; held until the transaction ends."""
    if by not in _FINDS:
        raise ValueError(by)
    row = await connection.fetchrow(f"SELECT * FROM activation WHERE {by} = $1 FOR UPDATE", name_hash)  # noqa: S608 - one of three constants
    return _activation(row) if row else None


async def give_sad(connection: Connection, activation_id: UUID, sad_hash: bytes, expires_at: datetime) -> None:
    """Let leave to sign be used by a SAD, and by no code, handle or earlier SAD."""
    await connection.execute(
        """
        UPDATE activation SET sad_hash = $2, expires_at = $3, code_hash = NULL, handle_hash = NULL, is_spent = false
         WHERE id = $1
        """,
        *(activation_id, sad_hash, expires_at),
    )


async def give_token(connection: Connection, activation_id: UUID, token_hash: bytes, expires_at: datetime) -> None:
    """Let an access token be the SAD."""
    await give_sad(connection, activation_id, token_hash, expires_at)
    await connection.execute("UPDATE activation SET token_hash = $2 WHERE id = $1", activation_id, token_hash)


async def spend(connection: Connection, activation_id: UUID, left: Digests) -> None:
    """Note that a SAD was used, and what is left to be signed."""
    await connection.execute(
        "UPDATE activation SET is_spent = true, hashes = $2 WHERE id = $1", activation_id, list(left)
    )


async def forget_activation(connection: Connection, activation_id: UUID) -> None:
    """Take leave to sign away."""
    await connection.execute("DELETE FROM activation WHERE id = $1", activation_id)


def _activation(row: Row) -> Activation:
    return Activation(
        id=row["id"],
        credential_id=row["credential_id"],
        client_id=row["client_id"],
        hash_algorithm=row["hash_algorithm"],
        hashes=tuple(row["hashes"]),
        approval_id=row["approval_id"],
        is_spent=row["is_spent"],
        expires_at=row["expires_at"],
        token_hash=row["token_hash"],
        details=row["details"],
    )


# What was signed
async def note_signatures(
    connection: Connection, activation: Activation, digests: Sequence[bytes], now: datetime
) -> None:
    """Write down each signature: with which key, for whom, over what."""
    await connection.executemany(
        """
        INSERT INTO signature (id, credential_id, client_id, hash_algorithm, hash, made_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        [
            (uuid7(), activation.credential_id, activation.client_id, activation.hash_algorithm, digest, now)
            for digest in digests
        ],
    )
