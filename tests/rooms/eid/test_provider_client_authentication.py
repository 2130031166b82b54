"""Who may redeem a code: the client that signs for itself, freshly, to this eID, once."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from .calls import proof
from .parties import (
    ARTA,
    REDIRECT_URI,
    Browser,
    RelyingParty,
    Running,
    ask,
    assertion,
    now,
    redeem,
    token_form,
)

Wrong = Callable[[Running, RelyingParty], dict[str, str | None]]


def in_five(minutes: int) -> int:
    return int((now() + timedelta(minutes=minutes)).timestamp())


def by_hand(header: dict[str, Any], claims: dict[str, Any], secret: bytes | None) -> str:
    """Make an assertion that no library would."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims)]
    said = ".".join(parts)
    signature = hmac.digest(secret, said.encode(), "sha256") if secret else b""
    return f"{said}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def right(eid: Running, portal: RelyingParty) -> dict[str, Any]:
    return {"iss": "portal", "sub": "portal", "aud": eid.url, "exp": in_five(1), "jti": "by hand"}


def other_client(eid: Running, portal: RelyingParty) -> str:
    return assertion(eid, portal, iss="unknown", sub="unknown")


WRONG_CLIENTS: dict[str, Wrong] = {
    "nobody": lambda _eid, _portal: {"client_assertion": None},
    "somebody without a kind": lambda _eid, _portal: {"client_assertion_type": None},
    "an unknown client": lambda eid, portal: {"client_assertion": other_client(eid, portal)},
    "no token": lambda _eid, _portal: {"client_assertion": "a.b.c"},
    "half a character": lambda _eid, _portal: {"client_assertion": by_hand({"alg": "ES256"}, {"sub": "\ud800"}, None)},
    "a token with no signature": lambda eid, portal: {
        "client_assertion": by_hand({"alg": "none"}, right(eid, portal), None)
    },
    "a token signed with the public key": lambda eid, portal: {
        "client_assertion": by_hand(
            {"alg": "HS256"}, right(eid, portal), ECKey.import_key(portal.key).as_pem(private=False)
        )
    },
    "a token signed by another key": lambda eid, portal: {
        "client_assertion": assertion(eid, portal, signer=ECKey.generate_key("P-256"))
    },
    "one who speaks to another provider": lambda eid, portal: {
        "client_assertion": assertion(eid, portal, aud="https://elsewhere.example")
    },
    "one who speaks to others too": lambda eid, portal: {
        "client_assertion": assertion(eid, portal, aud=[eid.url, "https://elsewhere.example"])
    },
    "one who speaks to nobody": lambda eid, portal: {"client_assertion": assertion(eid, portal, aud=...)},
    "one whom another names": lambda eid, portal: {"client_assertion": assertion(eid, portal, iss="another")},
    "one who is late": lambda eid, portal: {"client_assertion": assertion(eid, portal, exp=in_five(-1))},
    "one who never expires": lambda eid, portal: {"client_assertion": assertion(eid, portal, exp=...)},
    "one who expires in ten minutes": lambda eid, portal: {"client_assertion": assertion(eid, portal, exp=in_five(10))},
    "one from the future": lambda eid, portal: {"client_assertion": assertion(eid, portal, iat=in_five(1))},
    "one without a number": lambda eid, portal: {"client_assertion": assertion(eid, portal, jti=...)},
    "one who calls itself otherwise": lambda _eid, _portal: {"client_id": "another"},
    "one with a password": lambda _eid, _portal: {"client_secret": "secret"},
}


@pytest.mark.parametrize("name", WRONG_CLIENTS)
async def test_a_code_is_not_given_to(name: str, eid: Running, portal: RelyingParty, http: httpx.AsyncClient) -> None:
    form = token_form(eid, portal, "a code", "a verifier", **WRONG_CLIENTS[name](eid, portal))
    answer = await redeem(http, eid, form)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("audience", ["{url}", "{url}/oauth2/token", ["{url}", "{url}/oauth2/token"]], ids=str)
async def test_a_client_may_speak_to_the_issuer_or_to_its_token_endpoint(
    audience: str | list[str], eid: Running, portal: RelyingParty, http: httpx.AsyncClient
) -> None:
    named = (
        [one.format(url=eid.url) for one in audience] if isinstance(audience, list) else audience.format(url=eid.url)
    )
    form = token_form(eid, portal, "unknown", "x" * 43, client_assertion=assertion(eid, portal, aud=named))
    assert (await redeem(http, eid, form)).json()["error"] == "invalid_grant"


async def test_an_assertion_is_good_once(eid: Running, portal: RelyingParty, http: httpx.AsyncClient) -> None:
    form = token_form(eid, portal, "unknown", "x" * 43)
    assert (await redeem(http, eid, form)).json()["error"] == "invalid_grant"
    assert (await redeem(http, eid, form)).json()["error"] == "invalid_client"


async def test_a_client_with_a_password_in_a_header_is_refused(
    eid: Running, portal: RelyingParty, http: httpx.AsyncClient
) -> None:
    answer = await redeem(http, eid, token_form(eid, portal, "a", "b"), authorization="Basic cG9ydGFsOng=")
    assert answer.json()["error"] == "invalid_client"


