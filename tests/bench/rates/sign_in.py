"""Full sign-ins a second at the eID: pushed request, browser, token, userinfo, bound to a key, on one worker.

The people are signed in at the eID already, as on most days: a PIN costs 40 ms of a core by intention and is no
measure of the protocol. Every proof and assertion is signed while the clock runs, by the same two cores.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import secrets
import subprocess
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import asyncpg
import uvloop
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc.jwk import ECKey

from portal import postgres
from portal.demo.plan import DATABASES, Plan
from tests import parties
from tests.bench.rate import Rate, of, timed
from tests.bench.stage import KEPT

_AIM = 150.0
_SECONDS = 5.0
_BROWSERS = 16
_BACK = "http://127.0.0.1:9/back"
_PEOPLE = """
    INSERT INTO eid.person (id, personal_number, given_name, family_name, birthdate, language, pin_hash, enrolled_at)
    SELECT gen_random_uuid(), lpad((1000000000 + n)::text, 10, '0'), 'Person', 'Number ' || n, '1990-01-01', 'sq', '',
           $2
      FROM generate_series(1, $1) AS n
"""
_SIGNED_IN = """
    INSERT INTO eid.session (id, cookie_hash, person_id, acr, amr, auth_time, seen_at)
    SELECT gen_random_uuid(), sha256(('browser-' || n)::bytea), person.id, 'substantial', ARRAY['pin'], $2, $2
      FROM generate_series(1, $1) AS n
      JOIN eid.person ON person.personal_number = lpad((1000000000 + n)::text, 10, '0')
"""
_KNOWN = """
    INSERT INTO eid.session_client (session_id, client_id, sid)
    SELECT id, 'bench', gen_random_uuid()::text FROM eid.session
