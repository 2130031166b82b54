"""Who wants it hears by e-mail or SMS that something waits, and nothing of what."""

from __future__ import annotations

import email
from collections.abc import AsyncIterator, Awaitable, Callable
from email import policy
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from i18n.refusal import Unreachable
from portal.database import Database
from portal.demo.plan import Plan
from portal.demo.sms import texted
from portal.sms import Sms
from tests.rooms.portal.offering import Registers
from tests.rooms.portal.silence import answering
from tests.rooms.portal.visitor import EMINE, Visitor, form
from tests.rooms.portal.workers import Working, is_idle, value

Portal = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def emine(new_visitor: Callable[[], Visitor]) -> Visitor:
    """Give Emine, signed in, reading Albanian."""
    emine = new_visitor()
    await emine.signs_in(EMINE)
    return emine


async def test_who_wants_to_be_offered_nothing_is_not_and_the_reading_is_recorded(
    emine: Visitor, town: Plan, memory: Database
) -> None:
    page = await emine.get("/sq/offers/preferences")
    saved = await emine.follow(await emine.send(page, "/preferences", {"refuses": "yes", "by_email": "yes"}))
    assert "nuk ju ofrojmë dhe nuk ju kujtojmë asgjë" in saved.text
    registers = Registers(town, memory)
    looks = "SELECT count(*) FROM fact_read WHERE subject = $1 AND register = 'businesses' AND channel = 'worker'"
    before = await value(memory, looks, EMINE)
    about = {"name": "Biznesi i Padëshiruar", "registered_on": "2026-11-20"}
    await registers.tell("business_registered", "businesses", EMINE, about)
    await registers.read()
    assert "Biznesi i Padëshiruar" not in (await emine.get("/sq/offers")).text
    assert await value(memory, looks, EMINE) == before + 1
    page = await emine.get("/sq/offers/preferences")
    assert "checked" in page.text.partition('name="refuses"')[2].partition(">")[0]
    await emine.send(page, "/preferences")
    await registers.tell("business_registered", "businesses", EMINE, about)
    await registers.read()
    assert "Biznesi i Padëshiruar" in (await emine.get("/sq/offers")).text


@pytest.fixture
async def outbox(town: Plan, tmp_path: Path) -> AsyncIterator[Path]:
    """Give the folder in which SMS land while the gateway runs."""
    token = town.keys.token("PORTAL_SMS_TOKEN")
    async with texted(tmp_path / "sms", town.settings.demo_sms_port, token):
        yield tmp_path / "sms"


async def test_she_chooses_and_hears_that_something_waits_and_nothing_of_what(  # noqa: PLR0917 - fixtures
    emine: Visitor, town: Plan, memory: Database, start: Working, mailbox: Path, outbox: Path
) -> None:
    page = await emine.get("/sq/offers/preferences")
    assert "emine@example.org" in page.text
    wrong = await emine.send(page, "/preferences", {"by_sms": "yes", "by_email": "yes", "phone": "038 <b>1"})
    assert (wrong.status_code, wrong.text.count("038 &lt;b&gt;1")) == (422, 1)
    assert "Shkruani një numër celulari" in wrong.text
    assert form(wrong, "/preferences")
    chosen = {"by_sms": "yes", "by_email": "yes", "phone": "044 123 456"}
    saved = await emine.follow(await emine.send(page, "/preferences", chosen))
    assert "merrni edhe një e-mail dhe një SMS" in saved.text
    assert "+38344123456" in (await emine.get("/sq/offers/preferences")).text
    registers = Registers(town, memory)
    for name in ("Biznesi i Parë", "Biznesi i Dytë"):
        about = {"name": name, "registered_on": "2026-11-20"}
        await registers.tell("business_registered", "businesses", EMINE, about)
        await registers.read()
    worker = start()
    await worker.says('"working"')
    await is_idle(memory)
    (sms,) = _read(outbox).values()
    (mail,) = [email.message_from_string(text, policy=policy.default) for text in _read(mailbox / "new").values()]
    assert sms.startswith("To: +38344123456\n")
    assert mail["To"] == "emine@example.org"
    text = mail.get_content()  # type: ignore[attr-defined]
    for said in (sms, text):
        assert f"{town.address('portal')}/sq/offers" in said
        assert not [word for word in ("Biznes", "Emine", "Kryeziu", EMINE) if word in said]
    assert "/sq/offers/preferences" in text
    assert EMINE not in worker.said()
    assert "44123456" not in worker.said()
    nothing = await emine.follow(
        await emine.send(await emine.get("/sq/offers/preferences"), "/preferences", {"phone": ""})
    )
    assert "vetëm këtu në portal" in nothing.text
    assert await value(memory, "SELECT count(*) FROM offer_preference WHERE phone IS NOT NULL") == 0


async def test_a_form_that_a_lost_session_could_not_take_comes_back(emine: Visitor) -> None:
    page = await emine.get("/sq/offers/preferences")
    emine.http.cookies.delete("portal-session")
    lost = await emine.send(page, "/preferences", {"by_sms": "yes", "phone": "044 99 88 77"})
    back = await emine.follow(lost)
    assert back.url.path == "/sq/offers/preferences"
    assert "044 99 88 77" in back.text


async def test_a_gateway_without_sms_is_not_offered(emine: Visitor, new_portal: Portal) -> None:
    portal = await new_portal(PORTAL_SMS_URL="")
    for name in ("portal-session", "portal-csrf"):
        portal.cookies.set(name, emine.cookies[name])
    page = await portal.get("/en/offers/preferences")
    assert "Also by e-mail" in page.text
    assert "SMS" not in page.text.partition("<main")[2].partition("</main")[0]


async def test_a_message_that_is_sent_again_is_the_same_message(outbox: Path, town: Plan) -> None:
    message_id = uuid4()
    async with httpx.AsyncClient(trust_env=False) as http:
        url = f"http://localhost:{town.settings.demo_sms_port}"
        gateway = Sms(url, town.keys.token("PORTAL_SMS_TOKEN"), http)
        for _ in range(2):
            assert await gateway.is_taken(message_id, "+38344123456", "Diçka ju pret.")
        assert list(_read(outbox)) == [f"{message_id}.txt"]
        with pytest.raises(Unreachable):
            await Sms(url, "a wrong token", http).is_taken(message_id, "+38344123456", "x")


@pytest.mark.parametrize(
    ("status", "is_for_good"),
    [
        ("422 Unprocessable", True),
        ("400 Bad Request", True),
        ("500 Broken", False),
        ("429 Later", False),
        ("302 No", False),
    ],
)
async def test_a_gateway_that_refuses_for_good_is_given_up_and_another_fault_is_waited_out(
    status: str, *, is_for_good: bool
) -> None:
    async with answering(status, b"<html>") as url, httpx.AsyncClient(trust_env=False) as http:
        gateway = Sms(url, "t" * 16, http)
        if is_for_good:
            assert not await gateway.is_taken(uuid4(), "+38344123456", "x")
        else:
            with pytest.raises(Unreachable):
                await gateway.is_taken(uuid4(), "+38344123456", "x")


def _read(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}
