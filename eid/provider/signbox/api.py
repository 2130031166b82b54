"""SignBox over HTTP, below /signbox/api/v1: echo, otp, sign, timestamp. Bodies are neither logged nor echoed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeAlias

import structlog
from asn1crypto import tsp as _tsp
from litestar import Response, get, post
from uuid_utils.compat import uuid7

from eid.provider import tsa
from eid.provider.browser import AnyRequest, Browser
from eid.provider.desk import AtDesk, Desk, Now
from eid.provider.pki import passphrase_of
from eid.provider.signbox.identity import CODE_LIVES, Calling, authorised, calling, client_of, send_code
from eid.provider.signbox.sent import LARGEST, Fault, Sent, read
from eid.provider.signing import store as signing_store
from eid.provider.signing.activation import Activation
from eid.provider.signing.algorithm import SHA256
from eid.provider.signing.credential import Credential, credential_of
from eid.provider.signing.making import Level, Made, Order, Place, make
from eid.provider.store import Connection
from eid.provider.trail.log import note

tsp: Any = _tsp  # asn1crypto carries no types
_log = structlog.get_logger("eid.signbox")
_LEVELS: dict[str, Level] = {"BASIC": "B", "T": "T"}
Act: TypeAlias = Callable[[Desk, Connection, Sent, datetime], Awaitable[Response[Any]]]


@get("/signbox/api/v1/echo", sync_to_thread=False)
def echo(message: str = "echo") -> dict[str, str]:
    """Answer what was said, to show that the service is there."""
    return {"status": "success", "message": message[:200]}


@post("/signbox/api/v1/otp", status_code=200, request_max_body_size=LARGEST)
async def otp(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Send a person the code that signs one document."""
    return await _answered(request, desk, now, _send)


@post("/signbox/api/v1/sign", status_code=200, request_max_body_size=LARGEST)
async def sign(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Sign a document: PAdES or CAdES, BASIC or with a time stamp."""
    return await _answered(request, desk, now, _sign)


@post("/signbox/api/v1/timestamp", status_code=200, request_max_body_size=LARGEST)
async def timestamp(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Stamp a document with the time (RFC 3161)."""
    return await _answered(request, desk, now, _stamp)


HANDLERS = (echo, otp, sign, timestamp)


async def _answered(request: AnyRequest, desk: Desk, now: datetime, act: Act) -> Response[Any]:
    address = Browser(request, desk).address
    desk.failures.check(address, now)
    try:
        sent = await read(request)
        async with desk.transaction() as connection:
            try:
                return await act(desk, connection, sent, now)
            except Fault as fault:
                # Answered, not raised: that a PIN or a code was wrong must be kept.
                if fault.status == 401:  # noqa: PLR2004 - Unauthorized
                    desk.failures.count(address, now)
                return _told(fault)
    except Fault as fault:
        return _told(fault)


def _told(fault: Fault) -> Response[Any]:
    _log.info("signbox_refused", why=fault.code)
    return Response({"status": "error", "message": fault.code, "details": fault.meaning}, status_code=fault.status)


async def _send(desk: Desk, connection: Connection, sent: Sent, now: datetime) -> Response[Any]:
    await send_code(await calling(desk, connection, sent, now))
    details = {"expires_in": int(CODE_LIVES.total_seconds())}
    return Response({"status": "success", "message": "OTP sent", "details": details})


async def _sign(desk: Desk, connection: Connection, sent: Sent, now: datetime) -> Response[Any]:
    order = _order(sent)
    call = await calling(desk, connection, sent, now)
    known = await credential_of(connection, desk.pki, desk.secret, call.person, url=desk.issuer, now=now)
    state = known.state(desk.pki, now)
    if state != "valid":
        raise Fault("certificate_unusable", f"the person's certificate is {state}", 403)
    await authorised(call)
    made = await _made(desk, known, order, now)
    await _noted(call, known)
    _log.info("signbox_signed", client=call.client.client_id)
    kind = "application/pdf" if made.is_document else "application/pkcs7-mime"
    return Response(made.content, media_type=kind)


async def _noted(call: Calling, known: Credential) -> None:
    hashes, client_id = (call.sent.document_hash,), call.client.client_id
    allowed = Activation(
        id=uuid7(),
        credential_id=known.id,
        client_id=client_id,
        hash_algorithm=SHA256,
        hashes=hashes,
        approval_id=None,
        is_spent=True,
        expires_at=call.now,
    )
    await signing_store.note_signatures(call.connection, allowed, hashes, call.now)
    await note(
        call.connection, call.person.id, "signature", now=call.now, client_id=client_id, means="phone", acr="high"
    )


def _order(sent: Sent) -> Order:
    if sent.fields.get("format") == "xades":
        raise Fault("unsupported_parameter", "format xades is not offered here: pades or cades")
    kind = sent.one_of("format", ("pades", "cades"), "pades")
    return Order(
        content=sent.document,
        is_digest=False,
        kind="P" if kind == "pades" else "C",
        level=_LEVELS[sent.one_of("level", tuple(_LEVELS), "BASIC")],
        is_certifying=False,
        is_detached=False,
        digest_algorithm="sha256",
        reason=sent.fields.get("reason", ""),
    )


async def _made(desk: Desk, known: Credential, order: Order, now: datetime) -> Made:
    place = Place(desk.settings.pki, passphrase_of(desk.secret))
    try:
        made = await desk.workbench.do(make, order, known.key_bytes(desk.secret), known.der, place, now)
    except TimeoutError as busy:
        raise Fault("temporarily_unavailable", "try again in a minute", 503) from busy
    if made == "unprovable":
        raise Fault("temporarily_unavailable", "no signature can be proven at the moment", 503)
    if not isinstance(made, Made):
        raise Fault("invalid_file", "the file cannot be signed in this format")
    return made


async def _stamp(desk: Desk, connection: Connection, sent: Sent, now: datetime) -> Response[Any]:
    await client_of(desk, connection, sent)
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": sent.document_hash}
    asked = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "cert_req": True})
    return Response(tsa.answer(desk.pki, asked.dump(), now), media_type="application/timestamp-reply")
