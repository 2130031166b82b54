"""When a session ends, each service that was told of it is told that too, by the eID itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import asyncpg
import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from eid.provider.backchannel.store import sweep
from eid.provider.database import SESSION
from eid.provider.tokens import peek

from .parties import ARTA, BESNIK, Browser, RelyingParty, Running, an_eid, ask, now, redeem, serving, token_form

EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT = "/oauth2/sessions/logout"


@dataclass
class Service:
    """A service that listens for logouts: what it was told, and what it answers, in order; 200 when nothing is left."""

    url: str = ""
    party: RelyingParty = field(default_factory=lambda: RelyingParty("listener"))
    told: list[str] = field(default_factory=list[str])
    answers: list[int] = field(default_factory=list[int])

    async def wait(self, times: int = 1, seconds: float = 5) -> list[str]:
        """Return what it was told once it was told so often."""
        async with asyncio.timeout(seconds):
            while len(self.told) < times:  # noqa: ASYNC110 - it is told in another thread
                await asyncio.sleep(0.05)
        return self.told


@contextmanager
def listening() -> Generator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            assert self.headers["content-type"] == "application/x-www-form-urlencoded"
            service.told.append(parse_qs(body)["logout_token"][0])
            self.send_response(service.answers.pop(0) if service.answers else 200)
            self.send_header("location", "/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as its class names it
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}/logout"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def service(eid: Running) -> Iterator[Service]:
    """Give a service that the eID knows, and that listens for logouts."""
    with listening() as service:
        service.party.register(eid, backchannel_logout_uri=service.url, backchannel_logout_session_required=True)
        yield service


async def signed_in(
    http: httpx.AsyncClient, eid: Running, party: RelyingParty, browser: Browser, person: str = ARTA, **wish: str
) -> str:
    """Sign a person in and return her ID token."""
    asked = ask(eid, party, **wish)
    code = (await browser.sign_in(asked.url, person))["code"]
    return (await redeem(http, eid, token_form(eid, party, code, asked.verifier))).json()["id_token"]


async def read(http: httpx.AsyncClient, eid: Running, token: str, alg: str = "ES256") -> dict[str, Any]:
    """Return what a token says, whoever it was made for."""
    keys = KeySet.import_key_set((await http.get(f"{eid.url}/jwks.json")).json())
    return jwt.decode(token, keys, [alg]).claims  # type: ignore[arg-type]


async def database(eid: Running) -> asyncpg.Connection:
    return await asyncpg.connect(eid.environment["EID_DATABASE_URL"], server_settings=SESSION)


async def passed(eid: Running, table: str, *columns: str, time: timedelta) -> int:
    """Let time pass for what stands in a table, and return how many rows that are."""
    connection = await database(eid)
    try:
        moved = ", ".join(f"{column} = {column} - $1::interval" for column in columns)
        return int((await connection.execute(f"UPDATE {table} SET {moved}", time)).split()[1])  # noqa: S608 - names of ours
    finally:
        await connection.close()


async def test_who_signs_out_at_one_service_is_signed_out_at_the_others(
    eid: Running, portal: RelyingParty, service: Service, browser: Browser, http: httpx.AsyncClient
) -> None:
    mine = await read(http, eid, await signed_in(http, eid, service.party, browser))
    await signed_in(http, eid, portal, browser, prompt="login")
    hint = await signed_in(http, eid, portal, browser)
    await browser.go(f"{LOGOUT}?{httpx.QueryParams({'id_token_hint': hint})}")
    (token,) = await service.wait()
    claims = await read(http, eid, token)
    assert peek(token)[0]["typ"] == "logout+jwt"
    assert (claims["iss"], claims["aud"], claims["events"]) == (eid.url, "listener", {EVENT: {}})
    assert (claims["sid"], claims["sub"]) == (mine["sid"], mine["sub"]), "the session as this service knows it"
    assert claims["exp"] - claims["iat"] == 120
    assert "jti" in claims
    assert "nonce" not in claims


async def test_proving_herself_anew_is_the_same_session_and_nobody_is_signed_out(
    eid: Running, service: Service, browser: Browser, http: httpx.AsyncClient
) -> None:
    first = await read(http, eid, await signed_in(http, eid, service.party, browser))
    cookies = dict(browser.http.cookies)
    second = await read(http, eid, await signed_in(http, eid, service.party, browser, prompt="login"))
    assert first["sid"] == second["sid"]
    assert dict(browser.http.cookies)["eid-session"] != cookies["eid-session"], "an old cookie is of no use"
    await asyncio.sleep(1.2)
    assert not service.told


async def test_another_person_in_the_same_browser_ends_the_session_of_the_first(
    eid: Running, service: Service, browser: Browser, http: httpx.AsyncClient
) -> None:
    artas = await read(http, eid, await signed_in(http, eid, service.party, browser))
    await signed_in(http, eid, service.party, browser, BESNIK, prompt="login")
    (token,) = await service.wait()
    assert (await read(http, eid, token))["sid"] == artas["sid"]


@pytest.mark.parametrize("column", ["seen_at", "auth_time"])
async def test_a_session_whose_time_is_over_is_told_too(
    column: str, eid: Running, service: Service, browser: Browser, http: httpx.AsyncClient
) -> None:
    mine = await read(http, eid, await signed_in(http, eid, service.party, browser))
    await passed(eid, "session", column, time=timedelta(minutes=61) if column == "seen_at" else timedelta(hours=13))
    connection = await database(eid)
    try:
        async with connection.transaction():
            await sweep(connection, now())
    finally:
        await connection.close()
    told = [(await read(http, eid, token))["sid"] for token in await service.wait()]
    assert mine["sid"] in told
    await browser.go(ask(eid, service.party, prompt="none").url)
    assert browser.answer()["error"] == "login_required"


async def test_a_service_that_does_not_answer_is_told_three_times_more(
    eid: Running, service: Service, browser: Browser, http: httpx.AsyncClient
) -> None:
    service.answers = [500, 302, 400, 400, 400]
    hint = await signed_in(http, eid, service.party, browser)
    await browser.go(f"{LOGOUT}?{httpx.QueryParams({'id_token_hint': hint})}")
    for times in (1, 2, 3, 4):
        await service.wait(times)
        await asyncio.sleep(0.2)
        left = await passed(eid, "logout_message", "due_at", time=timedelta(minutes=6))
        assert left == (0 if times == 4 else 1), "given up after the fourth try"
    await asyncio.sleep(1.2)
    assert len(service.told) == 4
    assert len({(await read(http, eid, token))["jti"] for token in service.told}) == 4


async def test_a_service_that_took_it_is_told_once(
    eid: Running, service: Service, browser: Browser, http: httpx.AsyncClient
) -> None:
    hint = await signed_in(http, eid, service.party, browser)
    for _ in range(2):
        await browser.go(f"{LOGOUT}?{httpx.QueryParams({'id_token_hint': hint})}")
    await service.wait()
    await asyncio.sleep(1.2)
    assert len(service.told) == 1
    assert await passed(eid, "logout_message", "due_at", time=timedelta(0)) == 0


async def test_what_was_not_said_before_a_crash_is_said_after_it(
    registers: Running, service: Service, empty_database_url: str, tmp_path: Path, http: httpx.AsyncClient
) -> None:
    eid = an_eid(empty_database_url, registers.url, tmp_path)
    eid.did("pki", "init")
    eid.did("seed")
    service.party.register(eid, backchannel_logout_uri=service.url, id_token_signed_response_alg="RS256")
    service.answers = [503]
    with serving(eid, dies=True):
        browser = Browser(eid.url)
        hint = await signed_in(http, eid, service.party, browser)
        await browser.go(f"{LOGOUT}?{httpx.QueryParams({'id_token_hint': hint})}")
        await browser.close()
        await service.wait(1)
    await passed(eid, "logout_message", "due_at", time=timedelta(minutes=2))
    with serving(eid):
        assert (await read(http, eid, (await service.wait(2))[1], "RS256"))["aud"] == "listener"


@pytest.mark.parametrize(
    "uri", ["http://elsewhere.example/logout", "ftp://elsewhere.example/", "https://elsewhere.example/#here", "/logout"]
)
def test_a_service_is_told_over_tls_only(uri: str, eid: Running) -> None:
    with pytest.raises(AssertionError, match="backchannel_logout_uri"):
        RelyingParty("careless").register(eid, backchannel_logout_uri=uri)
