"""The portal with its outside parties as real processes, and people who visit it by HTTP."""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import structlog
from litestar.types import ASGIApp

from portal.app import create_app
from portal.database import Database, open_database
from portal.demo.mail import caught
from portal.demo.plan import Plan
from portal.demo.run import prepare
from portal.settings import DatabaseSettings, Settings, names
from tests.parties import Running
from tests.rooms.portal.boxed import boxed
from tests.rooms.portal.breaking import operator
from tests.rooms.portal.visitor import ARTA, Visitor
from tests.rooms.portal.workers import Worker, Working, working

__all__ = ["boxed", "operator"]


@pytest.fixture(scope="session")
async def prepared(plan: Plan) -> Plan:
    """Give the plan once every party has its tables, keys and people."""
    (plan.directory / "logs").mkdir()
    await prepare(replace(plan, settings=plan.settings.model_copy(update={"demo_people": 100})))
    return plan


@pytest.fixture(scope="session")
def town(prepared: Plan, party: Callable[..., Running]) -> Plan:
    """Give the portal and its three outside parties while they serve; no worker."""
    party("payments")
    party("registers", REGISTERS_FAULTS="true")  # nothing goes wrong there until a test asks for it
    party("eid", EID_FAULTS="true")
    party("portal", PORTAL_LOG_FORMAT="json")
    _run(prepared, "eid", "seed")  # the eID asks the registers whom it enrols
    return prepared


@pytest.fixture
async def memory(prepared: Plan) -> AsyncIterator[Database]:
    """Give the database of that portal, to look at it and to let time pass in it."""
    database = await open_database(DatabaseSettings(database_url=prepared.databases["portal"]))
    yield database
    await database.close()


@pytest.fixture
async def new_visitor(town: Plan) -> AsyncIterator[Callable[[], Visitor]]:
    """Give browsers, each of another visitor."""
    opened: list[Visitor] = []

    def open_browser() -> Visitor:
        opened.append(Visitor(town.address("portal"), town.address("eid")))
        return opened[-1]

    yield open_browser
    for visitor in opened:
        await visitor.close()


@pytest.fixture
def log(town: Plan) -> Callable[[httpx.Response], Awaitable[dict[str, Any]]]:
    """Give what finds the line of the portal's log about an answer, by the reference that the answer carries."""

    async def find(answer: httpx.Response) -> dict[str, Any]:
        reference = answer.headers["x-request-id"]
        for _ in range(100):  # it is written when the answer is out
            for line in (town.directory / "portal.log").read_text().splitlines():
                if reference in line and '"refused"' in line:
                    return json.loads(line)
            await asyncio.sleep(0.02)
        raise AssertionError(f"{reference} is not in the log")

    return find


@pytest.fixture
async def new_portal(prepared: Plan) -> AsyncIterator[Callable[..., Awaitable[httpx.AsyncClient]]]:
    """Give what opens a portal within this process that is told other settings, and returns a client of it."""
    async with AsyncExitStack() as open_portals:

        async def open_portal(**told: str) -> httpx.AsyncClient:
            said = {**prepared.environment("portal"), **told}
            fields = {field: said[name] for field, name in names(Settings).items() if said.get(name)}
            settings = Settings.model_validate(fields)
            house = create_app(settings)
            structlog.configure(cache_logger_on_first_use=False)  # so that other tests hear what is logged
            await open_portals.enter_async_context(_alive(house))
            transport = httpx.ASGITransport(cast("Any", house))
            client = httpx.AsyncClient(transport=transport, base_url=settings.url)
            return await open_portals.enter_async_context(client)

        yield open_portal


@pytest.fixture
def visitor(new_visitor: Callable[[], Visitor]) -> Visitor:
    """Give one browser at the portal."""
    return new_visitor()


@pytest.fixture
async def nothing_left(memory: Database) -> None:
    """Let go of what tests before left to be done: a worker would do it first, and be late for the test's own."""
    async with memory.transaction() as connection:
        await connection.execute("DELETE FROM pgqueuer")
        await connection.execute(
            "UPDATE application SET state = 'withdrawn' WHERE state IN ('draft', 'awaiting_facts', 'approved')"
        )


@pytest.fixture
def start(town: Plan, tmp_path: Path, nothing_left: None) -> Iterator[Working]:
    """Give what starts a worker; each is killed after the test."""
    numbers = itertools.count()
    with ExitStack() as workers:

        def start(**told: str) -> Worker:
            return workers.enter_context(working(town, tmp_path / f"worker-{next(numbers)}.log", **told))

        yield start


@pytest.fixture
async def mailbox(town: Plan, tmp_path: Path) -> AsyncIterator[Path]:
    """Give the folder in which mail lands while the mail server runs."""
    async with caught(tmp_path / "mail", town.settings.demo_mail_port):
        yield tmp_path / "mail"


@pytest.fixture
async def arta(new_visitor: Callable[[], Visitor]) -> Visitor:
    """Give Arta, signed in."""
    arta = new_visitor()
    await arta.signs_in(ARTA)
    return arta


@asynccontextmanager
async def _alive(house: ASGIApp) -> AsyncGenerator[None]:
    """Let an application start, and end when the block does, as a server does."""
    ending, started = asyncio.Event(), asyncio.Event()
    messages = iter(({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}))

    async def receive() -> dict[str, str]:
        message = next(messages)
        if message["type"] == "lifespan.shutdown":
            await ending.wait()
        return message

    async def send(_message: object) -> None:
        started.set()

    living = asyncio.create_task(cast("Any", house)({"type": "lifespan", "state": {}}, receive, send))
    await started.wait()
    yield
    ending.set()
    await living


def _run(plan: Plan, party: str, *arguments: str) -> None:
    subprocess.run(plan.command(party, *arguments), env=plan.environment(party), check=True, capture_output=True)
