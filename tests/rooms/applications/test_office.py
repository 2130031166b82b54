"""An office works what is sent to it: its own only, two people where two are needed, and one of two who are as fast."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from i18n.refusal import Invalid, NotFound, Refused
from portal import rounds
from portal.database import Database
from services.applications import casework, deadlines
from services.applications.application import Application, State
from services.applications.errors import ChangedElsewhere
from services.applications.member import Member
from services.applications.office import answering, review, second_instance, writing
from services.applications.office.errors import (
    AlreadyInvolved,
    FourEyes,
    HeldByAnother,
    OnlyOfficers,
    OwnOpinion,
    TooLateToAppeal,
)
from services.applications.progress import day
from services.applications.queue import store as queued
from services.applications.store import keep_definition
from services.catalogue.processing import Processing
from tests.rooms.applications.conftest import Queue
from tests.rooms.applications.officers import CHANGE, CORRECTION, WHY, member, sent, wanted
from tests.unit.applications.people import NOW, service


async def test_what_an_officer_decides_waits_at_the_office_of_the_municipality(
    database: Database, queue: Queue
) -> None:
    async with database.transaction() as connection:
        application = await sent(connection, queue)
        officer, elsewhere = await member(connection), await member(connection, municipality="prizren")
        assert (application.state, application.desk) == (State.SUBMITTED, "arc/prishtine")
        assert application.due_on == deadlines.due_on(day(NOW), 15)
        assert queue.tasks == []
        mine = await queued.page(connection, wanted(officer, service_id=CORRECTION), 1000)
        theirs = await queued.page(connection, wanted(elsewhere), 1000)
        assert application.id in {line.id for line in mine}
        assert application.id not in {line.id for line in theirs}
        with pytest.raises(NotFound):
            await review.find(connection, elsewhere, application.id)
        own = Member(application.person_id, officer.posts)
        with pytest.raises(NotFound):
            await review.find(connection, own, application.id)


async def test_of_two_who_take_it_at_once_one_has_it(database: Database, queue: Queue) -> None:
    async with database.transaction() as connection:
        application = await sent(connection, queue)
        officers = [await member(connection) for _each in range(4)]

    async def take(officer: Member) -> Application:
        async with database.transaction() as connection:
            return await review.take(connection, officer, application.id, application.revision, NOW)

    async def withdraw() -> Application:
        async with database.transaction() as connection:
            return await casework.withdraw(connection, application.id, application.person_id, NOW)

    *taken, withdrawn = await asyncio.gather(*(take(each) for each in officers), withdraw(), return_exceptions=True)
    assert isinstance(withdrawn, Application)
    assert sum(isinstance(one, Application) for one in taken) <= 1
    assert all(isinstance(one, Application | ChangedElsewhere) for one in taken)


async def test_what_she_is_asked_stops_the_clock_and_only_that_can_be_changed(database: Database, queue: Queue) -> None:
    later = NOW + timedelta(days=9)
    async with database.transaction() as connection:
        application = await sent(connection, queue)
        officer = await member(connection)
        held = await review.take(connection, officer, application.id, application.revision, NOW)
        with pytest.raises(Invalid):
            await review.ask(connection, officer, held.id, held.revision, ["nothing"], "Why?", NOW)
        asked = await review.ask(connection, officer, held.id, held.revision, ["right_spelling"], "With ë?", NOW)
        assert asked.state is State.AWAITING_CITIZEN
        with pytest.raises(Refused):
            await review.decide(connection, officer, held.id, asked.revision, WHY, queue, NOW, approve=False)
        with pytest.raises(Invalid) as wrong:
            await answering.reply(connection, held.id, held.person_id, {"right_spelling": [""]}, later)
        assert set(wrong.value.fields) == {"right_spelling"}
        answer = {"right_spelling": ["Krasniqë"], "wrong_part": ["given"]}
        replied = await answering.reply(connection, held.id, held.person_id, answer, later)
        assert replied.answers == {**application.answers, "right_spelling": "Krasniqë"}
        assert (await casework.find(connection, held.id, held.person_id)).answers == replied.answers
        assert replied.due_on == deadlines.due_on(day(later), 15)
        assert [message.kind for message in await answering.said(connection, held.id)] == ["request", "reply"]


async def test_two_steps_take_two_people_and_a_clerk_is_neither(database: Database, queue: Queue) -> None:
    async with database.transaction() as connection:
        application = await sent(connection, queue, CHANGE)
        first, second, clerk = await member(connection), await member(connection), await member(connection, "clerk")
        one = await review.take(connection, clerk, application.id, application.revision, NOW)
        with pytest.raises(OnlyOfficers):
            await review.decide(connection, clerk, one.id, one.revision, WHY, queue, NOW, approve=True)
        one = await review.hand_over(connection, clerk, one.id, one.revision, first.person_id, "For you", NOW)
        with pytest.raises(FourEyes):
            await review.decide(connection, first, one.id, one.revision, WHY, queue, NOW, approve=True)
        with pytest.raises(HeldByAnother):
            await review.ask_opinion(connection, second, one.id, one.revision, "Look", NOW)
        one = await review.ask_opinion(connection, first, one.id, one.revision, "Look", NOW)
        for wrong, refusal in ((first, OwnOpinion), (clerk, OnlyOfficers)):
            with pytest.raises(refusal):
                await review.give_opinion(connection, wrong, one.id, one.revision, "Yes", NOW, is_for=True)
        one = await review.give_opinion(connection, second, one.id, one.revision, "Yes", NOW, is_for=True)
        approved = await review.decide(connection, first, one.id, one.revision, "Granted", queue, NOW, approve=True)
        assert approved.state is State.APPROVED
        assert [task for task, _about in queue.tasks] == ["post_to_register", "issue"]
        assert queue.tasks[1] == ("issue", str(one.id))
        assert [message.kind for message in await answering.said(connection, one.id)] == ["decision"]


async def test_who_gave_the_opinion_cannot_take_it_over_and_decide(database: Database, queue: Queue) -> None:
    async with database.transaction() as connection:
        application = await sent(connection, queue, CHANGE)
        first, second = await member(connection), await member(connection)
        one = await review.take(connection, first, application.id, application.revision, NOW)
        one = await review.ask_opinion(connection, first, one.id, one.revision, "Look", NOW)
        one = await review.give_opinion(connection, second, one.id, one.revision, "No", NOW, is_for=False)
        one = await review.take(connection, second, one.id, one.revision, NOW)
        with pytest.raises(FourEyes):
            await review.decide(connection, second, one.id, one.revision, WHY, queue, NOW, approve=False)


async def test_a_refusal_says_why_and_is_appealed_within_thirty_days(database: Database, queue: Queue) -> None:
    async with database.transaction() as connection:
        application = await sent(connection, queue)
        officer = await member(connection)
        one = await review.take(connection, officer, application.id, application.revision, NOW)
        one = await review.decide(connection, officer, one.id, one.revision, WHY, queue, NOW, approve=False)
        assert one.refusal
        assert one.refusal.message.say("sq") == WHY
        assert queue.tasks == [("refused", str(one.id))]
        late = NOW + timedelta(days=31)
        with pytest.raises(TooLateToAppeal):
            await answering.appeal(connection, one.id, one.person_id, "It is shown", late)
        last = NOW + timedelta(days=30)
        appealed = await answering.appeal(connection, one.id, one.person_id, "It is shown", last)
        assert (appealed.state, appealed.refusal) == (State.APPEALED, one.refusal)
        assert await answering.appeal(connection, one.id, one.person_id, "Again", last) == appealed


@pytest.mark.parametrize("uphold", [True, False])
async def test_on_an_appeal_decides_who_had_no_say_before(uphold: bool, database: Database, queue: Queue) -> None:  # noqa: FBT001 - a case
    async with database.transaction() as connection:
        application = await sent(connection, queue)
        first, second, clerk = await member(connection), await member(connection), await member(connection, "clerk")
        one = await review.take(connection, first, application.id, application.revision, NOW)
        one = await review.decide(connection, first, one.id, one.revision, WHY, queue, NOW, approve=False)
        one = await answering.appeal(connection, one.id, one.person_id, "It is shown", NOW)
        assert (one.officer_id, one.due_on) == (None, day(NOW) + deadlines.APPEAL_DECIDED_WITHIN)
        assert one.id in {line.id for line in await queued.page(connection, wanted(second), 1000)}
        for wrong, refusal in ((first, AlreadyInvolved), (clerk, OnlyOfficers)):
            with pytest.raises(refusal):
                await review.take(connection, wrong, one.id, one.revision, NOW)
        one = await review.take(connection, second, one.id, one.revision, NOW)
        queue.tasks.clear()
        act = (connection, second, one.id, one.revision)
        with pytest.raises(Invalid):
            await second_instance.decide(*act, " ", queue, NOW, uphold=uphold)
        decided = await second_instance.decide(*act, "The register was read again", queue, NOW, uphold=uphold)
        assert (decided.state, decided.refusal is None) == (State.APPROVED if uphold else State.DISMISSED, uphold)
        assert queue.tasks == ([("issue", str(one.id))] if uphold else [])
        said = await answering.said(connection, one.id)
        assert [message.kind for message in said] == ["decision", "appeal", "appeal_decision"]


@pytest.mark.parametrize(("silence", "state"), [("approval", State.APPROVED), ("refusal", State.REFUSED)])
async def test_where_the_law_says_so_silence_decides_the_day_after(
    silence: str, state: State, database: Database, queue: Queue
) -> None:
    async with database.transaction() as connection:
        application = await sent(connection, queue)
        version = 100 if silence == "approval" else 200
        processing = Processing("officer", 15, silence=silence, municipality="applicant.address.municipality")  # pyright: ignore[reportArgumentType]
        await keep_definition(connection, replace(service(CORRECTION), version=version, processing=processing))
        await connection.execute("UPDATE application SET service_version = $2 WHERE id = $1", application.id, version)
    assert application.due_on is not None
    last_day = NOW + (application.due_on - day(NOW))
    await rounds.watch_time_limits(database, last_day)
    async with database.connect() as connection:
        assert (await casework.any_of(connection, application.id)).state is State.SUBMITTED
    for _again in range(2):
        await rounds.watch_time_limits(database, last_day + timedelta(days=1))
    async with database.connect() as connection:
        decided = await casework.any_of(connection, application.id)
        assert decided.state is state
        assert [message.author_id for message in await answering.said(connection, application.id)] == [None]


async def test_she_writes_to_the_office_and_who_has_it_answers(database: Database, queue: Queue) -> None:
    async with database.transaction() as connection:
        application = await sent(connection, queue)
        officer, colleague = await member(connection), await member(connection)
        one = await review.take(connection, officer, application.id, application.revision, NOW)
        mine, hers = (connection, one.id, one.person_id), (connection, officer, one.id)
        for unfit in ("", " \0 ", "a" * 4001):
            with pytest.raises(Invalid):
                await writing.write(*mine, unfit, NOW)
        for _each in range(writing.MOST_UNANSWERED):
            await writing.write(*mine, "When will it be decided?\0", NOW)
        with pytest.raises(writing.TooManyMessages):
            await writing.write(*mine, "When?", NOW)
        (line,) = [line for line in await queued.page(connection, wanted(officer), 1000) if line.id == one.id]
        assert line.has_message
        with pytest.raises(HeldByAnother):
            await writing.answer(connection, colleague, one.id, "Soon", NOW)
        await writing.answer(*hers, "This week.", NOW)
        (line,) = [line for line in await queued.page(connection, wanted(officer), 1000) if line.id == one.id]
        assert not line.has_message
        said = await answering.said(connection, one.id)
        assert [message.kind for message in said][-2:] == ["message", "answer"]
        assert said[0].text == "When will it be decided?"
        assert (await casework.find(*mine)).revision == one.revision  # nothing else changes
        await review.decide(connection, officer, one.id, one.revision, WHY, queue, NOW, approve=True)
        for write in (writing.write(*mine, "Thanks", NOW), writing.answer(*hers, "You are welcome", NOW)):
            with pytest.raises(writing.NothingToWriteAbout):
                await write
        with pytest.raises(NotFound):
            await writing.write(connection, one.id, officer.person_id, "Hers?", NOW)


async def test_what_is_not_answered_in_time_ends(database: Database, queue: Queue) -> None:
    async with database.transaction() as connection:
        application = await sent(connection, queue)
        officer = await member(connection)
        one = await review.take(connection, officer, application.id, application.revision, NOW)
        one = await review.ask(connection, officer, one.id, one.revision, [], "Bring it", NOW)
    await rounds.watch_time_limits(database, NOW + deadlines.REPLY_WITHIN)
    async with database.connect() as connection:
        assert (await casework.any_of(connection, one.id)).state is State.AWAITING_CITIZEN
    await rounds.watch_time_limits(database, NOW + deadlines.REPLY_WITHIN + timedelta(days=1, minutes=1))
    async with database.connect() as connection:
        assert (await casework.any_of(connection, one.id)).state is State.EXPIRED
