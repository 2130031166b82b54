"""Runs the demo trust services' register: makes them, grants seals to institutions, takes certificates back.

These are the commands `eid pki init | seal | revoke | list`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from eid.provider import certificate
from eid.provider.certificate import Holder, Profile, Revocation
from eid.provider.keystore import Pki, PkiError, alone, certificate_at, key_at, opened, pem, write
from eid.provider.settings import Address, Settings

_YEAR = timedelta(days=365)
_RENEW_BEFORE = timedelta(days=30)
_LONGEST_NAME = 64 - len(" DEMO")  # X.520, ub-common-name
_REASONS = ("unspecified", "key_compromise", "affiliation_changed", "superseded", "cessation_of_operation")


def add_commands(subparsers: Any) -> None:  # noqa: ANN401 - argparse keeps its type to itself
    """Add `pki` and its commands; each sets `run(arguments) -> exit status`."""
    commands = subparsers.add_parser("pki", help="the demo trust services").add_subparsers(required=True)
    for name, run, about in (
        ("init", _init, "make the authorities, or renew them for another EID_URL"),
        ("seal", _seal, "grant an institution its seal"),
        ("revoke", _revoke, "take a certificate back"),
        ("list", _list, "list what was issued"),
    ):
        command = commands.add_parser(name, help=about)
        command.add_argument("--pki", type=Path, help="folder; else EID_PKI")
        command.set_defaults(run=_said(run))
        if name in {"init", "seal"}:
            command.add_argument("--url", help="public address; else EID_URL")
        if name == "seal":
            command.add_argument("--institution", required=True, help="its short name, as arc")
            command.add_argument("--name", required=True, help="its name, for the certificate")
            command.add_argument("--out", type=Path, required=True, help="folder for its key, its chain and the root")
            command.add_argument("--renew", action="store_true", help="even when the standing one is good")
        if name == "revoke":
            command.add_argument("--serial", required=True, type=_serial, help="hexadecimal")
            command.add_argument("--reason", choices=_REASONS, default="unspecified")


class _Told(BaseSettings):
    """What these commands need of the eID's settings, and no more: they run before it has a database or a client."""

    model_config = Settings.model_config

    url: Address = Settings.model_fields["url"].default
    pki: Path = Settings.model_fields["pki"].default


def _said(run: Callable[[argparse.Namespace], None]) -> Callable[[argparse.Namespace], int]:
    """Return the command with its refusals said in one sentence."""

    def command(arguments: argparse.Namespace) -> int:
        try:
            told = _Told()
            arguments.pki = arguments.pki or told.pki
            arguments.url = getattr(arguments, "url", None) or told.url
            run(arguments)
        except ValidationError as wrong:
            names = ", ".join("EID_" + "_".join(map(str, error["loc"])).upper() for error in wrong.errors())
            _tell(f"eid: these settings cannot be used: {names}", sys.stderr)
            return 1
        except (PkiError, OSError) as refused:
            _tell(f"eid: {refused}", sys.stderr)
            return 1
        return 0

    return command


def _serial(text: str) -> int:
    return int(text.replace(":", ""), 16)


def _tell(sentence: object, stream: TextIO = sys.stdout) -> None:
    print(sentence, file=stream)


def _init(arguments: argparse.Namespace) -> None:
    pki = establish(arguments.pki, arguments.url, datetime.now(UTC))
    _tell(f"{pki.folder}: trust services until {pki.issuing.certificate.not_valid_after_utc:%Y-%m-%d}")


def _seal(arguments: argparse.Namespace) -> None:
    pki, wish = opened(arguments.pki), (arguments.institution, arguments.name, arguments.out)
    made = grant_seal(pki, *wish, url=arguments.url, now=datetime.now(UTC), renew=arguments.renew)
    _tell(f"{arguments.institution}: seal {made.serial_number:x} until {made.not_valid_after_utc:%Y-%m-%d}")


def _revoke(arguments: argparse.Namespace) -> None:
    done = revoke(opened(arguments.pki), arguments.serial, arguments.reason, datetime.now(UTC))
    _tell(f"{done.serial:x}: revoked since {done.at:%Y-%m-%d %H:%M:%S} UTC, {done.reason}")


