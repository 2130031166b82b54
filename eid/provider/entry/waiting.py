"""A sign-in that waits for a phone: the same device by link, another one by a QR code, the page until it answers."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

import segno
from litestar import Response, get, post
from litestar.params import FromPath

from eid.provider.browser import AnyRequest, form
from eid.provider.desk import AtDesk, Now
from eid.provider.entry.unusable import unusable
from eid.provider.means import store
from eid.provider.means.approval import ask_phone
from eid.provider.means.code import state_of
from eid.provider.means.request import Approval, outcome
from eid.provider.people import Enrolled
from eid.provider.secret import digest
from eid.provider.sign_in import SignIn, finished, found, person_of, proven, withdraw

SCAN_LIVES = timedelta(seconds=60)
_UNDER_WAY = {"pending", "approved"}


@get("/sign-in/{interaction_id:uuid}/phone")
async def wait(request: AnyRequest, desk: AtDesk, now: Now, interaction_id: FromPath[UUID]) -> Response[Any]:
    """Wait until she has answered on her phone; then go on."""
    async with desk.transaction() as connection:
        sign_in = await found(request, desk, connection, interaction_id, now)
        return finished(sign_in) or await _waiting(sign_in, is_poll=_is_poll(request))


@post("/sign-in/{interaction_id:uuid}/phone", status_code=200)
async def ask_again(request: AnyRequest, desk: AtDesk, now: Now, interaction_id: FromPath[UUID]) -> Response[Any]:
    """Put a new request on her phone in the place of one that she refused or that was not answered in time."""
    async with desk.transaction() as connection:
        sign_in = await found(request, desk, connection, interaction_id, now)
        await form(request, sign_in.browser, sign_in.act)
        person = await person_of(sign_in)
        if answered := finished(sign_in):
            return answered
        if person and "phone" in sign_in.offers:
            await ask_at_once(sign_in, person)
        return sign_in.to("/phone")


@get("/sign-in/{interaction_id:uuid}/qr")
async def show_code(request: AnyRequest, desk: AtDesk, now: Now, interaction_id: FromPath[UUID]) -> Response[Any]:
    """Show a QR code for the camera of another device, a new one each time; go on when one was scanned."""
    async with desk.transaction() as connection:
        sign_in = await found(request, desk, connection, interaction_id, now)
        return finished(sign_in) or await _code(sign_in, is_poll=_is_poll(request))


async def ask_at_once(sign_in: SignIn, person: Enrolled) -> Approval | None:
    """Put a request on her phone, in the place of an older one; None when her phone cannot be used."""
    connection, now, pin = sign_in.connection, sign_in.now, sign_in.offers["phone"].pin
    await withdraw(sign_in)
    phone = await store.find_means(connection, person.id, "phone")
    if pin is None or state_of(phone, pin, now) != "valid":
        await store.wait_for(connection, sign_in.interaction.id, None)
        return None
    approval = await ask_phone(
        connection,
        person_id=person.id,
        client_id=sign_in.client.client_id,
        kind="sign_in",
        pin=pin,
        message=None,
        now=now,
        browser_hash=sign_in.interaction.browser_hash,
        way_back=f"{sign_in.address}/phone",
    )
    await store.wait_for(connection, sign_in.interaction.id, approval.id)
    return approval


async def _approval(sign_in: SignIn) -> Approval | None:
    approval_id = sign_in.interaction.approval_id
    return await store.find_approval(sign_in.connection, approval_id) if approval_id else None


async def _waiting(sign_in: SignIn, *, is_poll: bool) -> Response[Any]:
    person, approval = await person_of(sign_in), await _approval(sign_in)
    offer = sign_in.offers.get("phone")
    if person is None or offer is None or offer.pin is None:
        return sign_in.to("")
    if approval is None or (approval.person_id, approval.pin) != (person.id, offer.pin):
        state = state_of(await store.find_means(sign_in.connection, person.id, "phone"), offer.pin, sign_in.now)
        return _page(sign_in, person, None) if state == "valid" else await unusable(sign_in, person, "phone", state)
    how = outcome(approval, sign_in.now)
    if is_poll:
        return _nothing() if how == "pending" else _move(sign_in, "/phone")
    if how == "approved":
        return await proven(sign_in, person, offer, approval.answered_at or sign_in.now)
    return _page(sign_in, person, approval)


def _page(sign_in: SignIn, person: Enrolled, approval: Approval | None) -> Response[Any]:
    return sign_in.page(
        "means_wait",
        switch=f"{sign_in.address}/phone",
        person=person.shown_as,
        approval=approval,
        standing=outcome(approval, sign_in.now) if approval else "unasked",
    )


async def _code(sign_in: SignIn, *, is_poll: bool) -> Response[Any]:
    approval = await _approval(sign_in)
    if "phone" not in sign_in.offers:
        return sign_in.to("")
    if approval and outcome(approval, sign_in.now) in _UNDER_WAY:
        return _move(sign_in, "/phone") if is_poll else sign_in.to("/phone")
    if is_poll:
        return _nothing()
    token = secrets.token_urlsafe(16)
    expires_at = sign_in.now + SCAN_LIVES
    await store.save_scan_code(sign_in.connection, digest(token), sign_in.interaction.id, expires_at)
    address = f"{sign_in.desk.issuer}/phone/scan/{token}"
    return sign_in.page(
        "means_code",
        switch=f"{sign_in.address}/qr",
        scan_address=address,
        image=segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=4, dark="#0b0c0c", light="#fff"),
    )


def _is_poll(request: AnyRequest) -> bool:
    """Tell whether the page itself looks whether there is news; it renews its QR code by reading itself whole."""
    return "hx-request" in request.headers and "look" in request.query_params


def _nothing() -> Response[Any]:
    return Response(None, status_code=204)


def _move(sign_in: SignIn, page: str) -> Response[Any]:
    """Have the page that polls go on: htmx leads the whole window there."""
    where = sign_in.to(page).url
    return Response(None, status_code=200, headers={"HX-Redirect": where})
