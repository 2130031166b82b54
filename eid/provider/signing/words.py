"""The words in which clients name what they want signed: hashes, a description, the kind of signature."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Any

from eid.provider.errors import Rejection
from eid.provider.signing.activation import MOST_HASHES
from eid.provider.signing.algorithm import checked_length

# By the naming rule of the standard (CSC API v2, 11.11): country, short name of the law (08/L-022), kind of signature.
QUALIFIER = "xk_08l022_qes"
LONGEST_DESCRIPTION = 200


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
