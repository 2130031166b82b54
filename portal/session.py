"""Who is at the door: the session behind a cookie, and the guards that every route names.

A session lives for `IDLE` after the last act and `LONGEST` at most. A form sent without a live session is kept
and shown again after signing in: nothing that was typed is lost.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import quote, urlsplit

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from portal import door, store
from portal.database import Database
from portal.settings import Settings
from portal.store import Session

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
WARNING = timedelta(minutes=5)
_NOTED_EVERY = timedelta(minutes=1)

Connected = ASGIConnection[Any, Any, Any, Any]


def anyone(_connection: Connected, _handler: BaseRouteHandler) -> None:
    """Let everyone in: a public page."""


def citizen(connection: Connected, _handler: BaseRouteHandler) -> None:
    """Let in whoever is signed in."""
    if connection.scope["state"].get("session") is None:
        raise NotAuthorizedException


def party(_connection: Connected, _handler: BaseRouteHandler) -> None:
    """Let in an outside party, which the handler itself knows by the signature on what it sends."""


GUARDS = (anyone, citizen, party)


def now() -> datetime:
    """Return the time at the door; from here on it is passed as an argument."""
    return datetime.now(UTC)


def digest(token: str) -> bytes:
    """Return what is kept of a cookie."""
    return hashlib.sha256(token.encode()).digest()


def session_cookie(settings: Settings, value: str, max_age: int | None = None) -> Cookie:
    """Return the cookie of a session; `__Host-` binds it to this host where there is https."""
    return _cookie(settings, "session", value, max_age)


def browser_cookie(settings: Settings, value: str, max_age: int | None = None) -> Cookie:
    """Return the cookie that binds a sign-in to the browser that began it."""
    return _cookie(settings, "sign-in", value, max_age)


def cookie_name(settings: Settings, name: str) -> str:
    """Return the name under which a cookie of ours goes."""
    return f"__Host-portal-{name}" if settings.secure else f"portal-{name}"


def _cookie(settings: Settings, name: str, value: str, max_age: int | None) -> Cookie:
    # Lax: the browser comes back from the eID and the payment provider by a link of theirs.
    return Cookie(
        key=cookie_name(settings, name),
        value=value,
        max_age=max_age,
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )


def new_token() -> str:
    """Return 256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def is_live(session: Session, at: datetime) -> bool:
    """Tell whether a session may still be used."""
    return at - session.seen_at < IDLE and at - session.created_at < LONGEST


def ends_at(session: Session) -> datetime:
    """Return when a session ends if nothing more is done."""
    return min(session.seen_at + IDLE, session.created_at + LONGEST)


class SessionMiddleware:
    """Finds the session of a request; asks a stranger at a citizen's route to sign in, keeping what he sent."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.cookie = cookie_name(settings, "session")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Load the session into the request's state and go on, or send the browser to sign in."""
        session = await self._find(scope)
        scope["state"]["session"] = session
        scope["state"].update(
            person=session, unread=session.unread, session_ends_at=ends_at(session)
        ) if session else None
        handler = scope["route_handler"]
        if session is None and citizen in cast("list[Any]", handler.guards or ()):
            await self._ask_to_sign_in(Request(scope, receive, send))
            return
        await self.app(scope, receive, send)

    async def _find(self, scope: Scope) -> Session | None:
        token = door.cookie(scope, self.cookie)
        if not token:
            return None
        at = now()
        async with _database(scope).connect() as connection:
            session = await store.find_session(connection, digest(token))
            if session is None or not is_live(session, at):
                return None
            if at - session.seen_at > _NOTED_EVERY:
                await store.touch_session(connection, session.token_hash, at)
        return session

    async def _ask_to_sign_in(self, request: Request[Any, Any, Any]) -> None:
        language, page = request.scope["state"]["language"], page_of(request)
        headers = {"Location": f"/{language}/sign-in?next={quote(page)}", "Content-Length": "0"}
        if request.headers.get("HX-Request"):
            headers = {"HX-Redirect": headers["Location"], "Content-Length": "0"}
        status = 204 if "HX-Redirect" in headers else 303
        if request.method not in {"GET", "HEAD"} and request.headers.get("sec-fetch-site") in {"same-origin", None}:
            headers["Set-Cookie"] = await self._keep_typed(request, page)
        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        await request.send({"type": "http.response.start", "status": status, "headers": raw})
        await request.send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _keep_typed(self, request: Request[Any, Any, Any], page: str) -> str:
        form = await request.form()
        typed = {name: [v for v in form.getall(name) if isinstance(v, str)] for name in form if name[:1] != "_"}
        token = request.cookies.get(cookie_name(self.settings, "sign-in")) or new_token()
        async with _database(request.scope).transaction() as connection:
            kept = {"path": request.scope["state"]["path"], "form": typed}
            await store.keep_typed(connection, digest(token), kept, page, now())
        return browser_cookie(self.settings, token, 3600).to_header(header="")


def _database(scope: Scope) -> Database:
    return scope["litestar_app"].state.database


def page_of(request: Request[Any, Any, Any]) -> str:
    """Return the page (without its language) that a request stands on: itself, or for a form the one it was on."""
    state = request.scope["state"]
    if request.method in {"GET", "HEAD"}:
        return state["path"] + (f"?{state['query']}" if state["query"] else "")
    referrer = urlsplit(request.headers.get("referer", ""))
    here = referrer.netloc == request.headers.get("host")
    return within_site(referrer.path[3:]) if here and referrer.path[:1] == "/" else "/applications"


def within_site(page: str | None) -> str:
    """Return `page` if it is a path of this site, else the person's applications: never another site."""
    if page and page.startswith("/") and not page.startswith(("//", "/\\")) and page.isprintable():
        return page
    return "/applications"
