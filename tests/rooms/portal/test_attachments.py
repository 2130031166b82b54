"""Arta attaches papers: what cannot be taken is said, what is kept stays hers, and an office opens it for a reason."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pikepdf
import pytest

from portal import rounds
from portal.database import Database
from services.attachments.scan import Scanner
from tests.files import PROGRAM, SCRIPT, bomb, pdf, photo
from tests.rooms.portal.sheets import sent
from tests.rooms.portal.visitor import BESNIK, DRITA, DRITON, Filled, Visitor, application_of, form, section_of
from tests.rooms.portal.workers import PAID, value
from tests.scanner import Clamd

Browsers = Callable[[], Visitor]
Portal = Callable[..., Awaitable[httpx.AsyncClient]]
MISTAKE = {"wrong_data": "birth", "right_data": "Matiçan", "explanation": "Fletëlëshimi"}
PDF = pdf("Fletëlëshimi")
ADD = {"files": "add"}
WRONG: list[tuple[str, bytes, str]] = [
    ("program.pdf", PROGRAM, "“program.pdf” nuk është skedar i këtyre llojeve"),
    ("vizatim.png", SCRIPT, "“vizatim.png” nuk është skedar i këtyre"),
    ("faqe.pdf", b"<!doctype html><script>alert(1)</script>", "nuk është skedar i këtyre llojeve"),
    ("kyçur.pdf", pdf(password="1234"), "“kyçur.pdf” është i mbyllur me fjalëkalim"),
    ("gjysma.pdf", PDF[: len(PDF) // 2], "“gjysma.pdf” është i dëmtuar"),
    ("gjysma.jpg", photo()[:300], "“gjysma.jpg” është i dëmtuar"),
    ("bombë.png", bomb(), "kërkon tepër për t&#39;u hapur"),
    ("zbrazët.pdf", b"", "“zbrazët.pdf” është i zbrazët"),
    ("madh.pdf", PDF + bytes(10_000_000), "“madh.pdf” është më i madh se 10 MB"),
]


async def evidence(arta: Visitor) -> httpx.Response:
    """Ask for a correction of a record, as far as the page that wants the paper which shows it."""
    page = await arta.begins("record-correction")
    page = await arta.answers(await arta.get(_section(page, "mistake")), **MISTAKE)
    assert section_of(page) == "evidence"
    return page


def _section(page: httpx.Response, name: str) -> str:
    return f"/sq/applications/{application_of(page)}/sections/{name}"


async def attaches(
    visitor: Visitor, page: httpx.Response, name: str, content: bytes, **typed: Filled
) -> httpx.Response:
    """Choose a file for the page's one question of files and send it; `files="add"` by the button beside it."""
    question = "evidence" if 'name="evidence"' in page.text or "evidence-input" in page.text else "contract"
    action = next(each.action for each in [form(page, f"/{section_of(page)}")])
    return await visitor.send(page, action.removesuffix("/files"), {question: (name, content), **typed})


def kept(page: httpx.Response) -> list[str]:
    """Return the ids of the files that a page lets one remove."""
    return [part.partition('"')[0] for part in page.text.split('value="remove ')[1:]]


async def discards(visitor: Visitor, page: httpx.Response) -> None:
    """Throw away or take back the application whose page this is."""
    await visitor.send(await visitor.get(f"/sq/applications/{application_of(page)}/withdrawal"), "/withdrawal")


