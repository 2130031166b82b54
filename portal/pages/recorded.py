"""What registers were told because of an application: for its person, and for the office that answers for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from i18n.format import moment
from i18n.text import Language, Text, _
from portal.database import Connection
from portal.pages.timeline import Item
from portal.queue import enqueue
from portal.session import now, officer
from portal.visit import Visit
from services.registers.posting import delivery, store
from services.registers.posting.posting import Posting, Why
from services.registers.posting.target import TARGETS

_LATE = timedelta(minutes=10)  # since when an office is to know that a register is silent
_SOON = timedelta(minutes=1)  # how long a page looks again by itself
WHY: Mapping[Why, Text] = {
    "unknown_person": _("The register holds no such person."),
    "two_records": _("The register holds two records of this person; its office must say which is right."),
    "unknown_thing": _("The register holds no such thing."),
    "another_owner": _("The register holds somebody else as the owner."),
    "name_taken": _("A business of this name is registered already."),
    "contradicts": _("What it was told contradicts what the register holds."),
    "malformed": _("What it was to be told lacks something, so it was not told."),
}


@get("/office/registers", guards=[officer])
async def unsettled(request: Visit) -> Response[Any]:
    """List what registers refused at the desks for which she answers, and what they have not answered for a while."""
    async with request.database.connect() as connection:
        found = await store.unsettled(connection, request.member.answers_for, now() - _LATE)
    return request.page("office/registers", section="office", postings=[card(one, request.language) for one in found])


@post("/office/registers/{posting_id:uuid}/sending", guards=[officer], status_code=303)
async def send_again(request: Visit, posting_id: FromPath[UUID]) -> Redirect:
    """Tell a register again what it refused, once it is put in order there."""
    async with request.database.transaction() as connection:
        await delivery.send_again(connection, posting_id, request.member.answers_for, enqueue, now())
    return request.to("/office/registers")


async def of(connection: Connection, application_id: UUID, language: Language, now: datetime) -> dict[str, Any]:
    """Return what an application's page says of registers: steps done, what is not recorded, whether it comes soon."""
    postings = await store.of_application(connection, application_id)
    left = [one for one in postings if one.state != "recorded"]
    return {
        "recorded": steps(postings, language),
        "unrecorded": [(TARGETS[one.target].register.name, one.state) for one in left],
        "is_told": any(one.state == "waiting" and one.put_at > now - _SOON for one in left),
    }


def card(posting: Posting, language: Language) -> dict[str, Any]:
    """Return what a register was told as parts/posting.html takes it: of an office's page, that it is not recorded."""
    target = TARGETS[posting.target]
    said = (
        (_("Application"), posting.reference),
        (_("To be told since"), moment(posting.put_at, language)),
        (_("Last told on"), moment(posting.tried_at, language) if posting.tried_at else "–"),
        (_("How often it was told"), str(posting.tries)),
    )
    return {
        "id": posting.id,
        "title": f"{target.register.name.say(language)}: {target.label.say(language)}",
        "is_refused": posting.state == "refused",
        "may_be_sent": posting.state == "refused" and posting.tries > 0,
        "why": WHY[posting.why].say(language) if posting.why else "",
        "rows": [{"key": key.say(language), "value": value} for key, value in said],
    }


def steps(postings: Sequence[Posting], language: Language) -> list[Item]:
    """Return what registers recorded, as a timeline takes it."""
    return [_step(one, one.settled_at, language) for one in postings if one.state == "recorded" and one.settled_at]


def _step(posting: Posting, at: datetime, language: Language) -> Item:
    text = _("%(register)s: recorded", register=TARGETS[posting.target].register.name).say(language)
    number = _("Number there: %(number)s", number=posting.number).say(language) if posting.number else ""
    return {"text": text, "state": "done", "moment": moment(at, language), "note": number}
