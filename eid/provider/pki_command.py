"""The commands of the demo trust services: `eid pki init | seal | revoke | list`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from cryptography.x509.oid import NameOID
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings

from eid.provider.keystore import PkiError, opened
from eid.provider.pki import establish, grant_seal, passphrase_of, revoke
from eid.provider.secret import Secret
from eid.provider.settings import Address, Settings

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
    secret: str = Field(min_length=32, repr=False)
    seal_passphrase: str | None = Field(default=None, min_length=32, repr=False)


def _said(run: Callable[[argparse.Namespace], None]) -> Callable[[argparse.Namespace], int]:
    """Return the command with its refusals said in one sentence."""

    def command(arguments: argparse.Namespace) -> int:
        try:
            told = _Told()  # type: ignore[call-arg]  # pydantic-settings reads the environment
            arguments.pki = arguments.pki or told.pki
            arguments.url = getattr(arguments, "url", None) or told.url
            arguments.passphrase, arguments.seal_passphrase = passphrase_of(Secret(told.secret)), told.seal_passphrase
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
    pki = establish(arguments.pki, arguments.url, datetime.now(UTC), arguments.passphrase)
    _tell(f"{pki.folder}: trust services until {pki.issuing.certificate.not_valid_after_utc:%Y-%m-%d}")


def _seal(arguments: argparse.Namespace) -> None:
    made = grant_seal(
        opened(arguments.pki, arguments.passphrase),
        *(arguments.institution, arguments.name, arguments.out),
        url=arguments.url,
        now=datetime.now(UTC),
        renew=arguments.renew,
        passphrase=arguments.seal_passphrase,
    )
    _tell(f"{arguments.institution}: seal {made.serial_number:x} until {made.not_valid_after_utc:%Y-%m-%d}")


def _revoke(arguments: argparse.Namespace) -> None:
    done = revoke(opened(arguments.pki, arguments.passphrase), arguments.serial, arguments.reason, datetime.now(UTC))
    _tell(f"{done.serial:x}: revoked since {done.at:%Y-%m-%d %H:%M:%S} UTC, {done.reason}")


def _list(arguments: argparse.Namespace) -> None:
    pki = opened(arguments.pki, arguments.passphrase)
    for made in pki.all_issued():
        revocation = pki.revocation(made.serial_number)
        state = f"revoked {revocation.at:%Y-%m-%d}" if revocation else f"until {made.not_valid_after_utc:%Y-%m-%d}"
        # Of a citizen's subject her name and no more: her personal number stands in it too.
        is_citizens = made.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
        common = made.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].rfc4514_string()
        _tell(f"{made.serial_number:x}  {state}  {common if is_citizens else made.subject.rfc4514_string()}")