def remote(answers: list[bytes]) -> ThreadingHTTPServer:
    """Give a client's own server that publishes keys: each answer once, the last one for ever; none is a 500."""

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(200 if body else 500)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.mark.parametrize("answer", ["keys", "nothing", "too much", "no keys"])
async def test_a_client_may_publish_its_keys_at_an_address(
    answer: str, eid: Running, portal: RelyingParty, http: httpx.AsyncClient
) -> None:
    keys = json.dumps(portal.registration()["jwks"]).encode()
    answers = {"keys": keys, "nothing": b"", "too much": keys + b" " * 70_000, "no keys": b"[]"}
    server = remote([answers[answer]])
    far = RelyingParty(f"far-{answer.replace(' ', '-')}", portal.key)
    far.register(eid, jwks=None, jwks_uri=f"http://127.0.0.1:{server.server_port}/keys")
    form = token_form(eid, far, "unknown", "x" * 43)
    told = (await redeem(http, eid, form)).json()["error"]
    server.shutdown()
    server.server_close()
    assert told == ("invalid_grant" if answer == "keys" else "invalid_client")
    if answer == "keys":
        again = token_form(eid, far, "unknown", "x" * 43)
        assert (await redeem(http, eid, again)).json()["error"] == "invalid_grant", "known keys outlive an outage"


async def test_a_client_may_sign_with_an_rsa_key(eid: Running, http: httpx.AsyncClient) -> None:
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "PS256"})
    key.ensure_kid()
    party = RelyingParty("rsa")
    party.register(eid, jwks={"keys": [key.as_dict(private=False)]})
    for algorithm, error in (("PS256", "invalid_grant"), ("RS256", "invalid_client")):
        said = {"iss": "rsa", "sub": "rsa", "aud": eid.url, "exp": in_five(1), "jti": f"rsa {algorithm}"}
        signer = RSAKey.import_key(key.as_dict(private=True) | {"alg": algorithm})
        proof = jwt.encode({"alg": algorithm, "kid": key.kid}, said, signer, [algorithm])
        form = token_form(eid, party, "unknown", "x" * 43, client_assertion=proof)
        assert (await redeem(http, eid, form)).json()["error"] == error, algorithm


async def test_a_client_held_to_fapi_speaks_to_the_issuer_by_its_name(
    eid: Running, portal: RelyingParty, http: httpx.AsyncClient
) -> None:
    strict = RelyingParty("strict", portal.key)
    strict.register(eid, profile="fapi")
    for audience, error in ((eid.url, "invalid_grant"), (f"{eid.url}/oauth2/token", "invalid_client")):
        form = token_form(eid, strict, "unknown", "x" * 43, client_assertion=assertion(eid, strict, aud=audience))
        answer = await redeem(http, eid, form, dpop=proof(eid, "POST", "/oauth2/token"))
        assert answer.json()["error"] == error


def a_secret(eid: Running, name: str, method: str) -> str:
    """Register a client of the compatible profile and return the secret that it is given."""
    file = eid.log.with_name(f"{name}.json")
    metadata = RelyingParty(name).registration(profile="compat", token_endpoint_auth_method=method, jwks=None)
    file.write_text(json.dumps(metadata))
    said = eid.did("client", "add", "--file", str(file))
    assert said.startswith(f"{name}\n")
    return said.rpartition(" ")[2].strip()


async def test_a_client_with_a_secret_brings_it_as_it_has_registered(eid: Running, http: httpx.AsyncClient) -> None:
    secret = a_secret(eid, "basic", "client_secret_basic")
    form = {"grant_type": "authorization_code", "code": "unknown", "redirect_uri": REDIRECT_URI, "code_verifier": "x"}
    for given, error in ((secret, "invalid_grant"), (f"{secret}x", "invalid_client"), ("", "invalid_client")):
        answer = await http.post(f"{eid.url}/oauth2/token", data=form, auth=httpx.BasicAuth("basic", given))
        assert answer.json()["error"] == error
        assert ("www-authenticate" in answer.headers) == (error == "invalid_client")
    posted = {**form, "client_id": "basic", "client_secret": secret}
    assert (await redeem(http, eid, posted)).json()["error"] == "invalid_client"


async def test_a_client_whose_secret_is_in_the_form_is_given_who_she_is(
    eid: Running, browser: Browser, http: httpx.AsyncClient
) -> None:
    secret = a_secret(eid, "posting", "client_secret_post")
    asked = ask(eid, RelyingParty("posting"))
    code = (await browser.sign_in(asked.url, ARTA))["code"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": asked.verifier,
        "client_id": "posting",
    }
    assert (await redeem(http, eid, form)).json()["error"] == "invalid_client"
    assert (await redeem(http, eid, form | {"client_secret": "x" * 43})).json()["error"] == "invalid_client"
    assert "id_token" in (await redeem(http, eid, form | {"client_secret": secret})).json()


async def test_a_client_that_signs_cannot_be_played_with_a_secret(
    eid: Running, portal: RelyingParty, http: httpx.AsyncClient
) -> None:
    form = {"grant_type": "authorization_code", "client_id": "portal", "client_secret": "x" * 43}
    assert (await redeem(http, eid, form)).json()["error"] == "invalid_client"
