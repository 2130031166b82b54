"""What a signing client asks that is not whole, or not its own to ask, is refused in the standard's words."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from .parties import ARTA, Browser, RelyingParty, Running, ask
from .signing import ECDSA_WITH_SHA256, SCOPE, Signatory, hash_of

CONTRACT = hash_of(b"the contract")
TOKENS: dict[str, str] = {}


@pytest.fixture(scope="module")
def party(eid: Running) -> RelyingParty:
    """Give a client of the signing service."""
    party = RelyingParty("signing-wrongly")
    party.register(eid, scope=SCOPE)
    return party


@pytest.fixture
def arta(eid: Running, party: RelyingParty, http: httpx.AsyncClient, browser: Browser) -> Signatory:
    """Give Arta, who signs."""
    return Signatory(eid, party, http, browser, ARTA, TOKENS)


WRONG_WISHES: dict[str, tuple[dict[str, str | None], str]] = {
    "no key": ({"credentialID": None}, "invalid_request"),
    "a key that is none": ({"credentialID": "none"}, "invalid_request"),
    "no hashes": ({"hashes": None}, "invalid_request"),
    "a hash too short": ({"hashes": "YWJj"}, "invalid_request"),
    "no base64": ({"hashes": "!!!"}, "invalid_request"),
    "more signatures than hashes": ({"numSignatures": "2"}, "invalid_request"),
    "no number": ({"numSignatures": "one"}, "invalid_request"),
    "another algorithm": ({"hashAlgorithmOID": "1.3.14.3.2.26"}, "invalid_request"),
    "a description too long": ({"description": "x" * 201}, "invalid_request"),
    "a description that turns round": ({"description": "pay \u202e001"}, "invalid_request"),
    "with something else": ({"scope": "openid credential"}, "invalid_scope"),
}


@pytest.mark.parametrize("name", WRONG_WISHES)
async def test_a_wish_that_is_not_whole_is_refused(arta: Signatory, name: str) -> None:
    changed, error = WRONG_WISHES[name]
    await arta.browser.go((await arta.asked(CONTRACT, **changed)).url)
    assert arta.browser.answer()["error"] == error


async def test_a_client_that_has_not_registered_it_cannot_ask(
    arta: Signatory, portal: RelyingParty, eid: Running
) -> None:
    asked = ask(eid, portal, scope="credential", credentialID=await arta.credential())
    await arta.browser.go(asked.url)
    assert arta.browser.answer()["error"] == "invalid_scope"


WRONG_BODIES: dict[str, dict[str, Any]] = {
    "no key": {"credentialID": None},
    "a number for a key": {"credentialID": 7},
    "no hashes": {"hashes": None},
    "an empty array": {"hashes": []},
    "no array": {"hashes": CONTRACT},
    "no base64": {"hashes": ["%"]},
    "a number for a hash": {"hashes": [7]},
    "a hash too short": {"hashes": ["YWJj"]},
    "eleven": {"hashes": [CONTRACT] * 11},
    "no algorithm": {"signAlgo": None},
    "RSA": {"signAlgo": "1.2.840.113549.1.1.11"},
    "SHA-1": {"hashAlgorithmOID": "1.3.14.3.2.26"},
    "two algorithms": {"hashAlgorithmOID": "2.16.840.1.101.3.4.2.3"},
    "parameters": {"signAlgoParams": "BQA="},
    "later": {"operationMode": "A"},
    "no leave": {"SAD": None},
    "a SAD that is none": {"SAD": "none"},
}


@pytest.mark.parametrize("name", WRONG_BODIES)
async def test_a_call_that_is_not_whole_is_refused_in_the_standards_words(arta: Signatory, name: str) -> None:
    body = await arta.body(CONTRACT, **{"SAD": "none", "signAlgo": ECDSA_WITH_SHA256} | WRONG_BODIES[name])
    refused = await arta.call("signatures/signHash", body)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request"), refused.text
    assert refused.json()["error_description"]
    assert refused.headers["cache-control"] == "no-store"
