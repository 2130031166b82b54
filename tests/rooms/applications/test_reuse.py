"""Who applies again finds her earlier answers: those that are still asked and still fit, and no others."""

from __future__ import annotations

import pytest

from portal.database import Database
from services.applications import casework, progress, reuse
from services.applications.application import State, Step
from services.applications.office import answering, review
from tests.rooms.applications.conftest import Queue, begun, known
from tests.rooms.applications.officers import CORRECTION, WHY, member, sent
from tests.unit.applications.people import ARTA, BIRTH, CHILD, NOW, service


async def test_what_was_refused_is_asked_again_with_its_answers(database: Database, queue: Queue) -> None:
    async with database.transaction() as connection:
        application = await sent(connection, queue)
        with pytest.raises(reuse.NotFinished):
            await reuse.former(connection, application.id, application.person_id)
        officer = await member(connection)
        one = await review.take(connection, officer, application.id, application.revision, NOW)
        one = await review.decide(connection, officer, one.id, one.revision, WHY, queue, NOW, approve=False)
        former = await reuse.former(connection, one.id, one.person_id)
        draft = await begun(connection, one.person_id, CORRECTION, ARTA)
        filled = await reuse.fill(connection, draft.id, former.answers, one.person_id, NOW)
        assert (filled.state, filled.answers) == (State.DRAFT, application.answers)
        assert all(page.done for page in progress.pages(filled, service(CORRECTION), progress.day(NOW)))
        events = await casework.history(connection, draft.id, one.person_id)
        assert [event.step for event in events] == [Step.BEGIN, Step.ANSWER]
        assert await reuse.fill(connection, draft.id, former.answers, one.person_id, NOW) == filled
        assert await answering.said(connection, draft.id) == []


async def test_what_does_not_fit_any_more_is_asked_again(database: Database) -> None:
    async with database.transaction() as connection:
        arta = await known(connection)
        draft = await begun(connection, arta, BIRTH, ARTA)
        for unfit in ({"whom": "1111111111"}, {"whom": None}, {"gone": "yes"}):
            assert (await reuse.fill(connection, draft.id, unfit, arta, NOW)).answers == {}
        filled = await reuse.fill(connection, draft.id, {"whom": "self"}, arta, NOW)
        assert filled.answers == {"whom": "self"}
        kept = await reuse.fill(connection, draft.id, {"whom": CHILD}, arta, NOW)
        assert kept.answers == {"whom": "self"}  # what is answered already stays
