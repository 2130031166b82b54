"""Answers a request for authorization: at once when the person is signed in here already, else by the sign-in page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import structlog
from litestar import Response
from uuid_utils.compat import uuid7

from eid.provider import store
from eid.provider.browser import Browser
from eid.provider.checks import run
from eid.provider.checks.authorization import ARRIVAL, AUTHORIZATION, PUSHED, Asked
from eid.provider.checks.client import Asking
from eid.provider.checks.proof import proven_key
from eid.provider.client import Client
from eid.provider.desk import Desk
from eid.provider.errors import Rejection, Shown
from eid.provider.issued import store as issued
from eid.provider.issued.agreed import OFFLINE
from eid.provider.parameters import Parameters
from eid.provider.request import Authorization, Grant, Interaction, Session, reaches
from eid.provider.secret import digest, new_token
from eid.provider.signing.arrival import begin_signing
from eid.provider.store import Connection
from eid.provider.tokens import CODE_LIVES, session_name, subject

_log = structlog.get_logger("eid.authorization")
PUSHED_LIVES = timedelta(seconds=60)
_SIGN_IN_LIVES = timedelta(minutes=15)


async def arrive(desk: Desk, connection: Connection, sent: Parameters, browser: Browser, now: datetime) -> str:
    """Return where the browser goes next: to the client with an answer, or to a sign-in page of its own."""
    asked = Asked(sent, connection, await desk.keys(connection, now), now, path=browser.path)
    try:
        request = await _arrived(asked)
        if request.to_sign:
            return await begin_signing(connection, request, browser, now)
        session = await _usable_session(desk, asked, request, browser, now)
    except Rejection as rejection:
        _log.info("authorization_rejected", client=asked.client.client_id, error=rejection.error)
        return answer(desk, asked.redirect_uri, asked.state, client=asked.client, **rejection.as_json())
    if session:
        await store.touch_session(connection, session.id, now)
        return await grant(desk, connection, request, session, now, client=asked.client)
    language = browser.speaks(request.ui_locales)
    request = replace(request, same_person=asked.same_person)
    return f"{await _at_sign_in(connection, request, browser, now)}?language={language}"


async def push(desk: Desk, asking: Asking) -> Response[dict[str, Any]]:
    """Keep a client's request for a minute and return the name by which the browser brings it (RFC 9126)."""
    sent = asking.parameters.but("client_id", asking.client.client_id)
    if jkt := await proven_key(asking, is_nonce_wanted=asking.client.dpop_nonce_required):
        if sent.get("dpop_jkt") not in {None, jkt}:
            raise Rejection("invalid_dpop_proof", "dpop_jkt is not the key of the proof.")
        sent = sent.but("dpop_jkt", jkt)
    asked = Asked(
        sent, asking.connection, await desk.keys(asking.connection, asking.now), asking.now, is_being_pushed=True
    )
    try:
        await run(AUTHORIZATION, asked)
    except Shown as shown:
        raise Rejection("invalid_request", f"Nobody could be sent there: {shown.code}.") from shown
    name = new_token()
    await issued.save_pushed(asking.connection, digest(name), await _understood(asked), asking.now + PUSHED_LIVES)
    return Response({"request_uri": PUSHED + name, "expires_in": int(PUSHED_LIVES.total_seconds())}, status_code=201)


async def _arrived(asked: Asked) -> Authorization:
    """Return what the browser brings: the name of a pushed request, or a request."""
    if (asked.parameters.get("request_uri") or "").startswith(PUSHED):
        await run(ARRIVAL, asked)
    else:
        await run(AUTHORIZATION, asked)
    return asked.pushed or await _understood(asked)


async def grant(
    desk: Desk, connection: Connection, request: Authorization, session: Session, now: datetime, *, client: Client
) -> str:
    """Return the way back to the client with a code for who is signed in."""
    code, sid = new_token(), session_name(desk.secret, session.id, request.client_id)
    await store.tell_client(connection, session.id, request.client_id, sid)
    kept = Grant(
        code_hash=digest(code),
        client_id=request.client_id,
        person_id=session.person_id,
        redirect_uri=request.redirect_uri,
        code_challenge=request.code_challenge,
        scope=request.scope,
        nonce=request.nonce,
        sid=sid,
        acr=session.acr,
        amr=session.amr,
        auth_time=session.auth_time,
        expires_at=now + CODE_LIVES,
        dpop_jkt=request.dpop_jkt,
    )
    await issued.save_grant(connection, kept)
    _log.info("code_given", client=request.client_id, acr=session.acr)
    return answer(desk, request.redirect_uri, request.state, client=client, code=code)


