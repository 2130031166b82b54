"""What the eID signs with: ES256, or RSA for a client that registers it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from .calls import tokens
from .parties import Browser, RelyingParty, Running, an_eid, ask, serving


async def keys_of(http: httpx.AsyncClient, eid: Running) -> list[dict[str, str]]:
    """Return the published keys."""
    return (await http.get(f"{eid.url}/jwks.json")).json()["keys"]


@pytest.mark.parametrize("alg", ["RS256", "PS256"])
async def test_a_client_may_have_its_tokens_signed_with_rsa(
    alg: str, eid: Running, browser: Browser, http: httpx.AsyncClient
) -> None:
    old = RelyingParty(f"old-{alg}")
    old.register(eid, id_token_signed_response_alg=alg)
    token = (await tokens(http, eid, old, browser))["id_token"]
    published = await keys_of(http, eid)
    read = jwt.decode(token, KeySet.import_key_set({"keys": published}), [alg])  # type: ignore[arg-type]
    assert (read.header["alg"], read.claims["aud"]) == (alg, old.client_id)
    named = next(key for key in published if key["kid"] == read.header["kid"])
    assert (named["kty"], len(named["n"])) == ("RSA", 342), "2048 bits"
    await browser.go(ask(eid, old, id_token_hint=token, prompt="none").url)
    assert "code" in browser.answer(), "its own token is no hint to us"


async def test_rsa_keys_are_made_for_the_first_who_takes_them_and_rotate_with_the_others(
    eid: Running, registers: Running, empty_database_url: str, tmp_path: Path, http: httpx.AsyncClient
) -> None:
    party = an_eid(empty_database_url, registers.url, tmp_path)
    party.did("pki", "init")
    RelyingParty("new").register(party)
    assert "3 keys are published" in party.did("keys", "rotate")
    RelyingParty("old").register(party, id_token_signed_response_alg="RS256")
    assert "7 keys are published" in party.did("keys", "rotate"), "three old ones, and two of each kind"
    with serving(party):
        kinds = [key["kty"] for key in await keys_of(http, party)]
    assert sorted(kinds) == ["EC"] * 4 + ["RSA"] * 3


@pytest.mark.parametrize("alg", ["HS256", "none", "RS512"])
def test_nobody_may_have_tokens_that_anyone_can_sign(alg: str, eid: Running, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="id_token_signed_response_alg"):
        RelyingParty("careless").register(eid, id_token_signed_response_alg=alg)
