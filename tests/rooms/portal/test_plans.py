"""What a life event needs is begun together: ticked by the registers, asked once, seen as one plan."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from uuid import UUID

import httpx
import pytest

from portal.database import Database
from services.catalogue.load import bundles, catalogue
from tests.rooms.portal.answering import answers
from tests.rooms.portal.sheets import withdraws
from tests.rooms.portal.silence import answering
from tests.rooms.portal.test_silent_registers import another_portal
from tests.rooms.portal.visitor import MILICA, Visitor, choices, form, links, section_of

IBAN = "XK051212012345678906"
TICKED = re.compile(r'value="([a-z-]+)" checked')


@pytest.fixture
async def milica(new_visitor: Callable[[], Visitor], memory: Database) -> Visitor:
    """Give Milica, who has a newborn, without a draft or a plan."""
    async with memory.transaction() as connection:
        await connection.execute("UPDATE application SET state = 'withdrawn' WHERE state = 'draft'")
        await connection.execute("UPDATE plan SET closed_at = now() WHERE closed_at IS NULL")
    milica = new_visitor()
    await milica.signs_in(MILICA)
    return milica


async def plans(visitor: Visitor, event: str) -> httpx.Response:
    """Agree to a look into the registers and return the page that asks what is needed."""
    page = await visitor.get(f"/sq/life-events/{event}/start")
    return await visitor.follow(await visitor.send(page, "/plans"))


def own(page: httpx.Response) -> str:
    """Return the address of the plan that a page belongs to."""
    return "/".join(page.url.path.split("/")[:4])


async def test_milica_plans_what_her_newborn_needs_and_answers_once(milica: Visitor, memory: Database) -> None:
    event = await milica.get("/sq/life-events/birth")
    assert links(event, "/sq/life-events/birth/start")
    start = await milica.get("/sq/life-events/birth/start")
    assert "Fëmijët nën 18 vjeç" in start.text
    page = await plans(milica, "birth")
    assert set(TICKED.findall(page.text)) == {"birth-certificate", "child-allowance", "maternity-payment"}
    assert "Jeni nëna e një fëmije që nuk e ka mbushur një vit." in page.text
    nothing = await milica.send(page, "/services")
    assert nothing.status_code == 422
    assert "Zgjidhni së paku një shërbim." in nothing.text
    chosen = ["birth-certificate", "child-allowance", "maternity-payment"]
    asked = await milica.follow(await milica.send(page, "/services", {"services": chosen}))
    assert section_of(asked) == "whom"
    assert "Për kë janë?" in asked.text
    assert all(name in asked.text for name in ("Certifikata e lindjes", "Shtesat për fëmijë", "Pagesa për lehona"))
    assert (await milica.send(asked, "/sections/whom")).status_code == 422
    sofija = next(value for _name, value in reversed(choices(asked)))
    asked = await milica.follow(await milica.send(asked, "/sections/whom", {"whom": sofija}))
    assert section_of(asked) == "account"
    assert "Certifikata e lindjes" not in asked.text
    plan = await milica.follow(await milica.send(asked, "/sections/account", {"account": IBAN}))
    assert plan.url.path == own(asked)
    assert "Gjithsej: 1,00 €" in plan.text.replace("\u00a0", " ")
    assert plan.text.count("Ju pret") == 3
    await _see_what_is_kept(memory, plan, set(chosen), sofija)
    for application in set(links(plan, "/sq/applications/")):
        check = await milica.get(f"{application.partition('/sections')[0].removesuffix('/check')}/check")
        assert section_of(check) == "check", "nothing is left to ask"
        assert 'id="stop-title"' not in check.text


async def _see_what_is_kept(memory: Database, plan: httpx.Response, chosen: set[str], child: str) -> None:
    """See that each draft has the answers that it asks for, and that the look into the registers is on record."""
    async with memory.connect() as connection:
        drafts = await connection.fetch(
            "SELECT service_id, answers::text AS said FROM application JOIN plan_application ON application_id = id"
            " WHERE plan_id = $1",
            UUID(plan.url.path.split("/")[3]),
        )
        reads = await connection.fetchval(
            "SELECT count(*) FROM fact_read WHERE application_id IS NULL AND fact = 'children' AND purpose->>'en' LIKE"
            " '%apply to you.'"
        )
    assert {row["service_id"] for row in drafts} == chosen
    assert all(child in row["said"] for row in drafts)
    assert {row["service_id"] for row in drafts if IBAN in row["said"]} == {"child-allowance", "maternity-payment"}
    assert reads >= 1


async def test_a_plan_is_found_again_grows_and_is_closed(milica: Visitor) -> None:
    first, second = await asyncio.gather(plans(milica, "birth"), plans(milica, "birth"))
    assert first.url == second.url, "pressed twice it is one"
    asked = await milica.follow(await milica.send(first, "/services", {"services": ["child-allowance"]}))
    assert asked.url.path == own(first), "what one service asks is left to it"
    assert own(first) in (await milica.get("/sq/applications")).text
    page = await milica.get(f"{own(first)}/services")
    assert ("services", "child-allowance") not in _boxes(page)
    assert "Shtesat për fëmijë" in page.text
    asked = await milica.follow(await milica.send(page, "/services", {"services": ["maternity-payment", "passport"]}))
    assert section_of(asked) == "whom"
    plan = await milica.get(own(first))
    assert "Pasaporta" not in plan.text, "what the bundle does not have is passed over"
    draft = await milica.get(next(link for link in links(plan, "/sq/applications/")))
    await withdraws(milica, draft)
    page = await milica.get(f"{own(first)}/services")
    assert len(_boxes(page)) == 5, "what was thrown away can be chosen again"
    closed = await milica.follow(await milica.send(await milica.get(own(first)), "/closing"))
    assert own(first) not in closed.text
    assert own(await plans(milica, "birth")) != own(first)


async def test_nobody_sees_anothers_plan(milica: Visitor, arta: Visitor) -> None:
    page = await plans(milica, "birth")
    for address in (own(page), page.url.path, f"{own(page)}/sections/whom"):
        assert (await arta.get(address)).status_code == 404
    for address in ("/sq/life-events/driving/start", "/sq/life-events/nothing/start"):
        assert (await milica.get(address)).status_code == 404


async def test_while_registers_are_silent_nothing_is_ticked_and_all_can_be_begun(
    milica: Visitor, new_portal: Callable[..., Awaitable[httpx.AsyncClient]]
) -> None:
    async with answering("500 Internal Server Error", b"") as broken:
        visitor = await another_portal(await new_portal(PORTAL_REGISTERS_URL=broken), milica)
        page = await plans(visitor, "birth")
        assert TICKED.findall(page.text) == []
        chosen = ["child-allowance", "maternity-payment"]
        asked = await visitor.follow(await visitor.send(page, "/services", {"services": chosen}))
        assert section_of(asked) == "whom"
        asked = await visitor.follow(await visitor.send(asked, "/whom", {"whom": "child", "whom-name": "Sofija"}))
        assert section_of(asked) == "account"


async def test_every_bundle_is_begun_as_a_whole(milica: Visitor) -> None:
    for event in [bundle.event for bundle in bundles().bundles if bundle.event != "birth"]:
        page = await plans(milica, event)
        everything = [value for _name, value in _boxes(page)]
        page = await milica.follow(await milica.send(page, "/services", {"services": everything}))
        while "/sections/" in page.url.path:
            service = next(one for one in catalogue().all() if one.section(section_of(page)) and one.id in everything)
            page = await milica.follow(await milica.send(page, f"/{section_of(page)}", answers(page, service)))
        assert page.url.path == own(page)
        assert form(page, "/closing")


def _boxes(page: httpx.Response) -> list[tuple[str, str]]:
    return re.findall(r'name="(services)" type="checkbox" value="([a-z-]+)"', page.text)
