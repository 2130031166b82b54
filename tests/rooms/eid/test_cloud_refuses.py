"""The portal's client of a signing service: whatever that answers, a signature comes of it or a reason why not."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from eid.channel import Channel
from eid.client import ClientSettings
from eid.cloud import Asked, Cloud
from eid.errors import NotSigned
from eid.prepared import Credential, Prepared, is_of
from eid.provider.certificate import authority, self_signed
from i18n.refusal import Refusal, Unreachable

from .faults import PORTAL
from .hostile import Hostile, Raw, as_json
from .parties import REDIRECT_URI, now

LIST, INFO, SIGN = (f"/csc/v1/{name}" for name in ("credentials/list", "credentials/info", "signatures/signHash"))
KEY = ec.generate_private_key(ec.SECP256R1())
HERS = self_signed(KEY, authority("DEMO", timedelta(days=1), 0), now()).public_bytes(Encoding.DER)
CREDENTIAL = Credential("hers", (HERS,))
PREPARED = Prepared(b"", 0, 0, 0, b"", b"what she signs", (HERS,), 1)
SIGNATURE = KEY.sign(PREPARED.attributes, ec.ECDSA(hashes.SHA256()))


def base64_of(value: bytes) -> str:
    """Write bytes as the API has them."""
    return base64.b64encode(value).decode()


def info(**changed: object) -> dict[str, Any]:
    """Return what the service says of her key."""
    return {"key": {"status": "enabled"}, "cert": {"status": "valid", "certificates": [base64_of(HERS)]} | changed}


@pytest.fixture
def service(provider: Hostile) -> Hostile:
    """Give a signing service that answers rightly, until a test changes it."""
    provider.instead[LIST] = lambda: as_json({"credentialIDs": ["hers"]})
    provider.instead[INFO] = lambda: as_json(info())
    provider.instead[SIGN] = lambda: as_json({"signatures": [base64_of(SIGNATURE)]})
    return provider


def cloud(service: Hostile, http: httpx.AsyncClient, **settings: Any) -> Cloud:  # noqa: ANN401 - any setting
    """Return the portal's client of the service."""
    return Cloud(Channel(ClientSettings(service.url, "portal", PORTAL.key, **settings), http), service.url)


async def key(client: Cloud, service: Hostile, **brought: str | None) -> Credential:
    """Ask which key she has; `brought` stands in place of what the browser would bring back."""
    asked = await client.ask_key(REDIRECT_URI, "sq", now())
    return await client.key(asked, back(asked, service, **brought), now())


async def signature(client: Cloud, service: Hostile, **brought: str | None) -> bytes:
    """Have her sign."""
    asked = await client.ask_signature(CREDENTIAL, PREPARED, "R-1", REDIRECT_URI, "sq", now=now())
    return await client.sign(asked, back(asked, service, **brought), CREDENTIAL, PREPARED, now())


def back(asked: Asked, service: Hostile, **changed: str | None) -> dict[str, str]:
    """Return what the browser brings back."""
    right: dict[str, str | None] = {"code": "a code", "state": asked.state, "iss": service.url}
    return {name: value for name, value in (right | changed).items() if value is not None}


@pytest.mark.parametrize(("scheme", "nonce"), [("Bearer", None), ("DPoP", "the nonce")])
async def test_a_service_that_answers_rightly_gives_her_key_and_her_signature(
    scheme: str, nonce: str | None, service: Hostile, http: httpx.AsyncClient
) -> None:
    service.nonce = nonce
    client = cloud(service, http, binds=scheme == "DPoP")
    assert await key(client, service) == CREDENTIAL
    assert is_of(PREPARED, await signature(client, service))
    sent = service.last(SIGN)
    assert sent.headers["authorization"] == f"{scheme} an access token"
    assert (sent.proof.get("nonce"), sent.proof.get("htm")) == (nonce, "POST" if nonce else None)


OUTAGES: dict[str, tuple[Raw, str]] = {
    "fails": (Raw(b"oops", 500), "eid_error"),
    "answers 200 with HTML": (Raw(b"<h1>Welcome</h1>", kind="text/html"), "eid_not_json"),
    "answers with a list": (as_json(["a"]), "eid_not_json"),
    "answers with a depth of brackets": (Raw(b"[" * 100_000), "eid_not_json"),
    "answers with half a megabyte": (Raw(b'{"a":"' + b"x" * 500_000 + b'"}'), "eid_too_long"),
    "sends us elsewhere": (Raw(b"", 307, headers={"location": "http://127.0.0.1:9/"}), "eid_error"),
    "drips": (Raw(b" " * 100, seconds_a_byte=0.2), "eid_timeout"),
}
WRONG: dict[str, tuple[Raw, str]] = {
    "refuses": (as_json({"error": "invalid_request"}, 400), "refused"),
    "says nothing": (as_json({}), "refused"),
    "answers a signed token": (Raw(b"a.b.c", kind="application/jwt"), "refused"),
}
WRONG_KEYS: dict[str, tuple[object, str]] = {
    "no certificates": (info(certificates=None), "refused"),
    "an empty chain": (info(certificates=[]), "refused"),
    "a number for a certificate": (info(certificates=[7]), "refused"),
    "no base64": (info(certificates=["%"]), "refused"),
    "no certificate": (info(certificates=[base64_of(b"no certificate")]), "refused"),
    "text for a certificate": ({"cert": "valid"}, "refused"),
    "a disabled key": (info() | {"key": {"status": "disabled"}}, "certificate_revoked"),
    **{state: (info(status=state), f"certificate_{state}") for state in ("revoked", "suspended", "expired")},
}
WRONG_SIGNATURES: dict[str, object] = {
    "none": {"signatures": []},
    "two": {"signatures": ["YQ==", "YQ=="]},
    "a number": {"signatures": [7]},
    "text": {"signatures": 7},
}


