"""A person's key at a signing service, and a sheet with room for her signature: plain data, and what it tells."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import load_der_x509_certificate
from cryptography.x509.oid import NameOID

_SHOWN = 8  # digits of the hash that a person compares on two screens
_PERSON = "PNOXK-"  # a natural person's number in a certificate (ETSI EN 319 412-1)


@dataclass(frozen=True, slots=True)
class Credential:
    """A person's key at a signing service: its id there, and her certificate with those above it (DER)."""

    id: str
    chain: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A sheet with room for one signature, at `place` (from 1).

    `pdf` is the file, in which the first `length` bytes are what was there before, and the room reaches from `start` to
    `end`; `attributes` are what is signed, `chain` the certificates, the signer's own first (all DER). Where a service
    signs whole documents, the room is filled already.
    """

    pdf: bytes
    length: int
    start: int
    end: int
    digest: bytes
    attributes: bytes
    chain: tuple[bytes, ...]
    place: int

    @property
    def is_filled(self) -> bool:
        """Tell whether the signature stands in the room, as the service itself put it there."""
        return bool(self.pdf[self.start : self.end].strip(b"<0>"))

    @property
    def hash(self) -> bytes:
        """The SHA-256 that the signing service signs."""
        return hashlib.sha256(self.attributes).digest()

    @property
    def shown(self) -> str:
        """The first digits of the hash, as both screens show them: `3f9a 01c2`."""
        return shown(self.hash)


def signs_for(certificate: bytes, personal_number: str) -> bool:
    """Tell whether a certificate (DER) is of the person with this number."""
    try:
        numbers = load_der_x509_certificate(certificate).subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    except ValueError:
        return False
    return [number.value for number in numbers] == [_PERSON + personal_number]


def is_of(prepared: Prepared, value: bytes) -> bool:
    """Tell whether a bare signature is of what was prepared, and by the key of its certificate."""
    key = load_der_x509_certificate(prepared.chain[0]).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(value, prepared.attributes, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def shown(digest: bytes) -> str:
    """Return the first digits of a hash, as both screens show them."""
    digits = digest.hex()[:_SHOWN]
    return f"{digits[:4]} {digits[4:]}"
