"""Where people sign by SignBox: a code for one document, on a page apart, and none of what is typed there stays."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from portal.database import Database
from portal.demo.plan import Plan
from tests.rooms.eid.box import Call
from tests.rooms.eid.hostile import Raw
from tests.rooms.portal.boxed import Boxed, boxed, code_on_the_phone, digits_of, kept_in, new_signer, written_down
from tests.rooms.portal.sheets import for_her_child, report, sent, until, withdraws
from tests.rooms.portal.visitor import ARTA, BESNIK, DRITON, Visitor, application_of, forms
from tests.rooms.portal.workers import Working, value

__all__ = ["boxed", "new_signer"]  # fixtures

SECRETS = {ARTA: {"password": "1111", "pin": "11111"}, DRITON: {"password": "8888", "pin": "88888"}}
# What nobody else would ever write: where it stands, it was kept.
CANARY = {"password": "Kanarinë-im-Käfig-1", "pin": "Kanarinë-im-Käfig-2", "code": "9182736450"}
Signers = Callable[[], Visitor]


@pytest.fixture
async def arta(new_signer: Signers) -> Visitor:
    """Give Arta, signed in at the portal that signs by SignBox."""
    arta = new_signer()
    await arta.signs_in(ARTA)
    return arta


async def _comes_to_sign(visitor: Visitor, service: str = "residence-certificate", **answers: str) -> httpx.Response:
    """Apply for one's child and return the page where one signs."""
    page = await sent(visitor, await for_her_child(visitor, service, **(answers or {"purpose": "bank"})))
    assert f'href="{page.url.path}/code"' in page.text
    assert not [form for form in forms(page) if form.action.endswith("/preparation")]
    return await visitor.get(f"{page.url.path}/code")


async def _has_a_code(visitor: Visitor, page: httpx.Response, number: str = ARTA) -> tuple[httpx.Response, str]:
    """Have a code sent, and return the page that asks for it, and the code."""
    password = {"password": SECRETS[number]["password"]}
    asks = await visitor.follow(await visitor.send(page, "/signature/code", password))
    assert [form for form in forms(asks) if form.action.endswith("/authorisation")], asks.text
    return asks, await code_on_the_phone(visitor, number, asks)


async def _signs(visitor: Visitor, page: httpx.Response, number: str = ARTA) -> httpx.Response:
    asks, code = await _has_a_code(visitor, page, number)
    return await visitor.follow(await visitor.send(asks, "/authorisation", {**SECRETS[number], "code": code}))


async def test_parents_sign_in_turn_and_nothing_of_what_they_typed_is_kept(
    new_signer: Signers, boxed: Boxed, memory: Database, start: Working, tmp_path: Path
) -> None:
    town = boxed.town
    arta, driton = new_signer(), new_signer()
    await driton.signs_in(DRITON)
    await arta.signs_in(ARTA)
    page = await _comes_to_sign(arta, "child-passport", reason="first")
    application, address = application_of(page), page.url.path.removesuffix("/code")
    assert (await driton.follow(await driton.get(f"{address}/code"))).url.path == address, "it is not his turn"
    wrong = await arta.send(page, "/signature/code", {"password": CANARY["password"]})
    assert wrong.status_code == 422
    asks, code = await _has_a_code(arta, page)
    for typed in ({**CANARY, "code": code}, {**SECRETS[ARTA], "code": CANARY["code"]}):
        wrong = await arta.send(asks, "/authorisation", typed)
        assert (wrong.status_code, 'class="govuk-error-summary"' in wrong.text) == (422, True)
        assert not any(secret in wrong.text for secret in (*CANARY.values(), code, "11111"))
        asks = wrong
    signed = await arta.follow(await arta.send(asks, "/authorisation", {**SECRETS[ARTA], "code": code}))
    assert signed.url.path == address
    deaf = start(PORTAL_TSA_URL="http://127.0.0.1:9/tsa", PORTAL_SIGNING_DIALECT="signbox")
    await deaf.says("trust_services_unreachable")
    waiting = await arta.get(address)
    assert 'hx-trigger="every 1s"' in waiting.text, "it is being completed, not signed"
    assert (await arta.follow(await arta.get(f"{address}/code"))).url.path == address, "she has signed"
    deaf.process.kill()
    await deaf.ends()
    well = start(PORTAL_SIGNING_DIALECT="signbox")
    await until(driton, "/sq/notices", "Pritet nënshkrimi juaj")
    await _signs(driton, await driton.get(f"{address}/code"), DRITON)
    await until(arta, f"/sq/applications/{application}", "/payment")
    found, pdf = await report(memory, application, town)
    assert [(mark.name, mark.level, mark.standing) for mark in found.marks] == [
        ("ARTA KRASNIQI DEMO", "B-LTA", "valid"),
        ("DRITON KRASNIQI DEMO", "B-LTA", "valid"),
    ]
    assert _accepted_by_others(pdf, town, tmp_path) == 2
    everything = await written_down(town, boxed.log, deaf.log, well.log)
    for secret in (*CANARY.values(), town.environment("portal")["PORTAL_SIGNBOX_BILLING_PASSWORD"]):
        assert secret not in everything
    for secret in (code, *SECRETS[ARTA].values(), *SECRETS[DRITON].values()):
        assert not re.search(rf"(?<![\w.-]){secret}(?![\w-])", boxed.log.read_text()), "not in the log"
    of_the_portal = await kept_in(town.databases["portal"])
    assert not re.search(rf"(?<![\w.-]){code}(?![\w-])", of_the_portal)


