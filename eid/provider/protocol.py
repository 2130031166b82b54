"""The endpoints that machines use: discovery, keys, tokens, who someone is (OpenID Connect Core and Discovery)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

import structlog
from litestar import HttpMethod, Response, get, post, route
from litestar.response import Redirect

from eid.provider import asking_phone, authorization, introspection, redemption
from eid.provider.browser import AnyRequest, Browser, parameters
from eid.provider.call import Call, read_call
from eid.provider.checks import Check, run
from eid.provider.checks.backchannel import BACKCHANNEL, Calling
from eid.provider.checks.client import CLIENT, Asking
from eid.provider.checks.code import Redeeming
from eid.provider.checks.issued import INTROSPECTION, REVOCATION, Presenting
from eid.provider.checks.token import TOKEN
from eid.provider.checks.userinfo import Bringing
from eid.provider.desk import AtDesk, Desk, Now
from eid.provider.dialect import KS
from eid.provider.discovery import metadata
from eid.provider.errors import Rejection, Shown
from eid.provider.remote_keys import KeysWanted
from eid.provider.representation import RepresenteesWanted
from eid.provider.userinfo import tell
from i18n.text import _

_log = structlog.get_logger("eid.protocol")
_WISHES = 2  # that one call can have: the client's keys, and for whom a person may act
AskingT = TypeVar("AskingT", bound=Asking)
Endpoint: TypeAlias = tuple[
    type[AskingT], tuple[Check[AskingT], ...], Callable[[Desk, AskingT], Awaitable[Response[Any]]]
]
PUBLIC = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}


@get(["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"])
async def discovery(desk: AtDesk) -> Response[dict[str, Any]]:
    """Say where everything is and what is supported (OpenID Connect Discovery 1.0, RFC 8414)."""
    return Response(metadata(desk.issuer), headers=PUBLIC)


@get("/jwks.json")
async def keys(desk: AtDesk, now: Now) -> Response[dict[str, Any]]:
    """Publish the keys that sign, will sign, and signed within the last day."""
    async with desk.transaction() as connection:
        published = (await desk.keys(connection, now)).published
    return Response({"keys": list(published)}, headers=PUBLIC)


# `authorize` and `pushed_authorize` are what the signing service's standard calls them (CSC API, section 8.4).
@route(["/oauth2/auth", "/oauth2/authorize", f"{KS}/oauth2/auth"], http_method=[HttpMethod.GET, HttpMethod.POST])
async def authorize(request: AnyRequest, desk: AtDesk, now: Now) -> Redirect:
    """Take a request for authorization; unless the person is signed in, show her who asks."""
    browser = Browser(request, desk)
    desk.requests.check(browser.address, now)
    desk.requests.count(browser.address, now)
    try:
        sent = await parameters(request)
    except Rejection as rejection:
        raise Shown(rejection.error, _("The service that sent you here asked in a way we cannot read.")) from rejection
    async with desk.transaction() as connection:
        where = await authorization.arrive(desk, connection, sent, browser, now)
    return Redirect(where, status_code=303, cookies=[browser.bound_cookie()])


@post(["/oauth2/par", "/oauth2/pushed_authorize"], status_code=201)
async def push(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Take a request for authorization from the client itself (RFC 9126)."""
    return await _answered(request, desk, now, (Asking, CLIENT, authorization.push))


@post("/oauth2/ciba", status_code=200)
async def call_up(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Put a client's question to somebody's phone (OpenID Connect CIBA)."""
    return await _answered(request, desk, now, (Calling, BACKCHANNEL, asking_phone.ask))


@post(["/oauth2/token", f"{KS}/oauth2/token"], status_code=200)
async def token(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Give tokens for a code, a refresh token or a request on a phone that was approved."""
    return await _answered(request, desk, now, (Redeeming, TOKEN, redemption.redeem))


@post("/oauth2/revoke", status_code=200)
async def revoke(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Take back a token (RFC 7009)."""
    return await _answered(request, desk, now, (Presenting, REVOCATION, introspection.revoke))


@post("/oauth2/introspect", status_code=200)
async def introspect(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Say what a token stands for (RFC 7662)."""
    return await _answered(request, desk, now, (Presenting, INTROSPECTION, introspection.introspect))


@route(["/userinfo", f"{KS}/userinfo"], http_method=[HttpMethod.GET, HttpMethod.POST], status_code=200)
async def userinfo(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Say who the access token speaks of."""
    call = await read_call(request)

    async def told() -> Response[Any]:
        async with desk.transaction() as connection:
            asked = Bringing(call=call, connection=connection, secret=desk.secret, issuer=desk.issuer, now=now)
            return await tell(desk, asked)

    return await _when_known(desk, now, told)


async def _answered(request: AnyRequest, desk: Desk, now: datetime, endpoint: Endpoint[AskingT]) -> Response[Any]:
    """Answer a client that proves who it is."""
    call = await read_call(request)
    return await _when_known(desk, now, lambda: _acted(call, desk, now, endpoint))


async def _when_known(desk: Desk, now: datetime, act: Callable[[], Awaitable[Response[Any]]]) -> Response[Any]:
    """Return what `act` answers. What it has to know from elsewhere is asked for while no connection is held."""
    for _wish in range(_WISHES):
        try:
            return await act()
        except KeysWanted as wanted:
            await desk.remote_keys.fetch(wanted.uri, now)
        except RepresenteesWanted as wanted:
            await desk.representation.fetch(wanted, now)
    return await act()


async def _acted(call: Call, desk: Desk, now: datetime, endpoint: Endpoint[AskingT]) -> Response[Any]:
    """Pass a call through the endpoint's checks, then act on it."""
    kind, checks, act = endpoint
    async with desk.transaction() as connection:
        try:
            asked = kind(
                call=call,
                connection=connection,
                secret=desk.secret,
                issuer=desk.issuer,
                remote_keys=desk.remote_keys,
                now=now,
            )
            await run(checks, asked)
            return await act(desk, asked)
        except Rejection as rejection:
            # Answered, not raised: that the assertion was used, or the tokens revoked, must be kept.
            _log.info("call_rejected", path=call.path, error=rejection.error, why=rejection.description)
            how = {"WWW-Authenticate": "Basic"} if rejection.status == 401 and call.authorization else {}  # noqa: PLR2004 - Unauthorized
            return Response(rejection.as_json(), status_code=rejection.status, headers=rejection.headers | how)