def answer(desk: Desk, redirect_uri: str, state: str | None, *, client: Client, **values: str) -> str:
    """Return the client's address with an answer; `iss` says from whom it is (RFC 9207), where that is spoken."""
    from_whom = {} if client.speaks_ks else {"iss": desk.issuer}
    query = urlencode(values | ({"state": state} if state else {}) | from_whom)
    return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{query}"


async def _understood(asked: Asked) -> Authorization:
    """Return the request; a hint is followed at once, so that no personal number is kept with it."""
    sent, hint = asked.parameters, asked.parameters.get("login_hint")
    hinted = await store.find_by_number(asked.connection, hint) if hint else None
    return Authorization(
        client_id=asked.client.client_id,
        redirect_uri=asked.redirect_uri,
        scope=asked.scope,
        code_challenge=sent.get("code_challenge") or "",
        acr=asked.acr,
        state=sent.get("state"),
        nonce=sent.get("nonce"),
        prompt=frozenset((sent.get("prompt") or "").split()),
        max_age=int(sent.get("max_age") or 0) if sent.get("max_age") else None,
        hinted_person=hinted.id if hinted else None,
        hinted_subject=asked.hinted_subject,
        ui_locales=sent.get("ui_locales") or sent.get("lang"),  # the latter is the signing service's standard
        dpop_jkt=sent.get("dpop_jkt"),
        to_sign=asked.to_sign,
    )


async def _usable_session(
    desk: Desk, asked: Asked, request: Authorization, browser: Browser, now: datetime
) -> Session | None:
    """Return the browser's session if it answers the request without the person; None sends her to sign in."""
    session = await store.find_session(asked.connection, digest(browser.session)) if browser.session else None
    person = await store.find_person(asked.connection, session.person_id) if session else None
    obstacle = "login_required"
    if session and person and session.is_live(now):
        who = subject(desk.secret, asked.client, person)
        obstacle = next((error for stands, error in OBSTACLES if stands(request, session, who, now)), "")
        if obstacle == TOO_LOW and request.client_id in session.told:
            asked.same_person = session.person_id
    if obstacle and "none" in request.prompt:
        raise Rejection(obstacle, "This takes the person at the sign-in page.")
    return None if obstacle else session


def _is_new_wanted(request: Authorization, _session: Session, _subject: str, _now: datetime) -> bool:
    return bool(request.prompt - {"none"})


def _is_too_old(request: Authorization, session: Session, _subject: str, now: datetime) -> bool:
    return request.max_age is not None and now - session.auth_time > timedelta(seconds=request.max_age)


def _is_someone_else(request: Authorization, session: Session, subject: str, _now: datetime) -> bool:
    return request.hinted_person not in {None, session.person_id} or request.hinted_subject not in {None, subject}


def _is_too_low(request: Authorization, session: Session, _subject: str, _now: datetime) -> bool:
    return not reaches(session.acr, request.acr)


def _is_lasting(request: Authorization, _session: Session, _subject: str, _now: datetime) -> bool:
    """Tell whether the client wants to stay connected, to which she says yes on our page each time."""
    return OFFLINE in request.scope.split()


def _is_untold(request: Authorization, session: Session, _subject: str, _now: datetime) -> bool:
    """Tell whether the client would learn who she is before she has ever seen its name on our page."""
    return request.client_id not in session.told


TOO_LOW = "interaction_required"

# Why a session cannot answer without the person, in the words of OpenID Connect Core 3.1.2.6.
OBSTACLES: tuple[tuple[Callable[[Authorization, Session, str, datetime], bool], str], ...] = (
    (_is_new_wanted, "login_required"),
    (_is_too_old, "login_required"),
    (_is_someone_else, "login_required"),
    (_is_too_low, TOO_LOW),
    (_is_untold, "consent_required"),
    (_is_lasting, "consent_required"),
)


async def _at_sign_in(connection: Connection, request: Authorization, browser: Browser, now: datetime) -> str:
    interaction = Interaction(
        id=uuid7(),
        browser_hash=digest(browser.token),
        request=request,
        person_id=None,
        expires_at=now + _SIGN_IN_LIVES,
        finished_at=None,
    )
    await store.begin(connection, interaction)
    return f"/sign-in/{interaction.id}"
