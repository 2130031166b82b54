"""Keeps the demo trust services' keys, certificates and revocations as files in one private folder.

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


def opened(folder: Path) -> Pki:
    """Return the trust services kept in `folder`, or raise PkiError when there are none."""
    try:
        return Pki(folder, *(_read(folder / part) for part in ("root", "issuing", "ocsp", "tsa")))
    except FileNotFoundError as missing:
        raise PkiError(f"EID_PKI: there are no trust services in {folder}; make them with `eid pki init`.") from missing


def _read(part: Path) -> Holder:
    made = x509.load_pem_x509_certificate(part.with_name(f"{part.name}.pem").read_bytes())
    return Holder(_private(part.with_name(f"{part.name}.key.pem")), made)


def key_at(path: Path) -> ec.EllipticCurvePrivateKey:
    """Return the P-256 key in the file, making it when there is none."""
    if not path.exists():
        plain = serialization.NoEncryption()
        fresh = ec.generate_private_key(ec.SECP256R1())
        written = fresh.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        write(path, written, 0o600)
    return _private(path)


def _private(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
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
