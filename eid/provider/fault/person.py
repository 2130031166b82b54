"""Lets an answer speak of another person than the one who signed in."""

from __future__ import annotations

from typing import Any

from eid.provider import store as eid_store
from eid.provider.desk import Desk
from eid.provider.dialect import written
from eid.provider.fault import store
from eid.provider.issued import store as issued
from eid.provider.people import Enrolled
from eid.provider.secret import digest
from eid.provider.store import Connection
from eid.provider.tokens import SigningKeys, peek, subject


async def speaking_of_another(desk: Desk, connection: Connection, told: dict[str, Any], keys: SigningKeys) -> str:
    """Return the ID token of a token answer as if another person had signed in; userinfo will agree with it."""
    header, claims = peek(told["id_token"])
    token_hash = digest(told["access_token"])
    access = await issued.find_access(connection, token_hash)
    client = await eid_store.find_client(connection, access.client_id) if access else None
    if access is None or client is None:
        return told["id_token"]
    other = await _another(connection, access)
    await store.give_to_another(connection, token_hash, other.id)
    said = claims | {"sub": subject(desk.secret, client, other), "aud": client.client_id} | other.claims(access.scope)
    return keys.sign(written(said, client, other), "JWT", header["alg"])


async def _another(connection: Connection, access: issued.Access) -> Enrolled:
    return next(person for person in await eid_store.listed(connection) if person.id != access.person_id)