"""


def measure() -> list[Rate]:
    """Return how many sign-ins a second one worker of the eID does."""
    with ExitStack() as leaving, postgres.running(KEPT / "postgres") as server:
        settings = parties.demo_settings(KEPT / "parties")
        plan = Plan(settings, dict.fromkeys(DATABASES, server.url("bench_eid")))
        uvloop.run(_anew(server.url()))
        key = ECKey.generate_key("P-256")
        _did(plan, ("pki", "init"), ("migrate",), ("client", "add", "--file", _client(key)))
        uvloop.run(_people(server.url("bench_eid")))
        party = next(party for party in plan.parties() if party.name == "eid")
        unlimited = {**party.environment, "EID_REQUESTS_PER_MINUTE": "1000000"}
        eid = parties.start_party(replace(party, environment=unlimited), KEPT / "eid.log")
        leaving.callback(eid.stop)
        times, took = uvloop.run(_signed_in(plan.address("eid"), key))
    return [of("sign-in at the eID (PAR, authorize, token, userinfo)", times, took, aim=_AIM)]


def _did(plan: Plan, *commands: tuple[str, ...]) -> None:
    party = plan.commands("eid", *commands)
    subprocess.run(party.command, env=dict(party.environment), check=True, stdout=subprocess.DEVNULL)


def _client(key: ECKey) -> str:
    public = {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": "ES256"}
    about = {
        "client_id": "bench",
        "client_name": "Bench",
        "redirect_uris": [_BACK],
        "profile": "fapi",
        "dpop_bound_access_tokens": True,
        "jwks": {"keys": [public]},
    }
    file = KEPT / "client.json"
    file.write_text(json.dumps(about))
    return str(file)


async def _anew(maintenance: str) -> None:
    connection = await asyncpg.connect(maintenance)
    await connection.execute("DROP DATABASE IF EXISTS bench_eid WITH (FORCE)")
    await connection.execute("CREATE DATABASE bench_eid")
    await connection.close()


async def _people(url: str) -> None:
    connection, now = await asyncpg.connect(url), datetime.now(UTC)
    await connection.execute(_PEOPLE, _BROWSERS, now)
    await connection.execute(_SIGNED_IN, _BROWSERS, now)
    await connection.execute(_KNOWN)
    await connection.close()


async def _signed_in(url: str, key: ECKey) -> tuple[list[float], float]:
    """Sign people in from sixteen browsers at once; return how long each took, and all together."""
    times: list[float] = []
    connections = aiohttp.TCPConnector(limit=_BROWSERS)
    async with aiohttp.ClientSession(url, connector=connections, cookie_jar=aiohttp.DummyCookieJar()) as http:
        visits = [_Visit(http, url, _Signer(key), f"browser-{number}") for number in range(1, _BROWSERS + 1)]
        await asyncio.gather(*(visit.signs_in() for visit in visits))
        began = time.perf_counter()
        await asyncio.gather(*(timed(visit.signs_in, began + _SECONDS, times) for visit in visits))
        return times, time.perf_counter() - began


@dataclass(frozen=True, slots=True)
class _Signer:
    """Signs ES256 without reading its key again: the load must cost less than what it measures."""

    key: ECKey

    def sign(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
        said = f"{_b64(json.dumps({'alg': 'ES256', **header}).encode())}.{_b64(json.dumps(claims).encode())}"
        private: Any = self.key.private_key
        r, s = decode_dss_signature(private.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{said}.{_b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

    def proof(self, method: str, url: str, token: str | None = None) -> str:
        named = self.key.as_dict(private=False)
        public = {name: named[name] for name in ("kty", "crv", "x", "y")}
        claims = {"jti": secrets.token_hex(12), "htm": method, "htu": url, "iat": int(time.time())}
        if token:
            claims["ath"] = _b64(hashlib.sha256(token.encode()).digest())
        return self.sign({"typ": "dpop+jwt", "jwk": public}, claims)

    def assertion(self, issuer: str) -> str:
        at = int(time.time())
        claims = {
            "iss": "bench",
            "sub": "bench",
            "aud": issuer,
            "iat": at,
            "exp": at + 60,
            "jti": secrets.token_hex(12),
        }
        return self.sign({"kid": self.key.thumbprint()}, claims)


@dataclass(frozen=True, slots=True)
class _Visit:
    """One browser with its client, who sign in together."""

    http: aiohttp.ClientSession
    url: str
    signer: _Signer
    cookie: str

    async def signs_in(self) -> None:
        """Sign in once, whole; whatever is not as it should be ends the measurement."""
        verifier, state = secrets.token_urlsafe(32), secrets.token_urlsafe(16)
        pushed = await self._post(
            "/oauth2/par",
            201,
            response_type="code",
            redirect_uri=_BACK,
            scope="openid",
            state=state,
            nonce=secrets.token_urlsafe(16),
            code_challenge=_b64(hashlib.sha256(verifier.encode()).digest()),
            code_challenge_method="S256",
        )
        query = urlencode({"client_id": "bench", "request_uri": pushed["request_uri"]})
        headers = {"Cookie": f"eid-session={self.cookie}"}
        async with self.http.get(f"/oauth2/auth?{query}", headers=headers, allow_redirects=False) as answer:
            code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
        given = await self._post(
            "/oauth2/token",
            200,
            proof=self.signer.proof("POST", f"{self.url}/oauth2/token"),
            grant_type="authorization_code",
            code=code,
            redirect_uri=_BACK,
            code_verifier=verifier,
        )
        token = given["access_token"]
        proof = self.signer.proof("GET", f"{self.url}/userinfo", token)
        async with self.http.get("/userinfo", headers={"Authorization": f"DPoP {token}", "DPoP": proof}) as answer:
            assert answer.status == 200, await answer.text()
            await answer.read()

    async def _post(self, path: str, status: int, *, proof: str | None = None, **form: str) -> dict[str, Any]:
        signed = {
            "client_id": "bench",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.signer.assertion(self.url),
        }
        async with self.http.post(path, data=form | signed, headers={"DPoP": proof} if proof else {}) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json()


def _b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
