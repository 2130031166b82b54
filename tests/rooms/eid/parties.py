"""The eID and the registers as real processes, the portal as its client, and a citizen's browser."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
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
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

from eid.client import public_keys

CHECKOUT = Path(__file__).parents[3]
REGISTERS_TOKEN = "a token between the eID and the registers"
REDIRECT_URI = "http://127.0.0.1:9/sq/sign-in/return"
SIGNED_OUT = "http://127.0.0.1:9/sq/signed-out"

ARTA, MILICA, BESNIK, DRITA = "1176042318", "1204583176", "1133902755", "1158470620"
EMINE, LUAN, AGIM = "1102736490", "1249061588", "1086354124"
PINS = {ARTA: "1111", MILICA: "2222", BESNIK: "3333", DRITA: "4444", EMINE: "5555", LUAN: "6666", AGIM: "7777"}
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
    until = time.monotonic() + 30
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


class Browser:
    """A citizen's browser without JavaScript: keeps cookies, fills in the forms that it is shown."""

    def __init__(self, eid_url: str) -> None:
        self.http = httpx.AsyncClient(base_url=eid_url, trust_env=False, timeout=20)
        self.page: httpx.Response

    async def go(self, url: str, **headers: str) -> httpx.Response:
        """Open an address of the eID, following it around within the eID."""
        return await self._follow(await self.http.get(url, headers=headers))

    async def send(self, action_ends: str, **typed: str) -> httpx.Response:
        """Fill in and send the form of this page whose address ends so."""
        action, fields = self.form(action_ends)
        return await self._follow(await self.http.post(action, data=fields | typed))

    async def choose(self, name: str) -> httpx.Response:
        """Pick a person on the list by the name that is written there."""
        return await self.send("", person=self.key_of(name))

    async def sign_in(self, url: str, personal_number: str, pin: str | None = None) -> dict[str, str]:
        """Sign in from the client's link to the way back, and return what the client is told."""
        await self.go(url)
        if self.page.is_redirect:
            return self.answer()
        await self.say(personal_number)
        await self.prove(pin or PINS[personal_number])
        return self.answer()

    async def say(self, personal_number: str, **means: str) -> httpx.Response:
        """Say who she is, and by what `means` she will prove it when it is not the first one offered."""
        return await self.send("", personal_number=personal_number, person="another", **means)

    async def prove(self, pin: str) -> httpx.Response:
        """Give the PIN on the page or the phone that asks for it, and go on from there."""
        if not self.page.url.path.endswith("/phone"):
            return await self.send(f"/{self.page.url.path.rpartition('/')[2]}", pin=pin)
        await self.open_phone()
        await self.send("/approval", pin=pin)
        return await self.go(self.link("/sign-in/"))

    async def open_phone(self) -> httpx.Response:
        """Follow the waiting page's link to the phone."""
        return await self.go(self.link("/phone/requests/"))

    def link(self, begins: str) -> str:
        """Return the address of the last link in the page that begins so: what comes first leads back."""
        main = self.page.text.partition('<main class="govuk-main-wrapper"')[2]
        found = [unescape(link) for link in re.findall(r'<a [^>]*href="([^"]*)"', main)]
        return next(link for link in reversed(found) if link.startswith(begins))

    def answer(self) -> dict[str, str]:
        """Return the parameters with which the eID sent the browser back to the client."""
        location: str = self.page.headers.get("location", "")
        assert self.page.status_code == 303, (self.page.status_code, self.text)
        assert location.startswith("http://127.0.0.1:9/"), location
        return dict(parse_qsl(str(urlsplit(location).query)))

    def key_of(self, name: str) -> str:
        """Return the value of a person's radio button."""
        found = re.search(rf'value="([^"]+)"[^>]*>\s*<label[^>]*>{re.escape(name)}<', self.page.text)
        assert found, self.text
        return found[1]

    @property
    def here(self) -> str:
        """Where the browser is: path and query."""
        return self.page.url.raw_path.decode()

    @property
    def text(self) -> str:
        """What the page says, without markup."""
        body = re.sub(r"(?s)<(head|script|style).*?</\1>", " ", self.page.text)
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).strip()

    async def _follow(self, answer: httpx.Response) -> httpx.Response:
        while answer.is_redirect and answer.headers["location"].startswith("/"):
            answer = await self.http.get(answer.headers["location"])
        self.page = answer
        return answer

    def form(self, action_ends: str) -> tuple[str, dict[str, str]]:
        """Return where the form leads whose address ends so, and what it carries unseen; "" for a sign-in's first."""
        for action, body in re.findall(r'(?s)<form action="([^"]*)" method="post"[^>]*>(.*?)</form>', self.page.text):
            path = unescape(action).partition("?")[0]
            if path.endswith(action_ends) and (action_ends or path.count("/") == 2):
                hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', body)
                return unescape(action), {name: unescape(value) for name, value in hidden}
        raise AssertionError(f"no form {action_ends!r} on: {self.text}")

    async def close(self) -> None:
        """Close the browser."""
        await self.http.aclose()


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
