"""Whose draft is of an older version is offered the present one, and decides."""

from __future__ import annotations

from collections.abc import Callable

from portal.database import Database
from services.applications import store
from tests.rooms.portal.sheets import withdraws
from tests.rooms.portal.visitor import EMINE, Visitor, application_of, section_of
from tests.unit.applications.older import older


async def test_a_draft_of_an_older_version_goes_on_with_the_present_one_when_she_says_so(
    new_visitor: Callable[[], Visitor], memory: Database
) -> None:
    emine = new_visitor()
    await emine.signs_in(EMINE)
    page = await emine.asks_for_residence()
    application = application_of(page)
    address = f"/en/applications/{application}"
    assert "has changed since you began" not in (await emine.get(address)).text
    async with memory.transaction() as connection:  # as if she had begun before the service changed
        await store.keep_definition(connection, older())
        await connection.execute(
            'UPDATE application SET service_version = 1, answers = answers || \'{"purpose": "travel"}\' WHERE id = $1',
            application,
        )

    again = await emine.begins("residence-certificate")
    assert again.url.path == f"/sq/applications/{application}"
    assert "Ky shërbim ka ndryshuar që kur keni filluar" in again.text
    page = await emine.get(address)
    offer = page.text.partition('id="newer-title"')[2].partition("</form>")[0]
    assert "This would then be left to answer:" in offer
    assert offer.count("<li>") == 1
    assert (await emine.get(f"{address}/check")).is_success  # she may as well send it as it is

    done = await emine.follow(await emine.send(page, "/version"))
    assert done.url.path == address
    assert "has changed since you began" not in done.text
    async with memory.connect() as connection:
        kept = await connection.fetchrow("SELECT service_version, answers FROM application WHERE id = $1", application)
    assert kept is not None
    assert kept["service_version"] > 1
    assert "purpose" not in kept["answers"]
    assert section_of(await emine.follow(await emine.get(f"{address}/check"))) == "purpose"
    await withdraws(emine, done)
