"""Faults on request: each makes the answer wrong as it says, so often as asked, and then no more."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import ECKey

from .fault import goes_right, goes_wrong, still_wrong
from .parties import ARTA, Browser, RelyingParty, Running, ask, redeem, token_form

Claims = dict[str, Any]
SIGNED_BUT_WRONG: dict[str, Callable[[Claims, str], bool]] = {
    "wrong_iss": lambda said, _nonce: said["iss"] == "https://another.example",
    "wrong_aud": lambda said, _nonce: said["aud"] == "another-client",
    "wrong_nonce": lambda said, nonce: said["nonce"] != nonce,
    "missing_acr": lambda said, _nonce: "acr" not in said,
    "low_acr": lambda said, _nonce: said["acr"] == "low",
    "expired": lambda said, _nonce: said["exp"] < time.time() - 3000,
    "clock_ahead": lambda said, _nonce: 300 < said["iat"] - time.time() <= 360,
}


@pytest.fixture
async def citizen(faulty: Running) -> AsyncIterator[Browser]:
    """Give a citizen's browser at an eID that answers rightly."""
    await goes_right(faulty.url)
    browser = Browser(faulty.url)
    yield browser
    await browser.close()


@pytest.fixture
async def signed_in(
    faulty: Running, portal: RelyingParty, citizen: Browser, http: httpx.AsyncClient
) -> Callable[..., Any]:
    """Give what signs Arta in and returns the token answer, with the nonce that the client had asked with."""

    async def sign_in() -> tuple[dict[str, Any], str]:
        asked = ask(faulty, portal, acr_values="substantial")
        code = (await citizen.sign_in(asked.url, ARTA))["code"]
        answer = await redeem(http, faulty, token_form(faulty, portal, code, asked.verifier))
        assert answer.status_code == 200, answer.text
        return answer.json(), asked.nonce

    return sign_in


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    """Return header, claims and signature of a token, believing none."""
    header, claims, signature = (base64.urlsafe_b64decode(part + "==") for part in token.split("."))
    return json.loads(header), json.loads(claims), signature


async def published(eid: Running, http: httpx.AsyncClient) -> dict[str, ECKey]:
    """Return the keys that the eID publishes now."""
    keys = (await http.get(f"{eid.url}/jwks.json")).json()["keys"]
    return {key["kid"]: ECKey.import_key(key) for key in keys if key["kty"] == "EC"}


async def verified(eid: Running, http: httpx.AsyncClient, token: str) -> dict[str, Any]:
    """Return the claims of a token that is signed with a published key."""
    key = (await published(eid, http))[parts(token)[0]["kid"]]
    return jwt.decode(token, key, ["ES256"]).claims


@pytest.mark.parametrize("kind", SIGNED_BUT_WRONG)
async def test_a_claim_is_wrong_in_a_token_that_is_rightly_signed(
    kind: str, faulty: Running, signed_in: Callable[..., Any], http: httpx.AsyncClient
) -> None:
    await goes_wrong(faulty.url, kind, client="portal")
    told, nonce = await signed_in()
    assert SIGNED_BUT_WRONG[kind](await verified(faulty, http, told["id_token"]), nonce)
    told, nonce = await signed_in()
    said = await verified(faulty, http, told["id_token"])
    assert not SIGNED_BUT_WRONG[kind](said, nonce)
    assert (said["iss"], said["aud"], said["nonce"]) == (faulty.url, "portal", nonce)


