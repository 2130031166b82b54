"""Who began with an older version may go on with the present one: what still fits is kept, the rest is asked anew."""

from __future__ import annotations

from msgspec.structs import replace

from services.applications import casework, newer, progress
from services.applications.application import Application, Step
from services.applications.store import Connection
from services.catalogue.service import Service
from tests.rooms.applications.conftest import Queue, known
from tests.unit.applications.older import older
from tests.unit.applications.people import ARTA, NOW, RENEWAL, RESIDENCE, draft, service

TODAY = progress.day(NOW)


async def test_answers_that_still_fit_are_kept_and_the_rest_is_asked_anew(connection: Connection) -> None:
    began = await _answered(connection, older(), purpose="travel")
    arta = began.person_id
    now = service(RESIDENCE)
    assert newer.version_of(began) == now
    assert [question.id for question in newer.still_asked(began, now, TODAY)] == ["purpose"]
    moved = await newer.go_on(connection, began.id, arta, NOW)
    assert (moved.service_version, moved.answers) == (now.version, {"whom": "self"})
    assert moved.facts == began.facts
    assert await casework.find(connection, began.id, arta) == moved
    assert await casework.service_of(connection, moved) == now
    assert newer.version_of(moved) is None
    assert await newer.go_on(connection, began.id, arta, NOW) == moved  # pressed twice
    events = await casework.history(connection, began.id, arta)
    assert [(event.step, event.detail) for event in events][-1] == (Step.ANSWER, "version")


async def test_where_all_fits_nothing_is_left_to_answer(connection: Connection) -> None:
    began = await _answered(connection, older(), purpose="other", purpose_other="Për banesë")
    assert newer.still_asked(began, service(RESIDENCE), TODAY) == []
    moved = await newer.go_on(connection, began.id, began.person_id, NOW)
    assert moved.answers == began.answers


async def test_what_the_newer_version_needs_of_no_register_goes(connection: Connection) -> None:
    before = older()
    need = replace(before.facts[0], name="vehicles", about="applicant")
    began = await _answered(connection, replace(before, facts=(*before.facts, need)), purpose="other")
    assert "vehicles" in {fact.name for fact in began.facts}
    moved = await newer.go_on(connection, began.id, began.person_id, NOW)
    assert {fact.name for fact in moved.facts} == {fact.name for fact in began.facts} - {"vehicles"}


async def test_what_was_sent_stays_in_its_version(connection: Connection, queue: Queue) -> None:
    began = await _answered(connection, older(), purpose="travel")
    sent = await casework.submit(connection, began.id, began.person_id, began.revision, queue, NOW)
    assert newer.version_of(sent) is None
    assert await newer.go_on(connection, began.id, began.person_id, NOW) == sent


async def _answered(connection: Connection, given: Service, **answers: str) -> Application:
    """Return a draft of that version, for herself, with these answers and whatever registers say."""
    person_id = await known(connection)
    facts = {fact.name: fact for service_id in (RENEWAL, RESIDENCE) for fact in draft(service_id, ARTA).facts}
    needed = [facts[need.name] for need in given.facts]
    began = await casework.begin(connection, given, person_id, "web", "sq", needed, NOW)
    for name, value in {"whom": "self", **answers}.items():
        section = next(one.id for one in given.sections if one.questions[0].id == name)
        began = await casework.answer(connection, began.id, person_id, section, {name: [value]}, NOW)
    return began
