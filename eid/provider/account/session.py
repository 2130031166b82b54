"""Ending sessions, and saying that something was not oneself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from eid.provider.account import store
from eid.provider.account.owner import ACT, Owner, owner_of, sign_in_first
from eid.provider.backchannel.store import end_session
from eid.provider.browser import SIGNED_IN, AnyRequest, Browser, cookie, form
from eid.provider.desk import AtDesk, Now
from eid.provider.errors import Absent
from eid.provider.issued.store import revoke_persons
from eid.provider.means import store as means_store
from eid.provider.signing import credential
from eid.provider.trail.log import note
from i18n.text import _

_GONE = _("This session has ended already. Go back to My eID to see the ones that are open.")


@post("/my/sessions/{session_id:uuid}/end", status_code=200)
async def end(request: AnyRequest, desk: AtDesk, now: Now, session_id: FromPath[UUID]) -> Response[Any]:
    """End one of her sessions; the services that it told are told."""
    async with desk.transaction() as connection:
        owner = await owner_of(request, desk, connection, now)
        await form(request, Browser(request, desk), ACT)
        if owner is None:
            return await sign_in_first(request, desk, connection, now)
        if session_id not in {one.id for one in await store.sessions(connection, owner.person.id, now)}:
            raise Absent("session_absent", _GONE)
        await _end(owner, [session_id])
        return owner.to("/my?done=ended")


@post("/my/sessions/end-others", status_code=200)
async def end_others(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """End all of her sessions but this one."""
    async with desk.transaction() as connection:
        owner = await owner_of(request, desk, connection, now)
        await form(request, Browser(request, desk), ACT)
        if owner is None:
            return await sign_in_first(request, desk, connection, now)
        await _end(owner, [one.id for one in await _sessions(owner) if one.id != owner.session.id])
        return owner.to("/my?done=others")


@get("/my/report")
async def ask_report(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Say what happens when she says that something was not her, and ask whether it shall."""
    async with desk.transaction() as connection:
        owner = await owner_of(request, desk, connection, now)
        return owner.page("report", "/my/report") if owner else await sign_in_first(request, desk, connection, now)


@post("/my/report", status_code=200)
async def report(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Suspend everything with which somebody could act as her, and end every session, this one too."""
    async with desk.transaction() as connection:
        owner = await owner_of(request, desk, connection, now)
        await form(request, Browser(request, desk), ACT)
        if owner is None:
            return await sign_in_first(request, desk, connection, now)
        await _suspend(owner)
        answer = owner.to("/my/reported")
        answer.set_cookie(cookie(desk, SIGNED_IN, "", 0))
        return answer


@get("/my/reported", sync_to_thread=False)
def reported(request: AnyRequest, desk: AtDesk) -> Response[Any]:
    """Say what was done and what to do next; nobody is signed in any more."""
    return desk.pages.page("account_reported", Browser(request, desk).language, switch="/my/reported")


HANDLERS = (end, end_others, ask_report, report, reported)


async def _sessions(owner: Owner) -> list[store.Opened]:
    return await store.sessions(owner.connection, owner.person.id, owner.now)


async def _end(owner: Owner, session_ids: list[UUID]) -> None:
    for session_id in session_ids:
        await end_session(owner.connection, session_id, owner.now)
        await note(owner.connection, owner.person.id, "session_ended", where=owner.browser.where, now=owner.now)


async def _suspend(owner: Owner) -> None:
    """Let card, phone and certificate rest, refuse what waits on the phone, and take back what services hold."""
    connection, person, now = owner.connection, owner.person, owner.now
    for kind in ("card", "phone"):
        means = await means_store.find_means(connection, person.id, kind)
        if means and means.standing == "valid":
            await means_store.set_standing(connection, means.id, "suspended")
    for approval in await means_store.waiting(connection, person.id, now):
        await means_store.answer_approval(connection, approval.id, "refused", now)
    signing = await credential.find_current(connection, person.id)
    if signing and signing.state(owner.desk.pki, now) == "valid":
        await credential.suspend(owner.desk.pki, signing, now)
    await revoke_persons(connection, person.id)
    await note(connection, person.id, "suspended", where=owner.browser.where, now=now)
    await _end(owner, [one.id for one in await _sessions(owner)])
