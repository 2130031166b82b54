"""Remembers codes and tokens: each by its hash, for one client."""

from __future__ import annotations

from dataclasses import astuple
from datetime import datetime

from eid.provider.request import Access, Grant
from eid.provider.store import Connection


async def save_grant(connection: Connection, grant: Grant) -> None:
    """Keep an authorization code."""
    await connection.execute(
        """
        INSERT INTO authorization_code (code_hash, client_id, person_id, redirect_uri, code_challenge, scope, nonce,
                                        sid, acr, amr, auth_time, expires_at, used_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """,
        *astuple(grant),
    )


async def take_grant(connection: Connection, code_hash: bytes) -> Grant | None:
    """Return what a code was given for, held until the transaction ends: of two who bring it, one waits."""
    row = await connection.fetchrow("SELECT * FROM authorization_code WHERE code_hash = $1 FOR UPDATE", code_hash)
    return Grant(**dict(row)) if row else None


async def use_grant(connection: Connection, code_hash: bytes, now: datetime) -> None:
    """Note that a code was used."""
    await connection.execute("UPDATE authorization_code SET used_at = $2 WHERE code_hash = $1", code_hash, now)


async def revoke(connection: Connection, code_hash: bytes) -> None:
    """Forget the access tokens that were given for a code."""
    await connection.execute("DELETE FROM access_token WHERE code_hash = $1", code_hash)


async def save_access(connection: Connection, token_hash: bytes, code_hash: bytes, access: Access) -> None:
    """Keep an access token."""
    await connection.execute(
        "INSERT INTO access_token VALUES ($1, $2, $3, $4, $5, $6)", token_hash, code_hash, *astuple(access)
    )


async def find_access(connection: Connection, token_hash: bytes) -> Access | None:
    """Return what an access token stands for, expired or not."""
    row = await connection.fetchrow(
        "SELECT client_id, person_id, scope, expires_at FROM access_token WHERE token_hash = $1", token_hash
    )
    return Access(**dict(row)) if row else None


async def revoke_access(connection: Connection, token_hash: bytes) -> None:
    """Forget one access token."""
    await connection.execute("DELETE FROM access_token WHERE token_hash = $1", token_hash)
