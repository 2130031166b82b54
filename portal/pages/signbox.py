"""Signing with a code, on a page apart: no script, nothing kept, nothing shown again of what is typed there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.middleware import DefineMiddleware
from litestar.params import FromPath

from eid.prepared import shown
from i18n.refusal import Invalid
from portal.limit import LimitMiddleware
from portal.session import citizen, now, officer
from portal.signing import by_code
from portal.signing.application import ApplicationAct
from portal.signing.batch import BatchAct
from portal.visit import Visit
from portal.way_back import HOLDS_SECRETS
from services.applications import company
from services.signing.errors import sentence

# A person's secrets are typed here: no script runs, nothing is fetched but style, font and mark, no form leads away.
_APART = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
}
_few = DefineMiddleware(LimitMiddleware, most=10)


@get("/applications/{application_id:uuid}/signature/code", guards=[citizen])
async def page(request: Visit, application_id: FromPath[UUID]) -> Response[Any]:
    """Show what is signed, and ask for what has a code sent, or signs with the one that was sent."""
    return await _page(request, await ApplicationAct.of(request, application_id))


@post(
    "/applications/{application_id:uuid}/signature/code",
    guards=[citizen],
    middleware=[_few],
    status_code=303,
    opt={HOLDS_SECRETS: True},
)
async def send_code(request: Visit, application_id: FromPath[UUID]) -> Response[Any]:
    """Have a code for this document sent to the person's phone."""
    return await _send_code(request, await ApplicationAct.of(request, application_id))


@post(
    "/applications/{application_id:uuid}/signature/code/authorisation",
    guards=[citizen],
    middleware=[_few],
    status_code=303,
    opt={HOLDS_SECRETS: True},
)
async def sign(request: Visit, application_id: FromPath[UUID]) -> Response[Any]:
    """Sign with the PIN and the code."""
    return await _sign(request, await ApplicationAct.of(request, application_id))


@get("/office/batches/{batch_id:uuid}/code", guards=[officer])
async def batch_page(request: Visit, batch_id: FromPath[UUID]) -> Response[Any]:
    """Show an officer what she signs, and ask for the same."""
    return await _page(request, await BatchAct.of(request, batch_id))


@post(
    "/office/batches/{batch_id:uuid}/code",
    guards=[officer],
    middleware=[_few],
    status_code=303,
    opt={HOLDS_SECRETS: True},
)
async def send_batch_code(request: Visit, batch_id: FromPath[UUID]) -> Response[Any]:
    """Have a code for this list sent to the officer's phone."""
    return await _send_code(request, await BatchAct.of(request, batch_id))


@post(
    "/office/batches/{batch_id:uuid}/code/authorisation",
    guards=[officer],
    middleware=[_few],
    status_code=303,
    opt={HOLDS_SECRETS: True},
)
async def sign_batch(request: Visit, batch_id: FromPath[UUID]) -> Response[Any]:
    """Sign the list with the PIN and the code."""
    return await _sign(request, await BatchAct.of(request, batch_id))


async def _send_code(request: Visit, act: ApplicationAct | BatchAct) -> Response[Any]:
    try:
        await by_code.send_code(request, act, by_code.secrets_of(await request.first("password")))
    except Invalid as wrong:
        return await _page(request, act, wrong, is_new=True)
    return request.to(f"{act.page}/code")


async def _sign(request: Visit, act: ApplicationAct | BatchAct) -> Response[Any]:
    try:
        given = by_code.secrets_of(await request.first("password", "pin", "code"))
        attempt = (await request.first("attempt"))["attempt"]
        return await by_code.sign(request, act.page, attempt, given)
    except Invalid as wrong:
        return await _page(request, await act.anew(request), wrong)


async def _page(
    request: Visit, act: ApplicationAct | BatchAct, wrong: Invalid | None = None, *, is_new: bool = False
) -> Response[Any]:
    """Return the page, with what was wrong and nothing of what was typed; `is_new`: another code is asked for."""
    if not act.is_open:
        return request.to(act.page)
    sheet = await by_code.document(act)
    code = None if is_new or "new" in request.query_params else by_code.sent(act, sheet)
    failure = act.signing.failure if act.signing else None
    if wrong:
        request.because(wrong.code)
    template, about = _about(act)
    context = {
        **about,
        "address": act.page,
        "digits": shown(sheet.hash),
        "sent": code,
        "minutes": max(1, round((code.ends_at - now()).total_seconds() / 60)) if code else 0,
        "failure": sentence(failure) if failure else None,
        "errors": request.errors(wrong) if wrong else {},
    }
    return request.page(template, context, status=422 if wrong else 200, headers=_APART)


def _about(act: ApplicationAct | BatchAct) -> tuple[str, dict[str, Any]]:
    """Return the template that says what is signed, and its context."""
    if isinstance(act, BatchAct):
        return "office/batch_code", {"batch": act.batch, "section": "office"}
    application = act.at.application
    return "signature_code", {
        "application": application,
        "service": act.service,
        "company": company.of(application, act.service),
        "at": act.at,
        "section": "applications",
    }
