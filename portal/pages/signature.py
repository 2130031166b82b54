"""Signing an application: what is signed, the digits to compare, there and back, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from portal.session import citizen, now
from portal.signing import at_service
from portal.signing.application import ApplicationAct
from portal.visit import Visit
from services.applications import company
from services.applications.application import State
from services.signing import collect
from services.signing.errors import sentence


@get("/applications/{application_id:uuid}/signature", guards=[citizen])
async def page(request: Visit, application_id: FromPath[UUID]) -> Response[Any]:
    """Show what is to be signed and how far that is; htmx asks again while a signature is being completed."""
    act = await ApplicationAct.of(request, application_id)
    is_own = act.at.application.person_id == request.person.person_id
    if is_own and act.at.application.state is not State.AWAITING_SIGNATURE:
        return request.to(f"/applications/{application_id}")
    return request.page("signature", _context(act, is_own=is_own), block="progress", section="applications")


@get("/applications/{application_id:uuid}/signature/sheet", guards=[citizen])
async def sheet(request: Visit, application_id: FromPath[UUID]) -> Response[bytes]:
    """Give the sheet as it stands, to whoever signs it: shown by the browser, not saved."""
    act = await ApplicationAct.of(request, application_id)
    name = f'inline; filename="{act.file_name}"'
    return Response(await act.sheet(), media_type="application/pdf", headers={"Content-Disposition": name})


@post("/applications/{application_id:uuid}/signature/preparation", guards=[citizen], status_code=303)
async def prepare(request: Visit, application_id: FromPath[UUID]) -> Redirect:
    """Ask the signing service which key the person has, and prepare the sheet for it."""
    return await at_service.ask_key(request, await ApplicationAct.of(request, application_id))


@post("/applications/{application_id:uuid}/signature", guards=[citizen], status_code=303)
async def sign(request: Visit, application_id: FromPath[UUID]) -> Redirect:
    """Send the person to the signing service to sign."""
    return await at_service.ask_signature(request, await ApplicationAct.of(request, application_id))


@get("/signature/return", guards=[citizen])
async def arrive(request: Visit) -> Redirect:
    """Take the signing service's answer, once."""
    return await at_service.arrive(request, _answer(request))


@post("/applications/{application_id:uuid}/draft", guards=[citizen], status_code=303)
async def reopen(request: Visit, application_id: FromPath[UUID]) -> Redirect:
    """Open the application again to change an answer; what was signed of it is void."""
    async with request.database.transaction() as connection:
        await collect.reopen(connection, application_id, request.person.person_id, now())
    return request.to(f"/applications/{application_id}/check")


def _context(act: ApplicationAct, *, is_own: bool) -> dict[str, Any]:
    """Return the context of templates/pages/signature.html."""
    application, under_way = act.at.application, act.signing
    return {
        "application": application,
        "service": act.service,
        "at": act.at,
        "is_own": is_own,
        "company": company.of(application, act.service),
        "is_open": application.state is State.AWAITING_SIGNATURE,
        "digits": under_way.digits(now()) if under_way else "",
        "failure": sentence(under_way.failure) if under_way and under_way.failure else None,
    }


def _answer(request: Visit) -> Mapping[str, str]:
    """Return what the service sent back; a parameter given twice is none, so that no two readers can differ."""
    items = list(request.query_params.multi_items())
    names = [name for name, _value in items]
    return {name: value for name, value in items if names.count(name) == 1}
