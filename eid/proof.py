"""Proves to a provider who asks, and that the asker holds the key to which its tokens are bound.

The client by private_key_jwt (RFC 7523) or a shared secret (RFC 6749, section 2.3.1); the key by DPoP (RFC 9449).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from eid.preset import ClientSettings

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_LIVES = 60  # seconds
_RSA_BITS = 2048
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class Key:
    """Our private key at a provider, and the algorithm by which it signs."""

    key: ECKey | RSAKey
    algorithm: str

    @classmethod
    def read(cls, pem: str) -> Key:
        """Return the key of a PEM; ValueError for one that may not sign here (P-256, or RSA of 2048 bits)."""
        try:
            private = load_pem_private_key(pem.encode(), None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as wrong:
            raise ValueError("no private key in PEM") from wrong
        if isinstance(private, ec.EllipticCurvePrivateKey) and isinstance(private.curve, ec.SECP256R1):
            return cls(ECKey.import_key(pem), "ES256")
        if isinstance(private, rsa.RSAPrivateKey) and private.key_size >= _RSA_BITS:
            return cls(RSAKey.import_key(pem), "PS256")
        raise ValueError("no private key on P-256, nor of RSA with 2048 bits")

    def signed(self, claims: Mapping[str, Any]) -> str:
        """Return the claims as a signed token."""
        header = {"alg": self.algorithm, "kid": self.key.thumbprint(), "typ": "JWT"}
        return jwt.encode(header, dict(claims), self.key, [self.algorithm])

    def public(self) -> dict[str, Any]:
        """Return what a provider needs to know of it (RFC 7517)."""
        public = self.key.as_dict(private=False)
        return {**public, "kid": self.key.thumbprint(), "use": "sig", "alg": self.algorithm}


@dataclass(frozen=True, slots=True)
class Authenticator:
    """Says who the client is, in the one way that it has registered."""

    settings: ClientSettings
    key: Key | None

    def form(self, now: datetime) -> dict[str, str]:
        """Return what goes into the form of each call."""
        settings = self.settings
        if settings.authentication == "client_secret_post":
            return {"client_id": settings.client_id, "client_secret": settings.client_secret or ""}
        if self.key is None or settings.authentication == "client_secret_basic":
            return {}
        at, who = int(now.timestamp()), settings.client_id
        claims = {"iss": who, "sub": who, "aud": settings.issuer, "iat": at, "exp": at + _ASSERTION_LIVES}
        assertion = self.key.signed(claims | {"jti": secrets.token_urlsafe(16)})
        return {"client_id": who, "client_assertion_type": _ASSERTION, "client_assertion": assertion}

    def headers(self) -> dict[str, str]:
        """Return what goes into the headers of each call."""
        if self.settings.authentication != "client_secret_basic":
            return {}
        pair = f"{quote_plus(self.settings.client_id)}:{quote_plus(self.settings.client_secret or '')}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


@dataclass(slots=True)
class Prover:
    """Proves to hold a key, call by call. `nonces` are what each host wants to see in the next proof."""

    key: ECKey
    nonces: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def beside(cls, key: Key) -> Prover:
        """Return a prover whose key follows from the client's own (HKDF, RFC 5869).

        A key of its own, yet the same in every process of ours: a sign-in may end in another one than it began in.
        """
        private = key.key.private_key
        if private is None:
            raise ValueError("no private key")
        der = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        drawn = int.from_bytes(HKDF(SHA256(), 48, salt=None, info=b"DPoP").derive(der))
        made = ec.derive_private_key(drawn % (_P256_ORDER - 1) + 1, ec.SECP256R1())
        return cls(ECKey.import_key(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())))

    @property
    def thumbprint(self) -> str:
        """The name of the key, to which a code may be bound (`dpop_jkt`)."""
        return self.key.thumbprint()

    def proof(self, method: str, url: str, now: datetime, access_token: str | None = None) -> str:
        """Return the header `DPoP` of one call; with an access token for that token alone."""
        nonce = self.nonces.get(_host(url))
        claims = {
            "jti": secrets.token_urlsafe(16),
            "htm": method,
            "htu": urlsplit(url)._replace(query="", fragment="").geturl(),
            "iat": int(now.timestamp()),
            **({"nonce": nonce} if nonce else {}),
            **({"ath": _hash(access_token)} if access_token else {}),
        }
        header = {"alg": "ES256", "typ": "dpop+jwt", "jwk": self.key.as_dict(private=False)}
        return jwt.encode(header, claims, self.key, ["ES256"])

    def remember(self, url: str, nonce: str | None) -> None:
        """Keep the nonce that a host sent for the next proof."""
        if nonce and len(nonce) <= 256:  # noqa: PLR2004 - letters; more is no nonce
            self.nonces[_host(url)] = nonce


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _hash(token: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode()
