"""People act for companies: who may alone alone, who may not together; what the register of businesses says decides."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import httpx
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from portal.database import Database
from portal.demo.plan import Plan
from services.catalogue.load import catalogue
from services.catalogue.question import Choice, Listed, Many, Question, YesNo
from tests.rooms.portal.boxed import SECRETS, Signers, has_a_code, new_signer
from tests.rooms.portal.sheets import report, sent, until, withdraws
from tests.rooms.portal.signing import signs
from tests.rooms.portal.silence import answering
from tests.rooms.portal.test_silent_registers import another_portal
from tests.rooms.portal.visitor import (
    ARTA,
    BESNIK,
    DRITON,
    MILICA,
    Visitor,
    application_of,
    choices,
    forms,
    links,
    section_of,
)
from tests.rooms.portal.workers import Working

__all__ = ["new_signer"]  # a fixture

Browsers = Callable[[], Visitor]
Silent = Callable[[Visitor], Awaitable[Visitor]]
GASHI, RRJETI = ("811803364", "Gashi Transport SH.P.K."), ("812640957", "Rrjeti Soft SH.P.K.")
WRITTEN = {number: f"{name} ({number})" for number, name in (GASHI, RRJETI)}


@pytest.fixture
async def register(town: Plan) -> AsyncIterator[asyncpg.Connection]:
    """Give the register of businesses to its keeper; who lost a role has it back afterwards."""
    connection = await asyncpg.connect(town.databases["registers"], server_settings={"search_path": "registers"})
    yield connection
    await connection.execute("UPDATE business_member SET until = NULL WHERE business = ANY($1)", list(WRITTEN))
    await connection.close()


@pytest.fixture
async def silent(new_portal: Callable[..., Awaitable[httpx.AsyncClient]]) -> AsyncIterator[Silent]:
    """Give what lets a visitor go on at a portal whose registers do not answer."""
    async with answering("500 Internal Server Error", b"") as broken:
        portal = await new_portal(PORTAL_REGISTERS_URL=broken)

        async def go_on(visitor: Visitor) -> Visitor:
            return await another_portal(portal, visitor)

        yield go_on


async def test_besnik_signs_alone_for_his_company_and_everything_names_it(
    new_visitor: Browsers, town: Plan, memory: Database, start: Working, register: asyncpg.Connection
) -> None:
    start()
    besnik, arta = new_visitor(), new_visitor()
    await besnik.signs_in(BESNIK)
    await arta.signs_in(ARTA)
    check = await _for(besnik, GASHI[0])
    assert "Po aplikoni në emër të biznesit Gashi Transport SH.P.K. (811803364)." in check.text
    page = await sent(besnik, check)
    assert page.url.path.endswith("/signature")
    assert WRITTEN[GASHI[0]] in page.text
    for address in (page.url.path, f"{page.url.path}/sheet", f"/sq/applications/{application_of(page)}"):
        assert (await arta.get(address)).status_code == 404
    await signs(besnik, page, BESNIK)
    own = f"/sq/applications/{application_of(page)}"
    assert WRITTEN[GASHI[0]] in (await until(besnik, own, "/document")).text
    assert f"Në emër të biznesit {WRITTEN[GASHI[0]]}" in (await besnik.get("/sq/applications")).text
    found, _pdf = await report(memory, application_of(page), town)
    assert [(mark.name, mark.standing) for mark in found.marks] == [
        ("BESNIK GASHI DEMO", "valid"),
        ("Agjencia e Regjistrimit të Bizneseve DEMO", "valid"),
    ]
    assert found.marks[0].reason == f"në emër të biznesit {WRITTEN[GASHI[0]]}"
    said = _attached((await besnik.get(f"{own}/document")).content)
    assert (GASHI[0] in said, "Besnik Gashi" in said, BESNIK in said) == (True, True, False)
    await _see_on_whose_behalf(besnik, register, application_of(page))


async def _see_on_whose_behalf(besnik: Visitor, register: asyncpg.Connection, application: object) -> None:
    """See that registers were asked on the company's behalf, and that the record of who looked says so in words."""
    issue = await register.fetchval("SELECT issue FROM businesses_access ORDER BY id DESC LIMIT 1")
    asked = await register.fetch(
        "SELECT service, represented_party FROM businesses_access WHERE issue = $1 AND service LIKE '%/business'", issue
    )
    assert {row["represented_party"] for row in asked} == {f"COM/{GASHI[0]}"}
    assert len(asked) >= 3, "when it was chosen, when it was sent, and when it was signed"
    looks = (await besnik.get("/sr/data")).text
    assert f"U ime biznisa {WRITTEN[GASHI[0]]}." in looks
    assert f"/sr/applications/{application}" in looks


