"""A signature asked for by a rich authorization request (RFC 9396), as newer signing clients do."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from .calls import signed_form
from .parties import ARTA, Asked, Browser, RelyingParty, Running, ask, redeem, token_form
from .signing import SCOPE, SHA256, Signatory, hash_of

CONTRACT, TERMS = hash_of(b"the contract"), hash_of(b"the terms")
TOKENS: dict[str, str] = {}


@pytest.fixture(scope="module")
def party(eid: Running) -> RelyingParty:
    """Give a client of the signing service."""
    party = RelyingParty("signing-by-details")
    party.register(eid, scope=SCOPE)
    return party


@pytest.fixture
def arta(eid: Running, party: RelyingParty, http: httpx.AsyncClient, browser: Browser) -> Signatory:
    """Give Arta, who signs."""
    return Signatory(eid, party, http, browser, ARTA, TOKENS)


async def detail(arta: Signatory, **changed: object) -> dict[str, Any]:
    """Return what is asked for; `...` takes a field out."""
    right: dict[str, object] = {
        "type": "credential",
        "credentialID": await arta.credential(),
        "documentDigests": [{"hash": CONTRACT, "label": "Contract"}, {"hash": TERMS, "label": "Terms of use"}],
        "hashAlgorithmOID": SHA256,
    }
    return {name: value for name, value in (right | changed).items() if value is not ...}


def asking(arta: Signatory, details: object, **changed: str | None) -> Asked:
    """Return the request of a client that says all of it in `authorization_details`."""
    said: dict[str, str | None] = {"scope": None, "nonce": None, "authorization_details": json.dumps(details)}
    return ask(arta.eid, arta.party, **(said | changed))


async def given(arta: Signatory, asked: Asked, **brought: str) -> httpx.Response:
    """Let her authorise what is asked, and redeem the code."""
    code = (await arta.allow(asked))["code"]
    return await redeem(arta.http, arta.eid, token_form(arta.eid, arta.party, code, asked.verifier, **brought))


@pytest.mark.parametrize("how", ["an array", "the object itself"])
async def test_she_reads_each_label_and_the_token_signs_exactly_these(arta: Signatory, how: str) -> None:
    said = await detail(arta)
    asked = asking(arta, [said] if how == "an array" else said)
    await arta.browser.go(asked.url)
    assert "Contract, Terms of use" in arta.browser.text
    token = (await given(arta, asked, authorization_details=json.dumps([said]))).json()
    (granted,) = token["authorization_details"]
    assert granted.items() >= said.items()
    assert token["scope"] == "credential"
    body = await arta.body(TERMS, CONTRACT)
    assert len((await arta.call("signatures/signHash", body, token["access_token"])).json()["signatures"]) == 2
    assert (await arta.call("signatures/signHash", body, token["access_token"])).status_code == 400


async def test_it_can_be_pushed(arta: Signatory) -> None:
    asked = asking(arta, [await detail(arta, signatureQualifier="xk_08l022_qes")])
    pushed = await arta.http.post(
        f"{arta.eid.url}/oauth2/pushed_authorize",
        data=signed_form(arta.eid, arta.party, **dict(httpx.URL(asked.url).params)),
    )
    assert pushed.status_code == 201, pushed.text
    name = {"client_id": arta.party.client_id, "request_uri": pushed.json()["request_uri"]}
    token = await given(arta, Asked(f"{arta.eid.url}/oauth2/auth?{httpx.QueryParams(name)}", asked.verifier, "", ""))
    assert "authorization_details" in token.json()


async def test_no_more_is_given_than_she_granted(arta: Signatory) -> None:
    said = await detail(arta, documentDigests=[{"hash": CONTRACT}])
    more = await detail(arta)
    refused = await given(arta, asking(arta, [said]), authorization_details=json.dumps([more]))
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_authorization_details")
    plain = await given(arta, await arta.asked(CONTRACT), authorization_details=json.dumps([said]))
    assert (plain.status_code, plain.json()["error"]) == (400, "invalid_authorization_details")


WRONG: dict[str, dict[str, object]] = {
    "another type": {"type": "payment_initiation"},
    "no type": {"type": ...},
    "a field that nobody knows": {"amount": 7},
    "no key": {"credentialID": ...},
    "no documents": {"documentDigests": ...},
    "an empty array": {"documentDigests": []},
    "a document without a hash": {"documentDigests": [{"label": "Contract"}]},
    "a hash too short": {"documentDigests": [{"hash": "YWJj"}]},
    "another algorithm": {"hashAlgorithmOID": "1.3.14.3.2.26"},
    "another kind of signature": {"signatureQualifier": "eu_eidas_qes"},
    "a label that turns round": {"documentDigests": [{"hash": CONTRACT, "label": "pay \u202e001"}]},
    "eleven": {"documentDigests": [{"hash": CONTRACT}] * 11},
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_detail_that_is_not_whole_or_not_known_is_refused(arta: Signatory, name: str) -> None:
    await arta.browser.go(asking(arta, [await detail(arta, **WRONG[name])]).url)
    assert arta.browser.answer()["error"] == "invalid_authorization_details"


async def test_what_is_no_detail_is_refused(arta: Signatory) -> None:
    said = await detail(arta)
    for details in ([], [said, said], "text", 7, None):
        await arta.browser.go(asking(arta, details).url)
        assert arta.browser.answer()["error"] == "invalid_authorization_details", details
    for text in ("{", "[" * 2000):
        await arta.browser.go(asking(arta, said, authorization_details=text).url)
        assert arta.browser.answer()["error"] == "invalid_authorization_details", text
    beside: tuple[tuple[dict[str, str], str], ...] = (
        ({"numSignatures": "2"}, "invalid_request"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"scope": "service"}, "invalid_scope"),
    )
    for changed, error in beside:
        await arta.browser.go(asking(arta, [said], **changed).url)
        assert arta.browser.answer()["error"] == error, changed
    await arta.browser.go(asking(arta, [said | {"credentialID": "none"}]).url)
    assert arta.browser.answer()["error"] == "invalid_request"


async def test_who_may_not_have_anything_signed_may_not_by_details(arta: Signatory, portal: RelyingParty) -> None:
    said = {"scope": None, "authorization_details": json.dumps([await detail(arta)])}
    await arta.browser.go(ask(arta.eid, portal, **said).url)
    assert arta.browser.answer()["error"] == "invalid_scope"


def test_it_is_announced_where_clients_look(eid: Running) -> None:
    discovery = httpx.get(f"{eid.url}/.well-known/oauth-authorization-server").raise_for_status().json()
    assert discovery["authorization_details_types_supported"] == ["credential"]
    assert httpx.post(f"{eid.url}/csc/v2/info").raise_for_status().json()["supportsRar"] is True


async def test_version_1_calls_hashes_and_language_otherwise(arta: Signatory) -> None:
    asked = await arta.asked(CONTRACT, hashes=None, hash=CONTRACT, ui_locales=None, lang="sr")
    await arta.browser.go(asked.url)
    assert 'lang="sr"' in arta.browser.page.text
    assert (await given(arta, asked)).json()["scope"] == "credential"
