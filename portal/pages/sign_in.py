"""The door itself: in by the eID, out of both."""

from __future__ import annotations

from typing import Annotated, Any

import structlog
from litestar import Response, get, post
from litestar.middleware import DefineMiddleware
from litestar.params import FromQuery, QueryParameter
from litestar.response import Redirect

from eid.client import Attempt
from eid.errors import SignInFailed
from eid.person import Identity, Level, reaches
from i18n.refusal import Refusal, Unreachable
from portal import cookie, store
from portal.limit import LimitMiddleware
from portal.session import anyone, citizen, now
from portal.store import Session, SignIn
from portal.visit import Visit
from portal.way_back import HOME, KEPT_SECONDS, within_site

_MOST = 300  # a minute from one address, behind which a whole office may sit; each costs a row
USUAL: Level = "substantial"
_log = structlog.get_logger("portal.sign_in")

Page = Annotated[str, QueryParameter(name="next")]


@get("/sign-in", guards=[anyone], middleware=[DefineMiddleware(LimitMiddleware, most=_MOST)])
async def sign_in(request: Visit, page: Page = HOME, level: FromQuery[Level] = USUAL) -> Response[Any]:
    """Send the browser to the eID for a sign-in of at least this level, remembering what it asked for."""
    her = _raised(request, level)
    try:
        attempt = await _asked(request, level, her)
    except Refusal as refusal:
        return _failed(request, refusal, within_site(page), level)
    return await _begun(request, attempt, within_site(page), her)


@get("/sign-in/return", guards=[anyone])
async def arrive(request: Visit) -> Response[Any]:
    """Take the eID's answer, once, in the browser that asked; open a new session."""
    begun = await _taken(request)
    if begun is None:  # nothing was begun here, or it is answered: she came back by the browser's own way
        return request.to(HOME) if request.session else _failed(request, SignInFailed("attempt_expired"), HOME)
    attempt = Attempt.from_json(begun.attempt)
    try:
        identity = await _completed(request, attempt, begun)
    except Refusal as refusal:
        return _failed(request, refusal, begun.next, attempt.acr)
    return await _signed_in(request, begun, identity)


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
    answer.set_cookie(cookie.make(request.settings, "session", "", 0))
    return answer


@get("/signed-out", guards=[anyone])
async def signed_out(request: Visit) -> Response[Any]:
    """Say that both sessions have ended."""
    return request.page("signed_out")


async def _asked(request: Visit, level: Level, her: Session | None) -> Attempt:
    """Return a sign-in begun at the eID; `her`: who is to prove herself more strongly, and nobody else."""
    return await request.parties.eid.begin(
        redirect_uri=f"{request.settings.url}/{request.language}/sign-in/return",
        language=request.language,
        acr=level,
        id_token_hint=her.id_token if her else None,
        now=now(),
    )


async def _completed(request: Visit, attempt: Attempt, begun: SignIn) -> Identity:
    """Return who came back from the eID; SignInFailed for another person than who was to prove herself."""
    identity = await request.parties.eid.complete(attempt, _answer(request), now())
    if begun.personal_number not in {None, identity.person.personal_number}:
        raise SignInFailed("another_person")
    return identity


async def _sign_out_address(request: Visit, session: Session, back: str) -> str:
    """Return where the eID ends its own session; our own page when it does not answer: here, she is out already."""
    try:
        return await request.parties.eid.sign_out_url(session.id_token, back, cookie.new_token(), now())
    except Unreachable as silence:
        _log.warning("eid_sign_out_unreachable", code=silence.code)
        return back


def _raised(request: Visit, level: Level) -> Session | None:
    """Return the session that shall become stronger: the same person must come back. None: whoever comes signs in."""
    session = request.session
    return session if session and not reaches(session.acr, level) else None


async def _begun(request: Visit, attempt: Attempt, page: str, her: Session | None) -> Redirect:
    """Keep the attempt under this browser's cookie and send it to the eID."""
    token = cookie.read(request.scope, request.settings, "sign-in") or cookie.new_token()
    whose = her.person_id if her else None
    async with request.database.transaction() as connection:
        kept = attempt.as_json()
        await store.begin_sign_in(connection, cookie.digest(token), kept, page, now(), person_id=whose)
    answer = Redirect(attempt.url, status_code=303)
    answer.set_cookie(cookie.make(request.settings, "sign-in", token, KEPT_SECONDS))
    return answer


async def _taken(request: Visit) -> SignIn | None:
    """Return what this browser began, which it can answer once."""
    token = cookie.read(request.scope, request.settings, "sign-in")
    if not token:
        return None
    async with request.database.transaction() as connection:
        return await store.take_sign_in(connection, cookie.digest(token))


async def _signed_in(request: Visit, begun: SignIn, identity: Identity) -> Redirect:
    """Open a session under a new cookie, in place of any other of this browser, and lead to where she wanted to go."""
    token, browser = cookie.new_token(), cookie.read(request.scope, request.settings, "sign-in") or ""
    async with request.database.transaction() as connection:
        if request.session:
            await store.close_session(connection, request.session.token_hash)
        await store.end_sign_in(connection, cookie.digest(browser))
        await store.open_session(
            connection, cookie.digest(token), identity, typed=begun.typed, language=request.language, now=now()
        )
    answer = request.to(begun.next)
    answer.set_cookie(cookie.make(request.settings, "session", token))
    answer.set_cookie(cookie.make(request.settings, "sign-in", "", 0))
    return answer


def _answer(request: Visit) -> dict[str, str]:
    """Return what the eID sent back; a parameter given twice is none, so that no two readers can differ."""
    items = list(request.query_params.multi_items())
    names = [name for name, _value in items]
    return {name: value for name, value in items if names.count(name) == 1}


def _failed(request: Visit, refusal: Refusal, page: str, level: Level = USUAL) -> Response[Any]:
    """Say why she is not signed in, or not more strongly than before, and how to try again."""
    request.because(refusal.code)
    request.scope["state"]["query"] = ""  # the eID's code and state go into no link of the page
    return request.page(
        "sign_in_again",
        status=503 if isinstance(refusal, Unreachable) else 409,
        sentence=refusal.sentence,
        page=page,
        level=None if level == USUAL else level,
        reference=request.reference,
    )