async def test_who_may_not_act_alone_sends_it_and_both_sign_in_turn(
    new_visitor: Browsers, town: Plan, memory: Database, start: Working
) -> None:
    start()
    driton, milica = new_visitor(), new_visitor()
    await milica.signs_in(MILICA, "/sr/sign-in")
    await driton.signs_in(DRITON)
    check = await _for(driton, RRJETI[0])
    assert "Milica Jovanović" in check.text
    page = await sent(driton, check)
    address = f"/applications/{application_of(page)}/signature"
    early = await milica.get(f"/sr{address}")
    assert not [one for one in forms(early) if "signature" in one.action], "it is not her turn"
    await signs(driton, page, DRITON)
    await until(milica, "/sr/notices", "Čeka se vaš potpis")
    awaited = await until(milica, "/sr/applications", address)
    assert f"u ime biznisa {WRITTEN[RRJETI[0]]}" in awaited.text
    await signs(milica, await until(milica, f"/sr{address}", "/signature/preparation"), MILICA)
    await until(driton, f"/sq/applications/{application_of(page)}", "/document")
    found, _pdf = await report(memory, application_of(page), town)
    assert [mark.name for mark in found.marks[:2]] == ["DRITON KRASNIQI DEMO", "MILICA JOVANOVIĆ DEMO"]
    assert {mark.reason for mark in found.marks[:2]} == {f"në emër të biznesit {WRITTEN[RRJETI[0]]}"}
    assert {mark.standing for mark in found.marks} == {"valid"}


async def test_who_lost_the_role_since_it_was_sent_cannot_sign_and_what_was_sent_can_be_taken_back(
    new_visitor: Browsers, town: Plan, start: Working, register: asyncpg.Connection
) -> None:
    start()
    driton, milica = new_visitor(), new_visitor()
    await driton.signs_in(DRITON)
    await milica.signs_in(MILICA, "/sr/sign-in")
    page = await sent(driton, await _for(driton, RRJETI[0]))
    address = f"/applications/{application_of(page)}/signature"
    await signs(driton, page, DRITON)
    hers = await until(milica, f"/sr{address}", "/signature/preparation")
    await _ends(register, MILICA)
    stopped = await milica.follow(await milica.send(hers, "/signature/preparation"))
    assert (str(stopped.url.path), stopped.status_code) == (f"/sr{address}", 200)
    assert "lice koje može da zastupa ovaj biznis, pa ne možete potpisati u njegovo ime" in stopped.text
    # He changes nothing, and sends it anew: nobody is left to sign with him, and that is said too.
    waiting = await driton.get(f"/sq{address}")
    draft = await driton.follow(await driton.send(waiting, "/draft"))
    changed = await driton.send(draft, "/submission")
    assert changed.status_code == 409, "the register says other things than on the page that he saw"
    again = await driton.get(draft.url.path)
    refused = await driton.send(again, "/submission")
    assert (refused.status_code, "vetëm bashkë me një person tjetër" in refused.text) == (409, True)
    await withdraws(driton, again)


async def test_who_lost_the_role_herself_and_whose_partner_did_are_told_apart(
    new_visitor: Browsers, register: asyncpg.Connection
) -> None:
    driton = new_visitor()
    await driton.signs_in(DRITON)
    page = await sent(driton, await _for(driton, RRJETI[0]))
    await _ends(register, MILICA)
    stopped = await driton.follow(await driton.send(page, "/signature/preparation"))
    assert "tani duhet të nënshkruajnë persona të tjerë" in stopped.text
    await _ends(register, DRITON)
    stopped = await driton.follow(await driton.send(page, "/signature/preparation"))
    assert "nuk ju shënon më si person që mund ta përfaqësojë këtë biznes" in stopped.text
    draft = await driton.follow(await driton.send(stopped, "/draft"))
    await driton.send(draft, "/submission")
    assert 'id="stop-title"' in (await driton.get(draft.url.path)).text, "now it would be refused, and says why"
    await withdraws(driton, draft)


async def test_where_people_sign_by_signbox_the_register_decides_too(
    new_signer: Signers, register: asyncpg.Connection
) -> None:
    besnik = new_signer()
    await besnik.signs_in(BESNIK)
    page = await sent(besnik, await _for(besnik, GASHI[0]))
    code = await besnik.get(f"{page.url.path}/code")
    assert WRITTEN[GASHI[0]] in code.text
    asks, typed = await has_a_code(besnik, code, BESNIK)
    await _ends(register, BESNIK, GASHI[0])
    refused = await besnik.follow(await besnik.send(asks, "/authorisation", {**SECRETS[BESNIK], "code": typed}))
    assert "nuk ju shënon më si person që mund ta përfaqësojë këtë biznes" in refused.text
    again = await besnik.follow(await besnik.send(refused, "/signature/code", {"password": "3333"}))
    assert not [one for one in forms(again) if one.action.endswith("/authorisation")], "no code is sent any more"
    await withdraws(besnik, again)


