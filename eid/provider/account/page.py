"""The pages of My eID: as it stands, and what happened."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get

from eid.provider.account import view
from eid.provider.account.owner import Owner, owner_of, sign_in_first
from eid.provider.account.sentence import DONE
from eid.provider.browser import AnyRequest, Browser
from eid.provider.desk import AtDesk, Desk, Now

_LATEST = 5
_PAGE = 20


@get("/my")
async def home(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Show her eID as it stands; whoever is not signed in is asked to, and comes back here."""
    async with desk.transaction() as connection:
        owner = await owner_of(request, desk, connection, now)
        if owner is None:
            came_back = {"code", "error"} & set(request.query_params)
            return left(request, desk) if came_back else await sign_in_first(request, desk, connection, now)
        if "code" in request.query_params:
            return owner.to("/my")
        return await _home(owner, request.query_params.get("done", ""))


@get("/my/log")
async def log(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Show what happened with her eID in the last three months, newest first."""
    async with desk.transaction() as connection:
        owner = await owner_of(request, desk, connection, now)
        if owner is None:
            return await sign_in_first(request, desk, connection, now)
        before = _uuid(request.query_params.get("before", ""))
        happenings, further = await view.happenings(owner, before, _PAGE)
        here = f"/my/log{f'?before={before}' if before else ''}"
        return owner.page("log", here, happenings=happenings, further=further, is_first=before is None)


def left(request: AnyRequest, desk: Desk) -> Response[Any]:
    """Return the page of whoever did not want to sign in, or whose browser keeps no cookies."""
    is_refused = request.query_params.get("error") == "access_denied"
    here = f"/my?error={'access_denied' if is_refused else 'no_session'}"
    return desk.pages.page("account_left", Browser(request, desk).language, switch=here, is_refused=is_refused)


async def _home(owner: Owner, done: str) -> Response[Any]:
    happenings, further = await view.happenings(owner, None, _LATEST)
    return owner.page(
        "home",
        "/my",
        done=DONE.get(done),
        means=await view.means(owner),
        certificates=await view.certificates(owner),
        sessions=await view.sessions(owner),
        happenings=happenings,
        further=further,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