@pytest.mark.parametrize("path", [LIST, INFO, SIGN, "/token"])
@pytest.mark.parametrize("name", OUTAGES)
async def test_a_service_is_unreachable_that(name: str, path: str, service: Hostile, http: httpx.AsyncClient) -> None:
    if name == "drips" and path != SIGN:
        return  # once is long enough
    answer, reason = OUTAGES[name]
    service.instead[path] = lambda: answer
    refusal = await refused(lambda: whole(cloud(service, http), service))
    assert isinstance(refusal, Unreachable)
    assert refusal.code == reason


@pytest.mark.parametrize("path", [LIST, INFO, SIGN, "/token"])
@pytest.mark.parametrize("name", WRONG)
async def test_nothing_is_signed_by_a_service_that(
    name: str, path: str, service: Hostile, http: httpx.AsyncClient
) -> None:
    answer, reason = WRONG[name]
    service.instead[path] = lambda: answer
    assert await not_signed(lambda: whole(cloud(service, http), service)) == reason


@pytest.mark.parametrize("name", WRONG_KEYS)
async def test_a_key_is_not_taken_with(name: str, service: Hostile, http: httpx.AsyncClient) -> None:
    answer, reason = WRONG_KEYS[name]
    service.instead[INFO] = lambda: as_json(answer)
    assert await not_signed(lambda: key(cloud(service, http), service)) == reason


@pytest.mark.parametrize("name", WRONG_SIGNATURES)
async def test_a_signature_is_not_taken_that_is(name: str, service: Hostile, http: httpx.AsyncClient) -> None:
    service.instead[SIGN] = lambda: as_json(WRONG_SIGNATURES[name])
    assert await not_signed(lambda: signature(cloud(service, http), service)) == "refused"


async def test_who_has_no_key_is_told_apart(service: Hostile, http: httpx.AsyncClient) -> None:
    service.instead[LIST] = lambda: as_json({"credentialIDs": []})
    assert await not_signed(lambda: key(cloud(service, http), service)) == "no_credential"


BROUGHT: dict[str, tuple[dict[str, str | None], str]] = {
    "another state": ({"state": "another"}, "too_late"),
    "no state": ({"state": None}, "too_late"),
    "another issuer": ({"iss": "https://another.example"}, "iss_mismatch"),
    "no issuer": ({"iss": None}, "iss_mismatch"),
    "her no": ({"code": None, "error": "access_denied"}, "cancelled"),
    "an error": ({"code": None, "error": "server_error"}, "refused"),
}


@pytest.mark.parametrize("name", BROUGHT)
async def test_nothing_is_signed_when_the_browser_brings(name: str, service: Hostile, http: httpx.AsyncClient) -> None:
    brought, reason = BROUGHT[name]
    for turn in (key, signature):
        assert await not_signed(lambda turn=turn: turn(cloud(service, http), service, **brought)) == reason


async def test_a_code_that_is_over_was_brought_too_late(service: Hostile, http: httpx.AsyncClient) -> None:
    service.instead["/token"] = lambda: as_json({"error": "invalid_grant"}, 400)
    assert await not_signed(lambda: signature(cloud(service, http), service)) == "too_late"


async def test_a_request_that_is_not_taken_leads_nowhere(service: Hostile, http: httpx.AsyncClient) -> None:
    service.takes_pushed = True
    service.instead["/par"] = lambda: as_json({"error": "invalid_scope"}, 400)
    assert await not_signed(lambda: signature(cloud(service, http), service)) == "refused"


async def whole(client: Cloud, service: Hostile) -> bytes:
    """Ask for her key and have her sign."""
    await key(client, service)
    return await signature(client, service)


async def not_signed(act: Callable[[], Any]) -> str:
    """Return the reason for which nothing was signed."""
    refusal = await refused(act)
    assert isinstance(refusal, NotSigned)
    return refusal.code


async def refused(act: Callable[[], Any]) -> Refusal:
    """Return what comes in place of a signature; any other fault fails the test."""
    with pytest.raises(Refusal) as why:
        await act()
    return why.value
