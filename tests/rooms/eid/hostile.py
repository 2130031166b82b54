"""A provider that answers wrongly on purpose: a real HTTP server that signs with real keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc import jwt
from joserfc.jwk import ECKey

from eid.client import Attempt

from .parties import now

Claims = dict[str, Any]
ACCESS_TOKEN = "an access token"
PERSON: Claims = {
    "sub": "opaque",
    "given_name": "Arta",
    "family_name": "Krasniqi",
    "birthdate": "1990-05-01",
    "personal_number": "1176042318",
    "locale": "sq",
}


@dataclass
class Raw:
    """An answer as it goes over the wire."""

    body: bytes
    status: int = 200
    kind: str = "application/json"
    seconds_a_byte: float = 0.0
    headers: dict[str, str] = field(default_factory=dict[str, str])


def as_json(value: object, status: int = 200) -> Raw:
    """Return an answer of JSON."""
    return Raw(json.dumps(value).encode(), status)


@dataclass(frozen=True)
class Heard:
    """A request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    form: dict[str, str]

    @property
    def proof(self) -> Claims:
        """What its header DPoP says; {} without one."""
        return read(self.headers["dpop"])[1] if "dpop" in self.headers else {}


@dataclass
class Hostile:
    """Answers rightly until something of it is changed; `asked` counts the requests for each path.

    `takes_pushed` offers PAR; with a `nonce` it demands that in every proof of a key (RFC 9449, section 8).
    """

    url: str = ""
    takes_pushed: bool = False
    nonce: str | None = None
    heard: list[Heard] = field(default_factory=list[Heard])
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", auto_kid=True))
    attempt: Attempt | None = None
    silent: bool = False
    asked: dict[str, int] = field(default_factory=dict[str, int])
    instead: dict[str, Callable[[], Raw]] = field(default_factory=dict[str, Callable[[], Raw]])
    claims: Callable[[Claims], Claims] = lambda claims: claims
    sign: Callable[[Hostile, Claims], str] | None = None
    token: Callable[[Claims], Claims] = lambda body: body
    userinfo: Callable[[Claims], Claims] = lambda person: person
    metadata: Callable[[Claims], Claims] = lambda metadata: metadata

    def last(self, path: str) -> Heard:
        """Return the last request for a path."""
        return next(heard for heard in reversed(self.heard) if heard.path == path)

    def answer(self, heard: Heard) -> Raw:
        """Return the answer to a request."""
        path = heard.path
        self.heard.append(heard)
        self.asked[path] = self.asked.get(path, 0) + 1
        if path in self.instead:
            return self.instead[path]()
        if self.nonce and heard.proof and heard.proof.get("nonce") != self.nonce:
            return self._wanting_its_nonce(path)
        answers: dict[str, Callable[[], Raw]] = {
            "/.well-known/openid-configuration": lambda: as_json(self.metadata(self._metadata())),
            "/jwks.json": lambda: as_json({"keys": [self.key.as_dict(private=False)]}),
            "/par": lambda: as_json({"request_uri": "urn:a:name", "expires_in": 60}, 201),
            "/token": lambda: as_json(self.token(self._token())),
            "/userinfo": lambda: as_json(self.userinfo(dict(PERSON))),
        }
        return answers.get(path, lambda: Raw(b"", 404))()

    def _wanting_its_nonce(self, path: str) -> Raw:
        told = {"dpop-nonce": self.nonce or ""}
        if path == "/userinfo":
            return Raw(b"", 401, headers=told | {"www-authenticate": 'DPoP error="use_dpop_nonce"'})
        return Raw(json.dumps({"error": "use_dpop_nonce"}).encode(), 400, headers=told)

    def _metadata(self) -> Claims:
        pushed = {"pushed_authorization_request_endpoint": f"{self.url}/par"} if self.takes_pushed else {}
        return {
            **pushed,
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/auth",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks.json",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "end_session_endpoint": f"{self.url}/logout",
            "authorization_response_iss_parameter_supported": True,
        }

    def _token(self) -> Claims:
        claims = self.claims(self.right_claims())
        token = self.sign(self, claims) if self.sign else signed(self, claims)
        return {"access_token": ACCESS_TOKEN, "token_type": "Bearer", "id_token": token, "expires_in": 600}

    def right_claims(self) -> Claims:
        """Return an ID token's claims in which nothing is wrong."""
        at = int(now().timestamp())
        half = hashlib.sha256(ACCESS_TOKEN.encode()).digest()[:16]
        return {
            **PERSON,
            "iss": self.url,
            "aud": "portal",
            "iat": at,
            "exp": at + 300,
            "auth_time": at,
            "nonce": self.attempt.nonce if self.attempt else "",
            "acr": "substantial",
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
        }


