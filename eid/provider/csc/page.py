"""The page on which a person reads what she signs, and authorises it with PIN2 on her phone or by her card."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from eid.provider import authorization
from eid.provider.browser import AnyRequest, form
from eid.provider.csc.sentence import unable
from eid.provider.csc.under_way import Signing, found
from eid.provider.desk import AtDesk, Now
from eid.provider.issued import store as issued
from eid.provider.means import store as means_store
from eid.provider.means.approval import ask_phone
from eid.provider.means.card import try_card
from eid.provider.means.code import MeansKind, state_of
from eid.provider.means.request import Approval, outcome
from eid.provider.means.sentence import enter, obstacle, wrong_pin
from eid.provider.request import Grant
from eid.provider.secret import digest, new_token
from eid.provider.signing import leave, store
from eid.provider.signing.wish import CREDENTIAL
from eid.provider.tokens import CODE_LIVES
from eid.provider.trail.entry import Outcome
from eid.provider.trail.log import note, note_try
from i18n.text import Sayable

_log = structlog.get_logger("eid.signing")
_MEANS_OF: dict[MeansKind, list[str]] = {"phone": ["mca", "pin"], "card": ["sc", "pin"]}


@get("/signature/{request_id:uuid}")
async def read(request: AnyRequest, desk: AtDesk, now: Now, request_id: FromPath[UUID]) -> Response[Any]:
    """Show what is to be signed, for whom, and by what means it can be authorised."""
    async with desk.transaction() as connection:
        signing = await found(request, desk, connection, request_id, now)
        return closed(signing) or signing.page("signing_request", expires_at=signing.credential.expires_at)


@post("/signature/{request_id:uuid}/refusal", status_code=200)
async def refuse(request: AnyRequest, desk: AtDesk, now: Now, request_id: FromPath[UUID]) -> Response[Any]:
    """Tell the client that she does not sign, or cannot."""
    async with desk.transaction() as connection:
        signing = await found(request, desk, connection, request_id, now)
        await form(request, signing.browser, signing.act)
        if signing.is_finished:
            return _finished(signing)
        await _withdraw(signing)
        await store.finish(connection, signing.id, now)
        await _note(signing, "refused", None)
        return _back(signing, error="access_denied", error_description="The person did not sign.")


@post("/signature/{request_id:uuid}/phone", status_code=200)
async def ask(request: AnyRequest, desk: AtDesk, now: Now, request_id: FromPath[UUID]) -> Response[Any]:
    """Put the request on her phone, in the place of an older one."""
    async with desk.transaction() as connection:
        signing = await found(request, desk, connection, request_id, now)
        await form(request, signing.browser, signing.act)
        if over := closed(signing):
            return over
        await _withdraw(signing)
        return await _asked(signing)


@get("/signature/{request_id:uuid}/phone")
async def wait(request: AnyRequest, desk: AtDesk, now: Now, request_id: FromPath[UUID]) -> Response[Any]:
    """Wait until she has answered on her phone; then go on."""
    async with desk.transaction() as connection:
        signing = await found(request, desk, connection, request_id, now)
        is_poll = "hx-request" in request.headers
        return closed(signing) or await _waiting(signing, is_poll=is_poll)


@get("/signature/{request_id:uuid}/card")
async def show_card(request: AnyRequest, desk: AtDesk, now: Now, request_id: FromPath[UUID]) -> Response[Any]:
    """Ask for PIN2 of her card, or say why the card cannot be used."""
    async with desk.transaction() as connection:
        signing = await found(request, desk, connection, request_id, now)
        return closed(signing) or await _card(signing, {})


@post("/signature/{request_id:uuid}/card", status_code=200)
async def take_card(request: AnyRequest, desk: AtDesk, now: Now, request_id: FromPath[UUID]) -> Response[Any]:
    """Take PIN2 of her card; when it is right, give the client leave to sign."""
    async with desk.transaction() as connection:
        signing = await found(request, desk, connection, request_id, now)
        sent = await form(request, signing.browser, signing.act)
        return closed(signing) or await _tried(signing, (sent.get("pin") or "").strip())


HANDLERS = (read, refuse, ask, wait, show_card, take_card)


def closed(signing: Signing) -> Response[Any] | None:
    """Return the page for a request that was answered, or that this certificate cannot answer."""
    if signing.is_finished:
        return _finished(signing)
    state = signing.credential.state(signing.desk.pki, signing.now)
    return None if state == "valid" else signing.page("signing_unable", why=unable(state), status=403)


def _finished(signing: Signing) -> Response[Any]:
    return signing.page("signing_finished", way_back=signing.client.client_uri, status=409)


async def _withdraw(signing: Signing) -> None:
    """Take what waits on her phone away: one request for a signature is on it once."""
    if signing.approval_id:
        await means_store.answer_approval(signing.connection, signing.approval_id, "refused", signing.now)


async def _asked(signing: Signing) -> Response[Any]:
    connection, person, now = signing.connection, signing.person, signing.now
    state = state_of(await means_store.find_means(connection, person.id, "phone"), "pin2", now)
    if state != "valid":
        return signing.page(
            "signing_obstacle", here="/phone", kind="phone", obstacle=obstacle("phone", state), status=403
        )
    approval = await ask_phone(
        connection,
        person_id=person.id,
        client_id=signing.client.client_id,
        kind="signature",
        pin="pin2",
        message=leave.shown(signing.to_sign),
        now=now,
        browser_hash=digest(signing.browser.token),
        way_back=f"{signing.address}/phone",
    )
    await store.await_approval(connection, signing.id, approval.id)
    return signing.to("/phone")


async def _waiting(signing: Signing, *, is_poll: bool) -> Response[Any]:
    approval = await _approval(signing)
    if approval is None:
        return signing.to()
    how = outcome(approval, signing.now)
    if is_poll:
        if how == "pending":
            return Response(None, status_code=204)
        return Response(None, status_code=200, headers={"HX-Redirect": signing.to("/phone").url})
    if how == "approved" and approval.answered_at:
        return await _allowed(signing, "phone", approval.answered_at)
    return signing.page("signing_wait", here="/phone", approval=approval, standing=how)


async def _approval(signing: Signing) -> Approval | None:
    return await means_store.find_approval(signing.connection, signing.approval_id) if signing.approval_id else None


async def _card(signing: Signing, errors: dict[str, Sayable]) -> Response[Any]:
    card = await means_store.find_means(signing.connection, signing.person.id, "card")
    state = state_of(card, "pin2", signing.now)
    if card is None or state != "valid":
        return signing.page("signing_obstacle", here="/card", kind="card", obstacle=obstacle("card", state), status=403)
    return signing.page(
        "signing_card",
        here="/card",
        card=card,
        errors={name: sentence.say(signing.language) for name, sentence in errors.items()},
        status=422 if errors else 200,
    )


async def _tried(signing: Signing, pin: str) -> Response[Any]:
    if not pin:
        return await _card(signing, {"pin": enter("pin2")})
    desk, address, now = signing.desk, signing.browser.address, signing.now
    desk.failures.check(address, now)
    tried = await try_card(signing.connection, desk, signing.person.id, "pin2", pin, now)
    if tried.is_right:
        return await _allowed(signing, "card", now)
    desk.failures.count(address, now)
    where = signing.browser.where
    await note_try(signing.connection, signing.person.id, tried.tries_left, now=now, means="card", where=where)
    return await _card(signing, {"pin": wrong_pin(tried.tries_left)} if tried.state == "valid" else {})


async def _allowed(signing: Signing, means: MeansKind, at: datetime) -> Response[Any]:
    """Give the client a code for exactly this; her session at the eID neither helps nor learns of it."""
    code, asked = new_token(), signing.request
    kept = Grant(
        code_hash=digest(code),
        client_id=asked.client_id,
        person_id=signing.person.id,
        redirect_uri=asked.redirect_uri,
        code_challenge=asked.code_challenge,
        scope=CREDENTIAL,
        nonce=None,
        sid="",
        acr="high",
        amr=_MEANS_OF[means],
        auth_time=at,
        expires_at=signing.now + CODE_LIVES,
        dpop_jkt=asked.dpop_jkt,
    )
    await issued.save_grant(signing.connection, kept)
    await leave.allow(signing.connection, signing.to_sign, asked.client_id, code, at)
    await store.finish(signing.connection, signing.id, signing.now)
    await _note(signing, "done", means)
    _log.info("signature_allowed", client=asked.client_id, means=means, count=len(signing.to_sign.hashes))
    return _back(signing, code=code)


async def _note(signing: Signing, outcome: Outcome, means: MeansKind | None) -> None:
    await note(
        signing.connection,
        signing.person.id,
        "signature",
        now=signing.now,
        outcome=outcome,
        client_id=signing.client.client_id,
        means=means,
        acr="high" if means else None,
        where=signing.browser.where,
    )


def _back(signing: Signing, **values: str) -> Response[Any]:
    asked = signing.request
    where = authorization.answer(signing.desk, asked.redirect_uri, asked.state, client=signing.client, **values)
    return Redirect(where, status_code=303)
