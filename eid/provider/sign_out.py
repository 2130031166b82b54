"""Ends the eID's session: at a client's word when the client knows it, else when the person confirms."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import structlog
from litestar import HttpMethod, Response, post, route
from litestar.response import Redirect

from eid.provider import store
from eid.provider.backchannel.store import end_session
from eid.provider.browser import SIGNED_IN, AnyRequest, Browser, cookie, form, parameters
from eid.provider.checks import run
from eid.provider.checks.sign_out import SIGN_OUT, Leaving
from eid.provider.client import origin
from eid.provider.desk import AtDesk, Desk, Now
from eid.provider.dialect import KS
from eid.provider.errors import Rejection, Shown
from eid.provider.parameters import Parameters
from eid.provider.secret import digest
from i18n.text import _

_log = structlog.get_logger("eid.sign_out")
_ACT = "sign-out"


@dataclass(frozen=True, slots=True)
class Way:
    """Where the browser goes once it is signed out: the client's address, or None for a page of ours."""

    back: str | None
    state: str | None

    @property
    def address(self) -> str | None:
        """The client's address with its `state`."""
        if self.back is None or self.state is None:
            return self.back
        return f"{self.back}{'&' if '?' in self.back else '?'}{urlencode({'state': self.state})}"


@route(
    ["/oauth2/sessions/logout", f"{KS}/oauth2/sessions/logout"],
    http_method=[HttpMethod.GET, HttpMethod.POST],
    status_code=200,
)
async def leave(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Sign out at a client's word (RP-Initiated Logout 1.0), or ask the person whether she wants to."""
    browser = Browser(request, desk)
    try:
        sent = await parameters(request)
        async with desk.transaction() as connection:
            leaving = Leaving(sent, connection, await desk.keys(connection, now))
            await run(SIGN_OUT, leaving)
            return await _leave(desk, leaving, browser, now)
    except Rejection as rejection:
        raise Shown(rejection.error, _("The service that sent you here asked in a way we cannot read.")) from rejection


@post("/sign-out", status_code=200)
async def confirm(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Sign out whoever confirms it; she goes back to the service either way."""
    browser = Browser(request, desk)
    sent = await form(request, browser, _ACT)
    is_out = sent.get("answer") != "no"
    if is_out:
        async with desk.transaction() as connection:
            await _end(connection, await _own_session(connection, browser), now)
    return _on(desk, browser, _way(desk, sent), is_out=is_out)


async def _leave(desk: Desk, leaving: Leaving, browser: Browser, now: datetime) -> Response[Any]:
    sent, connection = leaving.parameters, leaving.connection
    way = Way(sent.get("post_logout_redirect_uri"), sent.get("state"))
    own = await _own_session(connection, browser)
    known = None
    if leaving.client and leaving.sid:
        known = await store.find_session_by_sid(connection, leaving.client.client_id, leaving.sid)
    await _end(connection, known, now)
    if own and own != known:
        return _ask(desk, browser, leaving, way)
    return _on(desk, browser, way, is_out=True)


async def _end(connection: store.Connection, session_id: UUID | None, now: datetime) -> None:
    if session_id:
        await end_session(connection, session_id, now)
        _log.info("signed_out")


def _way(desk: Desk, sent: Parameters) -> Way:
    """Return the way that the page was given when it asked; only we can have written it."""
    kept = desk.secret.unseal(_ACT, sent.get("way") or "")
    return Way(**json.loads(kept)) if kept else Way(None, None)


async def _own_session(connection: store.Connection, browser: Browser) -> UUID | None:
    session = await store.find_session(connection, digest(browser.session)) if browser.session else None
    return session.id if session else None


def _ask(desk: Desk, browser: Browser, leaving: Leaving, way: Way) -> Response[Any]:
    client = leaving.client.name.say(browser.language) if leaving.client else None
    page = desk.pages.page(
        "sign_out",
        browser.language,
        switch=browser.here,
        forms_lead_to=[origin(way.back)] if way.back else [],
        client=client,
        seal=browser.seal_of(_ACT),
        way=desk.secret.seal(_ACT, json.dumps({"back": way.back, "state": way.state})),
    )
    page.set_cookie(browser.bound_cookie())
    return page


def _on(desk: Desk, browser: Browser, way: Way, *, is_out: bool) -> Response[Any]:
    if way.address:
        answer: Response[Any] = Redirect(way.address, status_code=303)
    else:
        answer = desk.pages.page("signed_out", browser.language, switch=browser.here, is_out=is_out)
    if is_out:
        answer.set_cookie(cookie(desk, SIGNED_IN, "", 0))
    return answer
