"""Leads a person through signing where her secrets pass through us: a code for her document, then her PIN with it.

They live in the memory of one request, on their way from her to the signing service. Nothing of them is kept, logged
or shown again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from litestar.response import Redirect

from eid.errors import NotSigned
from eid.prepared import signs_for
from eid.signbox import Document, Secrets, Sent
from i18n.refusal import Invalid, Refusal
from i18n.text import Sayable, _
from portal import signing
from portal.cookie import digest
from portal.queue import enqueue
from portal.session import now
from portal.visit import Visit
from services.catalogue.service import Service
from services.signing import collect, sheet
from services.signing.signature import Standing

_LONGEST = 100  # letters of a secret
_MISSING: Mapping[str, Sayable] = {
    "password": _("Type your password."),
    "pin": _("Type your PIN."),
    "code": _("Type the code from your phone: digits alone."),
}


def secrets_of(typed: Mapping[str, str]) -> Secrets:
    """Return what a person typed; Invalid, before anybody is asked, when it cannot be meant."""
    given = {name: re.sub(r"\s", "", value) if name == "code" else value for name, value in typed.items()}
    missing = {name: _MISSING[name] for name, value in given.items() if not _may_be(name, value)}
    if missing:
        raise Invalid(missing)
    return Secrets(**given)


def is_open(at: Standing) -> bool:
    """Tell whether it is hers to sign now."""
    return at.is_her_turn and not at.is_being_completed


async def document(request: Visit, at: Standing, service: Service) -> Document:
    """Return the sheet as it stands, named as her phone shows it."""
    return Document(f"{service.id}-{at.application.reference}.pdf", await signing.frozen(request, at, service))


def sent(at: Standing, asked: Document) -> Sent | None:
    """Return the code that is on the person's phone for this very sheet; None when there is none, or it is over."""
    waits = at.signing is not None and at.signing.state == "authorising"
    found = Sent.from_json(at.signing.asked) if at.signing and waits else None
    return found if found and found.document == asked.hash.hex() and now() < found.ends_at else None


async def send_code(request: Visit, application_id: UUID, given: Secrets) -> None:
    """Have a code for the sheet sent to the person's phone, or note why there is none; Invalid for a wrong password."""
    at, service = await signing.standing(request, application_id)
    if not is_open(at):
        return
    asked = await document(request, at, service)
    try:
        await signing.must_represent(request, at, service)
        code = await request.parties.signbox.send_code(at.own.personal_number, given, asked, now())
    except Invalid:
        raise
    except Refusal as refusal:
        await signing.failed(request, at, refusal)
    else:
        await _ask(request, application_id, code)


async def sign(request: Visit, application_id: UUID, attempt: str, given: Secrets) -> Redirect:
    """Have the sheet signed, once for each attempt; Invalid when she may try again with the same code."""
    async with request.database.transaction() as connection:
        at = await collect.take(connection, digest(attempt), request.person.personal_number)
    code = Sent.from_json(at.signing.asked) if at and at.signing else None
    if at is None or code is None or at.application.id != application_id:
        return request.to(f"/applications/{application_id}/signature")
    try:
        await _give(request, at, code, given)
    except Invalid:
        await _ask_again(request, at, code.again())
        raise
    except Refusal as refusal:
        await signing.failed(request, at, refusal)
        return request.to(f"{signing.page_of(at)}/code")
    return request.to(signing.page_of(at))


async def _give(request: Visit, at: Standing, code: Sent, given: Secrets) -> None:
    """Have the sheet signed, see that what comes back is it and hers, and keep it."""
    standing, service = await signing.standing(request, at.application.id)
    await signing.must_represent(request, standing, service)
    asked = await document(request, at, service)
    if sent(at, asked) != code:
        raise NotSigned("too_late")
    reason = sheet.reason(at.application, service)
    signed = await request.parties.signbox.sign(at.own.personal_number, given, asked, reason)
    prepared, value = await request.signatory.receive(asked.content, signed, at.own.place, now(), reason)
    if not signs_for(prepared.chain[0], at.own.personal_number):
        raise NotSigned("another_person")
    async with request.database.transaction() as connection:
        await collect.receive(connection, at, prepared, value, enqueue, now())


async def _ask(request: Visit, application_id: UUID, code: Sent) -> None:
    async with request.database.transaction() as connection:
        locked = await collect.standing(connection, application_id, request.person.personal_number, lock=True)
        await collect.ask_by_code(connection, locked, code.as_json(), digest(code.attempt), now())


async def _ask_again(request: Visit, at: Standing, code: Sent) -> None:
    async with request.database.transaction() as connection:
        if await collect.is_still(connection, at):
            await collect.ask_by_code(connection, at, code.as_json(), digest(code.attempt), now())


def _may_be(name: str, value: str) -> bool:
    is_text = bool(value.strip()) and len(value) <= _LONGEST and value.isprintable()
    return is_text and (name != "code" or value.isdecimal())