async def test_nobody_applies_for_a_company_that_is_not_hers_or_that_she_only_owns(new_visitor: Browsers) -> None:
    driton = new_visitor()
    await driton.signs_in(DRITON)
    page = await driton.begins("business-certificate")
    offered = {value for name, value in choices(page) if name == "business"}
    assert offered == {RRJETI[0], "810457219"}
    foreign = await driton.send(page, f"/{section_of(page)}", {"business": GASHI[0]})
    assert foreign.status_code == 422
    owned = await driton.answers(page, business="810457219")
    assert ('id="stop-title"' in owned.text, "Krasniqi Dizajn SH.P.K." in owned.text) == (True, True)
    await withdraws(driton, owned)


async def test_while_the_register_of_businesses_is_silent_it_is_sent_and_nobody_signs(
    new_visitor: Browsers, silent: Silent
) -> None:
    besnik = new_visitor()
    await besnik.signs_in(BESNIK)
    page = await besnik.begins("tax-attestation")
    page = await besnik.answers(page, behalf="business")
    check = await besnik.answers(page, business=GASHI[0])
    there = await silent(besnik)
    page = await sent(there, await there.get(check.url.path))
    assert page.url.path.endswith("/signature")
    waiting = await there.follow(await there.send(page, "/signature/preparation"))
    assert (waiting.status_code, "askush nuk mund të nënshkruajë për një biznes" in waiting.text) == (200, True)
    await withdraws(besnik, page)


async def test_a_company_that_was_typed_while_the_register_was_silent_is_signed_for_when_it_answers(
    new_visitor: Browsers, silent: Silent, start: Working
) -> None:
    besnik = new_visitor()
    await besnik.signs_in(BESNIK)
    there = await silent(besnik)
    page = await there.begins("business-certificate")
    check = await there.answers(page, business="811 803 364")
    waiting = await sent(there, check)
    assert "Në pritje të regjistrit" in waiting.text
    start()
    ready = await until(besnik, str(waiting.url.path), "/signature")
    assert f"Në emër të biznesit {WRITTEN[GASHI[0]]}" in ready.text
    await withdraws(besnik, ready)


async def test_a_register_that_is_wrong_about_a_company_is_told_which(new_visitor: Browsers, memory: Database) -> None:
    milica = new_visitor()
    await milica.signs_in(MILICA)
    check = await _for(milica, RRJETI[0])
    for wrong in [link for link in links(check, "/sq/applications/") if link.endswith("/correction")]:
        await milica.follow(await milica.send(await milica.get(wrong), "/correction", {"text": "Adresa ndryshoi."}))
    async with memory.connect() as connection:
        told = await connection.fetch("SELECT fact, about FROM data_case WHERE register = 'businesses'")
    assert {(row["fact"], row["about"]) for row in told} == {("businesses", None), ("registration", f"COM/{RRJETI[0]}")}
    await withdraws(milica, check)


async def test_who_has_three_children_two_cars_and_a_company_types_nothing_that_a_register_holds(
    new_visitor: Browsers,
) -> None:
    besnik = new_visitor()
    await besnik.signs_in(BESNIK)
    choosing = [service for service in catalogue().all() if not any(_is_typed(each) for each in service.questions())]
    assert len(choosing) > len(catalogue().all()) / 3
    for service in choosing:
        page = await besnik.begins(service.id)
        while section_of(page) != "check":
            assert not re.search(r'<textarea|<input[^>]+type="(text|file|number)"', page.text.partition("<main")[2])
            found = {name: value for name, value in reversed(choices(page)) if value != "self"}
            page = await besnik.answers(page, **found)
        await withdraws(besnik, page)


def _is_typed(question: Question) -> bool:
    """Tell whether a question is about what nobody but her knows: the loader refuses those that a register answers."""
    return not isinstance(question, Listed | Choice | Many | YesNo)


async def _for(visitor: Visitor, number: str) -> httpx.Response:
    """Ask for the certificate of a business, up to the check."""
    page = await visitor.begins("business-certificate")
    if section_of(page) == "check":
        page = await visitor.get(f"/sq/applications/{application_of(page)}/sections/business")
    page = await visitor.answers(page, business=number)
    assert section_of(page) == "check", page.text
    return page


async def _ends(register: asyncpg.Connection, number: str, business: str = RRJETI[0]) -> None:
    await register.execute(
        "UPDATE business_member SET until = current_date - 1 WHERE personal_number = $1 AND business = $2",
        number,
        business,
    )


def _attached(pdf: bytes) -> str:
    """Return the data that a document carries for machines."""
    reader: Any = PdfFileReader(io.BytesIO(pdf))
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    return names[1]["/EF"]["/F"].data.decode()
