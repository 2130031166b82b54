"""What follows an application happens once, whatever dies in between."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope

from portal.database import Database
from portal.demo.mail import caught
from portal.demo.plan import Plan
from portal.queue import enqueue
from tests.parties import free_ports
from tests.rooms.portal.relay import line_to
from tests.rooms.portal.silence import hanging
from tests.rooms.portal.visitor import ARTA, BESNIK, Visitor, application_of, links
from tests.rooms.portal.workers import Working, counts, is_idle, is_issued, mails, paid, state, value


async def test_the_document_follows_the_payment_at_once_with_a_notice_and_one_mail(
    arta: Visitor, memory: Database, start: Working, mailbox: Path
) -> None:
    worker = start()
    await worker.says('"working"')
    application = await paid(arta)
    assert await is_issued(memory, application) < 10
    pdf = await arta.get(f"/sq/applications/{application}/document")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.headers["content-disposition"].startswith("attachment; filename=")
    assert pdf.content.startswith(b"%PDF-")
    (mail,) = await mails(mailbox, application)
    assert mail["To"] == "arta@example.org"
    assert mail["Content-Language"] == "sq"
    assert ARTA not in mail.as_string() + mail.get_content()
    notice = await value(memory, "SELECT id FROM notice WHERE application_id = $1", application)
    assert mail["Message-ID"] == f"<{notice}@localhost>"
    assert await counts(memory, application) == (1, 1, 1)
    assert ARTA not in worker.said()


async def test_telling_a_task_again_makes_nothing_twice(
    arta: Visitor, memory: Database, start: Working, mailbox: Path
) -> None:
    await start().says('"working"')
    application = await paid(arta)
    await is_issued(memory, application)
    await mails(mailbox, application)
    for _ in range(3):
        async with memory.transaction() as connection:
            await enqueue(connection, "issue", str(application).encode())
            notice = await connection.fetchval("SELECT id FROM notice WHERE application_id = $1", application)
            await enqueue(connection, "mail", str(notice).encode())
        await is_idle(memory)
    assert await counts(memory, application) == (1, 1, 1)
    assert len(await mails(mailbox, application)) == 1


async def test_a_worker_killed_while_it_seals_leaves_no_half_and_the_next_one_finishes(
    arta: Visitor, memory: Database, start: Working, mailbox: Path
) -> None:
    async with hanging() as silent:
        doomed = start(PORTAL_TSA_URL=f"{silent}/pki/tsa")
        await doomed.says('"working"')
        application = await paid(arta)
        picked = "SELECT count(*) FROM pgqueuer WHERE status = 'picked' AND payload = $1"
        for _ in range(100):
            if await value(memory, picked, str(application).encode()):
                break
            await asyncio.sleep(0.05)
        await asyncio.sleep(1)  # it waits for the time stamp now
        doomed.process.kill()
        await doomed.ends()
    assert await state(memory, application) == "approved"
    assert await counts(memory, application) == (0, 0, 0)
    page = await arta.get(f"/en/applications/{application}")
    assert "is being made and sealed" in page.text
    successor = start()
    await successor.says('"working"')
    assert await is_issued(memory, application) < 10
    assert await counts(memory, application) == (1, 1, 1)
    await mails(mailbox, application)


async def test_two_workers_make_one_document(arta: Visitor, memory: Database, start: Working, mailbox: Path) -> None:
    for worker in (start(), start()):
        await worker.says('"working"')
    applications = [await paid(arta) for _ in range(3)]
    for application in applications:
        await is_issued(memory, application)
        assert await counts(memory, application) == (1, 1, 1)


@pytest.mark.parametrize(
    ("broken", "code"),
    [("PORTAL_TSA_URL", "trust_services_unreachable"), ("PORTAL_SEALS", "seal_missing")],
)
async def test_what_sealing_needs_is_waited_for(  # noqa: PLR0917 - fixtures
    arta: Visitor, memory: Database, start: Working, mailbox: Path, broken: str, code: str
) -> None:
    away = {"PORTAL_TSA_URL": f"http://127.0.0.1:{free_ports(1)[0]}/pki/tsa", "PORTAL_SEALS": str(mailbox.parent)}
    worker = start(**{broken: away[broken]})
    await worker.says('"working"')
    application = await paid(arta)
    await worker.says(code)
    assert worker.said().count('"level": "error"') == 0
    assert "Traceback" not in worker.said()
    assert await state(memory, application) == "approved"
    assert "is being made and sealed" in (await arta.get(f"/en/applications/{application}")).text
    worker.process.terminate()
    assert await worker.ends() == 0
    await start().says('"working"')
    assert await is_issued(memory, application) < 70
    await mails(mailbox, application)


async def test_while_the_mail_server_is_down_documents_are_made_and_mail_waits(
    arta: Visitor, memory: Database, start: Working, town: Plan, tmp_path: Path
) -> None:
    worker = start()
    await worker.says('"working"')
    application = await paid(arta)
    await is_issued(memory, application)
    await worker.says('"task": "mail"')
    assert "arta@example.org" not in worker.said()
    async with caught(tmp_path / "mail", town.settings.demo_mail_port):
        assert len(await mails(tmp_path / "mail", application, seconds=20)) == 1


class _Refusing:
    """A mail server that knows no such person, today or ever."""

    async def handle_RCPT(self, *_: object) -> str:  # noqa: N802 - aiosmtpd's name
        return "550 5.1.1 No such person"

    async def handle_DATA(self, _server: SMTP, _session: object, _envelope: Envelope) -> str:  # noqa: N802
        return "250 OK"


async def test_mail_that_is_refused_for_good_is_given_up(
    arta: Visitor, memory: Database, start: Working, town: Plan
) -> None:
    loop = asyncio.get_running_loop()
    serve = partial(SMTP, _Refusing(), hostname="localhost", loop=loop)
    server = await loop.create_server(serve, "localhost", town.settings.demo_mail_port)
    worker = start()
    await worker.says('"working"')
    application = await paid(arta)
    await is_issued(memory, application)
    await worker.says('"mail_refused"')
    await is_idle(memory)
    assert "arta@example.org" not in worker.said()
    server.close()


async def test_a_refusal_is_told_too(
    new_visitor: Callable[[], Visitor], memory: Database, start: Working, mailbox: Path
) -> None:
    besnik = new_visitor()
    await besnik.signs_in(BESNIK)
    check = await besnik.asks_for_what_is_refused()
    done = await besnik.follow(await besnik.send(check, "/submission"))
    await start().says('"working"')
    application = application_of(done)
    (mail,) = await mails(mailbox, application)
    assert mail["To"] == "besnik@example.org"
    assert BESNIK not in mail.as_string() + mail.get_content()
    assert await counts(memory, application) == (1, 1, 0)
    page = await besnik.get(f"/sq/applications/{application}")
    assert "Vendim për kërkesën: Vazhdimi i regjistrimit të automjetit" in page.text
    decision = await besnik.get(f"/sq/applications/{application}/document")
    assert decision.content.startswith(b"%PDF")
    verdict = await besnik.get(links(page, "/sq/v/")[0])
    assert "Vendim për kërkesën" in verdict.text
    assert "B*** G***" in verdict.text


async def test_told_to_stop_it_ends_what_it_has_in_hand_and_nothing_is_left_running(
    arta: Visitor, memory: Database, start: Working, mailbox: Path
) -> None:
    worker = start()
    await worker.says('"working"')
    application = await paid(arta)
    worker.process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    assert await worker.ends() == 0
    assert time.monotonic() - began < 10
    await start().says('"working"')
    await is_issued(memory, application)
    assert await counts(memory, application) == (1, 1, 1)


async def test_when_its_database_is_gone_it_ends_and_says_why(memory: Database, start: Working, town: Plan) -> None:
    async with line_to(town.databases["portal"]) as line:
        worker = start(DATABASE_URL=line.url)
        await worker.says('"working"')
        await line.cut()
        assert await worker.ends() == 1
    assert '"database_gone"' in worker.said().splitlines()[-1]


async def test_without_its_database_it_does_not_start_and_says_why(start: Working) -> None:
    url = f"postgresql://portal:hidden@127.0.0.1:{free_ports(1)[0]}/portal"
    worker = start(DATABASE_URL=url)
    assert await worker.ends() == 1
    assert len(worker.said().strip().splitlines()) == 1
    assert "DATABASE_URL" in worker.said()
    assert "hidden" not in worker.said()


async def test_a_database_that_lacks_a_migration_is_refused(start: Working, empty_database_url: str) -> None:
    worker = start(DATABASE_URL=empty_database_url)
    assert await worker.ends() == 1
    assert "portal migrate" in worker.said()
