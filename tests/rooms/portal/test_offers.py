"""What follows for people from what registers tell: offered once, explained, accepted or declined with one press."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from portal.database import Database
from portal.demo.plan import Plan
from tests.rooms.portal.offering import Registers, offer_about
from tests.rooms.portal.silence import answering
from tests.rooms.portal.visitor import ARTA, BESNIK, DRITA, LUAN, MILICA, Visitor, application_of, form, forms
from tests.rooms.portal.workers import value

Portal = Callable[..., Awaitable[httpx.AsyncClient]]
_SENIOR = {"birthdate": "1961-11-02"}
_DRAFTS = """
    SELECT count(*) FROM application JOIN person ON person.id = person_id
     WHERE personal_number = $1 AND service_id = $2 AND state = 'draft'
"""


@pytest.fixture
async def registers(town: Plan, memory: Database) -> Registers:
    """Give the registers, all that they have told so far read."""
    registers = Registers(town, memory)
    await registers.read()
    return registers


@pytest.fixture
async def milica(new_visitor: Callable[[], Visitor], registers: Registers) -> Visitor:
    """Give Milica, signed in: her child was born nine days ago and her identity card runs out."""
    milica = new_visitor()
    await milica.signs_in(MILICA)
    return milica


async def test_a_birth_becomes_an_offer_and_a_filled_in_application(
    milica: Visitor, memory: Database, registers: Registers
) -> None:
    mine = await milica.get("/sr/applications")
    assert "Nudimo vam" in mine.text
    assert "rođeno vaše dete Sofija" in mine.text
    offer = await offer_about(milica, "your child Sofija was born")
    for said in (
        "Central Civil Status Register recorded that your child Sofija was born on",
        "until the child is one year old",
        "A birth extract as a PDF",
        "€1.00",
        "Children under 18",
    ):
        assert said in offer.text
    # An application for herself is under way: it is not touched, and the offer waits.
    own = await milica.asks_for_birth_extract()
    refused = await milica.send(offer, "/acceptance")
    assert (refused.status_code, f"/en/applications/{application_of(own)}" in refused.text) == (409, True)
    assert "Waits for you" in (await milica.get("/en/offers")).text
    leaving = await milica.get(f"/sq/applications/{application_of(own)}/withdrawal")
    await milica.send(leaving, "/withdrawal")
    # Nothing is left to ask: she comes straight to the check.
    check = await milica.follow(await milica.send(offer, "/acceptance"))
    assert (check.status_code, check.url.path.endswith("/check")) == (200, True)
    assert "Sofija Jovanović" in check.text
    assert "Milica" not in check.text.partition('class="facts"')[0].partition("<main")[2]
    again = await asyncio.gather(*(milica.send(offer, "/acceptance") for _ in range(3)))
    assert {answer.headers["location"] for answer in again} == {check.url.path}
    accepted = await milica.get(str(offer.url.path))
    assert "You accepted this offer." in accepted.text
    assert f"/en/applications/{application_of(check)}" in accepted.text
    assert "Sofija" not in (await milica.get("/en/applications")).text
    drafts = "SELECT count(*) FROM application a JOIN offer o ON o.application_id = a.id WHERE o.personal_number = $1"
    assert await value(memory, drafts, MILICA) == 1


async def test_that_the_portal_read_an_event_stands_in_both_records(
    milica: Visitor, memory: Database, registers: Registers
) -> None:
    page = await milica.get("/en/data?who=others")
    assert "whether something follows from this event for you" in page.text
    assert "the portal by itself" in page.text
    assert "by the portal, later" in page.text
    async with memory.connect() as connection:
        rows = await connection.fetch(
            "SELECT message_id, fact, outcome, reader_kind, channel FROM fact_read WHERE subject = $1"
            " AND channel = 'worker' AND register = 'civil-status'",
            MILICA,
        )
        proven = await connection.fetchval(
            "SELECT count(*) FROM register_message WHERE message_id = ANY($1)", [row["message_id"] for row in rows]
        )
    assert {tuple(row)[1:] for row in rows} == {("children", "ok", "system", "worker")}
    assert {row["message_id"] for row in rows} <= await registers.logged("civil_status_access")
    assert proven == len(rows)


async def test_a_reminder_says_what_to_do_and_where_and_is_done_with_once(
    milica: Visitor, registers: Registers
) -> None:
    about = {"name": "Mlekara Jovanović", "registered_on": "2026-11-20"}
    await registers.tell("business_registered", "businesses", MILICA, about)
    await registers.read()
    reminder = await offer_about(milica, "Mlekara Jovanović", "sr")
    for said in ("Podsetnik", "Registar biznisa", "Poreska administracija Kosova", "još nije moguće"):
        assert said in reminder.text
    assert [each for each in reminder.text.split('action="') if each.startswith("/sr/offers/")]
    assert not [each for each in forms(reminder) if each.action.endswith("/acceptance")]
    for _ in range(2):
        done = await milica.follow(await milica.send(reminder, "/refusal"))
        assert done.url.path == "/sr/offers"
    assert "Označili ste ovaj podsetnik kao završen." in (await milica.get(str(reminder.url.path))).text
    assert "Mlekara" not in (await milica.get("/sr/applications")).text


async def test_a_card_that_expires_is_asked_for_without_a_question(milica: Visitor) -> None:
    offer = await offer_about(milica, "identity card is valid until")
    assert "in the last year of its validity" in offer.text
    check = await milica.follow(await milica.send(offer, "/acceptance"))
    assert (check.status_code, check.url.path.endswith("/check")) == (200, True)
    assert "It expires soon" in check.text
    assert "€5.00" in check.text
    leaving = await milica.get(f"/sq/applications/{application_of(check)}/withdrawal")
    await milica.send(leaving, "/withdrawal")


async def test_an_offer_that_was_declined_is_not_accepted_by_an_old_page(
    new_visitor: Callable[[], Visitor], registers: Registers, memory: Database
) -> None:
    besnik = new_visitor()
    await besnik.signs_in(BESNIK)
    offer = await offer_about(besnik, "passport of your child Lea")
    assert "before the old one expires" in offer.text
    await besnik.send(offer, "/refusal")
    late = await besnik.send(offer, "/acceptance")
    assert late.headers["location"] == offer.url.path
    assert "You declined this offer." in (await besnik.get(str(offer.url.path))).text
    assert await value(memory, _DRAFTS, BESNIK, "child-passport") == 0


async def test_a_strangers_offer_is_not_there(milica: Visitor, arta: Visitor, registers: Registers) -> None:
    hers = await offer_about(milica, "your child Sofija was born")
    own = await offer_about(arta, "technical inspection of vehicle")
    assert (await arta.get(str(hers.url.path))).status_code == 404
    token = form(own, "/refusal").fields
    for act in ("acceptance", "refusal"):
        answer = await arta.http.post(f"{hers.url.path}/{act}", data=token)
        assert answer.status_code == 404
    assert "Sofija" not in (await arta.get("/en/offers")).text


async def test_the_inspection_that_is_due_leads_to_the_renewal_of_that_vehicle(
    arta: Visitor, registers: Registers, memory: Database, new_portal: Portal
) -> None:
    offer = await offer_about(arta, "technical inspection of vehicle")
    # A silent register stops nobody: the application is filled in, and goes on where the register answers again.
    async with answering("500 Internal Server Error", b"") as broken:
        portal = await new_portal(PORTAL_REGISTERS_URL=broken)
        for name in ("portal-session", "portal-csrf"):
            portal.cookies.set(name, arta.cookies[name])
        silent = await portal.post(f"{offer.url.path}/acceptance", data=form(offer, "/acceptance").fields)
        assert (silent.status_code, silent.headers["location"].endswith("/check")) == (303, True)
        assert "01-" in (await portal.get(silent.headers["location"])).text
    check = await arta.follow(await arta.send(offer, "/acceptance"))
    assert check.url.path == silent.headers["location"]
    (plate,) = await registers.plates_of(ARTA)
    assert plate in check.text
    # She sends it: what was offered is done, and the event told again makes no second offer.
    await arta.follow(await arta.send(check, "/submission"))
    async with memory.connect() as connection:
        row = await connection.fetchrow(
            "SELECT kind, about FROM offer WHERE personal_number = $1 AND service_id = 'registration-renewal'", ARTA
        )
    assert row
    await registers.tell("inspection_due", "vehicles", ARTA, row["about"])
    await registers.read()
    count = "SELECT count(*) FROM offer WHERE personal_number = $1 AND service_id = 'registration-renewal'"
    assert await value(memory, count, ARTA) == 1


async def test_what_she_asked_for_herself_is_offered_no_more(
    new_visitor: Callable[[], Visitor], registers: Registers
) -> None:
    besnik = new_visitor()
    await besnik.signs_in(BESNIK)
    plates = await registers.plates_of(BESNIK)
    plate, until = max(plates.items(), key=lambda each: each[1])
    about = {"plate": plate, "make": "Mercedes-Benz", "model": "E 220", "valid_until": until}
    await registers.tell("inspection_due", "vehicles", BESNIK, about)
    await registers.read()
    page = await besnik.begins("registration-renewal")
    if "sections" not in page.url.path:
        page = await besnik.get(f"/sq/applications/{application_of(page)}/sections/vehicle")
    check = await besnik.answers(page, vehicle=plate)
    await besnik.follow(await besnik.send(check, "/submission"))
    offer = await offer_about(besnik, plate)
    assert "You have already applied for this yourself." in offer.text
    assert 'action="/en/offers/' not in offer.text
    assert plate not in (await besnik.get("/en/applications")).text.partition("Offers and reminders")[0]


async def test_what_no_longer_holds_says_so_and_begins_nothing(
    new_visitor: Callable[[], Visitor], registers: Registers, memory: Database
) -> None:
    drita = new_visitor()
    await drita.signs_in(DRITA)
    today = datetime.now(UTC).date()
    for plate, until in (("01-111-AA", today), ("01-222-BB", today + timedelta(days=20))):
        about = {"plate": plate, "make": "Fiat", "model": "Panda", "valid_until": until.isoformat()}
        await registers.tell("inspection_due", "vehicles", DRITA, about)
    await registers.read()
    # The first lapses with its day.
    lapsing = await offer_about(drita, "01-111-AA")
    async with memory.transaction() as connection:
        await connection.execute(
            'UPDATE offer SET about = about || \'{"valid_until": "2026-01-01"}\'::text::jsonb WHERE id = $1',
            UUID(lapsing.url.path.rpartition("/")[2]),
        )
    assert (await drita.send(lapsing, "/acceptance")).headers["location"] == lapsing.url.path
    lapsed = await drita.get(str(lapsing.url.path))
    assert "the rule below is not fulfilled any more" in lapsed.text
    assert "as long as the technical inspection is valid" in lapsed.text
    # The second is not hers any more: the register says so when she accepts.
    sold = await offer_about(drita, "01-222-BB")
    assert (await drita.send(sold, "/acceptance")).headers["location"] == sold.url.path
    assert "the register has recorded something else since" in (await drita.get(str(sold.url.path))).text
    assert await value(memory, _DRAFTS, DRITA, "registration-renewal") == 0


async def test_who_was_never_here_finds_it_when_she_comes_and_a_parent_what_is_her_childs(
    new_visitor: Callable[[], Visitor], registers: Registers, memory: Database
) -> None:
    await registers.tell(
        "business_registered", "businesses", LUAN, {"name": "Driton Dru", "registered_on": "2026-11-20"}
    )
    await registers.tell("sixty_five", "civil-status", LUAN, _SENIOR)
    child = {"child": "1102736490", "given_name": "Emine"}
    await registers.tell("sixteen", "civil-status", LUAN, {"birthdate": "2010-10-01", **child})
    await registers.tell("sixteen", "civil-status", LUAN, {"birthdate": "2010-10-01"})
    card = {"kind": "identity_card", "valid_until": "2027-01-20"}
    await registers.tell("document_expiring", "identity-documents", LUAN, card | child)
    await registers.tell("document_expiring", "identity-documents", LUAN, card | {"kind": "passport"})
    await registers.tell("document_expiring", "identity-documents", LUAN, card | {"kind": "laissez_passer"})
    # Nobody else's test lets him sign in.
    assert await value(memory, "SELECT count(*) FROM person WHERE personal_number = $1", LUAN) == 0
    await registers.read()
    luan = new_visitor()
    await luan.signs_in(LUAN)
    for language, words in (
        ("en", ("First steps for your business", "Driton Dru", "basic (old-age) pension")),
        ("sq", ("Emine", "letërnjoftimi i fëmijës suaj", "pasaporta juaj vlen deri më", "letërnjoftimin e parë")),
    ):
        page = await luan.get(f"/{language}/offers")
        for each in words:
            assert each in page.text
    assert (await luan.get("/en/offers")).text.count('applications__item"') == 6
    business = await offer_about(luan, "Driton Dru")
    assert "The Tax Administration of Kosovo" in business.text
    assert "The rule:" not in business.text
