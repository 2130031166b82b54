"""A document is revoked by two officers, replaced by a corrected one, and whoever verifies is told so at once."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable
from uuid import UUID

import httpx
import msgspec

from portal.database import Database
from services.documents.revocation.published import Entry
from services.registers.signature import Keys
from tests.rooms.portal.sheets import until
from tests.rooms.portal.visitor import ARTA, BESNIK, MILICA, Visitor, links
from tests.rooms.portal.workers import Working, is_issued, paid, value

WRONG = "Emri i babait është Naim."
WHAT_TO_DO = "Paraqituni te ofiqari me letërnjoftim."
CODE = "SELECT code FROM document WHERE application_id = $1 ORDER BY sealed_at DESC LIMIT 1"
NEWEST = "SELECT id FROM document WHERE application_id = $1 ORDER BY sealed_at DESC LIMIT 1"


async def test_artas_extract_is_revoked_replaced_and_revoked_again(
    arta: Visitor, new_visitor: Callable[[], Visitor], memory: Database, start: Working
) -> None:
    besnik, milica = new_visitor(), new_visitor()
    await asyncio.gather(besnik.signs_in(BESNIK), milica.signs_in(MILICA))
    start()
    application = await paid(arta)
    await is_issued(memory, application, 40)
    first = await value(memory, CODE, application)
    await _arta_says_what_is_wrong(arta, application)
    page = await _besnik_answers_and_proposes(arta, besnik, application, memory)
    assert "është i vërtetë" in (await besnik.get(f"/sq/v/{first}")).text  # proposed is not revoked
    await _one_of_two_confirms(besnik, milica, page)
    second = await _becomes_another(memory, application, first)
    await _is_replaced(arta, application, first, second)
    await _is_revoked_for_good(arta, besnik, milica, application, memory)


async def _arta_says_what_is_wrong(arta: Visitor, application: UUID) -> None:
    page = await arta.get(f"/sq/applications/{application}/document/correction")
    assert (await arta.send(page, "/document/correction", {"text": " "})).status_code == 422
    told = await arta.follow(await arta.send(page, "/document/correction", {"text": WRONG}))
    assert "Zyra e shqyrton dhe ju njofton" in told.text
    again = await arta.send(page, "/document/correction", {"text": "Edhe diçka"})
    assert again.status_code == 409


async def _besnik_answers_and_proposes(
    arta: Visitor, besnik: Visitor, application: UUID, memory: Database
) -> httpx.Response:
    waiting = await besnik.get("/sq/office/documents")
    document = await value(memory, NEWEST, application)
    assert f"/sq/office/documents/{document}" in waiting.text
    assert "Dokumente që presin (" in (await besnik.get("/sq/office")).text
    assert (await arta.get(f"/sq/office/documents/{document}")).status_code == 404
    code = await value(memory, CODE, application)
    page = await besnik.follow(await besnik.send(waiting, "/documents/search", {"q": f" {code[:4]}-{code[4:]} "}))
    assert WRONG in page.text
    assert ARTA not in page.text
    await besnik.get(page.url.path)
    looks = (await arta.get("/sq/data")).text
    assert looks.count("Përgjigjem për një dokument të lëshuar") == 1, "she sees who looked at it, once a day"
    assert (await besnik.send(waiting, "/documents/search", {"q": "ZZZZ"})).status_code == 422
    page = await besnik.follow(await besnik.send(page, "/answer", {"answer": "Keni të drejtë."}))
    refused = await besnik.send(page, "/revocation", {"ground": "boredom", "text": "Nuk ruhet?"})
    assert (refused.status_code, "Nuk ruhet?" in refused.text) == (422, True)
    proposal = {"ground": "wrong_data", "facts": "fresh", "text": "Emri i babait ishte gabim."}
    page = await besnik.follow(await besnik.send(page, "/revocation", proposal))
    assert "E konfirmon një zyrtar tjetër" in page.text
    assert not links(page, "/sq/office/documents/confirmation")
    return page


async def _one_of_two_confirms(besnik: Visitor, milica: Visitor, page: httpx.Response) -> None:
    shown = await milica.get(page.url.path)
    confirming = next(part for part in re.findall('action="([^"]+)"', shown.text) if "/confirmation/" in part)
    himself = await besnik.http.post(
        confirming,
        data={"_csrf_token": _token(page)},
        headers={"Origin": besnik.portal, "Sec-Fetch-Site": "same-origin"},
    )
    assert himself.status_code == 409
    both = await asyncio.gather(*(milica.send(shown, confirming) for _twice in range(2)))
    assert sorted(each.status_code for each in both) == [303, 409]


def _token(page: httpx.Response) -> str:
    return re.findall('name="_csrf_token" value="([^"]+)"', page.text)[0]


async def _becomes_another(memory: Database, application: UUID, first: str) -> str:
    for _ in range(400):
        if (code := await value(memory, CODE, application)) != first:
            return code
        await asyncio.sleep(0.05)
    raise AssertionError("no corrected document came")


async def _is_replaced(arta: Visitor, application: UUID, first: str, second: str) -> None:
    gone, here = await arta.get(f"/en/v/{first}"), await arta.get(f"/en/v/{second}")
    assert "This document was replaced and is no longer valid" in gone.text
    assert f"/en/v/{second}" in gone.text
    assert "It stated something that was not right." in gone.text
    assert "Emri i babait" not in gone.text  # the officer's own words are for her alone
    assert ARTA not in gone.text
    assert "This document is genuine" in here.text
    page = await arta.get(f"/sq/applications/{application}")
    assert "E zëvendëson dokumentin me kodin" in page.text
    notices = (await arta.get("/sq/notices")).text
    assert "Dokumenti juaj u revokua" in notices
    assert "Dokumenti juaj i korrigjuar është gati" in notices
    assert "REVOKED" not in (await arta.get(f"/sq/applications/{application}/document")).headers["content-disposition"]


async def _is_revoked_for_good(
    arta: Visitor, besnik: Visitor, milica: Visitor, application: UUID, memory: Database
) -> None:
    address = f"/sq/office/documents/{await value(memory, NEWEST, application)}"
    words = {"ground": "issued_in_error", "facts": "fresh", "text": "U lëshua dy herë."}
    await milica.send(await milica.get(address), "/revocation", words)
    await _is_recorded_nowhere_any_more(memory, application)
    await besnik.send(await besnik.get(address), _confirming(await besnik.get(address)))
    await until(besnik, address, "Nuk mund të lëshohej dokument i korrigjuar")
    await _arta_is_told_that_none_comes(besnik, milica, address)
    page = await arta.get(f"/sq/applications/{application}")
    assert WHAT_TO_DO in page.text
    assert "Zyra ju ka shkruar" in (await arta.get("/sq/notices")).text
    for said in ("U lëshua dy herë.", "Ishte lëshuar gabimisht.", "I revokuar", "Shkarkoni dokumentin e revokuar"):
        assert said in page.text
    assert "Dokumenti u revokua" in (await arta.get("/sq/applications")).text
    file = await arta.get(f"/sq/applications/{application}/document")
    assert "-REVOKED-" in file.headers["content-disposition"]
    listed = (await arta.get("/sq/verify/revocations.jws")).text
    keys = Keys((await arta.get("/sq/verify/revocations/keys")).json())
    content = keys.content(listed)
    assert content
    entries = {one.sha256: one for one in msgspec.convert(msgspec.json.decode(content)["revoked"], list[Entry])}
    assert entries[hashlib.sha256(file.content).hexdigest()].ground == "issued_in_error"
    assert [one.ground for one in entries.values() if one.replaced_by] == ["wrong_data"]
    assert keys.content(listed[:-4] + "AAAA") is None


async def _arta_is_told_that_none_comes(besnik: Visitor, milica: Visitor, address: str) -> None:
    assert address in (await milica.get("/sq/office/documents")).text  # it waits until somebody has seen to it
    page, hers = await besnik.get(address), await milica.get(address)
    assert (await besnik.send(page, "/message", {"message": " "})).status_code == 422
    told = await besnik.follow(await besnik.send(page, "/message", {"message": WHAT_TO_DO}))
    assert "I është shkruar personit" in told.text
    assert "Nuk mund të lëshohej" not in told.text
    assert (await milica.send(hers, "/message", {"message": "Edhe një herë."})).status_code == 409
    assert address not in (await milica.get("/sq/office/documents")).text


async def _is_recorded_nowhere_any_more(memory: Database, application: UUID) -> None:
    """Let the application be about a number that no register knows."""
    async with memory.transaction() as connection:
        await connection.execute(
            "UPDATE application SET facts = replace(facts::text, $2, '1900000000')::jsonb WHERE id = $1",
            application,
            ARTA,
        )


def _confirming(page: httpx.Response) -> str:
    return next(part for part in re.findall('action="([^"]+)"', page.text) if "/confirmation/" in part)
