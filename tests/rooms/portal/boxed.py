"""A portal that signs by SignBox, as a real process; the line between the two; and what any of it wrote down."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
import httpx
import pytest

from portal.demo.plan import Plan
from portal.registration import registration, signbox_registration
from tests.parties import free_ports, start_party
from tests.rooms.eid.box import Box, line
from tests.rooms.portal.sheets import for_her_child, sent
from tests.rooms.portal.visitor import ARTA, BESNIK, DRITON, Visitor, forms

_CLIENT = "portal-boxed"
SECRETS = {
    ARTA: {"password": "1111", "pin": "11111"},
    BESNIK: {"password": "3333", "pin": "33333"},
    DRITON: {"password": "8888", "pin": "88888"},
}
# What nobody else would ever write: where it stands, it was kept.
CANARY = {"password": "Kanarinë-im-Käfig-1", "pin": "Kanarinë-im-Käfig-2", "code": "9182736450"}
Signers = Callable[[], Visitor]


@dataclass(frozen=True)
class Boxed:
    """A portal of the town that signs by SignBox over the line `box`; `log` is what it said."""

    town: Plan
    url: str
    box: Box
    log: Path

    def visitor(self) -> Visitor:
        """Return another visitor, who comes from an address of her own."""
        visitor = Visitor(self.url, self.town.address("eid"))
        visitor.http.headers["X-Forwarded-For"] = ".".join(str(secrets.randbelow(200) + 1) for _ in range(4))
        return visitor


@pytest.fixture(scope="session")
def boxed(town: Plan) -> Iterator[Boxed]:
    """Give a second portal of the town, on its database, that signs by SignBox."""
    port, metrics = free_ports(2)
    url, log = f"http://localhost:{port}", town.directory / "boxed.log"
    key, told = town.keys.private_key("PORTAL_EID_CLIENT_KEY"), town.environment("portal")
    password = told["PORTAL_SIGNBOX_BILLING_PASSWORD"]
    for client in (registration(url, _CLIENT, key), signbox_registration(url, "portal-signbox", password)):
        file = town.directory / f"{client['client_id']}.json"
        file.write_text(json.dumps(client))
        command = town.command("eid", "client", "add", "--file", str(file))
        subprocess.run(command, env=town.environment("eid"), check=True, capture_output=True)
    with line(town.address("eid")) as box:
        settings = {
            "PORTAL_URL": url,
            "PORTAL_PORT": str(port),
            "PORTAL_METRICS_PORT": str(metrics),
            "PORTAL_TRUSTED_PROXIES": "127.0.0.1",
            "PORTAL_LOG_FORMAT": "json",
            "PORTAL_EID_CLIENT_ID": _CLIENT,
            "PORTAL_SIGNING_DIALECT": "signbox",
            "PORTAL_SIGNING_URL": box.url,
        }
        portal = next(party for party in town.parties() if party.name == "portal")
        health = f"http://127.0.0.1:{port}/health/ready"
        running = start_party(replace(portal, environment={**told, **settings}, health=health), log)
        yield Boxed(town, url, box, log)
        running.stop()


@pytest.fixture
async def new_signer(boxed: Boxed) -> AsyncIterator[Callable[[], Visitor]]:
    """Give browsers at that portal, each of another visitor; SignBox answers as it does."""
    opened: list[Visitor] = []
    boxed.box.heard.clear()
    boxed.box.instead.clear()

    def open_browser() -> Visitor:
        opened.append(boxed.visitor())
        return opened[-1]

    yield open_browser
    for visitor in opened:
        await visitor.close()


@pytest.fixture
async def arta(new_signer: Signers) -> Visitor:
    """Give Arta, signed in at the portal that signs by SignBox."""
    arta = new_signer()
    await arta.signs_in(ARTA)
    return arta


async def comes_to_sign(visitor: Visitor, service: str = "residence-certificate", **answers: str) -> httpx.Response:
    """Apply for one's child and return the page where one signs."""
    page = await sent(visitor, await for_her_child(visitor, service, **(answers or {"purpose": "bank"})))
    assert f'href="{page.url.path}/code"' in page.text
    assert not [form for form in forms(page) if form.action.endswith("/preparation")]
    return await visitor.get(f"{page.url.path}/code")


async def has_a_code(visitor: Visitor, page: httpx.Response, number: str = ARTA) -> tuple[httpx.Response, str]:
    """Have a code sent, and return the page that asks for it, and the code."""
    password = {"password": SECRETS[number]["password"]}
    asks = await visitor.follow(await visitor.send(page, "/code", password))
    assert [form for form in forms(asks) if form.action.endswith("/authorisation")], asks.text
    return asks, await code_on_the_phone(visitor, number, asks)


async def signs(visitor: Visitor, page: httpx.Response, number: str = ARTA) -> httpx.Response:
    """Have a code sent, sign with it, and return where that leads."""
    asks, code = await has_a_code(visitor, page, number)
    return await visitor.follow(await visitor.send(asks, "/authorisation", {**SECRETS[number], "code": code}))


async def code_on_the_phone(visitor: Visitor, number: str, page: httpx.Response) -> str:
    """Read the code on one's phone, which shows the digits that the portal's page shows."""
    phone = await visitor.get(f"{visitor.eid}/phone?language=en")
    if "Whose phone is this?" in phone.text:
        await visitor.send(phone, "/owner", {"person": "another", "personal_number": number})
        phone = await visitor.get(f"{visitor.eid}/phone?language=en")
    newest = re.findall(r'href="(/phone/requests/[^"]+)"', phone.text)[0]
    shown = (await visitor.get(f"{visitor.eid}{newest}")).text
    assert digits_of(page) in shown
    found = re.search(r"(?<![0-9a-f])[0-9]{6}(?![0-9a-f])", re.sub(r"<[^>]*>", " ", shown))
    assert found, shown
    return found[0]


def digits_of(page: httpx.Response) -> str:
    """Return the digits of the document that a page shows."""
    return page.text.partition('id="digits">')[2].partition("<")[0].replace(" ", "")


async def kept_in(url: str) -> str:
    """Return everything that a database holds, bytes as they are."""
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch(
            "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname !~ '^(pg_|info)'"
        )
        rows = [row for table in tables for row in await connection.fetch(f"SELECT * FROM {table['name']}")]  # noqa: S608
    finally:
        await connection.close()
    values = (value for row in rows for value in row.values())
    return "\n".join(value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in values)


async def written_down(town: Plan, *logs: Path) -> str:
    """Return all that the portal and the eID keep or have said: their databases and their logs."""
    kept = await asyncio.gather(*(kept_in(town.databases[name]) for name in ("portal", "eid")))
    said = [file.read_text() for file in (*logs, town.directory / "eid.log", town.directory / "portal.log")]
    return "\n".join([*kept, *said])
