"""Where people sign by SignBox: a code for one document, on a page apart, and none of what is typed there stays."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from portal.database import Database
from portal.demo.plan import Plan
from tests.rooms.eid.hostile import Raw
from tests.rooms.portal.boxed import (
    CANARY,
    SECRETS,
    Boxed,
    Signers,
    arta,
    comes_to_sign,
    has_a_code,
    kept_in,
    new_signer,
    signs,
    written_down,
)
from tests.rooms.portal.sheets import report, until, withdraws
from tests.rooms.portal.test_office import sends
from tests.rooms.portal.visitor import ARTA, BESNIK, DRITON, Visitor, application_of
from tests.rooms.portal.workers import Working, is_issued

__all__ = ["arta", "new_signer"]  # fixtures


async def test_parents_sign_in_turn_and_nothing_of_what_they_typed_is_kept(
    new_signer: Signers, boxed: Boxed, memory: Database, start: Working, tmp_path: Path
) -> None:
    town = boxed.town
    arta, driton = new_signer(), new_signer()
    await driton.signs_in(DRITON)
    await arta.signs_in(ARTA)
    page = await comes_to_sign(arta, "child-passport", reason="first")
    application, address = application_of(page), page.url.path.removesuffix("/code")
    assert (await driton.follow(await driton.get(f"{address}/code"))).url.path == address, "it is not his turn"
    wrong = await arta.send(page, "/signature/code", {"password": CANARY["password"]})
    assert wrong.status_code == 422
    asks, code = await has_a_code(arta, page)
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
    await until(driton, address, f'href="{address}/code"')  # a message of an earlier document may wait there too
    await signs(driton, await driton.get(f"{address}/code"), DRITON)
    await until(arta, f"/sq/applications/{application}", "/payment")
    found, pdf = await report(memory, application, town)
    assert [(mark.name, mark.level, mark.standing) for mark in found.marks] == [
        ("ARTA KRASNIQI DEMO", "B-LTA", "valid"),
        ("DRITON KRASNIQI DEMO", "B-LTA", "valid"),
    ]
    assert _accepted_by_others(pdf, town, tmp_path) == 2
    await _is_not_written_down(code, boxed, deaf.log, well.log)


async def _is_not_written_down(code: str, boxed: Boxed, *logs: Path) -> None:
    """See that neither logs nor databases hold a secret: in the eID's, digits may stand for something else."""
    town, digits = boxed.town, (code, *SECRETS[ARTA].values(), *SECRETS[DRITON].values())
    everything = await written_down(town, boxed.log, *logs)
    for secret in (*CANARY.values(), town.environment("portal")["PORTAL_SIGNBOX_BILLING_PASSWORD"]):
        assert secret not in everything
    for log in (boxed.log, *logs):
        assert not [secret for secret in digits if re.search(rf"(?<![\w.-]){secret}(?![\w-])", log.read_text())]
    assert not re.search(rf"(?<![\w.-]){code}(?![\w-])", await kept_in(town.databases["portal"]))


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


async def test_besnik_signs_a_list_of_approvals_with_a_code(
    new_signer: Signers, arta: Visitor, memory: Database, start: Working
) -> None:
    besnik = new_signer()
    await besnik.signs_in(BESNIK)
    chosen: Any = {"case": [str(await sends(arta)) for _each in range(2)]}
    page = await besnik.follow(await besnik.send(await besnik.get("/sq/office"), "/office/batches", chosen))
    assert (await besnik.follow(await besnik.get(f"{page.url.path}/code"))).url.path == page.url.path, "no reasons yet"
    asks = await besnik.follow(await besnik.send(page, "/preparation", {"text": "Dëshmohet nga libri amzë."}))
    assert asks.url.path == f"{page.url.path}/code"
    assert "Dëshmohet nga libri amzë." in asks.text
    assert (await arta.get(asks.url.path)).status_code == 404
    assert f'href="{asks.url.path}"' in (await besnik.get(page.url.path)).text
    signed = await signs(besnik, asks, BESNIK)
    assert signed.url.path == page.url.path
    await start(PORTAL_SIGNING_DIALECT="signbox").says('"working"')
    for each in chosen["case"]:
        await is_issued(memory, UUID(each))
    await until(besnik, page.url.path, "E aprovuar")


async def test_a_code_is_good_for_one_sheet_and_a_form_for_one_attempt(arta: Visitor, boxed: Boxed) -> None:
    page = await comes_to_sign(arta)
    asks, code = await has_a_code(arta, page)
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
    page = await comes_to_sign(arta)
    asks, code = await has_a_code(arta, page)
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
    page = await comes_to_sign(arta)
    asks, _code = await has_a_code(arta, page)
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
    page = await comes_to_sign(arta)
    boxed.box.instead["otp"] = lambda _call: Raw(b'{"message": "authentication_error"}', 401)
    statuses = [(await arta.send(page, "/signature/code", {"password": "0"})).status_code for _ in range(12)]
    assert statuses == [422] * 10 + [429] * 2
    assert boxed.box.paths.count("otp") == 10
    await withdraws(arta, page)


async def test_a_stranger_neither_sees_the_page_nor_signs(new_signer: Signers, arta: Visitor) -> None:
    besnik = new_signer()
    await besnik.signs_in(BESNIK)
    page = await comes_to_sign(arta)
    own = await besnik.get("/sq/applications")
    token = re.search(r'name="_csrf_token" value="([^"]+)"', own.text)
    assert token
    assert (await besnik.get(page.url.path)).status_code == 404
    for address in (page.url.path, f"{page.url.path}/authorisation"):
        typed = {**CANARY, "attempt": "x", "_csrf_token": token[1]}
        assert (await besnik.http.post(address, data=typed)).status_code in {303, 404}
    assert (await besnik.get(page.url.path.removesuffix("/code"))).status_code == 404
    await withdraws(arta, page)