def signed(hostile: Hostile, claims: Claims, **header: object) -> str:
    """Sign rightly, under a header that may be wrong."""
    return jwt.encode({"alg": "ES256", "kid": hostile.key.kid, **header}, claims, hostile.key, ["ES256"])


def unsigned(_hostile: Hostile, claims: Claims) -> str:
    """Sign with nothing: `alg: none`."""
    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


def signed_with_the_public_key(hostile: Hostile, claims: Claims) -> str:
    """Sign by HS256, keyed with what everybody can read."""
    said = f"{part({'alg': 'HS256', 'kid': hostile.key.kid})}.{part(claims)}"
    signature = hmac.digest(hostile.key.as_pem(private=False), said.encode(), "sha256")
    return f"{said}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def with_a_critical_header(hostile: Hostile, claims: Claims) -> str:
    """Sign rightly, under a header that says it must be understood and is not (RFC 7515, section 4.1.11)."""
    return signed_raw(hostile, claims, crit=["exp2"], exp2=1)


def signed_raw(hostile: Hostile, claims: Claims, **header: object) -> str:
    """Sign rightly, under a header that no library would write."""
    said = f"{part({'alg': 'ES256', 'kid': hostile.key.kid, **header})}.{part(claims)}"
    key = cast("ec.EllipticCurvePrivateKey", hostile.key.private_key)
    r, s = decode_dss_signature(key.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return f"{said}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def signed_by_another(hostile: Hostile, claims: Claims) -> str:
    """Sign with another key under the right name."""
    other = ECKey.generate_key("P-256")
    return jwt.encode({"alg": "ES256", "kid": hostile.key.kid}, claims, other, ["ES256"])


def bringing_its_own_key(_hostile: Hostile, claims: Claims) -> str:
    """Sign with another key that the token itself brings."""
    other = ECKey.generate_key("P-256", auto_kid=True)
    header = {"alg": "ES256", "kid": other.kid, "jwk": other.as_dict(private=False)}
    return jwt.encode(header, claims, other, ["ES256"])


def tampered(hostile: Hostile, claims: Claims) -> str:
    """Sign rightly, then change who it is."""
    header, _claims, signature = signed(hostile, claims).split(".")
    return f"{header}.{part({**claims, 'personal_number': '1204583176'})}.{signature}"


def read(token: str) -> tuple[Claims, Claims]:
    """Return header and claims of a token, its signature unseen."""
    header, claims, _signature = token.split(".")
    return tuple(json.loads(base64.urlsafe_b64decode(each + "==")) for each in (header, claims))


def part(value: object) -> str:
    """Return one part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@contextmanager
def listening(hostile: Hostile) -> Generator[Hostile]:
    """Serve the hostile provider on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hostile": hostile}))
    server.daemon_threads = True
    server.block_on_close = False
    hostile.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield hostile
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    hostile: Hostile

    def do_GET(self, form: str = "") -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        raw = self.hostile.answer(Heard(self.command, self.path.partition("?")[0], headers, dict(parse_qsl(form))))
        if self.hostile.silent:
            time.sleep(30)
        self.send_response(raw.status)
        headers = {"content-type": raw.kind, "content-length": str(len(raw.body))} | raw.headers
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):
            self._write(raw)

    def do_POST(self) -> None:
        self.do_GET(self.rfile.read(int(self.headers.get("content-length", "0"))).decode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Keep quiet."""

    def _write(self, raw: Raw) -> None:
        step = 1 if raw.seconds_a_byte else 2**16
        for start in range(0, len(raw.body), step):
            self.wfile.write(raw.body[start : start + step])
            self.wfile.flush()
            time.sleep(raw.seconds_a_byte)