async def test_what_cannot_be_taken_is_said_and_what_was_attached_stays(arta: Visitor, memory: Database) -> None:
    page = await evidence(arta)
    assert "Bashkëngjitni dokumentin" in (await arta.send(page, "/evidence")).text  # nothing yet
    page = await attaches(arta, page, "..\\dosja\\Fletë\u202elëshimi.exe", PDF, **ADD)
    assert "Fletë lëshimi.exe.pdf" in page.text
    for name, content, said in WRONG:
        refused = await attaches(arta, page, name, content)
        assert (refused.status_code, said in refused.text) == (422, True), (name, refused.text[-3000:])
        assert len(kept(refused)) == 1
    page = await attaches(arta, page, "dyfish.pdf", PDF, **ADD)
    assert len(kept(page)) == 1  # the same paper
    page = await attaches(arta, page, "pamje.jpg", photo(located=True), **ADD)
    assert "tregon edhe vendin ku është bërë" in page.text
    page = await attaches(arta, page, "pamje.png", photo("PNG"), **ADD)
    assert len(kept(page)) == 3
    assert "më së shumti 3 skedarë" in (await attaches(arta, page, "katër.pdf", pdf("4"))).text
    page = await arta.send(page, "/evidence", {"files": f"remove {kept(page)[2]}"})
    check = await arta.follow(await arta.send(page, "/evidence"))
    assert section_of(check) == "check"
    assert "pamje.jpg (1 kB)" in check.text
    own, taken = f"/sq/applications/{application_of(page)}", {"files": f"remove {kept(page)[1]}"}
    await arta.send(await arta.get(f"{own}/sections/evidence"), "/evidence", taken)
    assert "pamje.jpg" not in (await arta.follow(await arta.get(f"{own}/check"))).text  # the answer follows at once
    there = "SELECT count(*) FROM attachment_content WHERE sha256 = $1"
    assert await value(memory, there, hashlib.sha256(PDF).digest()) == 1
    await discards(arta, page)
    assert await value(memory, there, hashlib.sha256(PDF).digest()) == 0


async def test_who_lost_her_session_finds_what_she_typed_beside_the_file(arta: Visitor) -> None:
    page = await arta.begins("birth-registration-late")
    child: dict[str, Filled] = {"newborn_name": "Ana", "other_parent": "Driton Krasniqi", "born_where": "hospital"}
    born = {"day_of_birth-day": "1", "day_of_birth-month": "8", "day_of_birth-year": "2026"}
    page = await arta.answers(page, **child | born)
    assert 'name="discharge_list"' in page.text  # no hospital told of it
    arta.http.cookies.delete("portal-session")
    typed: dict[str, Filled] = {"maternity_ward": "QKUK", "why_late": "Ishim jashtë vendit"}
    lost = await arta.send(page, "/proof", {**typed, "discharge_list": ("lista.pdf", PDF)})
    back = await arta.follow(lost)
    assert section_of(back) == "proof"
    for words in ("QKUK", "Ishim jashtë vendit"):
        assert words in back.text
    assert kept(back) == []  # a file is not kept for somebody who may be anybody
    assert section_of(await arta.answers(back, **typed, discharge_list=("lista.pdf", PDF))) == "check"
    await discards(arta, back)


async def test_an_office_opens_a_paper_for_a_reason_and_asks_for_another(
    arta: Visitor, new_visitor: Browsers, memory: Database
) -> None:
    besnik = new_visitor()
    await besnik.signs_in(BESNIK)
    application, address = await sends(arta)
    await nobody_else_has_it(new_visitor, address, memory)
    at_office = address.replace("/applications/", "/office/")
    assert (await besnik.get(at_office)).headers["location"] == f"/sq/office/{application}"  # he has not said why
    asked = await besnik.get(f"/sq/office/{application}")
    case = await besnik.follow(await besnik.send(asked, "/opening", {"reason": "deciding"}))
    assert at_office in case.text
    for _ in range(2):
        assert (await besnik.get(at_office)).content == PDF
    assert (await arta.get("/sq/data")).text.count("U hap një skedar i bashkëngjitur kërkesës") == 2
    await besnik.send(case, "/taking")
    ask = await besnik.get(f"/sq/office/{application}/request")
    await besnik.send(ask, "/request", {"text": "Një faqe mungon.", "questions": "evidence"})
    reply = await arta.get(f"/sq/applications/{application}/reply")
    reply = await arta.send(reply, "/reply", {"files": f"remove {kept(reply)[0]}"})
    assert (await besnik.get(at_office)).content == PDF  # until she answers it stands
    assert (await arta.send(reply, "/reply")).status_code == 422
    done = await arta.send(reply, "/reply", {"evidence": ("Dy faqe.pdf", pdf("Dy faqe"))})
    assert done.headers["location"] == f"/sq/applications/{application}"
    assert (await besnik.get(at_office)).status_code == 404
    assert "Dy faqe.pdf" in (await besnik.get(f"/sq/office/{application}")).text
    await she_writes_with_a_paper(arta, besnik, application)
    await discards(arta, await arta.get(f"/sq/applications/{application}"))
    assert await value(memory, "SELECT count(*) FROM attachment WHERE application_id = $1", application) == 0


