"""An officer approves several applications with one signature of her own eID; what changed meanwhile is left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from i18n.refusal import NotFound
from portal.database import Database
from portal.demo.plan import Plan
from portal.session import now
from services.applications.member import Member
from services.applications.office import review
from services.applications.office import store as office
from tests.rooms.portal.sheets import checked, until
from tests.rooms.portal.signing import authorises, prepares_at
from tests.rooms.portal.test_office import OTHERS, sends
from tests.rooms.portal.visitor import BESNIK, DRITA, Visitor
from tests.rooms.portal.workers import Working, is_issued, state


async def test_besnik_approves_two_of_three_with_one_signature(
    arta: Visitor, new_visitor: Callable[[], Visitor], memory: Database, town: Plan, start: Working
) -> None:
    besnik, drita = new_visitor(), new_visitor()
    await besnik.signs_in(BESNIK)
    await drita.signs_in(DRITA)
    first, second, gone = [await sends(arta) for _each in range(3)]
    queue = await besnik.get("/sq/office")
    nothing = await besnik.send(await besnik.get("/sq/office?show=free"), "/office/batches")
    assert nothing.status_code == 422
    assert "Zgjidhni" in nothing.text
    assert 'name="show" value="free"' in nothing.text
    chosen: Any = {"case": [str(each) for each in (first, second, gone)]}
    page = await besnik.follow(await besnik.send(queue, "/office/batches", chosen))
    batch = page.url.path.removeprefix("/sq")
    assert page.text.count(OTHERS) == 3
    assert (await drita.get(f"/sq{batch}")).status_code == 404
    nothing = await besnik.send(page, "/preparation", {"text": " "})
    assert nothing.status_code == 422
    await arta.send(await arta.get(f"/sq/applications/{gone}/withdrawal"), "/withdrawal")
    prepared = await prepares_at(besnik, page, "/preparation", {"text": "Dëshmohet nga libri amzë."})
    signing = await besnik.follow(await besnik.send(prepared, "/signature"))
    given = await authorises(besnik, signing, BESNIK)
    assert "Po plotësohet" in given.text or "Keni nënshkruar" in given.text
    assert await state(memory, first) == "in_review"  # nothing is decided before the signature is in the list
    await start().says('"working"')
    done = await until(besnik, f"/sq{batch}", "prandaj u la jashtë")
    for each in (first, second):
        await is_issued(memory, each)
        assert "Dëshmohet nga libri amzë." in (await arta.get(f"/sq/applications/{each}")).text
        assert f"{batch}/sheet" in (await besnik.get(f"/sq/office/{each}")).text
    assert await state(memory, gone) == "withdrawn"
    assert "/preparation" not in done.text
    assert (await drita.get(f"/sq{batch}/sheet")).status_code == 404, "it tells of people whose cases she did not open"
    pdf = await besnik.get(f"/sq{batch}/sheet")
    report = await checked(town, pdf.content)
    assert report.outcome == "signed"
    assert [(mark.name, mark.standing, mark.is_last) for mark in report.marks] == [("BESNIK GASHI DEMO", "valid", True)]
    await _a_later_look_is_recorded_once(besnik, memory, f"/sq{batch}/sheet", (first, second), gone)
    await _looked_at_again_it_is_read_at_once_and_nothing_is_written(memory, (first, second, gone))


async def _a_later_look_is_recorded_once(
    besnik: Visitor, memory: Database, sheet: str, earlier: Sequence[UUID], today: UUID
) -> None:
    async with memory.transaction() as connection:
        await connection.execute("SET LOCAL session_replication_role = replica")  # what happened stays as it is else
        for each in earlier:
            await connection.execute("UPDATE case_opening_event SET day = day - 1 WHERE application_id = $1", each)
    before = [await _looks(memory, each) for each in (*earlier, today)]
    for _each in range(2):
        assert (await besnik.get(sheet)).status_code == 200
    after = [await _looks(memory, each) for each in (*earlier, today)]
    for (opened, read), (opened_before, read_before) in zip(after[:-1], before[:-1], strict=True):
        assert opened == opened_before + 1
        assert read > read_before
    assert after[-1] == before[-1], "that one was opened today already"


async def _looked_at_again_it_is_read_at_once_and_nothing_is_written(memory: Database, cases: Sequence[UUID]) -> None:
    asked: dict[int, list[str]] = {}
    async with memory.transaction() as connection:
        officer_id = await connection.fetchval("SELECT id FROM person WHERE personal_number = $1", BESNIK)
        member = Member(officer_id, tuple(await office.posts_of(connection, officer_id)))
        for many in (1, 1, len(cases)):  # at first asyncpg asks about types
            heard = asked[many] = []
            with connection.query_logger(lambda record, heard=heard: heard.append(record.query)):
                assert await review.open_all(connection, member, cases[:many], "deciding", now()) == []
        with pytest.raises(NotFound):
            await review.open_all(connection, replace(member, posts=()), cases, "deciding", now())
    assert asked[1] == asked[len(cases)]
    assert all(query.split()[0] == "SELECT" for query in asked[1])


async def _looks(memory: Database, application_id: UUID) -> tuple[int, int]:
    """Return how often an application was opened by the office, and how many readings of its facts are recorded."""
    async with memory.connect() as connection:
        return (
            await connection.fetchval(
                "SELECT count(*) FROM case_opening_event WHERE application_id = $1", application_id
            ),
            await connection.fetchval(
                "SELECT count(*) FROM fact_read WHERE application_id = $1 AND reader_kind = 'officer'", application_id
            ),
        )
