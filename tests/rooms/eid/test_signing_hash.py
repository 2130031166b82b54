"""A citizen's key signs exactly what she allowed, for the client that asked, once."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta

import asyncpg
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from .calls import hash_of as ath
from .calls import proof
from .parties import ARTA, BESNIK, Browser, RelyingParty, Running, ask, redeem, token_form
from .signing import SCOPE, SHA256, Signatory, hash_of

CONTRACT, ANOTHER = hash_of(b"the contract"), hash_of(b"another contract")
TOKENS: dict[str, str] = {}  # a token of the service serves for ten minutes: she need not sign in for each test


@pytest.fixture(scope="module")
def party(eid: Running) -> RelyingParty:
    """Give a client of the signing service."""
    party = RelyingParty("signing")
    party.register(eid, scope=SCOPE)
    return party


@pytest.fixture
def arta(eid: Running, party: RelyingParty, http: httpx.AsyncClient, browser: Browser) -> Signatory:
    """Give Arta, who signs."""
    return Signatory(eid, party, http, browser, ARTA, TOKENS)


@pytest.fixture
def besnik(eid: Running, party: RelyingParty, http: httpx.AsyncClient, new_browser: Callable[[], Browser]) -> Signatory:
    """Give Besnik, who signs too."""
    return Signatory(eid, party, http, new_browser(), BESNIK, TOKENS)


@pytest.mark.parametrize("means", ["phone", "card"])
async def test_what_she_allowed_is_signed_by_her_key(arta: Signatory, means: str) -> None:
    sad = await arta.leave(CONTRACT, means=means)
    signed = await arta.sign(sad, CONTRACT)
    assert signed.status_code == 200, signed.text
    (signature,) = signed.json()["signatures"]
    told = (await arta.call("credentials/info", {"credentialID": await arta.credential()})).json()
    certificate = x509.load_der_x509_certificate(base64.b64decode(told["cert"]["certificates"][0]))
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(base64.b64decode(signature), b"the contract", ec.ECDSA(hashes.SHA256()))


async def test_the_token_alone_is_leave_enough(arta: Signatory) -> None:
    token = await arta.leave(CONTRACT)
    signed = await arta.call("signatures/signHash", await arta.body(CONTRACT), token)
    assert signed.status_code == 200, signed.text


async def test_she_reads_what_for_whom_and_the_first_digits(arta: Signatory) -> None:
    digits = hashlib.sha256(b"the contract").hexdigest()[:8]
    await arta.browser.go((await arta.asked(CONTRACT)).url)
    for said in ("Citizen portal", "Application R-1", digits, "Arta Krasniqi"):
        assert said in arta.browser.text, said
    await arta.browser.send("/phone")
    await arta.browser.open_phone()
    assert f"Application R-1 · {digits}" in arta.browser.text


async def test_being_signed_in_signs_nothing(arta: Signatory) -> None:
    await arta.browser.sign_in(ask(arta.eid, arta.party).url, ARTA)
    await arta.browser.go((await arta.asked(CONTRACT)).url)
    assert "Sign with your phone" in arta.browser.text
    await arta.browser.go((await arta.asked(CONTRACT, prompt="none")).url)
    assert arta.browser.answer()["error"] == "interaction_required"


async def test_a_no_is_told_to_the_client(arta: Signatory) -> None:
    asked = await arta.asked(CONTRACT)
    await arta.browser.go(asked.url)
    here = arta.browser.here
    await arta.browser.send("/refusal")
    assert arta.browser.answer()["error"] == "access_denied"
    assert arta.browser.answer()["state"] == asked.state
    await arta.browser.go(here)
    assert arta.browser.page.status_code == 409


async def test_a_no_on_the_phone_signs_nothing_and_can_be_thought_over(arta: Signatory) -> None:
    await arta.browser.go((await arta.asked(CONTRACT)).url)
    await arta.browser.send("/phone")
    await arta.browser.open_phone()
    await arta.browser.send("/refusal")
    await arta.browser.go(arta.browser.link("/signature/"))
    assert "You did not sign" in arta.browser.text
    await arta.browser.send("/phone")
    assert "Look at your phone" in arta.browser.text


async def test_the_waiting_page_looks_by_itself_and_goes_on(arta: Signatory) -> None:
    await arta.browser.go((await arta.asked(CONTRACT)).url)
    await arta.browser.send("/phone")
    here = arta.browser.here
    assert "htmx" in arta.browser.page.text
    assert (await arta.browser.http.get(here, headers={"hx-request": "true"})).status_code == 204
    await arta.browser.open_phone()
    await arta.browser.send("/approval", pin="11111")
    looked = await arta.browser.http.get(here, headers={"hx-request": "true"})
    await arta.browser.go(looked.headers["hx-redirect"])
    assert arta.browser.answer()["code"]


async def test_nobody_else_can_open_her_page(arta: Signatory, new_browser: Callable[[], Browser]) -> None:
    await arta.browser.go((await arta.asked(CONTRACT)).url)
    other = new_browser()
    await other.go(arta.browser.here)
    assert other.page.status_code == 404


async def test_a_wrong_pin_signs_nothing_and_locks(besnik: Signatory) -> None:
    await besnik.browser.go((await besnik.asked(CONTRACT)).url)
    await besnik.browser.go(besnik.browser.link("/signature/"))
    await besnik.browser.send("/card", pin="")
    assert besnik.browser.page.status_code == 422
    for left in ("2 tries", "1 try"):
        await besnik.browser.send("/card", pin="99999")
        assert besnik.browser.page.status_code == 422
        assert left in besnik.browser.text
    await besnik.browser.send("/card", pin="99999")
    assert besnik.browser.page.status_code == 403
    assert "locked" in besnik.browser.text
    assert "Nothing was signed" in besnik.browser.text
    await besnik.browser.send("/refusal")
    assert besnik.browser.answer()["error"] == "access_denied"


async def test_another_hash_is_refused_and_the_allowed_one_still_signed(arta: Signatory) -> None:
    sad = await arta.leave(CONTRACT)
    for wrong in ((ANOTHER,), (CONTRACT, ANOTHER), (CONTRACT, CONTRACT)):
        refused = await arta.sign(sad, *wrong)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")
        assert refused.json()["error_description"] == "Hash is not authorized by the SAD"
    assert (await arta.sign(sad, CONTRACT)).status_code == 200


async def test_leave_is_used_once(arta: Signatory) -> None:
    sad = await arta.leave(CONTRACT)
    assert (await arta.sign(sad, CONTRACT)).status_code == 200
    again = await arta.sign(sad, CONTRACT)
    assert (again.status_code, again.json()["error_description"]) == (400, "Invalid parameter SAD")


async def test_several_are_signed_together_or_one_after_another_and_never_more(arta: Signatory) -> None:
    together = await arta.leave(CONTRACT, ANOTHER)
    signed = await arta.sign(together, CONTRACT, ANOTHER)
    assert len(signed.json()["signatures"]) == 2
    first = await arta.leave(CONTRACT, ANOTHER)
    assert (await arta.sign(first, CONTRACT)).status_code == 200
    extending = {"credentialID": await arta.credential(), "hashAlgorithmOID": SHA256, "SAD": first}
    beyond = await arta.call("credentials/extendTransaction", extending | {"hashes": [CONTRACT]})
    assert beyond.json()["error_description"] == "Hash is not authorized by the SAD"
    extended = (await arta.call("credentials/extendTransaction", extending | {"hashes": [ANOTHER]})).json()
    assert 0 < extended["expiresIn"] <= 300
    assert (await arta.sign(extended["SAD"], ANOTHER)).status_code == 200
    assert (await arta.sign(extended["SAD"], ANOTHER)).status_code == 400
    assert (await arta.sign(first, ANOTHER)).status_code == 400


async def test_leave_ends_after_five_minutes(arta: Signatory) -> None:
    sad = await arta.leave(CONTRACT)
    connection = await asyncpg.connect(arta.eid.environment["EID_DATABASE_URL"])
    try:
        await connection.execute(
            "UPDATE eid.activation SET expires_at = expires_at - $1::interval::interval", timedelta(minutes=5)
        )
    finally:
        await connection.close()
    late = await arta.sign(sad, CONTRACT)
    assert (late.status_code, late.json()["error_description"]) == (400, "SAD expired")


async def test_leave_is_of_no_use_to_another_client(
    arta: Signatory, eid: Running, http: httpx.AsyncClient, new_browser: Callable[[], Browser]
) -> None:
    other = RelyingParty("signing-too")
    other.register(eid, scope=SCOPE)
    sad = await arta.leave(CONTRACT)
    stranger = Signatory(eid, other, http, new_browser(), ARTA, {})
    refused = await stranger.sign(sad, CONTRACT)
    assert (refused.status_code, refused.json()["error_description"]) == (400, "Invalid parameter SAD")


async def test_nobody_uses_or_sees_another_persons_key(arta: Signatory, besnik: Signatory) -> None:
    hers = await arta.credential()
    assert hers != await besnik.credential()
    for path, body in (
        ("credentials/info", {"credentialID": hers}),
        ("signatures/signHash", await besnik.body(CONTRACT, credentialID=hers, SAD="x")),
        ("credentials/authorize", {"credentialID": hers, "numSignatures": 1, "hashes": [CONTRACT]}),
    ):
        refused = await besnik.call(path, body)
        assert (refused.status_code, refused.json()["error_description"]) == (400, "Invalid parameter credentialID")
    sad = await arta.leave(CONTRACT)
    assert (await besnik.sign(sad, CONTRACT)).json()["error_description"] == "Invalid parameter SAD"


async def test_a_code_for_signing_is_used_once_and_with_its_secret(arta: Signatory) -> None:
    asked = await arta.asked(CONTRACT)
    code = (await arta.allow(asked))["code"]
    wrong = token_form(arta.eid, arta.party, code, "x" * 43)
    assert (await redeem(arta.http, arta.eid, wrong)).json()["error"] == "invalid_grant"
    given = await redeem(arta.http, arta.eid, token_form(arta.eid, arta.party, code, asked.verifier))
    sad = given.json()["access_token"]
    assert given.json()["expires_in"] <= 300
    again = await redeem(arta.http, arta.eid, token_form(arta.eid, arta.party, code, asked.verifier))
    assert again.json()["error"] == "invalid_grant"
    # Whoever came second may be a thief: what the code gave is taken back.
    assert (await arta.call("signatures/signHash", await arta.body(CONTRACT), sad)).status_code == 401
    assert (await arta.sign(sad, CONTRACT)).json()["error_description"] == "Invalid parameter SAD"


async def test_a_token_that_is_bound_to_a_key_is_of_no_use_without_it(
    eid: Running, http: httpx.AsyncClient, browser: Browser
) -> None:
    bound = RelyingParty("signing-bound")
    bound.register(eid, scope=SCOPE, dpop_bound_access_tokens=True)
    asked = ask(eid, bound, scope="service")
    code = (await browser.sign_in(asked.url.replace("/oauth2/auth?", "/oauth2/authorize?"), ARTA))["code"]
    form = token_form(eid, bound, code, asked.verifier)
    token = (await redeem(http, eid, form, dpop=proof(eid, "POST", "/oauth2/token"))).json()["access_token"]
    path = "/csc/v2/credentials/list"
    proven = proof(eid, "POST", path, ath=ath(token))
    for headers, status in (
        ({"authorization": f"Bearer {token}"}, 401),
        ({"authorization": f"DPoP {token}"}, 401),
        ({"authorization": f"DPoP {token}", "dpop": proven}, 200),
        ({"authorization": f"DPoP {token}", "dpop": proven}, 401),
    ):
        answer = await http.post(eid.url + path, json={}, headers=headers)
        assert answer.status_code == status, answer.text