async def she_writes_with_a_paper(arta: Visitor, besnik: Visitor, application: UUID) -> None:
    """Let Arta send a paper with a message; Besnik opens it, and nothing that she did not send."""
    thread = await arta.get(f"/sq/applications/{application}/messages")
    refused = await arta.send(thread, "/messages", {"text": "Shihni.", "message-1": ("a.pdf", PROGRAM)})
    assert (refused.status_code, "Shihni." in refused.text) == (422, True)
    thread = await arta.send(refused, "/messages", {"message-1": ("gabim.pdf", pdf("Gabim")), **ADD})
    unsent = kept(thread)[0]
    assert (await besnik.get(f"/sq/office/{application}/attachments/{unsent}")).status_code == 404
    thread = await arta.send(thread, "/messages", {"files": f"remove {unsent}"})
    await arta.send(thread, "/messages", {"text": "Shihni.", "message-1": ("faqja 3.pdf", pdf("3"))})
    assert "faqja 3.pdf" in (await arta.get(f"/sq/applications/{application}")).text
    case = await besnik.get(f"/sq/office/{application}")
    (address,) = re.findall(r'href="([^"]+)" download>faqja 3.pdf', case.text)
    assert (await besnik.get(address)).content == pdf("3")


async def sends(arta: Visitor) -> tuple[UUID, str]:
    """Let Arta send her request with a paper and pay; return it and where the paper is, given to be kept, not shown."""
    page = await evidence(arta)
    check = await arta.follow(await attaches(arta, page, "Fletëlëshimi.pdf", PDF))
    page = await arta.follow(await arta.send(check, "/submission"))
    await arta.follow(await arta.send(page, "/card", PAID))
    own = await arta.get(f"/sq/applications/{application_of(check)}")
    (address,) = {link for link in own.text.split('"') if "/attachments/" in link}
    given = await arta.get(address)
    assert given.content == PDF
    assert given.headers["content-disposition"].startswith("attachment; ")
    assert "sandbox" in given.headers["content-security-policy"]
    assert (given.headers["x-content-type-options"], given.headers["cache-control"]) == ("nosniff", "no-store")
    return application_of(check), address


async def nobody_else_has_it(new_visitor: Browsers, address: str, memory: Database) -> None:
    """Let another citizen try, and an officer of another office."""
    driton, drita = new_visitor(), new_visitor()
    await driton.signs_in(DRITON)
    assert (await driton.get(address)).status_code == 404
    own = await evidence(driton)
    forged = own.text.replace(str(application_of(own)), address.split("/")[3])
    tried = await attaches(driton, httpx.Response(200, text=forged, request=own.request), "a.pdf", PDF)
    assert tried.status_code == 404
    await discards(driton, own)
    await drita.signs_in(DRITA)
    move = "UPDATE office_member SET municipality = $2 WHERE personal_number = $1"
    async with memory.transaction() as connection:
        await connection.execute(move, DRITA, "prizren")
    try:
        assert (await drita.get(address.replace("/applications/", "/office/"))).status_code == 404
    finally:
        async with memory.transaction() as connection:
            await connection.execute(move, DRITA, "prishtine")


