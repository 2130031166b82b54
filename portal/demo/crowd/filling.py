"""Fills a demo's database with the crowd, batch by batch; goes on where an earlier run stopped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from i18n.format import KOSOVO
from portal.database import Connection, connect_once
from portal.demo.crowd import store
from portal.demo.crowd.application import Case, Told, case_number, id_at, told
from portal.demo.crowd.people import CITIZEN, Officer, Someone, citizen, id_of, officers
from portal.migrate import keep_definitions
from portal.settings import WrongSettings
from services.applications.application import Step
from services.applications.duration import between
from services.applications.office.store import add_member
from services.catalogue.load import catalogue
from services.catalogue.service import Service
from services.insight.pace import WINDOW

BATCH = 1000  # applications
MANY, FEW = 100, 10  # of the first one of each batch, and of each of the others
PEOPLE = 1 + (BATCH - MANY) // FEW
_PARTS = 16
_HERE = ("localhost", "127.0.0.1", "::1")
# What is said with a step: kind, whether by the officer, and the words.
_SAID = {
    Step.ASK: ("request", True, "Ju lutem sqaroni kërkesën tuaj."),
    Step.REFUSE: ("decision", True, "Kushtet nuk janë plotësuar."),
    Step.APPEAL: ("appeal", False, "Nuk pajtohem me vendimin."),
}


class NotADemo(WrongSettings):
    """People sign in here by an eID that is not the demo's."""


async def fill(url: str, applications: int, now: datetime, progress: Callable[[int], None]) -> int:
    """Return how many applications the crowd has once there are at least so many, in whole batches.

    NotADemo where somebody signed in by an eID of elsewhere: what is filled in cannot be taken out again.
    """
    connection = await connect_once(url, application="seed")
    try:
        await store.lock(connection)
        if any(urlsplit(issuer).hostname not in _HERE for issuer in await store.issuers(connection)):
            raise NotADemo("People of another eID than the demo's have signed in here: nothing was filled in.")
        await keep_definitions(url, catalogue())
        return await _fill(connection, -(-applications // BATCH), now, progress)
    finally:
        await connection.close()


def by_tenths(say: Callable[[str], None], applications: int) -> Callable[[int], None]:
    """Return what says at each tenth of the whole how many applications there are by now."""
    said = 0

    def progress(filled: int) -> None:
        nonlocal said
        if (tenth := filled * 10 // applications) > said:
            said = tenth
            say(f"{filled} applications")

    return progress


async def _fill(connection: Connection, batches: int, now: datetime, progress: Callable[[int], None]) -> int:
    services = sorted(catalogue().all(), key=lambda service: service.id)
    desks = await _desks(connection, list(officers(services)), now)
    first = {number: id_of(CITIZEN, number * PEOPLE) for number in range(batches)}
    there = await store.present(connection, list(first.values()))
    for number, first_id in first.items():
        if first_id not in there:
            lives = [told(case, now) for case in cases(number, services, desks)]
            async with connection.transaction():
                await store.copy(connection, _tables(number, lives), _counted(lives, now), number % _PARTS)
            progress((number + 1) * BATCH)
    await store.analyze(connection)
    return batches * BATCH


async def _desks(connection: Connection, found: Sequence[Officer], now: datetime) -> dict[tuple[str, str], list[UUID]]:
    """Return the officers of each desk, by institution and municipality; who is not there yet is made."""
    there = await store.present(connection, [each.someone.id for each in found])
    desks: dict[tuple[str, str], list[UUID]] = {}
    new = [_row(each.someone, now) for each in found if each.someone.id not in there]
    async with connection.transaction():
        await store.copy(connection, {"person": new}, {}, 0)
        for each in found:
            desks.setdefault((each.post.institution, each.post.municipality or ""), []).append(each.someone.id)
            await add_member(connection, each.someone.personal_number, each.post, now.astimezone(KOSOVO).date())
    return desks


def cases(number: int, services: Sequence[Service], desks: dict[tuple[str, str], list[UUID]]) -> Iterator[Case]:
    """Yield the cases of a batch: each of its people asks for one service after the other."""
    at = number * BATCH
    for place in range(PEOPLE):
        someone = citizen(number * PEOPLE + place)
        for turn in range(FEW if place else MANY):
            service = services[(number * PEOPLE + place * FEW + turn) % len(services)]
            own = "" if service.processing.municipality is msgspec.UNSET else someone.place
            staff = desks.get((service.institution.id, own), [])
            officer = staff[at % len(staff)] if service.processing.decision != "rule" else None
            yield Case(at, someone, service, officer, may_be_draft=turn < len(services))
            at += 1


def _tables(number: int, lives: Sequence[Told]) -> dict[str, list[store.Row]]:
    began = min(each.application.created_at for each in lives)
    people = [_row(citizen(number * PEOPLE + place), began) for place in range(PEOPLE)]
    return {
        "person": people,
        "application": [_application(each) for each in lives],
        "application_event": [row for each in lives for row in _events(each)],
        "application_message": [row for each in lives for row in _messages(each)],
    }


def _counted(lives: Sequence[Told], now: datetime) -> Counter[tuple[str, date, int, int]]:
    """Return the decisions of the time that a service's page tells of."""
    counted: Counter[tuple[str, date, int, int]] = Counter()
    for one in (each.application for each in lives):
        if one.submitted_at and one.decided_at and one.decided_at > now - WINDOW:
            day = one.decided_at.astimezone(KOSOVO).date()
            counted[one.service_id, day, *between(one.submitted_at, one.decided_at)] += 1
    return counted


def _row(someone: Someone, at: datetime) -> store.Row:
    named = (someone.given_name, someone.family_name, someone.birthdate, someone.language)
    return (someone.id, someone.personal_number, *named, at)


def _application(each: Told) -> store.Row:
    one = each.application
    return (
        *(one.id, one.reference, one.service_id, one.service_version, one.person_id, one.channel, one.language),
        *(one.state, {}, msgspec.to_builtins(one.facts), one.fee_cents, one.payment_id, one.document_id),
        *(msgspec.to_builtins(one.refusal) if one.refusal else None, one.revision, one.created_at, one.updated_at),
        *(one.submitted_at, one.decided_at, one.issued_at, one.desk, one.due_on, one.officer_id),
    )


def _events(each: Told) -> Iterator[store.Row]:
    for event in each.events:
        yield (each.application.id, event.revision, event.step, event.state, event.actor, event.at)


def _messages(each: Told) -> Iterator[store.Row]:
    one = each.application
    for event in each.events if one.officer_id else ():
        if event.step in _SAID:
            kind, is_office, words = _SAID[event.step]
            author = one.officer_id if is_office else one.person_id
            own = id_at(event.at, case_number(one) | event.revision << 50)
            yield (own, one.id, kind, author, words, [], event.at)
