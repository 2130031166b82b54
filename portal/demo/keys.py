"""Secrets and keys of the demo: made at first use, kept in files that only their owner reads, like Docker secrets."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


@dataclass(frozen=True, slots=True)
class Keys:
    """A directory with one file for each secret, named like the setting that takes it."""

    directory: Path

    def token(self, name: str) -> str:
        """Return a random text of 43 characters."""
        return self._kept(name, lambda: secrets.token_urlsafe(32))

    def webhook_secret(self, name: str) -> str:
        """Return a secret as Standard Webhooks writes it: `whsec_` and 32 random bytes in base64."""
        return self._kept(name, lambda: "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())

    def private_key(self, name: str) -> str:
        """Return a P-256 private key in PEM."""
        return self._kept(name, _new_private_key)

    def _kept(self, name: str, make: Callable[[], str]) -> str:
        path = self.directory / name
        if not path.exists():
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = path.with_suffix(".unfinished")
            unfinished.unlink(missing_ok=True)
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(make())
            unfinished.rename(path)
        return path.read_text()


def _new_private_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
