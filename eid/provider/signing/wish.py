"""What a client asks to have signed, in a request for authorization (CSC API v2, section 8.4.2)."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Any

from eid.provider.errors import Rejection
from eid.provider.parameters import Parameters
from eid.provider.request import ToSign
from eid.provider.signing import store
from eid.provider.signing.activation import MOST_HASHES
from eid.provider.signing.algorithm import checked_length, hash_algorithm_of
from eid.provider.store import Connection

CREDENTIAL, SERVICE = "credential", "service"  # scopes
LONGEST_DESCRIPTION = 200


async def read_wish(connection: Connection, scope: str, sent: Parameters) -> ToSign | None:
    """Return what is to be signed, None when something else is asked for; Rejection when it is not said whole."""
    if CREDENTIAL not in scope.split():
        return None
    if scope != CREDENTIAL:
        raise Rejection("invalid_scope", "The scope credential is asked for alone.")
    credential_id = sent.get("credentialID")
    if credential_id is None or await store.find_credential(connection, credential_id) is None:
        raise Rejection("invalid_request", "Missing or invalid parameter credentialID")
    hash_algorithm = hash_algorithm_of(sent.get("hashAlgorithmOID"))
    hashes = read_hashes((sent.get("hashes") or "").split(","), hash_algorithm)
    if sent.get("numSignatures") != str(len(hashes)):
        raise Rejection("invalid_request", "numSignatures must be the number of hashes")
    return ToSign(credential_id, hash_algorithm, tuple(one.hex() for one in hashes), described(sent.get("description")))


def read_hashes(values: list[Any], hash_algorithm: str) -> tuple[bytes, ...]:
    """Return hashes that are written in base64 or base64url, with padding or without."""
    if not any(values):
        raise Rejection("invalid_request", "Empty hash array")
    if len(values) > MOST_HASHES:
        raise Rejection("invalid_request", "Numbers of signatures is too high")
    return checked_length(tuple(_decoded(value) for value in values), hash_algorithm)


def described(text: object) -> str | None:
    """Return a description that can be shown as it is: one line, no character that hides or turns others."""
    if text is None:
        return None
    if not isinstance(text, str) or not text.isprintable() or len(text) > LONGEST_DESCRIPTION:
        raise Rejection("invalid_request", f"description must be one line of at most {LONGEST_DESCRIPTION} characters")
    return text.strip() or None


def _decoded(value: object) -> bytes:
    if not isinstance(value, str):
        raise Rejection("invalid_request", "Invalid Base64 hash string parameter")
    plain = value.translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise Rejection("invalid_request", "Invalid Base64 hash string parameter") from wrong
