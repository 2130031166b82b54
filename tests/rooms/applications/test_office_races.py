"""One application, its person and two officers who all act at once, in any order: what is kept stays true."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from i18n.refusal import Refusal
from portal.database import Database, open_database
from portal.settings import DatabaseSettings
from services.applications import casework, store
from services.applications.application import LIFE, Application, State, Step
from services.applications.errors import ChangedElsewhere
from services.applications.member import Member
from services.applications.office import answering, review, second_instance
from services.applications.office import store as office
from services.applications.store import Connection
from tests.rooms.applications.conftest import Queue
from tests.rooms.applications.officers import CHANGE, CORRECTION, member, sent
from tests.unit.applications.people import NOW

WHY = "What was stated is shown by the registers."
Act = Callable[[Connection, Member, Application], Awaitable[Any]]
QUEUE = Queue()


@dataclass(frozen=True, slots=True)
class World:
    """Where it happens: one loop with one pool, for all examples."""

    runner: asyncio.Runner
    database: Database


async def _ask(connection: Connection, officer: Member, seen: Application) -> object:
    return await review.ask(connection, officer, seen.id, seen.revision, [], "Bring it", NOW)


async def _ask_opinion(connection: Connection, officer: Member, seen: Application) -> object:
    return await review.ask_opinion(connection, officer, seen.id, seen.revision, "Look", NOW)


async def _opine(connection: Connection, officer: Member, seen: Application) -> object:
    return await review.give_opinion(connection, officer, seen.id, seen.revision, "Yes", NOW, is_for=True)


async def _take(connection: Connection, officer: Member, seen: Application) -> object:
    return await review.take(connection, officer, seen.id, seen.revision, NOW)


async def _approve(connection: Connection, officer: Member, seen: Application) -> object:
    return await review.decide(connection, officer, seen.id, seen.revision, WHY, QUEUE, NOW, approve=True)


async def _refuse(connection: Connection, officer: Member, seen: Application) -> object:
    return await review.decide(connection, officer, seen.id, seen.revision, WHY, QUEUE, NOW, approve=False)


async def _uphold(connection: Connection, officer: Member, seen: Application) -> object:
    return await second_instance.decide(connection, officer, seen.id, seen.revision, WHY, QUEUE, NOW, uphold=True)


async def _dismiss(connection: Connection, officer: Member, seen: Application) -> object:
    return await second_instance.decide(connection, officer, seen.id, seen.revision, WHY, QUEUE, NOW, uphold=False)


async def _withdraw(connection: Connection, _nobody: Member, seen: Application) -> object:
    return await casework.withdraw(connection, seen.id, seen.person_id, NOW)


async def _reply(connection: Connection, _nobody: Member, seen: Application) -> object:
    return await answering.reply(connection, seen.id, seen.person_id, {"text": ["Here it is"]}, NOW)


async def _appeal(connection: Connection, _nobody: Member, seen: Application) -> object:
    return await answering.appeal(connection, seen.id, seen.person_id, "It is shown", NOW)


OFFICERS: list[Act] = [_take, _take, _ask, _ask_opinion, _opine, _opine, _approve, _refuse, _refuse, _uphold, _dismiss]
CITIZENS: list[Act] = [_reply, _reply, _appeal, _withdraw]


class Office(RuleBasedStateMachine):
    """Two officers and a citizen who have all seen the same page, and act on it at once."""

    world: World
    application: Application
    officers: tuple[Member, Member, Member]

    @initialize(service=st.sampled_from([CORRECTION, CHANGE]))
    def begins(self, service: str) -> None:
        """She sends an application; one of the three who would work on it is she herself."""
        self.application, self.officers = self.world.runner.run(self._begins(service))

    @rule(first=st.sampled_from(OFFICERS), second=st.sampled_from(OFFICERS))
    def two_officers_act(self, first: Act, second: Act) -> None:
        """Both act on what both see."""
        self._race((first, self.officers[0]), (second, self.officers[1]))

    @rule(act=st.sampled_from(OFFICERS), hers=st.sampled_from(CITIZENS), who=st.integers(0, 1))
    def an_officer_and_the_citizen_act(self, act: Act, hers: Act, who: int) -> None:
        """She acts while an officer does."""
        self._race((act, self.officers[who]), (hers, self.officers[2]))

    @rule(act=st.sampled_from(OFFICERS))
    def she_tries_to_work_on_her_own(self, act: Act) -> None:
        """She works in the same office, and gets nowhere."""
        assert self._race((act, self.officers[2])) == []

    @invariant()
    def events_tell_exactly_the_states(self) -> None:
        """Each event follows from the one before by the table of steps; the last one is where it stands."""
        self.world.runner.run(self._told())

    def teardown(self) -> None:
        """Leave nothing in the queue of other tests."""
        self.world.runner.run(self._closed())

    def _race(self, *acts: tuple[Act, Member]) -> list[Application]:
        return self.world.runner.run(self._raced(*acts))

    async def _raced(self, *acts: tuple[Act, Member]) -> list[Application]:
        async with self.world.database.connect() as connection:
            seen = await casework.any_of(connection, self.application.id)

        async def do(act: Act, who: Member) -> object:
            async with self.world.database.transaction() as connection:
                return await act(connection, who, seen)

        came = await asyncio.gather(*(do(*one) for one in acts), return_exceptions=True)
        assert all(isinstance(one, Application | Refusal) for one in came), came
        moved = [one for one in came if isinstance(one, Application) and one.revision != seen.revision]
        assert len({one.revision for one in moved}) == len(moved)  # of one revision there is one winner
        if len(moved) == len(acts) > 1:  # hers do not carry a revision: she may have come second
            assert acts[1][1] is self.officers[2]
        if not moved and len(acts) > 1 and any(isinstance(one, ChangedElsewhere) for one in came):
            raise AssertionError("told that somebody was faster, and nobody was")
        return moved

    async def _begins(self, service: str) -> tuple[Application, tuple[Member, Member, Member]]:
        async with self.world.database.transaction() as connection:
            application = await sent(connection, QUEUE, service)
            first, second = await member(connection), await member(connection)
            return application, (first, second, Member(application.person_id, first.posts))

    async def _told(self) -> None:
        async with self.world.database.connect() as connection:
            kept = await casework.any_of(connection, self.application.id)
            events = await store.events(connection, kept.id)
            messages = await office.messages(connection, kept.id)
        state = State.DRAFT
        for number, event in enumerate(events, 1):
            assert event.revision == number
            state = state if event.step is Step.BEGIN else LIFE[state, event.step]
            assert event.state is state
        assert (kept.revision, kept.state) == (len(events), state)
        assert kept.person_id not in {kept.officer_id, *(one.author_id for one in messages if one.kind == "decision")}
        decided = {one.author_id for one in messages if one.kind in {"decision", "opinion"}}
        assert decided.isdisjoint(one.author_id for one in messages if one.kind == "appeal_decision")
        if kept.service_id == CHANGE:
            self._is_seconded([(one.kind, one.author_id) for one in messages])

    def _is_seconded(self, said: list[tuple[str, Any]]) -> None:
        for place, (kind, decider) in enumerate(said):
            if kind == "decision":
                since = max((number for number, (one, _who) in enumerate(said[:place]) if one == "reply"), default=0)
                assert {who for one, who in said[since:place] if one == "opinion"} - {decider}

    async def _closed(self) -> None:
        async with self.world.database.transaction() as connection:
            seen = await casework.any_of(connection, self.application.id)
            if (seen.state, Step.WITHDRAW) in LIFE:
                await casework.withdraw(connection, seen.id, seen.person_id, NOW)


def test_whatever_two_officers_and_she_do_at_once_what_is_kept_stays_true(database_url: str) -> None:
    with asyncio.Runner() as runner:
        database = runner.run(open_database(DatabaseSettings(database_url=database_url)))
        Office.world = World(runner, database)
        try:
            run_state_machine_as_test(
                Office,
                settings=settings(
                    max_examples=25,
                    stateful_step_count=12,
                    deadline=None,
                    suppress_health_check=[
                        HealthCheck.too_slow,
                        HealthCheck.filter_too_much,
                        HealthCheck.data_too_large,
                    ],
                    print_blob=True,
                ),
            )
        finally:
            runner.run(database.close())