def _accepted_by_others(pdf: bytes, town: Plan, folder: Path) -> int:
    """Return how many signatures pyHanko's own command and Poppler's both call valid."""
    file, root = folder / "signed.pdf", town.directory / "seals" / "root.pem"
    file.write_bytes(pdf)
    pyhanko = [str(Path(sys.executable).with_name("pyhanko")), "sign", "adesverify", "--pretty-print"]
    command = [*pyhanko, "--trust", str(root), "--trust-replace", str(file)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    pdfsig = shutil.which("pdfsig")
    assert pdfsig, "pdfsig is missing: apt-get install poppler-utils"
    popplers = subprocess.run([pdfsig, "-nocert", str(file)], capture_output=True, text=True, check=False).stdout
    valid = said.count("The signature is judged VALID."), popplers.count("Signature is Valid")
    assert valid[0] == valid[1], said + popplers
    return valid[0]


async def test_the_page_stands_apart(arta: Visitor) -> None:
    page = await _comes_to_sign(arta)
    asks, _code = await _has_a_code(arta, page)
    for shown in (page, asks, await arta.send(asks, "/authorisation", CANARY)):
        policy = dict(part.strip().split(" ", 1) for part in shown.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["form-action"] == "'self'", "no form leads away"
        assert not {"script-src", "connect-src"} & set(policy)
        assert shown.headers["cache-control"] == "no-store"
        assert "<script" not in shown.text
        assert "hx-" not in shown.text
        assert all(form.action.partition("?")[0].startswith(page.url.path) for form in forms(shown))
        assert shown.text.count('type="password"') == shown.text.count('autocomplete="off" inputmode') + 1
        assert not re.search(r'type="password"[^>]*value=', shown.text)
        assert ARTA not in shown.text
        for told in ("Arta Krasniqi", digits_of(page)[:4], "/signature/sheet"):
            assert told in shown.text
    await withdraws(arta, asks)


async def test_a_code_is_good_for_one_sheet_and_a_form_for_one_attempt(arta: Visitor, boxed: Boxed) -> None:
    page = await _comes_to_sign(arta)
    asks, code = await _has_a_code(arta, page)
    typed = {**SECRETS[ARTA], "code": code}
    first, second = await asyncio.gather(*(arta.send(asks, "/authorisation", typed) for _ in range(2)))
    assert (first.status_code, second.status_code) == (303, 303), "a double click is one signature"
    assert boxed.box.paths.count("sign") == 1
    again = await arta.follow(await arta.send(asks, "/authorisation", typed))
    assert again.url.path == page.url.path.removesuffix("/code")
    assert boxed.box.paths.count("sign") == 1
    draft = await arta.follow(await arta.send(again, "/draft")) if "/draft" in again.text else again
    await withdraws(arta, draft)


async def test_what_cannot_be_meant_is_not_sent_on(arta: Visitor, boxed: Boxed) -> None:
    page = await _comes_to_sign(arta)
    asks, code = await _has_a_code(arta, page)
    boxed.box.heard.clear()
    for typed in (
        {},
        {**SECRETS[ARTA], "code": "abcdef"},
        {**SECRETS[ARTA], "code": code, "pin": "\0"},
        {"password": "x" * 101, "pin": "1", "code": code},
    ):
        refused = await arta.send(asks, "/authorisation", typed)
        assert refused.status_code == 422
    assert boxed.box.heard == []
    spaced = f" {code[:3]} {code[3:]} "
    signed = await arta.follow(await arta.send(asks, "/authorisation", {**SECRETS[ARTA], "code": spaced}))
    assert signed.url.path == page.url.path.removesuffix("/code")
    await withdraws(arta, signed)


async def test_who_lost_her_session_signs_in_again_and_her_secrets_were_not_kept(arta: Visitor, boxed: Boxed) -> None:
    page = await _comes_to_sign(arta)
    asks, _code = await _has_a_code(arta, page)
    arta.http.cookies.delete("portal-session")
    boxed.box.heard.clear()
    lost = await arta.send(asks, "/authorisation", CANARY)
    assert lost.status_code == 303
    assert lost.headers["location"].startswith("/sq/sign-in?next=")
    assert boxed.box.heard == []
    back = await arta.signs_in(ARTA, lost.headers["location"])
    assert back.url.path == page.url.path, "she is where she was"
    kept = await kept_in(boxed.town.databases["portal"])
    assert not any(secret in kept for secret in CANARY.values())
    await withdraws(arta, back)


async def test_only_so_many_tries_a_minute_are_sent_on(arta: Visitor, boxed: Boxed) -> None:
    page = await _comes_to_sign(arta)
    boxed.box.instead["otp"] = lambda _call: Raw(b'{"message": "authentication_error"}', 401)
    statuses = [(await arta.send(page, "/signature/code", {"password": "0"})).status_code for _ in range(12)]
    assert statuses == [422] * 10 + [429] * 2
    assert boxed.box.paths.count("otp") == 10
    await withdraws(arta, page)


async def test_a_stranger_neither_sees_the_page_nor_signs(new_signer: Signers, arta: Visitor) -> None:
    besnik = new_signer()
    await besnik.signs_in(BESNIK)
    page = await _comes_to_sign(arta)
    own = await besnik.get("/sq/applications")
    token = re.search(r'name="_csrf_token" value="([^"]+)"', own.text)
    assert token
    assert (await besnik.get(page.url.path)).status_code == 404
    for address in (page.url.path, f"{page.url.path}/authorisation"):
        typed = {**CANARY, "attempt": "x", "_csrf_token": token[1]}
        assert (await besnik.http.post(address, data=typed)).status_code in {303, 404}
    assert (await besnik.get(page.url.path.removesuffix("/code"))).status_code == 404
    await withdraws(arta, page)


def _html(_call: Call) -> Raw:
    return Raw(b"<h1>Welcome</h1>", kind="text/html")


def _broken(_call: Call) -> Raw:
    return Raw(b"oops", 500)


def _unsigned(call: Call) -> Raw:
    return Raw(call.document, kind="application/pdf")


def _other_words(_call: Call) -> Raw:
    return Raw(b"%PDF-1.7 another", kind="application/pdf")


FAULTS: dict[str, tuple[str, Callable[[Call], Raw], str, str]] = {
    "html for a code": ("otp", _html, "signbox_not_understood", "nuk po përgjigjet"),
    "500 for a code": ("otp", _broken, "signbox_error", "nuk po përgjigjet"),
    "html for a signature": ("sign", _html, "signbox_not_understood", "nuk po përgjigjet"),
    "500 for a signature": ("sign", _broken, "signbox_error", "nuk po përgjigjet"),
    "the sheet unsigned": ("sign", _unsigned, "not_one_signature", "nuk mund t&#39;i besohej"),
    "another document": ("sign", _other_words, "another_sheet", "nuk mund t&#39;i besohej"),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_nothing_is_signed_when_the_answer_is(name: str, arta: Visitor, boxed: Boxed) -> None:
    path, fault, code, words = FAULTS[name]
    page = await _comes_to_sign(arta)
    asks, otp = (page, "") if path == "otp" else await _has_a_code(arta, page)
    boxed.box.instead[path] = fault
    action, typed = ("/signature/code", {}) if path == "otp" else ("/authorisation", {"code": otp})
    told = await arta.follow(await arta.send(asks, action, {**SECRETS[ARTA], **typed}))
    assert (told.status_code, told.url.path) == (200, page.url.path)
    assert 'id="failure-title"' in told.text
    assert words in told.text
    assert f'"code": "{code}"' in boxed.log.read_text()
    boxed.box.instead.clear()
    signed = await _signs(arta, told)
    assert 'hx-trigger="every 1s"' in signed.text, "and then she signs"
    await withdraws(arta, signed)


async def test_another_persons_signature_is_not_hers(
    arta: Visitor, new_signer: Signers, boxed: Boxed, memory: Database
) -> None:
    page = await _comes_to_sign(arta)
    asks, code = await _has_a_code(arta, page)
    his = {"username": DRITON, **SECRETS[DRITON]}
    (asked,) = [call for call in boxed.box.heard if call.path == "otp"]
    assert (await asyncio.to_thread(boxed.box.carried, asked.but(**his))).status == 200
    driton = new_signer()
    his["otp"] = await code_on_the_phone(driton, DRITON, asks)
    boxed.box.instead["sign"] = lambda call: boxed.box.carried(call.but(**his))
    told = await arta.follow(await arta.send(asks, "/authorisation", {**SECRETS[ARTA], "code": code}))
    assert "nga eID-ja e një personi tjetër" in told.text
    said = await value(memory, "SELECT state FROM signing ORDER BY changed_at DESC LIMIT 1")
    assert said == "failed"
    await withdraws(arta, told)


async def test_without_the_setting_there_is_no_such_page(arta: Visitor, new_visitor: Signers) -> None:
    page = await _comes_to_sign(arta)
    plain = new_visitor()
    await plain.signs_in(ARTA)
    address = page.url.path
    assert (await plain.get(address)).status_code == 404
    token = re.search(r'name="_csrf_token" value="([^"]+)"', (await plain.get("/sq/applications")).text)
    assert token
    for each in (address, f"{address}/authorisation"):
        assert (await plain.http.post(each, data={"_csrf_token": token[1]})).status_code == 404
    shown = await plain.get(address.removesuffix("/code"))
    assert [form for form in forms(shown) if form.action.endswith("/preparation")]
    assert f'href="{address}"' not in shown.text
    assert "nuk arrijnë kurrë" in (await plain.get("/sq/privacy")).text
    assert "kalojnë përmes tij" in (await arta.get("/sq/privacy")).text
    await withdraws(arta, page)