def _list(arguments: argparse.Namespace) -> None:
    pki = opened(arguments.pki)
    for made in pki.all_issued():
        revocation = pki.revocation(made.serial_number)
        state = f"revoked {revocation.at:%Y-%m-%d}" if revocation else f"until {made.not_valid_after_utc:%Y-%m-%d}"
        _tell(f"{made.serial_number:x}  {state}  {made.subject.rfc4514_string()}")


def establish(folder: Path, url: str, now: datetime) -> Pki:
    """Return the trust services in `folder`, making or renewing what is missing, expiring, or bound to another URL.

    Keys stay, so that what was sealed before stays valid. Safe to run twice, at once, and after a crash.
    """
    with alone(folder):
        place = url.rstrip("/") + "/pki"
        root = _root(folder, now)
        by_root = _Issuer(folder, root, f"{place}/root", None)
        issuing = by_root.ensure("issuing", certificate.authority("DEMO issuing authority", 10 * _YEAR, 0), now)
        by_issuing = _Issuer(folder, issuing, f"{place}/issuing", f"{place}/ocsp")
        by_issuing.ensure("ocsp", certificate.responder(10 * _YEAR), now)
        by_issuing.ensure("tsa", certificate.timestamper(10 * _YEAR), now)
        (folder / "revoked").mkdir(mode=0o700, exist_ok=True)
    return opened(folder)


def grant_seal(
    pki: Pki, institution: str, title: str, out: Path, *, url: str, now: datetime, renew: bool = False
) -> x509.Certificate:
    """Return the institution's seal after writing its key, its chain and the root to `out`.

    A seal that stands is left as it is; one that expires, or is bound to another URL, is renewed on the same key; one
    that was revoked gets a new key.
    """
    if not institution.isascii() or not institution.isalnum():
        raise PkiError(f"--institution: {institution!r} is not a short name of letters and digits.")
    if len(title) > _LONGEST_NAME:
        raise PkiError(f"--name: {title!r} is longer than {_LONGEST_NAME} characters.")
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
        issuer = _Issuer(out, pki.issuing, f"{place}/issuing", f"{place}/ocsp", pki.folder / "issued", below)
        profile = certificate.seal(institution, title, 2 * _YEAR)
        return issuer.ensure(institution, profile, now, suffix=".chain.pem").certificate


def revoke(pki: Pki, serial: int, reason: str, now: datetime) -> Revocation:
    """Return the certificate's revocation; a second one changes nothing. Raises PkiError for a foreign serial."""
    if pki.issued(serial) is None:
        raise PkiError(f"--serial: no certificate {serial:x} was issued here.")
    with alone(pki.folder):
        standing = pki.revocation(serial)
        if standing:
            return standing
        kept = {"at": now.isoformat(timespec="seconds"), "reason": reason}
        write(pki.folder / "revoked" / f"{serial:x}.json", json.dumps(kept).encode(), 0o600)
    return Revocation(serial, now, reason)


@dataclass(frozen=True, slots=True)
class _Issuer:
    """An authority that writes certificates into a folder, and a copy of each into the register of the issued."""

    folder: Path
    holder: Holder
    place: str
    ocsp: str | None
    issued: Path | None = None
    below: bytes = b""  # what follows the certificate in its chain

    def ensure(self, part: str, profile: Profile, now: datetime, suffix: str = ".pem") -> Holder:
        key, path = key_at(self.folder / f"{part}.key.pem"), self.folder / f"{part}{suffix}"
        standing = certificate_at(path)
        if standing and self._suits(standing, key, profile, now):
            return Holder(key, standing)
        made = certificate.issue(self.holder, key.public_key(), profile, self.place, self.ocsp, now=now)
        # The register first: a certificate that nobody knows would be `unknown` to the responder.
        issued = self.issued or self.folder / "issued"
        issued.mkdir(mode=0o700, exist_ok=True)
        write(issued / f"{made.serial_number:x}.pem", pem(made), 0o600)
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


def _root(folder: Path, now: datetime) -> Holder:
    key, path = key_at(folder / "root.key.pem"), folder / "root.pem"
    standing = certificate_at(path)
    if standing is None:
        standing = certificate.self_signed(key, certificate.authority("DEMO root authority", 20 * _YEAR, 1), now)
        write(path, pem(standing), 0o644)
    return Holder(key, standing)
