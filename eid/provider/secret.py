"""What only this eID can make or open: every use of `EID_SECRET`, each with a key of its own (RFC 5869)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey


class Secret:
    """Marks (keyed hashes) and seals (encryption), derived from the eID's one secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._keys: dict[str, bytes] = {}

    def mark(self, purpose: str, *parts: str) -> str:
        """Return 256 bits that follow from the parts for us alone: the same each time, different for each purpose."""
        message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
        return b64(hmac.digest(self._key(purpose), message, "sha256"))

    def seal(self, purpose: str, text: str) -> str:
        """Return `text` encrypted (JWE, A256GCM)."""
        return jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, text.encode(), self._lock(purpose))

    def unseal(self, purpose: str, sealed: str) -> str | None:
        """Return what `seal` was given, or None when it was not sealed by this secret for this purpose."""
        try:
            plain = jwe.decrypt_compact(sealed, self._lock(purpose), ["dir", "A256GCM"]).plaintext
        except (JoseError, ValueError):
            return None
        return plain.decode() if plain is not None else None

    def _lock(self, purpose: str) -> OctKey:
        return OctKey.import_key(self._key(f"seal {purpose}"))

    def _key(self, purpose: str) -> bytes:
        if purpose not in self._keys:
            self._keys[purpose] = HKDF(SHA256(), 32, salt=None, info=f"eid {purpose}".encode()).derive(self._secret)
        return self._keys[purpose]


def b64(value: bytes) -> str:
    """Return bytes in base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def new_token() -> str:
    """Return 256 random bits, for a code, a token or a cookie."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """Return what is kept of a code, a token or a cookie."""
    return hashlib.sha256(token.encode()).digest()
