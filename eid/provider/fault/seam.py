"""Makes the eID's answers wrong where faults are wanted: around the application, which knows nothing of it."""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode
from contextlib import suppress
from datetime import UTC, datetime
from typing import cast
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit, urlunsplit

import structlog
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from eid.provider import store as eid_store
from eid.provider.browser import FORM
from eid.provider.desk import Desk
from eid.provider.errors import Rejection
from eid.provider.fault import store
from eid.provider.fault.kind import ID_TOKENS, OUTAGES, REDIRECTIONS, USERINFO, Endpoint, Kind
from eid.provider.fault.message import Answer, held, read_body
from eid.provider.fault.person import speaking_of_another
from eid.provider.fault.token import Forger
from eid.provider.issued import store as issued
from eid.provider.parameters import Parameters
from eid.provider.secret import digest
from eid.provider.tokens import peek

_log = structlog.get_logger("eid.fault")
_MOST = 64 * 1024  # bytes of a request
_HANG_SECONDS = 60
_PATHS: dict[str, Endpoint] = {
    "/.well-known/openid-configuration": "discovery",
    "/.well-known/oauth-authorization-server": "discovery",
    "/jwks.json": "jwks",
    "/.well-known/jwks.json": "jwks",
    "/oauth2/par": "par",
    "/oauth2/auth": "authorize",
    "/oauth2/token": "token",
    "/userinfo": "userinfo",
}
_HTML = Answer(200, [(b"content-type", b"text/html; charset=utf-8")], b"<!DOCTYPE html><title>Maintenance</title>")
_FAILED = Answer(500, [(b"content-type", b"text/plain")], b"Internal Server Error")


def with_faults(app: ASGIApp, desk: Desk) -> ASGIApp:
    """Return the application with the faults that are wanted of it; only ever called where they are turned on."""
    seam = _Seam(desk, Forger())

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await seam.answer(app, cast("HTTPScope", scope), receive, send)
        else:
            await app(scope, receive, send)

    return guarded


class _Seam:
    """Every answer passes here: left alone, withheld, or changed."""

    def __init__(self, desk: Desk, forger: Forger) -> None:
        self._desk = desk
        self._forger = forger

    async def answer(self, app: ASGIApp, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Answer a request as the application does, unless a fault is wanted there."""
        endpoint = _PATHS.get(scope["path"].removeprefix("/ks"))
        body, receive = await read_body(receive, _MOST)
        client_id = await self._client_of(endpoint, scope, body) if endpoint else None
        if endpoint and (outage := await self._taken(endpoint, OUTAGES, client_id)):
            await _fail(outage.kind, receive, send)
            return
        answer = await held(app, scope, receive)
        await (await self._changed(endpoint, answer, client_id)).leave(send)

    async def _changed(self, endpoint: Endpoint | None, answer: Answer, client_id: str | None) -> Answer:
        if answer.status in {302, 303} or answer.header(b"hx-redirect"):
            return await self._redirected(answer)
        if answer.status != 200:  # noqa: PLR2004 - OK
            return answer
        if endpoint == "token" and b'"id_token"' in answer.body:
            return await self._redeemed(answer, client_id)
        if endpoint == "userinfo" and await self._taken("userinfo", USERINFO, client_id):
            return answer.with_json(json.loads(answer.body) | {"sub": "another-subject"})
        if endpoint == "jwks" and (more := self._forger.published):
            return answer.with_json({"keys": [*json.loads(answer.body)["keys"], *more]})
        return answer

    async def _redeemed(self, answer: Answer, client_id: str | None) -> Answer:
        fault = await self._taken("token", ID_TOKENS, client_id)
        if fault is None:
            return answer
        told = json.loads(answer.body)
        if fault.kind == "missing_id_token":
            return answer.with_json({name: value for name, value in told.items() if name != "id_token"})
        now = _now()
        async with self._desk.transaction() as connection:
            keys = await self._desk.keys(connection, now, with_rsa=peek(told["id_token"])[0]["alg"] != "ES256")
            if fault.kind == "another_person":
                forged = await speaking_of_another(self._desk, connection, told, keys)
            else:
                forged = self._forger.forged(told["id_token"], fault.kind, keys)
        return answer.with_json(told | {"id_token": forged})

    async def _redirected(self, answer: Answer) -> Answer:
        """Return a way back to a client with a parameter wrong; a redirection within the eID is left alone."""
        name = b"hx-redirect" if answer.header(b"hx-redirect") else b"location"
        parts = urlsplit(answer.header(name))
        told = dict(parse_qsl(parts.query, keep_blank_values=True))
        if not parts.netloc or not {"code", "error"} & set(told):
            return answer
        fault = await self._taken("authorize", REDIRECTIONS, await self._client_at(parts._replace(query="").geturl()))
        if fault is None:
            return answer
        told |= {"wrong_iss_parameter": {"iss": "https://another.example"}, "wrong_state": {"state": "another"}}.get(
            fault.kind, {}
        )
        if fault.kind == "missing_iss_parameter":
            told.pop("iss", None)
        return answer.with_header(name, urlunsplit(parts._replace(query=urlencode(told))))

    async def _taken(self, at: Endpoint, kinds: tuple[Kind, ...], client_id: str | None) -> store.Fault | None:
        async with self._desk.transaction() as connection:
            fault = await store.take(connection, at, [kind.name for kind in kinds], client_id, _now())
        if fault:
            _log.warning("fault", kind=fault.kind, at=at, client=client_id)
        return fault

    async def _client_of(self, endpoint: Endpoint, scope: HTTPScope, body: bytes) -> str | None:
        """Return the client that asks, as it says; None when the question does not tell."""
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        scheme, _space, authorization = headers.get(b"authorization", "").partition(" ")
        if endpoint == "userinfo":
            async with self._desk.transaction() as connection:
                access = await issued.find_access(connection, digest(authorization))
            return access.client_id if access else None
        if scheme.lower() == "basic":
            with suppress(ValueError):
                return unquote_plus(b64decode(authorization).decode().partition(":")[0])
        sent = _sent(scope["query_string"] if scope["method"] == "GET" else body, headers)
        return sent.get("client_id") or peek(sent.get("client_assertion") or "")[1].get("sub")

    async def _client_at(self, address: str) -> str | None:
        async with self._desk.transaction() as connection:
            clients = await eid_store.clients(connection)
        return next((client.client_id for client in clients if address in client.redirect_uris), None)


def _sent(encoded: bytes, headers: dict[bytes, str]) -> Parameters:
    if headers.get(b"content-type", FORM).partition(";")[0].strip().lower() != FORM:
        return Parameters(())
    with suppress(Rejection):
        return Parameters.read(encoded)
    return Parameters(())


async def _fail(kind: str, receive: Receive, send: Send) -> None:
    if kind == "hang":
        with suppress(TimeoutError):
            async with asyncio.timeout(_HANG_SECONDS):
                while (await receive())["type"] != "http.disconnect":
                    pass
    await (_HTML if kind == "html" else _FAILED).leave(send)


def _now() -> datetime:
    """Return the time: the seam stands outside the door, where nobody passes it in."""
    return datetime.now(UTC)
