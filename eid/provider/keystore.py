"""Keeps the demo trust services' keys, certificates and revocations as files in one private folder.

Keys are encrypted (PKCS #8 with a passphrase) wherever a passphrase is given; a plain one is then taken over.

EID_PKI/
├── root.pem, issuing.pem, ocsp.pem, tsa.pem, and the key of each as *.key.pem
├── issued/<serial>.pem     every certificate ever issued, so that the responder tells good from unknown
└── revoked/<serial>.json   every certificate taken back
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from eid.provider.certificate import Holder, Revocation

_ENCRYPTED = b"BEGIN ENCRYPTED PRIVATE KEY"


class PkiError(Exception):
    """The folder or a wish cannot be used; the message says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Pki:
    """The trust services: who they are, what they issued and what they took back."""

    folder: Path
    root: Holder
    issuing: Holder
    ocsp: Holder
    tsa: Holder

    def issued(self, serial: int) -> x509.Certificate | None:
        """Return the certificate with this serial number, or None when none was ever issued."""
        try:
            return x509.load_pem_x509_certificate((self.folder / "issued" / f"{serial:x}.pem").read_bytes())
        except FileNotFoundError:
            return None

    def revocation(self, serial: int) -> Revocation | None:
        """Return when and why the certificate was taken back, or None when it stands."""
        try:
            kept = json.loads((self.folder / "revoked" / f"{serial:x}.json").read_bytes())
        except FileNotFoundError:
            return None
        return Revocation(serial, datetime.fromisoformat(kept["at"]), kept["reason"])

    def revocations(self, issuer: Holder) -> list[Revocation]:
        """Return all that `issuer` took back, in the order of their serial numbers."""
        found: list[Revocation] = []
        for path in sorted((self.folder / "revoked").glob("*.json")):
            serial = int(path.stem, 16)
            issued, revocation = self.issued(serial), self.revocation(serial)
            if issued and revocation and issued.issuer == issuer.certificate.subject:
                found.append(revocation)
        return found

    def all_issued(self) -> list[x509.Certificate]:
        """Return every certificate issued, the first first."""
        found = [x509.load_pem_x509_certificate(path.read_bytes()) for path in (self.folder / "issued").glob("*.pem")]
        return sorted(found, key=lambda made: made.not_valid_before_utc)


def opened(folder: Path, passphrase: str | None = None) -> Pki:
    """Return the trust services kept in `folder`, or raise PkiError when there are none, or the passphrase is wrong."""
    try:
        return Pki(folder, *(_read(folder / part, passphrase) for part in ("root", "issuing", "ocsp", "tsa")))
    except FileNotFoundError as missing:
        raise PkiError(f"EID_PKI: there are no trust services in {folder}; make them with `eid pki init`.") from missing


def _read(part: Path, passphrase: str | None) -> Holder:
    made = x509.load_pem_x509_certificate(part.with_name(f"{part.name}.pem").read_bytes())
    return Holder(_private(part.with_name(f"{part.name}.key.pem"), passphrase), made)


def key_at(path: Path, passphrase: str | None = None) -> ec.EllipticCurvePrivateKey:
    """Return the P-256 key in the file, making it when there is none; with a passphrase it is no longer plain after."""
    key = _private(path, passphrase) if path.exists() else ec.generate_private_key(ec.SECP256R1())
    if not path.exists() or (passphrase and _ENCRYPTED not in path.read_bytes()):
        how = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
        write(path, key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how), 0o600)
    return key


def _private(path: Path, passphrase: str | None) -> ec.EllipticCurvePrivateKey:
    kept = path.read_bytes()
    try:
        password = passphrase.encode() if passphrase and _ENCRYPTED in kept else None
        key = serialization.load_pem_private_key(kept, password)
    except (TypeError, ValueError) as locked:
        raise PkiError(f"{path} cannot be opened: it was encrypted with another passphrase (EID_SECRET).") from locked
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise PkiError(f"{path} is not a P-256 key.")
    return key


def certificate_at(path: Path) -> x509.Certificate | None:
    """Return the first certificate in the file, or None when there is no file."""
    return x509.load_pem_x509_certificate(path.read_bytes()) if path.exists() else None


def pem(made: x509.Certificate) -> bytes:
    """Return a certificate as text."""
    return made.public_bytes(serialization.Encoding.PEM)


def write(path: Path, content: bytes, mode: int) -> None:
    """Put the whole file in place, or leave what was there."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    Path(name).replace(path)


@contextmanager
def alone(folder: Path) -> Generator[None]:
    """Hold a private folder for oneself; the kernel lets go of it when the process dies."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
