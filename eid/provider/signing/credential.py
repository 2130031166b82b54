"""A person's signing key with its certificate: issued, renewed, revoked, suspended and resumed."""

from __future__ import annotations

import asyncio
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal, TypeAlias, cast
from uuid import UUID

import structlog
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from eid.provider import pki as authority
from eid.provider.certificate import HOLD, citizen
from eid.provider.keystore import Pki
from eid.provider.people import Enrolled
from eid.provider.secret import Secret
from eid.provider.signing import store
from eid.provider.store import Connection, Row

_log = structlog.get_logger("eid.signing")
_LIVES = timedelta(days=730)  # two years, as Kosovo's eID documents
_DER = serialization.Encoding.DER

State: TypeAlias = Literal["valid", "suspended", "revoked", "expired"]


@dataclass(frozen=True)
class Credential:
    """A key that signs here. `sealed_key` is opened for the moment of a signature only."""

    id: str
    person_id: UUID
    serial: int
    der: bytes
    sealed_key: str
    issued_at: datetime
    expires_at: datetime

    @cached_property
    def certificate(self) -> x509.Certificate:
        """Its certificate, parsed."""
        return x509.load_der_x509_certificate(self.der)

    def state(self, pki: Pki, now: datetime) -> State:
        """Return whether it may sign now; what nothing can mend is said first."""
        revocation = pki.revocation(self.serial)
        if revocation and revocation.reason != HOLD:
            return "revoked"
        if now >= self.expires_at:
            return "expired"
        return "suspended" if revocation else "valid"

    def key(self, secret: Secret) -> ec.EllipticCurvePrivateKey:
        """Return its private key. It goes to no client, into no log, and to no other process than ours."""
        return cast("ec.EllipticCurvePrivateKey", serialization.load_der_private_key(self.key_bytes(secret), None))

    def key_bytes(self, secret: Secret) -> bytes:
        """Return its private key as DER, for a process of ours."""
        opened = secret.unseal(_purpose(self.id), self.sealed_key)
        if opened is None:
            raise RuntimeError("EID_SECRET is not the secret with which this database's keys were sealed.")
        return b64decode(opened)


async def credential_of(
    connection: Connection, pki: Pki, secret: Secret, person: Enrolled, *, url: str, now: datetime
) -> Credential:
    """Return the key with which a person signs, whatever its state; her first one is issued at its first use."""
    standing = await find_current(connection, person.id)
    if standing:
        return standing
    await _issue(connection, pki, secret, person, url=url, now=now)
    return await _current(connection, person.id)


async def renew(
    connection: Connection, pki: Pki, secret: Secret, person: Enrolled, *, url: str, now: datetime
) -> Credential:
    """Return a new key with a new certificate for a person. The old one signs no more; what it signed stays signed."""
    await store.replace_credential(connection, person.id, now)
    await _issue(connection, pki, secret, person, url=url, now=now)
    return await _current(connection, person.id)


async def find_credential(connection: Connection, credential_id: str) -> Credential | None:
    """Return the key with this id, unless another one has taken its place."""
    row = await store.find_credential(connection, credential_id)
    return _credential(row) if row else None


async def find_current(connection: Connection, person_id: UUID) -> Credential | None:
    """Return the key with which a person signs, None when she has none yet."""
    row = await store.find_current_credential(connection, person_id)
    return _credential(row) if row else None


async def credentials_of(connection: Connection, person_id: UUID) -> list[Credential]:
    """Return every key that a person ever had, newest first."""
    return [_credential(row) for row in await store.credentials_of(connection, person_id)]


async def revoke(pki: Pki, credential: Credential, now: datetime, reason: str = "unspecified") -> None:
    """Take a certificate back for good: what is signed later is not valid."""
    await asyncio.to_thread(authority.revoke, pki, credential.serial, reason, now)


async def suspend(pki: Pki, credential: Credential, now: datetime) -> None:
    """Put a certificate on hold; one that was revoked stays so."""
    await asyncio.to_thread(authority.revoke, pki, credential.serial, HOLD, now)


async def resume(pki: Pki, credential: Credential) -> bool:
    """Let a suspended certificate be good again; tell whether it was suspended."""
    return await asyncio.to_thread(authority.resume, pki, credential.serial)


async def _issue(
    connection: Connection, pki: Pki, secret: Secret, person: Enrolled, *, url: str, now: datetime
) -> None:
    name, key = secrets.token_urlsafe(12), ec.generate_private_key(ec.SECP256R1())
    disclosure = f"{url.rstrip('/')}/pki/disclosure"
    profile = citizen(person.given_name, person.family_name, person.personal_number, _LIVES, disclosure)
    made = await asyncio.to_thread(authority.certify, pki, key.public_key(), profile, url=url, now=now)
    private = key.private_bytes(_DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    kept = Credential(
        id=name,
        person_id=person.id,
        serial=made.serial_number,
        der=made.public_bytes(_DER),
        sealed_key=secret.seal(_purpose(name), b64encode(private).decode()),
        issued_at=now,
        expires_at=made.not_valid_after_utc,
    )
    serial = f"{kept.serial:x}"
    await store.save_credential(
        connection, (kept.id, kept.person_id, serial, kept.der, kept.sealed_key, kept.issued_at, kept.expires_at)
    )
    _log.info("certificate_issued", serial=serial)


async def _current(connection: Connection, person_id: UUID) -> Credential:
    current = await find_current(connection, person_id)
    if current is None:
        raise RuntimeError("A certificate that was just issued is not there.")
    return current


def _credential(row: Row) -> Credential:
    return Credential(
        id=row["id"],
        person_id=row["person_id"],
        serial=int(row["serial"], 16),
        der=row["certificate"],
        sealed_key=row["sealed_key"],
        issued_at=row["issued_at"],
        expires_at=row["expires_at"],
    )


def _purpose(name: str) -> str:
    """Return what a key is sealed for: its own row, so that two rows cannot change places."""
    return f"citizen's key {name}"
