"""What each register signs its answers with: detached JWS by ES256 (RFC 7515 appendix F), its keys published.

Whoever keeps an answer's bytes and its signature can prove years later what the register said, and to which question:
the protected header names the moment (`iat`) and the hash of the request (`x-road-request-hash`).
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

# The feed of events is told by the gateway, over all registers.
GATEWAY = "gateway"
_BYTES = 32  # of each half of a signature on P-256
_ES256 = ec.ECDSA(hashes.SHA256())


class Keyring:
    """The keys that sign now, one a register, and the public halves of all that ever did."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        keys = [(row, _loaded(row["private_key"])) for row in rows]
        self._signing = {row["register"]: (row["kid"], key) for row, key in keys if row["retired_at"] is None}
        self.published = {"keys": [_jwk(row["kid"], row["register"], key) for row, key in keys]}

    def sign(self, register: str, body: bytes, request_hash: str, at: datetime) -> str:
        """Return the register's signature on a body, without the body: `header..signature`."""
        kid, key = self._signing[register]
        header = {"alg": "ES256", "kid": kid, "iat": int(at.timestamp()), "x-road-request-hash": request_hash}
        protected = _encoded(json.dumps(header, separators=(",", ":")).encode())
        r, s = decode_dss_signature(key.sign(f"{protected}.{_encoded(body)}".encode(), _ES256))
        return f"{protected}..{_encoded(r.to_bytes(_BYTES) + s.to_bytes(_BYTES))}"


def new_key(register: str, at: datetime) -> tuple[str, str, str, datetime]:
    """Return a new key's id, its register, its private half in PEM, and when it was made."""
    private = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return f"{register}-{at:%Y%m%d}-{uuid4().hex[:8]}", register, private.decode(), at


def _loaded(pem: str) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("A register's key is not one on an elliptic curve.")
    return key


def _jwk(kid: str, register: str, key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    point = key.public_key().public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": _encoded(point.x.to_bytes(_BYTES)),
        "y": _encoded(point.y.to_bytes(_BYTES)),
        "kid": kid,
        "use": "sig",
        "alg": "ES256",
        "register": register,
    }


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
