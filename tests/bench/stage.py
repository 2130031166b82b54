"""What a measurement stands on: a real PostgreSQL with its people, the portal's own process, and its ceilings."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import httpx
import psutil

from portal import postgres
from portal.assets import BUILT, build
from portal.database import connect_once
from portal.demo.plan import DATABASES, Party, Plan
from portal.migrate import migrate
from tests import parties
from tests.bench import people
from tests.bench.load import Request
from tests.bench.statements import Statement, recorded

KEPT = Path(__file__).parents[2] / ".local" / "bench"
CROWD = 30_000
COOKIE = "portal-session"


@dataclass(frozen=True, slots=True)
class Form:
    """What a browser was given with its first form: the cookie, as it is sent, and the token that fits it."""

    cookie: str
    token: str


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that runs, and who may ask: sessions of readers, the revision of the crowd's drafts, a form."""

    url: str
    portal: parties.Running
    hello: parties.Running
    page: parties.Running
    statements_url: str
    statements: list[Statement]
    readers: list[str]
    revision: int
    form: Form

    def reading(self) -> list[Request]:
        """Return My applications, asked by each reader."""
        return [self._get("/sq/applications", session) for session in self.readers]

    def reading_from_memory(self) -> list[Request]:
        """Return the same, asked by someone whose cookie is no session's: nothing is looked up."""
        return [self._get("/sq/applications", "none")]

    def sending(self, first: int, count: int) -> list[Request]:
        """Return the submissions of so many of the crowd."""
        body = urlencode({"_csrf_token": self.form.token, "revision": self.revision})
        return [
            Request(
                "POST",
                f"/sq/applications/{people.application_id(number)}/submission",
                {"Cookie": self._cookies(people.token("crowd", number)), "Origin": self.portal.url},
                body,
            )
            for number in range(first, min(first + count, CROWD))
        ]

    def decided(self, url: str) -> tuple[int, int]:
        """Return how many of the crowd have a decision in the database at `url`, and the number of the last of them."""
        count, last = asyncio.run(_decided(url))
        return count, int(str(last).rpartition("-")[2])

    def _get(self, path: str, session: str) -> Request:
        return Request("GET", path, {"Cookie": self._cookies(session)})

    def _cookies(self, session: str) -> str:
        return f"{COOKIE}={session}; {self.form.cookie}"

    def worker(self) -> float:
        """Return the portal's resident memory in MB."""
        return psutil.Process(self.portal.process.pid).memory_info().rss / 1e6


@contextmanager
def raised() -> Generator[Stage]:
    """Yield the stage; everything that it started stops with it."""
    build.ensure(BUILT)
    # PostgreSQL as it comes, with all that makes a commit safe.
    with ExitStack() as leaving, postgres.running(KEPT / "postgres") as server:
        url, statements_url = server.url("bench"), server.url("bench_statements")
        readers, revision = asyncio.run(_populate(server, url))
        statements = asyncio.run(recorded(statements_url, revision))

        def start(party: Party) -> parties.Running:
            running = parties.start_party(party, KEPT / f"{party.name}.log")
            leaving.callback(running.stop)
            return running

        settings = parties.demo_settings(KEPT / "parties", portal_assets=BUILT)
        plan = Plan(settings, dict.fromkeys(DATABASES, url))
        portal = start(next(party for party in plan.parties() if party.name == "portal"))
        hello, page = (start(_ceiling(plan, name, readers)) for name in ("hello", "page"))
        form = _first_form(portal, readers[0])
        yield Stage(url, portal, hello, page, statements_url, statements, readers, revision, form)


def _ceiling(plan: Plan, name: str, sessions: list[str]) -> Party:
    (port,) = parties.free_ports(1)
    environment = {**plan.environment("portal"), "BENCH_TOKENS": " ".join(sessions)}
    path = "/sq/applications" if name == "page" else "/"
    return Party(
        name,
        (sys.executable, "-m", "tests.bench.ceiling", name, str(port)),
        environment,
        f"http://127.0.0.1:{port}{path}",
    )


async def _populate(server: postgres.Server, url: str) -> tuple[list[str], int]:
    """Make the database anew with its people, and a copy of it for the statements alone."""
    maintenance = await connect_once(server.url())
    for name in ("bench", "bench_statements"):
        await maintenance.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await maintenance.execute("CREATE DATABASE bench")
    await migrate(url)
    connection = await connect_once(url)
    async with connection.transaction():
        readers = [await people.reader(connection, number) for number in range(people.READERS)]
        revision = await people.crowd(connection, CROWD)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    await maintenance.execute("CREATE DATABASE bench_statements TEMPLATE bench")
    await maintenance.execute("CHECKPOINT")
    await maintenance.close()
    return readers, revision


def _first_form(portal: parties.Running, session: str) -> Form:
    answer = httpx.get(f"{portal.url}/sq/applications", cookies={COOKIE: session}, trust_env=False).raise_for_status()
    token = re.search(r'name="_csrf_token" value="([^"]+)"', answer.text)
    assert token, "My applications holds no form to sign out with"
    return Form("; ".join(f"{name}={value}" for name, value in answer.cookies.items()), token[1])


_DECIDED = """
    SELECT id, count(*) OVER () AS count FROM application
    WHERE state = 'approved' AND id <= $1 ORDER BY id DESC LIMIT 1
"""


async def _decided(url: str) -> tuple[int, UUID]:
    connection = await connect_once(url)
    try:
        found = await connection.fetch(_DECIDED, people.application_id(CROWD))
        return (found[0]["count"], found[0]["id"]) if found else (0, people.application_id(0))
    finally:
        await connection.close()
