"""Several applications approved together: chosen in the queue, read on one page, signed once, decided one by one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from i18n.refusal import Invalid, NotFound, Refused
from i18n.text import Text, _
from portal.database import Connection
from portal.pages.application_form import check_page
from portal.pages.office import FILTERS, again
from portal.pages.office_case import DECIDING, looks
from portal.pages.office_words import TEMPLATES
from portal.session import now, officer
from portal.signing import at_service
from portal.signing.batch import BatchAct, reasoned, shown
from portal.visit import Visit
from services.applications import casework
from services.applications.office import review
from services.batches import deciding, store
from services.batches.batch import APPROVED, Batch
from services.registers import tracker
from services.signing.errors import sentence

_LEFT_OUT = _("It changed after the list was made, so it was left out.")


@post("/office/batches", guards=[officer], status_code=303)
async def make(request: Visit) -> Response[Any] | Redirect:
    """Make a batch of what was chosen; each case counts as opened, which its person can see."""
    ticked = (await request.fields()).get("case") or []
    try:
        async with request.database.transaction() as connection:
            batch = await deciding.make(connection, request.member, [_id(each) for each in ticked], now())
            await _open(request, connection, batch)
    except Refused as refusal:
        return await again(request, await request.first(*FILTERS), ticked, refusal)
    return request.to(BatchAct(batch).page)


@get("/office/batches/{batch_id:uuid}", guards=[officer])
async def page(request: Visit, batch_id: FromPath[UUID]) -> Response[Any]:
    """Show what is approved together and how far that is; htmx asks again while something happens by itself."""
    await _own_opened(request, batch_id)
    return await _page(request, batch_id, None, {}, 200)


@post("/office/batches/{batch_id:uuid}/preparation", guards=[officer], status_code=303)
async def prepare(request: Visit, batch_id: FromPath[UUID]) -> Response[Any] | Redirect:
    """Take the reasons, and go on to sign the sheet that says them."""
    text = (await request.first("text"))["text"]
    try:
        act = await reasoned(request, (await BatchAct.of(request, batch_id)).batch, text)
    except Invalid as invalid:
        return await _page(request, batch_id, text, request.errors(invalid), 422)
    if request.settings.signing_dialect == "signbox":
        return request.to(f"{act.page}/code")
    return await at_service.ask_key(request, act)


@post("/office/batches/{batch_id:uuid}/signature", guards=[officer], status_code=303)
async def sign(request: Visit, batch_id: FromPath[UUID]) -> Redirect:
    """Send her to the signing service to sign."""
    return await at_service.ask_signature(request, await BatchAct.of(request, batch_id))


@get("/office/batches/{batch_id:uuid}/sheet", guards=[officer])
async def sheet(request: Visit, batch_id: FromPath[UUID]) -> Response[bytes]:
    """Give the sheet, signed or as it is to be signed, to its officer alone: it tells of everybody on the list."""
    batch = await _own_opened(request, batch_id)
    if batch.sheet is None:
        raise NotFound
    async with request.database.connect() as connection:
        pdf = await store.signed_of(connection, batch.id) or batch.sheet
    name = f'inline; filename="{batch.service_id}-{batch.id}.pdf"'
    return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": name})


async def _own_opened(request: Visit, batch_id: UUID) -> Batch:
    """Return the officer's own batch; each of its cases counts as opened today."""
    async with request.database.transaction() as connection:
        batch = await deciding.own(connection, request.person.person_id, batch_id)
        await _open(request, connection, batch)
    return batch


async def _open(request: Visit, connection: Connection, batch: Batch) -> None:
    """Open each case that she has not opened today, and record all that she reads thereby at once."""
    cases = [case.application_id for case in batch.cases]
    if opened := await review.open_all(connection, request.member, cases, DECIDING, now()):
        service = await casework.service_of(connection, opened[0])
        reads = [read for each in opened for read in looks(request, each, service, DECIDING)]
        await tracker.record(connection, reads, request.audit_key)


async def _page(request: Visit, batch_id: UUID, text: str | None, errors: dict[str, str], status: int) -> Response[Any]:
    async with request.database.connect() as connection:
        batch = await deciding.own(connection, request.person.person_id, batch_id)
        context = await _context(request, connection, batch, text)
    return request.page("office/batch", context, block="progress", status=status, errors=errors)


async def _context(request: Visit, connection: Connection, batch: Batch, text: str | None) -> dict[str, Any]:
    """Return the context of templates/pages/office/batch.html."""
    found, service = await shown(request, connection, batch)
    signing, by_id = batch.signing, {case.application_id: case for case in batch.cases}
    _title, usual = next(iter(TEMPLATES["approval"].values()))
    written = batch.text or usual.say(found[0][0].language)
    return {
        "section": "office",
        "batch": batch,
        "service": service,
        "cases": [
            {
                "application": one,
                "applicant": name,
                "outcome": _outcome(by_id[one.id].outcome),
                "approved": by_id[one.id].outcome == APPROVED,
                **_shown(check_page(one, service, request.language, one.submitted_at or now(), "")),
            }
            for one, name in found
        ],
        "text": written if text is None else text,
        "digits": signing.digits(now()) if signing else "",
        "failure": sentence(signing.failure) if signing and signing.failure else None,
    }


def _shown(page: dict[str, Any]) -> dict[str, Any]:
    answers = [{"key": row["key"], "value": row["value"]} for row in page["answers"]]
    return {"answers": answers, "facts": page["facts"]}


def _outcome(outcome: str | None) -> Text | None:
    if outcome is None:
        return None
    return _("Approved") if outcome == APPROVED else _LEFT_OUT


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise NotFound from None
