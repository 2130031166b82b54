"""Leads an officer through signing a batch of approvals: as any signature (portal/signing.py), over one sheet."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog
from litestar.response import Redirect

from eid.cloud import Asked
from eid.errors import NotSigned
from eid.prepared import is_of, signs_for
from i18n.refusal import Refusal, Unreachable
from i18n.text import _
from portal.cookie import digest
from portal.database import Connection
from portal.queue import enqueue
from portal.session import now
from portal.visit import Visit
from services.applications import casework
from services.applications import desk as desks
from services.applications.application import Application
from services.applications.office import review
from services.applications.office import store as office
from services.applications.office.message import written
from services.batches import deciding, sheet, store
from services.batches.batch import Batch, Signing
from services.catalogue.service import Service

_log = structlog.get_logger("portal.batch_signing")
_LONGEST_DESCRIPTION = 200


async def shown(request: Visit, connection: Connection, batch: Batch) -> tuple[list[tuple[Application, str]], Service]:
    """Return the applications of a batch with their applicants' names, and their service as they began with it."""
    found = [await review.find(connection, request.member, case.application_id) for case in batch.cases]
    named = [(one, await office.name_of(connection, one.person_id)) for one in found]
    return named, await casework.service_of(connection, found[0])


async def ask_key(request: Visit, batch: Batch, text: str) -> Redirect:
    """Freeze the sheet with these reasons and ask the signing service which key she has; Invalid without reasons."""
    reasons = written(text)
    async with request.database.connect() as connection:
        found, service = await shown(request, connection, batch)
    place, person = desks.name(found[0][0].desk or ""), request.person
    officer, fonts = f"{person.given_name} {person.family_name}", request.settings.assets / "fonts"
    pdf = await asyncio.to_thread(sheet.composed, found, service, place, officer, reasons, now(), fonts)
    frozen = await request.signatory.freeze(pdf, 1)
    async with request.database.transaction() as connection:
        await deciding.reason(connection, request.member, batch.id, reasons, frozen)
    asked = await request.parties.signing.ask_key(_return_address(request), request.language, now())
    return await _go(request, batch, Signing(state="asking", asked=asked.as_json(), changed_at=now()), asked)


async def ask_signature(request: Visit, batch: Batch) -> Redirect:
    """Send her to the signing service, to see there what she signs and to authorise it."""
    signing = batch.signing
    if signing is None or signing.prepared is None or signing.credential is None or batch.is_given:
        return request.to(page_of(batch))
    count = len(batch.cases)
    said = _("Approval of %(count)s applications: %(references)s", count=count, references=_references(batch))
    asked = await request.parties.signing.ask_signature(
        signing.credential,
        signing.prepared,
        said.say(request.language)[:_LONGEST_DESCRIPTION],
        _return_address(request),
        request.language,
        now=now(),
    )
    going = Signing(
        state="authorising",
        asked=asked.as_json(),
        credential=signing.credential,
        prepared=signing.prepared,
        changed_at=now(),
    )
    return await _go(request, batch, going, asked)


async def arrive(request: Visit, answer: Mapping[str, str]) -> Redirect | None:
    """Take the service's answer about a batch, once; None when it is about none of hers."""
    async with request.database.transaction() as connection:
        batch = await store.take(connection, digest(answer.get("state", "")), request.person.person_id)
    if batch is None or batch.signing is None or batch.signing.asked is None:
        return None
    asked = Asked.from_json(batch.signing.asked)
    try:
        await (_prepare if batch.signing.state == "asking" else _give)(request, batch, asked, answer)
    except Refusal as refusal:
        await failed(request, batch, refusal)
    return request.to(page_of(batch))


async def failed(request: Visit, batch: Batch, refusal: Refusal) -> None:
    """Note why nothing was signed, for the log and for her page."""
    code = "unreachable" if isinstance(refusal, Unreachable) else refusal.code
    _log.warning("not_signed", code=refusal.code, batch_id=str(batch.id))
    async with request.database.transaction() as connection:
        await deciding.fail(connection, batch, code, now())


async def _go(request: Visit, batch: Batch, signing: Signing, asked: Asked) -> Redirect:
    async with request.database.transaction() as connection:
        await deciding.ask(connection, request.member, batch.id, signing, digest(asked.state))
    return Redirect(asked.url, status_code=303)


async def _prepare(request: Visit, batch: Batch, asked: Asked, answer: Mapping[str, str]) -> None:
    """Learn her key and make the hash that it is to sign."""
    key = await request.parties.signing.key(asked, answer, now())
    if not signs_for(key.chain[0], request.person.personal_number):
        raise NotSigned("another_person")
    prepared = await request.signatory.prepare(batch.sheet or b"", 1, key.chain, now())
    async with request.database.transaction() as connection:
        await deciding.prepare(connection, batch, key, prepared, now())


async def _give(request: Visit, batch: Batch, asked: Asked, answer: Mapping[str, str]) -> None:
    """Fetch the signature that she authorised, see that it is hers and of this sheet, and keep it."""
    signing = batch.signing
    if signing is None or signing.prepared is None or signing.credential is None:
        raise NotSigned("too_late")
    value = await request.parties.signing.sign(asked, answer, signing.credential, signing.prepared, now())
    is_hers = signs_for(signing.prepared.chain[0], request.person.personal_number)
    if not is_of(signing.prepared, value) or not is_hers:
        raise NotSigned("wrong_signature")
    async with request.database.transaction() as connection:
        await deciding.give(connection, batch, value, enqueue, now())


def _references(batch: Batch) -> str:
    return ", ".join(case.reference for case in batch.cases)


def _return_address(request: Visit) -> str:
    return f"{request.settings.url}/{request.language}/signature/return"


def page_of(batch: Batch) -> str:
    """Return the address at which an officer sees how far her batch is."""
    return f"/office/batches/{batch.id}"
