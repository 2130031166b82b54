"""The door itself: in by the eID, out of both."""

from __future__ import annotations

from typing import Annotated, Any

import structlog
from litestar import Response, get, post
from litestar.params import Parameter
from litestar.response import Redirect

from eid.client import Attempt
from eid.person import Identity, Level
from i18n.refusal import Refusal, Unreachable
from i18n.text import Sayable
from portal import store
from portal.session import (
    anyone,
    browser_cookie,
    citizen,
    cookie_name,
    digest,
    new_token,
    now,
    session_cookie,
    within_site,
)
from portal.store import Session
from portal.visit import Visit

_log = structlog.get_logger("portal.sign_in")
_LONGEST_SIGN_IN = 3600  # seconds

Page = Annotated[str, Parameter(query="next", max_length=500)]


@get("/sign-in", guards=[anyone])
async def sign_in(request: Visit, page: Page = "/applications", level: Level = "substantial") -> Redirect:
    """Send the browser to the eID for a sign-in of at least this level, remembering what it asked for."""
    back, language = f"{request.settings.url}/{request.language}/sign-in/return", request.language
    attempt = await request.parties.eid.begin(redirect_uri=back, language=language, acr=level, now=now())
    token = request.cookies.get(cookie_name(request.settings, "sign-in")) or new_token()
    async with request.database.transaction() as connection:
        await store.begin_sign_in(connection, digest(token), attempt.as_json(), within_site(page), now())
    answer = Redirect(attempt.url, status_code=303)
    answer.set_cookie(browser_cookie(request.settings, token, _LONGEST_SIGN_IN))
    return answer


@get("/sign-in/return", guards=[anyone])
async def arrive(request: Visit) -> Response[Any]:
    """Take the eID's answer, once, in the browser that asked; open a new session."""
    begun = await _take(request)
    if begun is None or begun.attempt is None:
        return _again(request, None, "/applications", 409)
    try:
        identity = await request.parties.eid.complete(Attempt.from_json(begun.attempt), _answer(request), now())
    except Refusal as refusal:
        _log.warning("sign_in_failed", code=refusal.code, reference=request.reference)
        return _again(request, refusal.sentence, begun.next, 503 if isinstance(refusal, Unreachable) else 409)
    return await _signed_in(request, identity, begun)


@post("/session", guards=[citizen], status_code=204)
async def stay(request: Visit) -> None:
    """Stay signed in: the person answered the warning."""
    async with request.database.transaction() as connection:
        await store.touch_session(connection, request.person.token_hash, now())


@post("/sign-out", guards=[anyone], status_code=303)
async def sign_out(request: Visit) -> Redirect:
    """End the session here, and then at the eID."""
    to = f"{request.settings.url}/{request.language}/signed-out"
    if request.session:
        async with request.database.transaction() as connection:
            await store.close_session(connection, request.session.token_hash)
        to = await _sign_out_address(request, request.session, to)
    answer = Redirect(to, status_code=303)
    answer.set_cookie(session_cookie(request.settings, "", 0))
    return answer


@get("/signed-out", guards=[anyone])
async def signed_out(request: Visit) -> Response[Any]:
    """Say that both sessions have ended."""
    return request.page("signed_out")


async def _signed_in(request: Visit, identity: Identity, begun: store.SignIn) -> Redirect:
    token = new_token()
    async with request.database.transaction() as connection:
        if request.session:  # an old session never lives on beside the new one
            await store.close_session(connection, request.session.token_hash)
        await store.open_session(
            connection, digest(token), identity, typed=begun.typed, language=request.language, now=now()
        )
    answer = request.to(begun.next)
    answer.set_cookie(session_cookie(request.settings, token))
    answer.set_cookie(browser_cookie(request.settings, "", 0))
    return answer


async def _sign_out_address(request: Visit, session: Session, back: str) -> str:
    """Return where the eID ends its own session; our own page when it does not answer: here, she is out already."""
    try:
        return await request.parties.eid.sign_out_url(session.id_token, back, new_token(), now())
    except Unreachable as silence:
        _log.warning("eid_sign_out_unreachable", code=silence.code)
        return back


async def _take(request: Visit) -> store.SignIn | None:
    token = request.cookies.get(cookie_name(request.settings, "sign-in"))
    if not token:
        return None
    async with request.database.transaction() as connection:
        return await store.take_sign_in(connection, digest(token))


def _answer(request: Visit) -> dict[str, str]:
    """Return what the eID sent back; a parameter given twice is none, so that no two readers can differ."""
    items = list(request.query_params.multi_items())
    names = [name for name, _value in items]
    return {name: value for name, value in items if names.count(name) == 1}


def _again(request: Visit, sentence: Sayable | None, page: str, status: int) -> Response[Any]:
    return request.page("sign_in_again", status=status, sentence=sentence, page=page, reference=request.reference)
