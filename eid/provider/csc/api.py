"""The signing service over HTTP: Cloud Signature Consortium API 2.0.0.2 below /csc/v2, and 1.0.4.0 below /csc/v1."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from litestar import Response, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from eid.provider.browser import AnyRequest
from eid.provider.csc import credentials, document, signatures
from eid.provider.csc.body import Body
from eid.provider.csc.caller import Caller, called, refused
from eid.provider.csc.telling import Version, service
from eid.provider.desk import AtDesk, Desk, Now
from eid.provider.errors import Rejection
from eid.provider.signing import leave

_LOOKS_EVERY = 1.0  # seconds
_LARGEST_DOCUMENTS = 16 * 1024 * 1024  # bytes of a call, in base64


@post("/csc/{version:str}/info", status_code=200)
async def info(request: AnyRequest, desk: AtDesk, version: FromPath[str]) -> Response[Any]:
    """Say what this service is and what it can do; for everybody."""
    try:
        Body.read(await request.body()).text_or_none("lang")
    except Rejection as rejection:
        return refused(rejection)
    return Response(service(desk.issuer, _known(version)))


@post("/csc/{version:str}/credentials/list", status_code=200)
async def listing(request: AnyRequest, desk: AtDesk, now: Now, version: FromPath[str]) -> Response[Any]:
    """List a person's keys."""
    return await called(request, desk, now, _known(version), credentials.list_credentials)


@post("/csc/{version:str}/credentials/info", status_code=200)
async def telling(request: AnyRequest, desk: AtDesk, now: Now, version: FromPath[str]) -> Response[Any]:
    """Tell of a key."""
    return await called(request, desk, now, _known(version), credentials.tell_credential)


@post("/csc/{version:str}/credentials/authorize", status_code=200)
async def authorizing(request: AnyRequest, desk: AtDesk, now: Now, version: FromPath[str]) -> Response[Any]:
    """Ask a person on her phone for leave to sign; in version 1 the call lasts until she has answered."""
    if _known(version) == "v1":
        return await _answered(request, desk, now)
    return await called(request, desk, now, "v2", credentials.authorize)


@post("/csc/v2/credentials/authorizeCheck", status_code=200)
async def checking(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Say what a person answered on her phone."""
    return await called(request, desk, now, "v2", credentials.check)


@post("/csc/{version:str}/credentials/extendTransaction", status_code=200)
async def extending(request: AnyRequest, desk: AtDesk, now: Now, version: FromPath[str]) -> Response[Any]:
    """Give a new SAD for what is left to be signed."""
    return await called(request, desk, now, _known(version), credentials.extend)


@post("/csc/{version:str}/signatures/signHash", status_code=200)
async def signing(request: AnyRequest, desk: AtDesk, now: Now, version: FromPath[str]) -> Response[Any]:
    """Sign hashes."""
    return await called(request, desk, now, _known(version), signatures.sign_hash)


@post("/csc/v2/signatures/signDoc", status_code=200, request_max_body_size=_LARGEST_DOCUMENTS)
async def signing_documents(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Sign documents, or make signatures for their hashes."""
    return await called(request, desk, now, "v2", document.sign_documents)


@post("/csc/{version:str}/signatures/timestamp", status_code=200)
async def stamping(request: AnyRequest, desk: AtDesk, now: Now, version: FromPath[str]) -> Response[Any]:
    """Stamp a hash with the time."""
    return await called(request, desk, now, _known(version), signatures.stamp)


HANDLERS = (
    *(info, listing, telling, authorizing, checking, extending),
    *(signing, signing_documents, stamping),
)


def _known(version: str) -> Version:
    if version not in {"v1", "v2"}:
        raise NotFoundException
    return cast("Version", version)


async def _answered(request: AnyRequest, desk: Desk, now: datetime) -> Response[Any]:
    """Ask her, then look once a second what she answered; no connection is held between the looks."""
    asked: list[tuple[str, str]] = []

    async def ask(caller: Caller) -> Response[Any]:
        handle, _control_code = await credentials.ask_her(caller)
        asked.append((handle, caller.client_id))
        return Response(None)

    first = await called(request, desk, now, "v1", ask)
    return await _looked_after(desk, *asked[0], until=now + leave.WAITS) if asked else first


async def _looked_after(desk: Desk, handle: str, client_id: str, *, until: datetime) -> Response[Any]:
    while (at := datetime.now(UTC)) < until + timedelta(seconds=2 * _LOOKS_EVERY):
        await asyncio.sleep(_LOOKS_EVERY)
        async with desk.transaction() as connection:
            try:
                sad = await leave.answer(connection, handle, client_id, at)
            except Rejection as rejection:
                return refused(rejection)
        if sad:
            return Response(sad.as_json(at))
    return refused(Rejection("access_denied", "The person did not answer in time"))
