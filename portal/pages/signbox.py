"""Signing with a code, on a page apart: no script, nothing kept, nothing shown again of what is typed there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.middleware import DefineMiddleware
from litestar.params import FromPath

from eid.prepared import shown
from i18n.refusal import Invalid
from portal import signbox, signing
from portal.limit import LimitMiddleware
from portal.session import citizen, now
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
    return await _page(request, application_id)


@post(
    "/applications/{application_id:uuid}/signature/code",
    guards=[citizen],
    middleware=[_few],
    status_code=303,
    opt={HOLDS_SECRETS: True},
)
async def send_code(request: Visit, application_id: FromPath[UUID]) -> Response[Any]:
    """Have a code for this document sent to the person's phone."""
    try:
        await signbox.send_code(request, application_id, signbox.secrets_of(await request.first("password")))
    except Invalid as wrong:
        return await _page(request, application_id, wrong, is_new=True)
    return request.to(f"/applications/{application_id}/signature/code")


@post(
    "/applications/{application_id:uuid}/signature/code/authorisation",
    guards=[citizen],
    middleware=[_few],
    status_code=303,
    opt={HOLDS_SECRETS: True},
)
async def sign(request: Visit, application_id: FromPath[UUID]) -> Response[Any]:
    """Sign with the PIN and the code."""
    try:
        given = signbox.secrets_of(await request.first("password", "pin", "code"))
        attempt = (await request.first("attempt"))["attempt"]
        return await signbox.sign(request, application_id, attempt, given)
    except Invalid as wrong:
        return await _page(request, application_id, wrong)


async def _page(
    request: Visit, application_id: UUID, wrong: Invalid | None = None, *, is_new: bool = False
) -> Response[Any]:
    """Return the page, with what was wrong and nothing of what was typed; `is_new`: another code is asked for."""
    at, service = await signing.standing(request, application_id)
    if not signbox.is_open(at):
        return request.to(signing.page_of(at))
    sheet = await signbox.document(request, at, service)
    code = None if is_new or "new" in request.query_params else signbox.sent(at, sheet)
    failure = at.signing.failure if at.signing else None
    if wrong:
        request.because(wrong.code)
    context = {
        "application": at.application,
        "service": service,
        "company": company.of(at.application, service),
        "at": at,
        "digits": shown(sheet.hash),
        "sent": code,
        "minutes": max(1, round((code.ends_at - now()).total_seconds() / 60)) if code else 0,
        "failure": sentence(failure) if failure else None,
        "errors": request.errors(wrong) if wrong else {},
    }
    return request.page("signbox", context, status=422 if wrong else 200, section="applications", headers=_APART)
