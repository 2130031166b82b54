"""A person of a test's own, whose card and phone it may ruin."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import httpx

from eid.provider.database import SESSION
from eid.provider.means import store
from eid.provider.means.code import Means, MeansKind
from eid.provider.means.request import Approval
from eid.provider.store import find_by_number
from eid.provider.tokens import peek

from .parties import Asked, Browser, RelyingParty, Running, ask, now, redeem, token_form

PIN1, PIN2, PUK = "9090", "99999", "99999999"
_RESET = """
    UPDATE means SET standing = 'valid', valid_until = issued_at + interval '3 years'
     WHERE person_id = (SELECT id FROM person WHERE personal_number = $1)
"""


def enrol(eid: Running, number: str) -> None:
    """Enrol somebody whom no other test knows."""
    eid.did(
        *("enrol", "--person", number, "--pin", PIN1),
        *("--given-name", "Fatmir", "--family-name", "Rexhepi", "--birthdate", "1971-02-03"),
    )


@asynccontextmanager
async def memory(eid: Running) -> AsyncGenerator[asyncpg.Connection]:
    """Give the eID's own database."""
    connection = await asyncpg.connect(eid.environment["EID_DATABASE_URL"], server_settings=SESSION)
    try:
        yield connection
    finally:
        await connection.close()


async def means_of(connection: asyncpg.Connection, number: str, kind: MeansKind) -> Means:
    """Return somebody's card or phone."""
    person = await find_by_number(connection, number)
    assert person
    means = await store.find_means(connection, person.id, kind)
    assert means
    return means


async def bring(connection: asyncpg.Connection, number: str, kind: MeansKind, state: str) -> None:
    """Bring somebody's card or phone into a state."""
    means = await means_of(connection, number, kind)
    if state in {"suspended", "revoked"}:
        await connection.execute("UPDATE means SET standing = $2 WHERE id = $1", means.id, state)
    elif state == "expired":
        await store.set_valid_until(connection, means.id, means.issued_at)
    elif state in {"locked", "blocked"}:
        for name in ("pin1", "pin2") if state == "locked" else ("puk",):
            await store.note_code_tries(connection, means.id, name, 3)


async def mend(connection: asyncpg.Connection, number: str) -> None:
    """Make somebody's card and phone usable again, with nothing waiting."""
    person = await find_by_number(connection, number)
    assert person
    await connection.execute(_RESET, number)
    await store.give_tries_back(connection, person.id)
    await connection.execute("DELETE FROM approval WHERE person_id = $1", person.id)


async def told(eid: Running, party: RelyingParty, asked: Asked, browser: Browser) -> dict[str, Any]:
    """Return the ID token's claims that the client is given for where the browser was led."""
    form = token_form(eid, party, browser.answer()["code"], asked.verifier)
    async with httpx.AsyncClient(trust_env=False) as http:
        return peek((await redeem(http, eid, form)).json()["id_token"])[1]


async def asks(eid: Running, portal: RelyingParty, browser: Browser, number: str, level: str = "substantial") -> str:
    """Have a service ask somebody's phone; return the control code on the screen."""
    await browser.go(ask(eid, portal, acr_values=level).url)
    await browser.say(number, means="phone")
    return control_code(browser)


async def holds_phone(phone: Browser, number: str) -> None:
    """Let another device be somebody's phone."""
    await phone.go("/phone?language=en")
    await phone.send("/owner", personal_number=number, person="another")


async def waiting(connection: asyncpg.Connection, number: str) -> list[Approval]:
    """Return what waits on somebody's phone."""
    person = await find_by_number(connection, number)
    assert person
    return await store.waiting(connection, person.id, now())


async def passed(connection: asyncpg.Connection, seconds: int) -> None:
    """Let time pass for what waits."""
    time = timedelta(seconds=seconds)
    await connection.execute(
        "UPDATE approval SET expires_at = expires_at - $1::interval, created_at = created_at - $1::interval", time
    )
    await connection.execute("UPDATE scan_code SET expires_at = expires_at - $1::interval", time)


def control_code(browser: Browser) -> str:
    """Return the code that the page shows."""
    found = re.search(r'class="control-code">([0-9]{4})<', browser.page.text)
    assert found, browser.text
    return found[1]


def offered_codes(phone: Browser) -> list[str]:
    """Return the codes that the phone lets one pick from."""
    return re.findall(r'name="code" type="radio" value="([0-9]{4})"', phone.page.text)
