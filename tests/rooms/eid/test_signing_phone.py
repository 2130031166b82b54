"""A client without a browser asks a person on her phone, and learns her answer (credentials/authorize)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta

import asyncpg
import httpx
import pytest

from .parties import ARTA, Browser, RelyingParty, Running
from .signing import PIN2, SCOPE, SHA256, Signatory, hash_of

CONTRACT = hash_of(b"the contract")
TOKENS: dict[str, str] = {}


@pytest.fixture(scope="module")
def party(eid: Running) -> RelyingParty:
    """Give a client of the signing service."""
    party = RelyingParty("signing-by-phone")
    party.register(eid, scope=SCOPE)
    return party


@pytest.fixture
def arta(eid: Running, party: RelyingParty, http: httpx.AsyncClient, browser: Browser) -> Signatory:
    """Give Arta, who signs."""
    return Signatory(eid, party, http, browser, ARTA, TOKENS)


async def asked(arta: Signatory, **changed: object) -> httpx.Response:
    """Ask her on her phone."""
    right: dict[str, object] = {
        "credentialID": await arta.credential(),
        "numSignatures": 1,
        "hashes": [CONTRACT],
        "hashAlgorithmOID": SHA256,
        "description": "Contract 7",
        "authData": [{"id": "phone"}],
    }
    return await arta.call("credentials/authorize", right | changed)


async def on_phone(phone: Browser, says: str) -> None:
    """Open the request that says this on her phone, in a browser of its own, as soon as it is there."""
    for _ in range(50):
        await phone.go("/phone?language=en")
        if "Whose phone is this?" in phone.text:
            await phone.send("/owner", person="another", personal_number=ARTA)
            continue
        found = re.findall(r'href="(/phone/requests/[^"]+)"', phone.page.text)
        if found and says in (await phone.go(found[0])).text:
            return
        await asyncio.sleep(0.2)
    pytest.fail(f"nothing waits on the phone: {phone.text}")


async def test_she_approves_on_her_phone_and_the_client_signs(
    arta: Signatory, new_browser: Callable[[], Browser]
) -> None:
    first = await asked(arta)
    assert first.status_code == 202, first.text
    handle, code = first.json()["handle"], first.json()["controlCode"]
    assert re.fullmatch(r"[0-9]{4}", code)
    waiting = await arta.call("credentials/authorizeCheck", {"handle": handle})
    assert (waiting.status_code, waiting.json()) == (202, {"handle": handle})
    phone = new_browser()
    await on_phone(phone, "Contract 7")
    assert code in phone.text
    await approve(phone, code)
    given = await arta.call("credentials/authorizeCheck", {"handle": handle})
    assert given.status_code == 200, given.text
    assert 0 < given.json()["expiresIn"] <= 300
    # A SAD is given once.
    assert (await arta.call("credentials/authorizeCheck", {"handle": handle})).status_code == 400
    assert (await arta.sign(given.json()["SAD"], CONTRACT)).status_code == 200
    assert (await arta.sign(given.json()["SAD"], CONTRACT)).status_code == 400


async def approve(phone: Browser, code: str) -> None:
    """Approve the request that is shown with PIN2, picking the code where the phone wants it picked."""
    picked = {"code": code} if 'name="code"' in phone.page.text else {}
    await phone.send("/approval", pin=PIN2[ARTA], **picked)
    assert "You have approved" in phone.text, phone.text


async def test_her_no_and_her_silence_are_told(arta: Signatory, new_browser: Callable[[], Browser]) -> None:
    handle = (await asked(arta)).json()["handle"]
    phone = new_browser()
    await on_phone(phone, "Contract 7")
    await phone.send("/refusal")
    refused = await arta.call("credentials/authorizeCheck", {"handle": handle})
    assert (refused.status_code, refused.json()["error"]) == (400, "access_denied")
    silent = (await asked(arta)).json()["handle"]
    connection = await asyncpg.connect(arta.eid.environment["EID_DATABASE_URL"])
    try:
        late = timedelta(minutes=2)
        await connection.execute(
            "UPDATE eid.approval SET expires_at = expires_at - $1::interval WHERE state = 'pending'", late
        )
    finally:
        await connection.close()
    over = await arta.call("credentials/authorizeCheck", {"handle": silent})
    assert (over.status_code, over.json()["error"]) == (400, "access_denied")


async def test_a_handle_is_of_no_use_to_another_client(
    arta: Signatory, eid: Running, http: httpx.AsyncClient, new_browser: Callable[[], Browser]
) -> None:
    other = RelyingParty("signing-by-phone-too")
    other.register(eid, scope=SCOPE)
    stranger = Signatory(eid, other, http, new_browser(), ARTA, {})
    handle = (await asked(arta)).json()["handle"]
    refused = await stranger.call("credentials/authorizeCheck", {"handle": handle})
    assert (refused.status_code, refused.json()["error_description"]) == (400, "Invalid parameter handle")


async def test_no_pin_passes_through_a_client(arta: Signatory) -> None:
    secrets: tuple[dict[str, object], ...] = (
        {"authData": [{"id": "PIN", "value": "11111"}]},
        {"authData": [{"id": "phone", "value": "11111"}]},
        {"authData": None, "PIN": "11111"},
        {"authData": None, "OTP": "123456"},
    )
    for secret in secrets:
        refused = await asked(arta, **secret)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_authentication_data")
        assert not re.search(r"\b11111\b", arta.eid.log.read_text())


async def test_version_1_waits_for_her_and_answers_at_once(arta: Signatory, new_browser: Callable[[], Browser]) -> None:
    credential, phone = await arta.credential(), new_browser()
    body = {"credentialID": credential, "numSignatures": 1, "hash": [CONTRACT], "description": "Contract 8"}
    waiting = asyncio.create_task(arta.call("credentials/authorize", body, version="v1"))
    await on_phone(phone, "Contract 8")
    shown = re.search(r'class="control-code">([0-9]{4})<', phone.page.text)
    assert shown
    await approve(phone, shown[1])
    given = await waiting
    assert given.status_code == 200, given.text
    signed = await arta.call(
        "signatures/signHash",
        {
            "credentialID": credential,
            "SAD": given.json()["SAD"],
            "hash": [CONTRACT],
            "hashAlgo": SHA256,
            "signAlgo": "1.2.840.10045.4.3.2",
        },
        version="v1",
    )
    assert len(signed.json()["signatures"]) == 1


async def test_without_a_phone_she_cannot_be_asked_there(
    eid: Running, party: RelyingParty, http: httpx.AsyncClient, new_browser: Callable[[], Browser], arta: Signatory
) -> None:
    eid.did("phone", "suspend", "--person", ARTA)
    try:
        refused = await asked(arta)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")
        assert "phone_suspended" in refused.json()["error_description"]
    finally:
        eid.did("phone", "resume", "--person", ARTA)
