"""Signs what we ask and checks what registers sign: detached JWS with ES256 (RFC 7515 appendix F, RFC 7518)."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from msgspec import Struct

_ALGORITHM = "ES256"
_REGISTRY = jws.JWSRegistry(algorithms=[_ALGORITHM], strict_check_header=False)  # `iat` is no header of RFC 7515


class Signer:
    """A P-256 key that signs; `kid` is its thumbprint (RFC 7638). Raises ValueError for a PEM that holds none."""

    def __init__(self, pem: str) -> None:
        try:
            self._key = ECKey.import_key(pem)
        except (JoseError, TypeError, ValueError):
            raise ValueError("no private key in PEM") from None
        if self._key.curve_name != "P-256" or not self._key.is_private:
            raise ValueError("no private P-256 key")
        self.kid = self._key.thumbprint()

    def detached(self, content: bytes, **header: object) -> str:
        """Return the content's signature without the content: `header..signature`."""
        return jws.detach_content(self.compact(content, **header))

    def compact(self, content: bytes, **header: object) -> str:
        """Return the content with its signature."""
        return jws.serialize_compact(
            {"alg": _ALGORITHM, "kid": self.kid, **header}, content, self._key, registry=_REGISTRY
        )

    def secret(self, purpose: str) -> bytes:
        """Return 32 bytes that follow from the private key, others for each purpose (HKDF, RFC 5869)."""
        private = str(self._key.as_dict(private=True)["d"]).encode()
        return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(private)

    def public(self) -> dict[str, Any]:
        """Return the public half as a JWK (RFC 7517)."""
        return {**self._key.as_dict(private=False), "kid": self.kid, "use": "sig", "alg": _ALGORITHM}


class Keys:
    """Public keys by which signatures are judged. Raises ValueError for what is no set of keys (RFC 7517)."""

    def __init__(self, published: Mapping[str, Any]) -> None:
        try:
            self._keys = KeySet.import_key_set(dict(published))  # type: ignore[arg-type]  # checked by what it raises
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            raise ValueError("no key set") from None
        self._known = {key.kid for key in self._keys.keys}

    def knows(self, kid: str | None) -> bool:
        """Tell whether the key of this name is here."""
        return kid in self._known

    def holds(self, signature: str, content: bytes) -> bool:
        """Tell whether a detached signature is one over this content."""
        try:
            signed = jws.deserialize_compact(signature, self._keys, [_ALGORITHM], _REGISTRY, payload=content)
        except (JoseError, ValueError):
            return False
        return signed.payload == content

    def content(self, signed: str) -> bytes | None:
        """Return the content of a compact JWS that one of these keys signed, else None."""
        try:
            return jws.deserialize_compact(signed, self._keys, [_ALGORITHM], _REGISTRY).payload
        except (JoseError, ValueError):
            return None


class Header(Struct, frozen=True):
    """What a signature's protected header says: by which key, when (seconds since 1970), in answer to which hash."""

    kid: str | None = None
    iat: float | None = None
    asked: str | None = msgspec.field(default=None, name="x-road-request-hash")


_headers = msgspec.json.Decoder(Header)


def header(signature: str) -> Header:
    """Return what stands in a signature's protected header, nothing when it is none. It is true if the signature is."""
    try:
        return _headers.decode(urlsafe_b64decode(signature.partition(".")[0] + "=="))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return Header()