async def test_the_hash_is_of_another_access_token(
    faulty: Running, signed_in: Callable[..., Any], http: httpx.AsyncClient
) -> None:
    for is_wrong in (True, False):
        if is_wrong:
            await goes_wrong(faulty.url, "wrong_at_hash")
        told, _nonce = await signed_in()
        half = hashlib.sha256(told["access_token"].encode()).digest()[:16]
        said = await verified(faulty, http, told["id_token"])
        assert (said["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()) is not is_wrong


async def test_a_signature_does_not_hold(
    faulty: Running, signed_in: Callable[..., Any], http: httpx.AsyncClient
) -> None:
    await goes_wrong(faulty.url, "wrong_signature")
    told, _nonce = await signed_in()
    with pytest.raises(BadSignatureError):
        await verified(faulty, http, told["id_token"])


async def test_a_token_is_not_signed_at_all(faulty: Running, signed_in: Callable[..., Any]) -> None:
    await goes_wrong(faulty.url, "alg_none")
    header, said, signature = parts((await signed_in())[0]["id_token"])
    assert (header["alg"], said["iss"], signature) == ("none", faulty.url, b"")


async def test_a_token_is_signed_with_what_everyone_knows(
    faulty: Running, signed_in: Callable[..., Any], http: httpx.AsyncClient
) -> None:
    await goes_wrong(faulty.url, "alg_hs256")
    token = (await signed_in())[0]["id_token"]
    header, _said, signature = parts(token)
    key = (await published(faulty, http))[header["kid"]]
    pem = key.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert header["alg"] == "HS256"
    assert signature == hmac.digest(pem, token.rpartition(".")[0].encode(), "sha256")


async def test_a_key_is_published_nowhere_or_only_from_now_on(
    faulty: Running, signed_in: Callable[..., Any], http: httpx.AsyncClient
) -> None:
    await goes_wrong(faulty.url, "unknown_kid")
    token = (await signed_in())[0]["id_token"]
    assert parts(token)[0]["kid"] not in await published(faulty, http)
    before = await published(faulty, http)
    await goes_wrong(faulty.url, "key_rotated")
    token = (await signed_in())[0]["id_token"]
    assert parts(token)[0]["kid"] not in before
    assert (await verified(faulty, http, token))["iss"] == faulty.url


async def test_there_is_no_id_token(faulty: Running, signed_in: Callable[..., Any]) -> None:
    await goes_wrong(faulty.url, "missing_id_token")
    told, _nonce = await signed_in()
    assert "id_token" not in told
    assert told["access_token"]


async def test_another_person_comes_back_and_userinfo_agrees(
    faulty: Running, signed_in: Callable[..., Any], http: httpx.AsyncClient
) -> None:
    arta = parts((await signed_in())[0]["id_token"])[1]
    await goes_wrong(faulty.url, "another_person", client="portal")
    told, _nonce = await signed_in()
    other = await verified(faulty, http, told["id_token"])
    assert arta["personal_number"] == ARTA
    assert other["personal_number"] != ARTA
    assert other["sub"] != arta["sub"]
    bearer = {"Authorization": f"Bearer {told['access_token']}"}
    userinfo = (await http.get(f"{faulty.url}/userinfo", headers=bearer)).json()
    assert (userinfo["sub"], userinfo["personal_number"]) == (other["sub"], other["personal_number"])


async def test_userinfo_speaks_of_another_subject(
    faulty: Running, signed_in: Callable[..., Any], http: httpx.AsyncClient
) -> None:
    await goes_wrong(faulty.url, "wrong_sub", client="portal")
    told, _nonce = await signed_in()
    bearer = {"Authorization": f"Bearer {told['access_token']}"}
    wrong, right = [(await http.get(f"{faulty.url}/userinfo", headers=bearer)).json()["sub"] for _ in range(2)]
    assert right == parts(told["id_token"])[1]["sub"]
    assert wrong != right


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("wrong_iss_parameter", ("iss", "https://another.example")),
        ("missing_iss_parameter", ("iss", None)),
        ("wrong_state", ("state", "another")),
    ],
)
async def test_the_way_back_is_wrong(
    kind: str, wrong: tuple[str, str | None], faulty: Running, portal: RelyingParty, citizen: Browser
) -> None:
    await goes_wrong(faulty.url, kind, client="portal")
    answer = await citizen.sign_in(ask(faulty, portal).url, ARTA)
    assert answer["code"]
    assert (wrong[0], answer.get(wrong[0])) == wrong
    asked = ask(faulty, portal)
    assert (await citizen.sign_in(asked.url, ARTA)).items() >= {"state": asked.state, "iss": faulty.url}.items()


@pytest.mark.parametrize(
    ("at", "path"),
    [
        ("discovery", "/.well-known/openid-configuration"),
        ("jwks", "/jwks.json"),
        ("authorize", "/oauth2/auth"),
        ("userinfo", "/userinfo"),
    ],
)
async def test_an_endpoint_is_out(at: str, path: str, faulty: Running, http: httpx.AsyncClient) -> None:
    await goes_right(faulty.url)
    right = (await http.get(faulty.url + path)).status_code
    await goes_wrong(faulty.url, "status_500", at=at, times=2)
    await goes_wrong(faulty.url, "html", at=at)
    answers = [await http.get(faulty.url + path) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [500, 500, 200, right]
    assert answers[2].headers["content-type"].startswith("text/html")
    assert "default-src" in answers[2].headers["content-security-policy"]


async def test_an_endpoint_hangs_until_the_client_gives_up(faulty: Running, http: httpx.AsyncClient) -> None:
    await goes_right(faulty.url)
    await goes_wrong(faulty.url, "hang", at="jwks")
    with pytest.raises(httpx.ReadTimeout):
        await http.get(f"{faulty.url}/jwks.json", timeout=0.5)
    assert (await http.get(f"{faulty.url}/jwks.json", timeout=5)).status_code == 200


async def test_a_fault_is_the_clients_for_which_it_was_asked(
    faulty: Running, signed_in: Callable[..., Any], http: httpx.AsyncClient
) -> None:
    RelyingParty("another").register(faulty)
    await goes_wrong(faulty.url, "wrong_aud", client="another")
    told, _nonce = await signed_in()
    assert (await verified(faulty, http, told["id_token"]))["aud"] == "portal"
    assert [fault["kind"] for fault in await still_wrong(faulty.url)] == ["wrong_aud"]
