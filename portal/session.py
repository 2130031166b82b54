"""Who is at the door: the session behind a cookie, and the guards that every route names.

A session lives for `IDLE` after the last act and `LONGEST` at most. A form sent without a live session is kept
and shown again after signing in: nothing that was typed is lost.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import quote

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from eid.client import Client
from i18n.refusal import NotFound
from portal import cookie, door, store
from portal.database import Database
from portal.renewal import renewed
from portal.settings import Settings
from portal.store import Session
from portal.way_back import Unsent, page_of
from services.applications.member import Member
from services.applications.office import store as offices

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
WARNING = timedelta(minutes=5)
_NOTED_EVERY = timedelta(minutes=1)

Connected = ASGIConnection[Any, Any, Any, Any]


# Guards are async although they wait for nothing: Litestar would run a plain function in a thread, at every request.
async def anyone(_connection: Connected, _handler: BaseRouteHandler) -> None:
    """Let everyone in: a public page."""


async def citizen(connection: Connected, _handler: BaseRouteHandler) -> None:
    """Let in whoever is signed in."""
    if connection.scope["state"].get("session") is None:
        raise NotAuthorizedException


async def officer(connection: Connected, _handler: BaseRouteHandler) -> None:
    """Let in whoever works in an office today, by the row that says so; for all others there is nothing here."""
    session: Session | None = connection.scope["state"].get("session")
    if session is None:
        raise NotAuthorizedException
    async with _database(connection.scope).connect() as memory:
        posts = await offices.posts(memory, session.personal_number)
    if not posts:
        raise NotFound
    connection.scope["state"]["member"] = Member(session.person_id, tuple(posts))


async def party(_connection: Connected, _handler: BaseRouteHandler) -> None:
    """Let in an outside party, which the handler itself knows by the signature on what it sends."""


GUARDS = (anyone, citizen, officer, party)


def now() -> datetime:
    """Return the time at the door; from here on it is passed as an argument."""
    return datetime.now(UTC)


def is_live(session: Session, at: datetime) -> bool:
    """Tell whether a session may still be used."""
    return at < ends_at(session)


def ends_at(session: Session) -> datetime:
    """Return when a session ends if nothing more is done."""
    ours = min(session.seen_at + IDLE, session.created_at + LONGEST)
    return min(ours, session.expires_at) if session.expires_at else ours


class SessionMiddleware:
    """Finds the session of a request; asks a stranger at a citizen's route to sign in, keeping what he sent."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.unsent = Unsent(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Load the session into the request's state and go on, or send the browser to sign in."""
        session = scope["state"]["session"] = await self._find(scope)
        if session:
            scope["state"].update(person=session, unread=session.unread, session_ends_at=ends_at(session))
        elif any(guard in (scope["route_handler"].guards or ()) for guard in (citizen, officer)):  # pyright: ignore[reportUnknownMemberType]
            await self._ask_to_sign_in(cast("Any", scope["litestar_app"]).request_class(scope, receive, send))
            return
        await self.app(scope, receive, send)

    async def _find(self, scope: Scope) -> Session | None:
        # Browsers send their cookies along with every style sheet too, which is the same for everyone.
        is_for_machines = scope["state"]["path"].startswith(door.UNPREFIXED)
        token = None if is_for_machines else cookie.read(scope, self.settings, "session")
        if not token:
            return None
        at = now()
        async with _database(scope).connect() as connection:
            session = await store.find_session(connection, cookie.digest(token))
            if session is None or not is_live(session, at):
                return None
            if at - session.seen_at > _NOTED_EVERY:
                await store.touch_session(connection, session.token_hash, at)
        return await renewed(_database(scope), _eid(scope), session, at)

    async def _ask_to_sign_in(self, request: Request[Any, Any, Any]) -> None:
        page = page_of(request)
        address = f"/{request.scope['state']['language']}/sign-in?next={quote(page)}".encode()
        # htmx follows a redirect by itself and would put the eID's page into ours: it is told to leave the page.
        by_htmx = "HX-Request" in request.headers
        headers = [(b"hx-redirect" if by_htmx else b"location", address), (b"content-length", b"0")]
        if request.method not in {"GET", "HEAD"}:
            kept = await self.unsent.keep(request, page, now(), time.monotonic())
            headers += [cookie.header(kept)] if kept else []
        await request.send({"type": "http.response.start", "status": 204 if by_htmx else 303, "headers": headers})
        await request.send({"type": "http.response.body", "body": b"", "more_body": False})


def _database(scope: Scope) -> Database:
    return scope["litestar_app"].state.database


def _eid(scope: Scope) -> Client:
    return scope["litestar_app"].state.parties.eid
