"""`/phone` plays a citizen's phone: what waits on it, who asks and what for, and her answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from eid.provider import store as people
from eid.provider.browser import AnyRequest, form
from eid.provider.desk import AtDesk, Desk, Now
from eid.provider.errors import Absent
from eid.provider.means import answer, store
from eid.provider.means.answer import Answer
from eid.provider.means.code import state_of
from eid.provider.means.holder import Holder, holder_of, whose
from eid.provider.means.request import Approval, outcome
from eid.provider.means.sentence import PIN_NAMES, obstacle
from eid.provider.store import Connection
from i18n.text import Sayable, _

_NOT_HERE = _("This request is not on this phone, or it ended long ago. Look at what waits on the phone.")


@get("/phone")
async def phone(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Show what waits on the phone; first ask whose it is."""
    async with desk.transaction() as connection:
        holder = await holder_of(request, desk, connection, now)
        if holder.person is None:
            return await whose(holder, "/phone")
        waiting = [
            await _shown(connection, approval) for approval in await store.waiting(connection, holder.person.id, now)
        ]
        return holder.page("means_phone", "/phone", "phone", waiting=waiting)


@get("/phone/requests/{approval_id:uuid}")
async def look(request: AnyRequest, desk: AtDesk, now: Now, approval_id: FromPath[UUID]) -> Response[Any]:
    """Show one request: who asks, what for, the control code; and how it was answered."""
    async with desk.transaction() as connection:
        holder, approval = await _found(request, desk, connection, approval_id, now)
        if approval is None:
            return await whose(holder, f"/phone/requests/{approval_id}")
        return await _page(holder, approval, {})


@post("/phone/requests/{approval_id:uuid}/approval", status_code=200)
async def approve(request: AnyRequest, desk: AtDesk, now: Now, approval_id: FromPath[UUID]) -> Response[Any]:
    """Take her PIN, and the code that she picked where she had to."""
    async with desk.transaction() as connection:
        holder, approval = await _found(request, desk, connection, approval_id, now, to_act=True)
        sent = await form(request, holder.browser, f"phone {approval_id}")
        if approval is None:
            return await whose(holder, f"/phone/requests/{approval_id}")
        errors = await answer.approve(holder, approval, Answer(sent.get("code"), (sent.get("pin") or "").strip()))
        return await _page(holder, approval, errors) if errors else holder.to(f"/phone/requests/{approval_id}")


@post("/phone/requests/{approval_id:uuid}/refusal", status_code=200)
async def refuse(request: AnyRequest, desk: AtDesk, now: Now, approval_id: FromPath[UUID]) -> Response[Any]:
    """Take her no."""
    async with desk.transaction() as connection:
        holder, approval = await _found(request, desk, connection, approval_id, now, to_act=True)
        await form(request, holder.browser, f"phone {approval_id}")
        if approval is None:
            return await whose(holder, f"/phone/requests/{approval_id}")
        await answer.refuse(holder, approval)
        return holder.to(f"/phone/requests/{approval_id}")


async def _found(
    request: AnyRequest, desk: Desk, connection: Connection, approval_id: UUID, now: datetime, *, to_act: bool = False
) -> tuple[Holder, Approval | None]:
    """Return the phone and the request on it, None while nobody said whose phone it is; Absent for any other.

    In the browser that asked, the request itself says whose phone is meant.
    """
    holder = await holder_of(request, desk, connection, now)
    approval = await store.find_approval(connection, approval_id, to_act=to_act)
    if approval and approval.browser_hash == holder.browser_hash:
        return replace(holder, person=await people.find_person(connection, approval.person_id)), approval
    if holder.person is None:
        return holder, None
    if approval is None or approval.person_id != holder.person.id:
        raise Absent("approval_absent", _NOT_HERE)
    return holder, approval


async def _shown(connection: Connection, approval: Approval) -> dict[str, Any]:
    """Return a request as the pages take it."""
    client = await people.find_client(connection, approval.client_id)
    return {"approval": approval, "client": client.name if client else approval.client_id}


async def _page(holder: Holder, approval: Approval, errors: dict[str, Sayable]) -> Response[Any]:
    here, how = f"/phone/requests/{approval.id}", outcome(approval, holder.now)
    phone = await store.find_means(holder.connection, approval.person_id, "phone")
    state = state_of(phone, approval.pin, holder.now)
    status = 422 if errors else 200
    if how == "pending" and state != "valid":
        why = obstacle("phone", state)
        return holder.page("means_obstacle", here, "phone", status=403, obstacle=why)
    is_here = approval.browser_hash == holder.browser_hash
    return holder.page(
        "means_request",
        here,
        f"phone {approval.id}",
        status=status,
        **await _shown(holder.connection, approval),
        standing=how,
        codes=answer.codes(approval, holder.desk.secret) if approval.must_pick(holder.browser_hash) else [],
        pin_name=PIN_NAMES[approval.pin].say(holder.language),
        way_back=approval.way_back if is_here else None,
        errors=holder.said(errors),
    )
