"""What was decided or paid the register sees at once: it may be down, the worker killed; it is recorded there once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from uuid import UUID

import asyncpg
import pytest

from portal.database import Database
from portal.demo.plan import Plan
from tests.rooms.portal.breaking import Operator
from tests.rooms.portal.silence import hanging
from tests.rooms.portal.visitor import ARTA, BESNIK, Visitor, application_of, choices
from tests.rooms.portal.workers import PAID, Working, is_issued, value

POSTING = "SELECT state FROM register_posting WHERE application_id = $1 AND again IS NULL"
TRIES = "SELECT tries FROM register_posting WHERE application_id = $1 AND again IS NULL"


@pytest.fixture
async def registers(town: Plan) -> AsyncIterator[asyncpg.Connection]:
    """Give the registers' own database."""
    connection = await asyncpg.connect(town.databases["registers"], server_settings={"search_path": "registers"})
    yield connection
    await connection.close()


async def renews(visitor: Visitor) -> tuple[UUID, str]:
    """Renew the registration of her only car and pay; return the application and the plate."""
    page = await visitor.begins("registration-renewal")
    ((_name, plate),) = choices(page)
    page = await visitor.answers(page, vehicle=plate)
    await visitor.send(await visitor.follow(await visitor.send(page, "/submission")), "/card", PAID)
    application = application_of(page)
    assert await _settled(visitor, application)
    return application, plate


async def _settled(visitor: Visitor, application: UUID) -> bool:
    """Wait until the provider's message has come."""
    for _ in range(100):
        if "/payment" not in (await visitor.get(f"/sq/applications/{application}")).text:
            return True
        await asyncio.sleep(0.05)
    return False


async def becomes(memory: Database, question: str, application: UUID, wanted: object) -> None:
    """Wait until a question about an application is answered so."""
    for _ in range(300):
        if await value(memory, question, application) == wanted:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{await value(memory, question, application)}, not {wanted}")


async def test_artas_renewal_is_recorded_once_though_the_register_is_down_and_the_worker_dies(
    arta: Visitor,
    memory: Database,
    registers: asyncpg.Connection,
    start: Working,
    operator: Operator,
) -> None:
    until = "SELECT registration_valid_until FROM vehicle WHERE plate = $1"
    application, plate = await renews(arta)
    before = await registers.fetchval(until, plate)
    operator.breaks("vehicles", "html")
    async with hanging() as silent:
        doomed = start(PORTAL_REGISTERS_URL=silent)
        await becomes(memory, _picked(), application, 1)
        doomed.process.kill()
    assert await value(memory, POSTING, application) == "waiting"
    page = await arta.get(f"/sq/applications/{application}")
    assert "Regjistri i automjeteve: këtë" in page.text  # it has not recorded yet
    worker = start()
    await worker.says("register_not_told")
    assert await registers.fetchval(until, plate) == before
    await is_issued(memory, application, 40)  # the document waits for no register
    operator.mends()
    await becomes(memory, POSTING, application, "recorded")
    assert (await registers.fetchval(until, plate)).replace(year=before.year) == before
    assert (await registers.fetchval(until, plate)).year == before.year + 1
    await _is_told(arta, application, plate)
    await _stands_in_both_records(memory, registers, application)


def _picked() -> str:
    return """
        SELECT count(*) FROM pgqueuer JOIN register_posting ON payload = register_posting.id::text::bytea
        WHERE status = 'picked' AND application_id = $1
    """


async def _is_told(arta: Visitor, application: UUID, plate: str) -> None:
    page = await arta.get(f"/sq/applications/{application}")
    assert "Regjistri i automjeteve: u shënua" in page.text
    assert "nuk e ka shënuar" not in page.text
    assert "regjistri e shënoi" in (await arta.get("/sq/data?who=others")).text
    assert "the portal, for: Civil Registration Agency" in (await arta.get("/en/data")).text
    held = await arta.get("/sq/my-data/vehicles")
    assert plate in held.text
    for kind in ("reads.csv", "reads.json"):
        assert "regjistri e shënoi" in (await arta.get(f"/sq/data/export/{kind}")).text
    again = await arta.begins("registration-renewal")  # the next application sees what was recorded
    assert f"/{application}/" not in again.url.path
    await arta.send(await arta.get(f"/sq/applications/{application_of(again)}/withdrawal"), "/withdrawal")


async def _stands_in_both_records(memory: Database, registers: asyncpg.Connection, application: UUID) -> None:
    async with memory.connect() as connection:
        ours = await connection.fetch(
            "SELECT message_id, subject, outcome = 'ok' AS known FROM fact_read WHERE application_id = $1"
            " AND register = 'vehicles'",
            application,
        )
        proven = await connection.fetchval(
            "SELECT count(*) FROM fact_read JOIN register_message USING (message_id)"
            " WHERE application_id = $1 AND act = 'change' AND status = 201 AND answer_signature IS NOT NULL",
            application,
        )
        reference = await connection.fetchval("SELECT reference FROM application WHERE id = $1", application)
    theirs = await registers.fetch("SELECT message_id, subject, known FROM vehicles_access WHERE issue = $1", reference)
    assert sorted(map(tuple, ours)) == sorted(map(tuple, theirs))
    assert proven == 1


async def test_what_a_register_refuses_the_office_sees_and_tells_again_once(
    arta: Visitor,
    new_visitor: Callable[[], Visitor],
    memory: Database,
    registers: asyncpg.Connection,
    start: Working,
) -> None:
    application, plate = await renews(arta)
    await registers.execute("UPDATE vehicle SET owner = $2 WHERE plate = $1", plate, BESNIK)
    try:
        await start().says('"working"')
        await becomes(memory, POSTING, application, "refused")
    finally:
        await registers.execute("UPDATE vehicle SET owner = $2 WHERE plate = $1", plate, ARTA)
    page = await arta.get(f"/en/applications/{application}")
    assert "The office knows of it and sees to it" in page.text
    besnik = new_visitor()
    await besnik.signs_in(BESNIK)
    page = await besnik.get("/sq/office/registers")
    assert "Sipas regjistrit pronar është dikush tjetër." in page.text, page.text
    assert ARTA not in page.text
    assert (await arta.get("/sq/office/registers")).status_code == 404
    refused = await value(memory, "SELECT id FROM register_posting WHERE application_id = $1", application)
    sending = f"/office/registers/{refused}/sending"
    sent = await asyncio.gather(*(besnik.send(page, sending) for _twice in range(2)))
    assert sorted(each.status_code for each in sent) == [303, 409]
    await becomes(memory, POSTING, application, "recorded")
    assert "Regjistri i automjeteve: u shënua" in (await arta.get(f"/sq/applications/{application}")).text
