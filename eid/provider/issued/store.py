"""Remembers codes and tokens: each by its hash, for one client."""

from __future__ import annotations

from dataclasses import astuple
from datetime import datetime
from uuid import UUID

from eid.provider.issued.agreed import Agreed, Refresh
from eid.provider.request import Access, Authorization, Grant
from eid.provider.store import Connection


async def save_pushed(connection: Connection, name_hash: bytes, request: Authorization, expires_at: datetime) -> None:
    """Keep a pushed request."""
    await connection.execute(
        "INSERT INTO pushed_request (name_hash, client_id, request, expires_at) VALUES ($1, $2, $3, $4)",
        *(name_hash, request.client_id, request.as_json(), expires_at),
    )


async def take_pushed(connection: Connection, name_hash: bytes, client_id: str, now: datetime) -> Authorization | None:
    """Return a client's pushed request and forget it; None when it is not the client's, or too old."""
    take = "DELETE FROM pushed_request WHERE name_hash = $1 AND client_id = $2 AND expires_at > $3 RETURNING request"
    kept = await connection.fetchval(take, name_hash, client_id, now)
    return Authorization.from_json(kept) if kept else None


async def save_grant(connection: Connection, grant: Grant) -> None:
    """Keep an authorization code."""
    await connection.execute(
        """
        INSERT INTO authorization_code (code_hash, client_id, person_id, redirect_uri, code_challenge, scope, nonce,
                                        sid, acr, amr, auth_time, expires_at, used_at, dpop_jkt)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
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


async def revoke(connection: Connection, family: bytes) -> None:
    """Forget every token that was given for a code, or for what else was agreed."""
    await connection.execute("DELETE FROM access_token WHERE code_hash = $1", family)
    await connection.execute("DELETE FROM refresh_token WHERE family = $1", family)


async def revoke_persons(connection: Connection, person_id: UUID) -> None:
    """Forget every token that speaks of a person: nobody stays connected."""
    await connection.execute("DELETE FROM access_token WHERE person_id = $1", person_id)
    await connection.execute("DELETE FROM refresh_token WHERE person_id = $1", person_id)


async def save_refresh(connection: Connection, token_hash: bytes, refresh: Refresh) -> None:
    """Keep a refresh token."""
    agreed = refresh.agreed
    await connection.execute(
        """
        INSERT INTO refresh_token (token_hash, family, client_id, person_id, scope, acr, amr, auth_time, sid, jkt,
                                   expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        *(token_hash, agreed.family, agreed.client_id, agreed.person_id, agreed.scope, agreed.acr, agreed.amr),
        *(agreed.auth_time, agreed.sid, refresh.jkt, refresh.expires_at),
    )


async def take_refresh(connection: Connection, token_hash: bytes) -> Refresh | None:
    """Return a refresh token, used or not, held until the transaction ends: of two who bring it, one waits."""
    row = await connection.fetchrow("SELECT * FROM refresh_token WHERE token_hash = $1 FOR UPDATE", token_hash)
    if row is None:
        return None
    agreed = {name: row[name] for name in ("client_id", "person_id", "scope", "acr", "amr", "auth_time", "family")}
    return Refresh(Agreed(**agreed, sid=row["sid"]), row["jkt"], row["expires_at"], row["used_at"])


async def use_refresh(connection: Connection, token_hash: bytes, now: datetime) -> None:
    """Note that a refresh token was used."""
    await connection.execute("UPDATE refresh_token SET used_at = $2 WHERE token_hash = $1", token_hash, now)


async def sweep(connection: Connection, now: datetime) -> None:
    """Forget refresh tokens that expired unused, and families that have ended."""
    forget = "DELETE FROM refresh_token WHERE (expires_at < $1 AND used_at IS NULL) OR auth_time < $2"
    await connection.execute(forget, now, now - Refresh.LONGEST)


async def save_access(connection: Connection, token_hash: bytes, code_hash: bytes, access: Access) -> None:
    """Keep an access token."""
    await connection.execute(
        """
        INSERT INTO access_token (token_hash, code_hash, client_id, person_id, scope, expires_at, jkt)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        *(token_hash, code_hash, *astuple(access)),
    )


async def find_access(connection: Connection, token_hash: bytes) -> Access | None:
    """Return what an access token stands for, expired or not."""
    row = await connection.fetchrow(
        "SELECT client_id, person_id, scope, expires_at, jkt FROM access_token WHERE token_hash = $1", token_hash
    )
    return Access(**dict(row)) if row else None


async def revoke_access(connection: Connection, token_hash: bytes) -> None:
    """Forget one access token."""
    await connection.execute("DELETE FROM access_token WHERE token_hash = $1", token_hash)


async def spend_proof(connection: Connection, jkt: str, jti: str, expires_at: datetime) -> bool:
    """Remember a proof of a key as used; False when it was used before."""
    spend = "INSERT INTO used_proof VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING true"
    return await connection.fetchval(spend, jkt, jti, expires_at) is True
