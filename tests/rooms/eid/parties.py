"""The eID and the registers as real processes, the portal as its client, and a citizen's browser."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

from eid.client import public_keys

from .browser import AGIM, ARTA, BESNIK, DRITA, EMINE, LUAN, MILICA, PINS, Browser

# What tests ask for here, though it is written in browser.py.
__all__ = ["AGIM", "ARTA", "BESNIK", "DRITA", "EMINE", "LUAN", "MILICA", "PINS", "Browser"]

CHECKOUT = Path(__file__).parents[3]
REGISTERS_TOKEN = "a token between the eID and the registers"
REDIRECT_URI = "http://127.0.0.1:9/sq/sign-in/return"
SIGNED_OUT = "http://127.0.0.1:9/sq/signed-out"

NAMES = {ARTA: "Arta Krasniqi", MILICA: "Milica Jovanović", BESNIK: "Besnik Gashi", DRITA: "Drita Berisha"}


def now() -> datetime:
    """Return the time, as the door would."""
    return datetime.now(UTC)


@dataclass
class Running:
    """A party of our own that serves: its address, its environment for commands, and what it logs."""

    url: str
    module: str
    environment: dict[str, str]
    log: Path

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command of this party and return how it ended."""
        return subprocess.run(
            [sys.executable, "-m", self.module, *arguments],
            cwd=CHECKOUT,
            env=os.environ | self.environment | settings,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def did(self, *arguments: str) -> str:
        """Run a command that must succeed, and return what it said."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def serving(party: Running, *, dies: bool = False) -> Generator[Running]:
    """Serve a party until the block ends: told to stop, or killed at once."""
    with party.log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", party.module, "serve"],
            cwd=CHECKOUT,
            env=os.environ | party.environment,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_until_ready(party, process)
        yield party
    finally:
        process.send_signal(signal.SIGKILL if dies else signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(party: Running, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 90
    while True:
        try:
            if httpx.get(f"{party.url}/health/ready", timeout=2).is_success:
                return
        except httpx.HTTPError:
            pass
        assert process.poll() is None, party.log.read_text()
        assert time.monotonic() < until, party.log.read_text()
        time.sleep(0.05)


def free_port() -> int:
    """Return a port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def an_eid(database_url: str, registers_url: str, folder: Path, **settings: str) -> Running:
    """Return an eID that is not yet serving, with keys of its own in `folder`."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        "EID_URL": url,
        "EID_HOST": "127.0.0.1",
        "EID_PORT": str(port),
        "EID_DATABASE_URL": database_url,
        "EID_SECRET": secrets.token_urlsafe(32),
        "EID_REGISTERS_URL": registers_url,
        "EID_REGISTERS_TOKEN": REGISTERS_TOKEN,
        "EID_PKI": str(folder / "pki"),
        "EID_PRIVATE_CLIENTS": "true",
        # Tests come from one address, and fail on purpose.
        "EID_FAILURES_PER_MINUTE": "100000",
        "EID_REQUESTS_PER_MINUTE": "100000",
    }
    return Running(url, "eid.provider", environment | settings, folder / "eid.log")


@dataclass
class RelyingParty:
    """A client of the eID: its id, its private key (PEM) and its registration."""

    client_id: str
    key: str = field(default_factory=lambda: ECKey.generate_key("P-256").as_pem(private=True).decode())

    def registration(self, **changed: object) -> dict[str, Any]:
        """Return what `eid client add` takes."""
        return {
            "client_id": self.client_id,
            "client_name": "Citizen portal",
            "client_name#sq": "Portali i qytetarit",
            "client_name#sr": "Portal za građane",
            "client_uri": "http://127.0.0.1:9/",
            "redirect_uris": [REDIRECT_URI],
            "post_logout_redirect_uris": [SIGNED_OUT],
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks": public_keys(self.key),
            **changed,
        }

    def register(self, eid: Running, **changed: object) -> None:
        """Register at an eID, by its command."""
        file = eid.log.with_name(f"{self.client_id}.json")
        file.write_text(json.dumps(self.registration(**changed)))
        eid.did("client", "add", "--file", str(file))


@dataclass(frozen=True)
class Asked:
    """One request for authorization as a client would make it, and what it needs to redeem the code."""

    url: str
    verifier: str
    state: str
    nonce: str


def ask(eid: Running, party: RelyingParty, **parameters: str | None) -> Asked:
    """Make a request for authorization; `parameters` stand in place of the right ones, None takes one out."""
    verifier, state, nonce = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    right = {
        "client_id": party.client_id,
        "redirect_uri": REDIRECT_URI,
        "response_type": "code",
        "scope": "openid email",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "ui_locales": "en",
    }
    kept = {name: value for name, value in (right | parameters).items() if value is not None}
    return Asked(f"{eid.url}/oauth2/auth?{urlencode(kept)}", verifier, state, nonce)


def token_form(eid: Running, party: RelyingParty, code: str, verifier: str, /, **changed: str | None) -> dict[str, str]:
    """Make a token request; `changed` stands in place of the right parameters, None takes one out."""
    right = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": verifier,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion(eid, party),
    }
    return {name: value for name, value in (right | changed).items() if value is not None}


def assertion(eid: Running, party: RelyingParty, *, signer: ECKey | None = None, **claims: object) -> str:
    """Say who the client is, as it should; `claims` stand in place of the right ones, `...` takes one out."""
    key, at = ECKey.import_key(party.key), int(now().timestamp())
    right = {"iss": party.client_id, "sub": party.client_id, "aud": eid.url, "iat": at, "exp": at + 60}
    said = {"jti": secrets.token_urlsafe(16)} | right | claims
    kept = {name: value for name, value in said.items() if value is not ...}
    return jwt.encode({"alg": "ES256", "kid": key.thumbprint()}, kept, signer or key, ["ES256"])


async def redeem(http: httpx.AsyncClient, eid: Running, form: dict[str, str], **headers: str) -> httpx.Response:
    """Send a token request."""
    return await http.post(f"{eid.url}/oauth2/token", data=form, headers=headers)
