"""Leads a person through signing: which key she has, what exactly is signed, her word at the signing service, and back.

Each of the four is kept before the next begins, so that a double click, the back button, a lost session or a restart
finds her where she was. No connection is held while the service is asked or a sheet is made.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from uuid import UUID

import structlog
from litestar.response import Redirect

from eid.cloud import Asked
from eid.errors import NotSigned
from eid.prepared import is_of, signs_for
from i18n.refusal import Refusal, Unreachable
from i18n.text import _
from portal import batch_signing, reading
from portal.cookie import digest
from portal.queue import enqueue
from portal.session import now
from portal.visit import Visit
from services.applications import casework
from services.catalogue.service import Service
from services.signing import collect, representative, sheet, store
from services.signing.signature import Standing

_log = structlog.get_logger("portal.signing")
_LONGEST_DESCRIPTION = 200


async def standing(request: Visit, application_id: UUID) -> tuple[Standing, Service]:
    """Return where the person stands with an application that she signs; NotFound for a stranger."""
    async with request.database.connect() as connection:
        at = await collect.standing(connection, application_id, request.person.personal_number)
        return at, await casework.service_of(connection, at.application)


async def frozen(request: Visit, at: Standing, service: Service) -> bytes:
    """Return the sheet as it stands; it is made at the first look and never changes but by signatures."""
    async with request.database.connect() as connection:
        kept = await store.sheet(connection, at.own)
    if kept is not None:
        return kept[1]
    fonts = request.settings.assets / "fonts"
    composed = await asyncio.to_thread(sheet.frozen, at.application, service, at.all, fonts)
    made = await request.signatory.freeze(composed, len(at.all))
    async with request.database.transaction() as connection:
        await store.keep_sheet(connection, at.own, 0, made, now())
        kept = await store.sheet(connection, at.own)
    return kept[1] if kept else made


async def ask_key(request: Visit, application_id: UUID) -> Redirect:
    """Send the person to the signing service, which says which key she has and sends her straight back."""
    at, service = await standing(request, application_id)
    try:
        await must_represent(request, at, service)
        asked = await request.parties.signing.ask_key(_return_address(request), request.language, now())
    except (NotSigned, Unreachable) as refusal:
        await failed(request, at, refusal)
        return request.to(page_of(at))
    async with request.database.transaction() as connection:
        locked = await collect.standing(connection, application_id, request.person.personal_number, lock=True)
        await collect.ask_credential(connection, locked, asked.as_json(), digest(asked.state), now())
    return Redirect(asked.url, status_code=303)


async def ask_signature(request: Visit, application_id: UUID) -> Redirect:
    """Send the person to the signing service, to see there what she signs and to authorise it."""
    at, service = await standing(request, application_id)
    if at.signing is None or at.signing.prepared is None or at.signing.credential is None or at.is_being_completed:
        return request.to(page_of(at))
    try:
        await must_represent(request, at, service)
        asked = await request.parties.signing.ask_signature(
            at.signing.credential,
            at.signing.prepared,
            _description(request, at, service),
            _return_address(request),
            request.language,
            now=now(),
        )
    except (NotSigned, Unreachable) as refusal:
        await failed(request, at, refusal)
        return request.to(page_of(at))
    async with request.database.transaction() as connection:
        locked = await collect.standing(connection, application_id, request.person.personal_number, lock=True)
        await collect.ask_signature(connection, locked, asked.as_json(), digest(asked.state), now())
    return Redirect(asked.url, status_code=303)


async def arrive(request: Visit, answer: Mapping[str, str]) -> Redirect:
    """Take the service's answer, once, and lead to the page that says what came of it."""
    async with request.database.transaction() as connection:
        at = await collect.take(connection, digest(answer.get("state", "")), request.person.personal_number)
    if at is None or at.signing is None or at.signing.asked is None:
        return await batch_signing.arrive(request, answer) or request.to("/applications")
    asked = Asked.from_json(at.signing.asked)
    try:
        await (_prepare if at.signing.state == "asking" else _give)(request, at, asked, answer)
    except Refusal as refusal:
        await failed(request, at, refusal)
    return request.to(page_of(at))


async def must_represent(request: Visit, at: Standing, service: Service) -> None:
    """Refuse whoever may not sign for the company any more, by what the register of businesses says now.

    Raises NotSigned, also while that register is silent.
    """
    if service.signing().by != "company" or not at.is_her_turn or at.is_being_completed:
        return
    try:
        registration = await reading.who_acts(request, service, at.application)
    except Unreachable:
        raise NotSigned("register_unreachable") from None
    if code := representative.objection(registration, at.all, at.own.personal_number):
        raise NotSigned(code)


async def failed(request: Visit, at: Standing, refusal: Refusal) -> None:
    """Note why nothing was signed, for the log and for her page; there only if nothing else was begun meanwhile."""
    code = "unreachable" if isinstance(refusal, Unreachable) else refusal.code
    _log.warning("not_signed", code=refusal.code, signature_id=str(at.own.id))
    async with request.database.transaction() as connection:
        if await collect.is_still(connection, at):
            await collect.fail(connection, at.own.id, code, now())


async def _prepare(request: Visit, at: Standing, asked: Asked, answer: Mapping[str, str]) -> None:
    """Learn the person's key and make the hash that it is to sign."""
    key = await request.parties.signing.key(asked, answer, now())
    if not signs_for(key.chain[0], at.own.personal_number):
        raise NotSigned("another_person")
    async with request.database.connect() as connection:
        service = await casework.service_of(connection, at.application)
    pdf = await frozen(request, at, service)
    reason = sheet.reason(at.application, service)
    prepared = await request.signatory.prepare(pdf, at.own.place, key.chain, now(), reason)
    async with request.database.transaction() as connection:
        await collect.prepare(connection, at, key, prepared, now())


async def _give(request: Visit, at: Standing, asked: Asked, answer: Mapping[str, str]) -> None:
    """Fetch the signature that she authorised, see that it is hers and of this sheet, and keep it."""
    signing = at.signing
    if signing is None or signing.prepared is None or signing.credential is None:
        raise NotSigned("too_late")
    value = await request.parties.signing.sign(asked, answer, signing.credential, signing.prepared, now())
    if not is_of(signing.prepared, value) or not signs_for(signing.prepared.chain[0], at.own.personal_number):
        raise NotSigned("wrong_signature")
    async with request.database.transaction() as connection:
        await collect.give(connection, at, value, enqueue, now())


def _description(request: Visit, at: Standing, service: Service) -> str:
    """Return what the person is told at the signing service that she signs."""
    names = service.names.say(request.language)
    said = _("Application: %(service)s", service=names).say(request.language)
    whole = ", ".join(filter(None, (said, at.application.reference, sheet.reason(at.application, service))))
    return whole[:_LONGEST_DESCRIPTION]


def _return_address(request: Visit) -> str:
    return f"{request.settings.url}/{request.language}/signature/return"


def page_of(at: Standing) -> str:
    """Return the address at which a person sees how far her signature is."""
    return f"/applications/{at.application.id}/signature"
