"""The national eID's stand-in as one list: OpenID Connect provider, sign-in pages, trust services."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from litestar import Litestar, Response, Router, get
from litestar.datastructures import CacheControlHeader
from litestar.di import Provide
from litestar.static_files import create_static_files_router  # pyright: ignore[reportUnknownVariableType]
from litestar.types import ASGIApp

from eid.provider import protocol, sign_in, sign_out, store
from eid.provider.account import pages as account
from eid.provider.answers import ANSWERS
from eid.provider.backchannel import store as backchannel_store
from eid.provider.backchannel.logout import telling
from eid.provider.browser import AnyRequest, Browser
from eid.provider.csc import api as csc
from eid.provider.csc import disclosure
from eid.provider.csc import page as signature
from eid.provider.database import LOST
from eid.provider.desk import Area, AtDesk, Desk, Now
from eid.provider.door import with_headers, with_known_host
from eid.provider.entry import pages
from eid.provider.fault import page as fault
from eid.provider.fault import store as fault_store
from eid.provider.fault.seam import with_faults
from eid.provider.issued import store as issued_store
from eid.provider.ks import discovery as ks
from eid.provider.means import store as means_store
from eid.provider.settings import Settings
from eid.provider.signbox import api as signbox
from eid.provider.signbox import store as signbox_store
from eid.provider.signing import store as signing_store
from eid.provider.trail import store as trail_store
from eid.provider.trust import trust_router

LARGEST_BODY = 64 * 1024  # bytes
SWEPT: tuple[Area, ...] = (
    *(store, backchannel_store, issued_store, means_store),
    *(fault_store, signing_store, signbox_store, trail_store),
)
_YEAR = 365 * 24 * 3600


def create_app(settings: Settings) -> ASGIApp:
    """Return the eID as one ASGI application; PkiError when the trust services have no keys yet."""
    desk = Desk(settings, SWEPT)

    @asynccontextmanager
    async def open_house(_app: Litestar) -> AsyncGenerator[None]:
        async with desk.opened(), telling(desk):
            yield

    app = Litestar(
        route_handlers=[
            home,
            *(protocol.discovery, protocol.keys, protocol.authorize, protocol.token, protocol.userinfo),
            *(protocol.push, protocol.call_up, protocol.revoke, protocol.introspect),
            *pages.HANDLERS,
            sign_in.cancel,
            *(sign_out.leave, sign_out.confirm),
            *ks.HANDLERS,
            *account.HANDLERS,
            trust_router(desk.pki),
            *csc.HANDLERS,
            *signature.HANDLERS,
            *disclosure.HANDLERS,
            *signbox.HANDLERS,
            *(fault.HANDLERS if settings.faults else ()),
            *(live, ready),
            *_assets(settings),
        ],
        dependencies={
            "desk": Provide(lambda: desk, sync_to_thread=False),
            "now": Provide(_now, sync_to_thread=False),
        },
        exception_handlers=ANSWERS,
        lifespan=[open_house],
        request_max_body_size=LARGEST_BODY,
        openapi_config=None,
    )
    app.state.desk = desk
    answering = with_faults(app, desk) if settings.faults else app
    return with_headers(with_known_host(answering, settings), settings)


@get("/", sync_to_thread=False)
def home(request: AnyRequest, desk: AtDesk) -> Response[str]:
    """Say what this is to whoever comes without a service that sent her."""
    return desk.pages.page("home", Browser(request, desk).language, switch="/")


@get("/health/live", sync_to_thread=False)
def live() -> dict[str, str]:
    """Answer while the process serves."""
    return {"status": "live"}


@get("/health/ready")
async def ready(desk: AtDesk, now: Now) -> Response[dict[str, str]]:
    """Answer 200 while the database answers and the signing keys can be opened, else 503."""
    try:
        async with desk.transaction() as connection:
            await desk.keys(connection, now)
    except LOST:
        return Response({"status": "the database does not answer"}, status_code=503)
    return Response({"status": "ready"})


def _now() -> datetime:
    """Return the time at the door; from here on it is passed as an argument."""
    return datetime.now(UTC)


def _assets(settings: Settings) -> list[Router]:
    """Return the route to the built assets, whose names change with their content; none when none were built."""
    if not settings.assets.is_dir():
        return []
    kept: Any = CacheControlHeader(max_age=_YEAR, public=True, immutable=True)
    return [create_static_files_router("/assets", [settings.assets], cache_control=kept)]