async def test_what_is_harmful_is_refused_and_what_cannot_be_scanned_waits(
    arta: Visitor, memory: Database, new_portal: Portal
) -> None:
    async with Clamd() as clamd:
        scanner, now = Scanner("127.0.0.1", clamd.port), datetime.now(UTC)
        scanned = await new_portal(PORTAL_CLAMD=f"127.0.0.1:{clamd.port}")
        scanned.cookies, arta.http = arta.http.cookies, scanned
        page = await evidence(arta)
        refused = await attaches(arta, page, "llogari.pdf", pdf(eicar=True))
        assert (refused.status_code, "“llogari.pdf” përmban program të dëmshëm" in refused.text) == (422, True)
        noted = "SELECT found FROM attachment_refused_event WHERE application_id = $1"
        assert await value(memory, noted, application_of(page)) == "Eicar-Test-Signature"
        page = await attaches(arta, page, "e mirë.pdf", PDF, **ADD)
        assert "Pret kontrollin" not in page.text
        await clamd.goes()
        page = await attaches(arta, page, "llogari.pdf", pdf(eicar=True), **ADD)
        page = await attaches(arta, page, "tjetër.pdf", pdf("Tjetër"), **ADD)
        assert page.text.count("Pret kontrollin") == 2
        waits = await arta.get(f"/sq/applications/{application_of(page)}/attachments/{kept(page)[2]}")
        assert (waits.status_code, "pret të kontrollohet" in waits.text) == (409, True)
        assert section_of(await arta.follow(await arta.send(page, "/evidence"))) == "check"
        await rounds.scan_attachments(memory, scanner, now)  # in vain
        await clamd.comes()
        await rounds.scan_attachments(memory, scanner, now)
        given = await arta.get(f"/sq/applications/{application_of(page)}/attachments/{kept(page)[2]}")
        assert given.content == pdf("Tjetër")
        page = await arta.get(_section(page, "evidence"))
        assert page.text.count("I dëmshëm, u fshi") == 1
        harmful = await arta.get(f"/sq/applications/{application_of(page)}/attachments/{kept(page)[1]}")
        assert (harmful.status_code, "u fshi" in harmful.text) == (409, True)
        assert "Një skedar që bashkëngjitët u fshi" in (await arta.get("/sq/notices")).text
        check = await arta.follow(await arta.get(f"/sq/applications/{application_of(page)}/check"))
        assert "llogari.pdf" not in check.text
        assert "tjetër.pdf" in check.text
        await discards(arta, page)


@pytest.mark.usefixtures("town")
async def test_what_she_signs_names_each_file_by_its_digest(arta: Visitor) -> None:
    page = await arta.begins("vehicle-ownership-transfer")
    day = {"contract_day": "1", "contract_day-month": "11", "contract_day-year": "2026"}
    bought: dict[str, Filled] = {
        "bought_plate": "01-234-AB",
        "seller": "Mentor Kryeziu",
        "notary": "Noteri Hoti",
        **day,
    }
    page = await arta.answers(page, **bought | {"contract_day-day": "1"})
    page = await sent(arta, await arta.follow(await attaches(arta, page, "kontrata.pdf", pdf())))
    sheet = await arta.get(f"/sq/applications/{application_of(page)}/signature/sheet")
    with pikepdf.open(io.BytesIO(sheet.content)) as opened:
        data = json.loads(opened.attachments["data.json"].get_file().read_bytes())
    (named,) = data["answers"]["contract"]
    assert (named["name"], named["sha256"]) == ("kontrata.pdf", hashlib.sha256(pdf()).hexdigest())
    late = await arta.http.post(
        f"/sq/applications/{application_of(page)}/sections/contract/files",
        data=form(page, "/preparation").fields,
        files={"contract": ("tjetër.pdf", pdf("Tjetër"))},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert late.status_code == 409  # what was frozen cannot be exchanged
    await discards(arta, page)
