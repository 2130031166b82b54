"""The door itself: in by the eID, out of both."""

from __future__ import annotations

from typing import Annotated, Any

import structlog
from litestar import Request, Response, get, post
from litestar.params import Parameter
from litestar.response import Redirect

from eid.client import Attempt
from i18n.refusal import Refusal, Unreachable
from i18n.text import Language
from portal import store
from portal.database import Connection, Database
from portal.parties import Parties
from portal.render import render
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
from portal.settings import Settings
from portal.store import Session

_log = structlog.get_logger("portal.sign_in")
_LONGEST_SIGN_IN = 3600  # seconds

AnyRequest = Request[Any, Any, Any]
Page = Annotated[str, Parameter(query="next", max_length=500)]


@get("/sign-in", guards=[anyone])
async def sign_in(
    request: AnyRequest, database: Database, parties: Parties, settings: Settings, page: Page = "/applications"
) -> Redirect:
    """Send the browser to the eID, remembering what it asked for."""
    attempt = await parties.eid.begin(
        redirect_uri=f"{settings.url}/{_language(request)}/sign-in/return",
        language=_language(request),
        acr="substantial",
        now=now(),
    )
    token = request.cookies.get(cookie_name(settings, "sign-in")) or new_token()
    async with database.transaction() as connection:
        await store.begin_sign_in(connection, digest(token), attempt.as_json(), within_site(page), now())
    answer = Redirect(attempt.url, status_code=303)
    answer.set_cookie(browser_cookie(settings, token, _LONGEST_SIGN_IN))
    return answer


@get("/sign-in/return", guards=[anyone])
async def arrive(request: AnyRequest, database: Database, parties: Parties, settings: Settings) -> Response[Any]:
    """Take the eID's answer, once, in the browser that asked; open a new session."""
    begun = await _take(request, database, settings)
    if begun is None or begun.attempt is None:
        return render(request, "pages/sign_in_again.html", status_code=409, section="", sentence=None, page="/")
    try:
        identity = await parties.eid.complete(Attempt.from_json(begun.attempt), _answer(request), now())
    except Refusal as refusal:
        return _failed(request, refusal, begun.next)
    token = new_token()
    async with database.transaction() as connection:
        await _close_present(request, connection)
        await store.open_session(connection, digest(token), identity, begun.typed, _language(request), now())
    answer = Redirect(f"/{_language(request)}{begun.next}", status_code=303)
    answer.set_cookie(session_cookie(settings, token))
    answer.delete_cookie(browser_cookie(settings, "").key)
    return answer


@post("/session", guards=[citizen], status_code=204)
async def stay(person: Session, database: Database) -> None:
    """Stay signed in: the person answered the warning."""
    async with database.transaction() as connection:
        await store.touch_session(connection, person.token_hash, now())


@post("/sign-out", guards=[anyone], status_code=303)
async def sign_out(request: AnyRequest, database: Database, parties: Parties, settings: Settings) -> Redirect:
    """End the session here, and then at the eID."""
    back = f"{settings.url}/{_language(request)}/signed-out"
    session: Session | None = request.scope["state"]["session"]
    to = back
    if session is not None:
        async with database.transaction() as connection:
            await store.close_session(connection, session.token_hash)
        to = await _sign_out_address(parties, session, back)
    answer = Redirect(to, status_code=303)
    answer.delete_cookie(session_cookie(settings, "").key)
    return answer


@get("/signed-out", guards=[anyone])
async def signed_out(request: AnyRequest) -> Response[Any]:
    """Say that both sessions have ended."""
    return render(request, "pages/signed_out.html", section="")


async def _sign_out_address(parties: Parties, session: Session, back: str) -> str:
    """Return where the eID ends its own session; our own page when it does not answer: here, she is out already."""
    try:
        return await parties.eid.sign_out_url(session.id_token, back, new_token())
    except Unreachable as silence:
        _log.warning("eid_sign_out_unreachable", code=silence.code)
        return back


async def _take(request: AnyRequest, database: Database, settings: Settings) -> store.SignIn | None:
    token = request.cookies.get(cookie_name(settings, "sign-in"))
    if not token:
        return None
    async with database.transaction() as connection:
        return await store.take_sign_in(connection, digest(token))


def _answer(request: AnyRequest) -> dict[str, str]:
    """Return what the eID sent back; a parameter given twice is none, so that no two readers can differ."""
    items = request.query_params.multi_items()
    names = [name for name, _value in items]
    return {name: value for name, value in items if names.count(name) == 1}


def _failed(request: AnyRequest, refusal: Refusal, page: str) -> Response[Any]:
    _log.warning("sign_in_failed", code=refusal.code, reference=request.scope["state"]["reference"])
    status = 503 if isinstance(refusal, Unreachable) else 409
    return render(
        request, "pages/sign_in_again.html", status_code=status, section="", sentence=refusal.sentence, page=page
    )


async def _close_present(request: AnyRequest, connection: Connection) -> None:
    """End the session that this browser may still hold: a sign-in never lives on under an old cookie."""
    present: Session | None = request.scope["state"]["session"]
    if present is not None:
        await store.close_session(connection, present.token_hash)


def _language(request: AnyRequest) -> Language:
    return request.scope["state"]["language"]
