"""Who works in offices, what is sent to them, and what they see of it."""

from __future__ import annotations

from typing import Any

from services.applications import casework
from services.applications.application import Application
from services.applications.member import Member, Post
from services.applications.office import store
from services.applications.progress import day
from services.applications.queue.wanted import Wanted
from services.applications.store import Connection
from tests.rooms.applications.conftest import Queue, begun, known
from tests.unit.applications.people import ARTA, NOW

CORRECTION, CHANGE = "name-correction", "name-change"
ANSWERS = {
    CORRECTION: ("mistake", {"wrong_part": ["family"], "right_spelling": ["Krasniqi"], "explanation": ["The entry"]}),
    CHANGE: ("wish", {"new_given_name": ["Arta"], "new_family_name": ["Hyseni"], "grounds": ["Her grandmother's"]}),
}
WHY = "What you stated is not shown by the registers."


async def member(connection: Connection, role: str = "officer", municipality: str = "prishtine") -> Member:
    """Return somebody new who works at the civil status office of a municipality."""
    person_id = await known(connection)
    number = await connection.fetchval("SELECT personal_number FROM person WHERE id = $1", person_id)
    post = Post("arc", municipality, "clerk" if role == "clerk" else "officer")
    await store.add_member(connection, number, post, NOW.date())
    return Member(person_id, (post,))


async def sent(connection: Connection, queue: Queue, service_id: str = CORRECTION) -> Application:
    """Return an application that somebody new has sent."""
    person_id = await known(connection)
    draft = await begun(connection, person_id, service_id, ARTA)
    section, answers = ANSWERS[service_id]
    draft = await casework.answer(connection, draft.id, person_id, section, answers, NOW)
    return await casework.submit(connection, draft.id, person_id, draft.revision, queue, NOW)


def wanted(member: Member, **more: Any) -> Wanted:  # noqa: ANN401 - a filter
    """Return what a member sees of her queue, but for some filters."""
    return Wanted(desks=tuple(member.desks), member_id=member.person_id, today=day(NOW), **more)
