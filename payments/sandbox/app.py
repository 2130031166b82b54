"""The whole stand-in as one list: what merchants call, what payers see, and the outbox that runs beside them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import asyncpg
import httpx
from litestar import Litestar, Response, get
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.config.compression import CompressionConfig
from litestar.datastructures import CacheControlHeader, State
from litestar.di import NamedDependency, Provide
from litestar.static_files import create_static_files_router  # pyright: ignore[reportUnknownVariableType]
from litestar.types import ASGIApp

from payments.sandbox import api, page, store
from payments.sandbox.door import hosts, with_headers
from payments.sandbox.errors import EXCEPTION_HANDLERS
from payments.sandbox.outbox import Outbox
from payments.sandbox.render import make_environment
from payments.sandbox.settings import Settings

LARGEST_BODY = 16 * 1024  # bytes
_YEAR = 365 * 24 * 3600


@get("/health/live")
async def live() -> dict[str, str]:
    """Answer as soon as the process runs."""
    return {"status": "live"}


@get("/health/ready")
async def ready(pool: NamedDependency[asyncpg.Pool]) -> Response[dict[str, str]]:
    """Answer 200 when the database answers, else 503 by the fault."""
    async with pool.acquire(timeout=2) as connection:
        await store.alive(connection)
    return Response({"status": "ready"})


HANDLERS = (
    api.open_payment,
    api.read_payment,
    api.send_again,
    page.show,
    page.pay_by_card,
    page.choose_bank,
    page.pay_by_bank,
    page.cancel,
    live,
    ready,
)


def create_app(settings: Settings) -> ASGIApp:
    """Return the stand-in as one ASGI application; while it runs, the outbox runs inside."""
    assets = create_static_files_router(
        path="/assets",
        directories=[settings.assets],
        cache_control=CacheControlHeader(public=True, max_age=_YEAR, immutable=True),
    )
    house = Litestar(
        route_handlers=[*HANDLERS, assets],
        dependencies={
            "pool": Provide(_pool, sync_to_thread=False),
            "outbox": Provide(_outbox, sync_to_thread=False),
            "settings": Provide(lambda: settings, sync_to_thread=False),
            "visit": Provide(page.arrive),
        },
        state=State({"settings": settings, "environment": make_environment(settings.assets)}),
        exception_handlers=EXCEPTION_HANDLERS,
        allowed_hosts=AllowedHostsConfig(hosts(settings)),
        # The pages mirror what was typed beside a secret of their own: only assets are compressed.
        compression_config=CompressionConfig(backend="brotli", exclude=["^/pay/", "^/v1/"]),
        request_max_body_size=LARGEST_BODY,
        lifespan=[_open_house],
        openapi_config=None,
        debug=False,
    )
    return with_headers(house, settings)


@asynccontextmanager
async def _open_house(house: Litestar) -> AsyncGenerator[None]:
    settings: Settings = house.state.settings
    async with (
        await store.connect(settings.database_url) as house.state.pool,
        httpx.AsyncClient(trust_env=False, timeout=10) as http,
    ):
        house.state.outbox = Outbox(house.state.pool, settings, http)
        sending = asyncio.create_task(house.state.outbox.run())
        try:
            yield
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError):
                await sending


def _pool(state: State) -> asyncpg.Pool:
    return state.pool


def _outbox(state: State) -> Outbox:
    return state.outbox
