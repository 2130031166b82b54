"""Runs the demo trust services' register: makes them, certifies citizens and institutions, takes certificates back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from eid.provider import certificate
from eid.provider.certificate import HOLD, Holder, Profile, Revocation
from eid.provider.keystore import Pki, PkiError, alone, certificate_at, key_at, opened, pem, write
from eid.provider.secret import Secret

_YEAR = timedelta(days=365)
_RENEW_BEFORE = timedelta(days=30)
_LONGEST_NAME = 64 - len(" DEMO")  # bytes; X.520, ub-common-name, which our library does not count in characters


def passphrase_of(secret: Secret) -> str:
    """Return the passphrase under which the eID keeps the keys of its own trust services."""
    return secret.mark("PKI")


def establish(folder: Path, url: str, now: datetime, passphrase: str | None = None) -> Pki:
    """Return the trust services in `folder`, making or renewing what is missing, expiring, or bound to another URL.

    Keys stay, so that what was sealed before stays valid. Safe to run twice, at once, and after a crash.
    """
    with alone(folder):
        place = url.rstrip("/") + "/pki"
        root = _root(folder, now, passphrase)
        by_root = _Issuer(folder, root, f"{place}/root", None, passphrase=passphrase)
        issuing = by_root.ensure("issuing", certificate.authority("DEMO issuing authority", 10 * _YEAR, 0), now)
        by_issuing = _Issuer(folder, issuing, f"{place}/issuing", f"{place}/ocsp", passphrase=passphrase)
        by_issuing.ensure("ocsp", certificate.responder(10 * _YEAR), now)
        by_issuing.ensure("tsa", certificate.timestamper(10 * _YEAR), now)
        (folder / "revoked").mkdir(mode=0o700, exist_ok=True)
    return opened(folder, passphrase)


def certify(pki: Pki, key: ec.EllipticCurvePublicKey, profile: Profile, *, url: str, now: datetime) -> x509.Certificate:
    """Return a new certificate by the issuing authority, which the register knows."""
    place = url.rstrip("/") + "/pki"
    made = certificate.issue(pki.issuing, key, profile, f"{place}/issuing", f"{place}/ocsp", now=now)
    _register(pki.folder / "issued", made)
    return made


def grant_seal(
    pki: Pki,
    institution: str,
    title: str,
    out: Path,
    *,
    url: str,
    now: datetime,
    renew: bool = False,
    passphrase: str | None = None,
) -> x509.Certificate:
    """Return the institution's seal after writing its key, its chain and the root to `out`.

    `passphrase` is the institution's own: its key is encrypted with it, and the one that stands there plain too.

    A seal that stands is left as it is; one that expires, or is bound to another URL, is renewed on the same key; one
    that was revoked gets a new key.
    """
    if not institution.isascii() or not institution.isalnum():
        raise PkiError(f"--institution: {institution!r} is not a short name of letters and digits.")
    if len(title.encode()) > _LONGEST_NAME:
        raise PkiError(f"--name: {title!r} is longer than {_LONGEST_NAME} bytes.")
    place = url.rstrip("/") + "/pki"
    chain, key = out / f"{institution}.chain.pem", out / f"{institution}.key.pem"
    with alone(pki.folder), alone(out):
        write(out / "root.pem", pem(pki.root.certificate), 0o644)
        standing = certificate_at(chain)
        if standing and pki.revocation(standing.serial_number):
            chain.unlink()
            key.unlink()
        elif renew:
            chain.unlink(missing_ok=True)
        below = pem(pki.issuing.certificate)
        issued = pki.folder / "issued"
        issuer = _Issuer(out, pki.issuing, f"{place}/issuing", f"{place}/ocsp", issued, below, passphrase)
        profile = certificate.seal(institution, title, 2 * _YEAR)
        return issuer.ensure(institution, profile, now, suffix=".chain.pem").certificate


def revoke(pki: Pki, serial: int, reason: str, now: datetime) -> Revocation:
    """Return the certificate's revocation; a second one changes nothing. Raises PkiError for a foreign serial.

    With the reason `certificate_hold` it is suspended, until `resume` or until it is revoked for good.
    """
    if pki.issued(serial) is None:
        raise PkiError(f"--serial: no certificate {serial:x} was issued here.")
    with alone(pki.folder):
        standing = pki.revocation(serial)
        if standing and (standing.reason != HOLD or reason == HOLD):
            return standing
        kept = {"at": now.isoformat(timespec="seconds"), "reason": reason}
        write(pki.folder / "revoked" / f"{serial:x}.json", json.dumps(kept).encode(), 0o600)
    return Revocation(serial, now, reason)


def resume(pki: Pki, serial: int) -> bool:
    """Let a suspended certificate be good again; tell whether it was suspended."""
    with alone(pki.folder):
        standing = pki.revocation(serial)
        if standing is None or standing.reason != HOLD:
            return False
        (pki.folder / "revoked" / f"{serial:x}.json").unlink()
    return True


@dataclass(frozen=True, slots=True)
class _Issuer:
    """An authority that writes certificates into a folder, and a copy of each into the register of the issued."""

    folder: Path
    holder: Holder
    place: str
    ocsp: str | None
    issued: Path | None = None
    below: bytes = b""  # what follows the certificate in its chain
    passphrase: str | None = None

    def ensure(self, part: str, profile: Profile, now: datetime, suffix: str = ".pem") -> Holder:
        key, path = key_at(self.folder / f"{part}.key.pem", self.passphrase), self.folder / f"{part}{suffix}"
        standing = certificate_at(path)
        if standing and self._suits(standing, key, profile, now):
            return Holder(key, standing)
        made = certificate.issue(self.holder, key.public_key(), profile, self.place, self.ocsp, now=now)
        # The register first: a certificate that nobody knows would be `unknown` to the responder.
        _register(self.issued or self.folder / "issued", made)
        write(path, pem(made) + self.below, 0o644)
        return Holder(key, made)

    def _suits(
        self, standing: x509.Certificate, key: ec.EllipticCurvePrivateKey, profile: Profile, now: datetime
    ) -> bool:
        points = standing.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
        return (
            standing.public_key() == key.public_key()
            and standing.issuer == self.holder.certificate.subject
            and standing.subject == profile.subject
            and now + _RENEW_BEFORE < standing.not_valid_after_utc
            and [name.value for point in points for name in point.full_name or ()] == [f"{self.place}.crl"]
        )


def _register(issued: Path, made: x509.Certificate) -> None:
    issued.mkdir(mode=0o700, exist_ok=True)
    write(issued / f"{made.serial_number:x}.pem", pem(made), 0o600)


def _root(folder: Path, now: datetime, passphrase: str | None) -> Holder:
    key, path = key_at(folder / "root.key.pem", passphrase), folder / "root.pem"
    standing = certificate_at(path)
    if standing is None:
        standing = certificate.self_signed(key, certificate.authority("DEMO root authority", 20 * _YEAR, 1), now)
        write(path, pem(standing), 0o644)
    return Holder(key, standing)
