"""Whatever would tell a number is heard, wherever it is planted; what may hold one is not."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.async_api import Route

from tests.journeys.canary import Ear, in_tables, written
from tests.journeys.conftest import Windows
from tests.journeys.processes import memory
from tests.journeys.visitor import Visitor
from tests.parties import Demo

NUMBER = "1999999990"
_FINE = f'<title>Fine</title><p>{NUMBER}</p><form method="post"><input name="whom" value="{NUMBER}"></form>'
_LEAKS = {
    "title": f"<title>{NUMBER}</title>",
    "link": f'<a href="/sq/applications/{NUMBER}">x</a>',
    "form": f'<form action="/sq/data?of={NUMBER}"></form>',
    "part": f'<div hx-get="/sq/data/{NUMBER}"></div>',
    "hidden": f'<p id="fact-{NUMBER}"></p>',
}


async def heard(her: Visitor, html: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> list[str]:
    """Return what is heard when the portal answers so."""
    ear = Ear(her.context, [NUMBER])
    await ear.listen()

    async def answer(route: Route) -> None:
        given = {"Content-Type": "text/html; charset=utf-8", **(headers or {})}
        await route.fulfill(status=status, headers=given, body=f"<!doctype html>{html}")

    await her.page.route("**/planted", answer)
    await her.goes_to("/planted")
    await her.page.wait_for_load_state()
    found = await ear.leaks()
    assert ear.pages == 1
    return found


async def test_a_number_on_her_own_page_and_in_what_she_sends_is_no_leak(visit: Windows) -> None:
    assert await heard(await visit("sq"), _FINE) == []
    assert await heard(await visit("sq"), _FINE.replace(f"<p>{NUMBER}</p>", ""), status=422) == []


@pytest.mark.parametrize("leak", _LEAKS)
async def test_a_number_in_a_page_is_heard(visit: Windows, leak: str) -> None:
    assert len(await heard(await visit("sq"), _LEAKS[leak])) == 1


async def test_a_number_on_a_page_that_refuses_is_heard(visit: Windows) -> None:
    her = await visit("sq")
    her.forgives = True
    assert len(await heard(her, f"<p>{NUMBER}</p>", status=404)) == 1


@pytest.mark.parametrize("name", ["Content-Disposition", "X-Location", "Set-Cookie"])
async def test_a_number_in_a_header_is_heard(visit: Windows, name: str) -> None:
    assert await heard(await visit("sq"), "", headers={name: f'a="{NUMBER}"'})


async def test_a_number_in_an_address_or_a_referrer_is_heard(visit: Windows) -> None:
    her = await visit("sq")
    her.forgives = True
    asked = await heard(her, f'<img src="/sq/?of={NUMBER}" alt="">')
    assert any(each.startswith("asked for") for each in asked)
    her = await visit("sq")
    ear = Ear(her.context, [NUMBER], {f"{her.demo.url}/sq/services?q={NUMBER}"})
    await ear.listen()
    await her.goes_to(f"/services?q={NUMBER}")
    assert await ear.leaks() == []
    ear.typed.clear()
    assert any(each.startswith("sent referer") for each in await ear.leaks())


async def test_a_number_that_a_stranger_is_told_is_heard(visit: Windows) -> None:
    her = await visit("sq")
    her.forgives = True
    ear = Ear(her.context, [NUMBER])
    await ear.listen()
    await her.goes_to("/verify")
    await her.page.evaluate("number => fetch('/sq/nowhere', {method: 'POST', body: number})", NUMBER)
    assert await ear.leaks() == []
    assert await ear.leaks(strangers=[her.demo.url])


def test_a_number_in_a_log_or_in_the_wrapping_of_a_mail_is_heard(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(f"2026-11-23T08:00:00.123456Z person={NUMBER}\n")
    mail = tmp_path / "mail" / "new" / "1"
    mail.parent.mkdir(parents=True)
    wrapped = base64.b64encode(f"Për {NUMBER}".encode()).decode()
    mail.write_text(
        f"Subject: x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{wrapped}"
    )
    assert NUMBER not in mail.read_text()
    assert all(NUMBER.encode() in written(file) for file in (tmp_path / "log", mail))


async def test_a_number_in_a_task_or_its_traceback_is_heard(demo: Demo) -> None:
    async with memory(demo) as portal:
        transaction = portal.transaction()
        await transaction.start()
        assert [place async for place in in_tables(portal, "public", [NUMBER])] == []
        await portal.execute(
            "INSERT INTO pgqueuer_log (job_id, status, priority, entrypoint, traceback)"
            " VALUES (1, 'exception', 0, 'issue', jsonb_build_object('said', $1::text))",
            f"nobody has {NUMBER}",
        )
        await portal.execute(
            "INSERT INTO pgqueuer_log (job_id, status, priority, entrypoint, traceback)"
            " VALUES (1, 'exception', 0, $1, NULL)",
            NUMBER,
        )
        found = {place async for place in in_tables(portal, "public", [NUMBER])}
        await transaction.rollback()
    assert found == {"pgqueuer_log.traceback", "pgqueuer_log.entrypoint"}
