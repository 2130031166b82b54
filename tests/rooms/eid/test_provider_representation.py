"""For whom a person may act: the registers say it, to a client that asks and may."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from eid.provider.tokens import peek

from .parties import (
    ARTA,
    BESNIK,
    DRITA,
    Browser,
    RelyingParty,
    Running,
    an_eid,
    ask,
    free_port,
    redeem,
    serving,
    token_form,
)

SCOPE = "openid representation"


@pytest.fixture(scope="module")
def acting(eid: Running) -> RelyingParty:
    """Give a client that may ask for whom people act."""
    party = RelyingParty("acting")
    party.register(eid, scope=SCOPE)
    return party


async def given(
    http: httpx.AsyncClient, eid: Running, party: RelyingParty, browser: Browser, person: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Sign a person in and return the claims of the ID token and of userinfo."""
    asked = ask(eid, party, scope=SCOPE)
    await browser.go(asked.url)
    assert "for whom you may act: your children under 18" in browser.text
    code = (await browser.sign_in(asked.url, person))["code"]
    body = (await redeem(http, eid, token_form(eid, party, code, asked.verifier))).json()
    told = await http.get(f"{eid.url}/userinfo", headers={"authorization": f"Bearer {body['access_token']}"})
    return peek(body["id_token"])[1], told.json()


async def test_a_parent_acts_for_children_and_a_director_for_a_business(
    eid: Running, acting: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    token, told = await given(http, eid, acting, browser, BESNIK)
    assert token["representee_list"] == told["representee_list"]
    kinds = [(one["type"], one["role"]) for one in told["representee_list"]]
    assert kinds.count(("natural_person", "parent")) == 3
    businesses = [one for one in told["representee_list"] if one["type"] == "legal_person"]
    assert businesses
    assert all(set(one) == {"type", "role", "business_number", "name", "alone"} for one in businesses)


async def test_who_acts_for_nobody_is_told_so(
    eid: Running, acting: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    token, _told = await given(http, eid, acting, browser, DRITA)
    assert token["representee_list"] == []


async def test_the_register_knows_who_asked_and_why(
    eid: Running, registers: Running, acting: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    await given(http, eid, acting, browser, ARTA)
    connection = await asyncpg.connect(registers.environment["REGISTERS_DATABASE_URL"])
    try:
        named = "SELECT table_schema || '.' || table_name FROM information_schema.columns WHERE column_name = $1"
        schemas = await connection.fetch(named, "issue")
        read = "SELECT client, user_id, issue FROM {} WHERE subject = $1"
        reads = [row for log in schemas for row in await connection.fetch(read.format(log[0]), ARTA)]
    finally:
        await connection.close()
    assert ("XK/GOV/ASHI/eid", "eid", "representation for acting") in {tuple(row) for row in reads}


@pytest.mark.parametrize("scope", [SCOPE, "openid credential"])
async def test_a_client_that_did_not_register_it_cannot_ask(
    scope: str, eid: Running, portal: RelyingParty, browser: Browser
) -> None:
    await browser.go(ask(eid, portal, scope=scope).url)
    assert browser.answer()["error"] == "invalid_scope"


@contextmanager
def without_registers(registers: Running, database_url: str, folder: Path, party: RelyingParty) -> Generator[Running]:
    """Give an eID whose registers go away once its people are enrolled."""
    eid = an_eid(database_url, registers.url, folder)
    eid.did("pki", "init")
    eid.did("seed")
    party.register(eid, scope=SCOPE)
    eid.environment["EID_REGISTERS_URL"] = "http://127.0.0.1:9"
    with serving(eid):
        yield eid


async def test_registers_that_are_down_stop_nobody_from_signing_in(
    registers: Running, empty_database_url: str, tmp_path: Path, http: httpx.AsyncClient
) -> None:
    party = RelyingParty("acting")
    with without_registers(registers, empty_database_url, tmp_path, party) as eid:
        browser = Browser(eid.url)
        token, told = await given(http, eid, party, browser, ARTA)
        await browser.close()
        assert "representee_list" not in token | told
        assert token["personal_number"] == ARTA
        said = eid.log.read_text()
    assert "representees_unknown" in said
    assert ARTA not in said


def test_registers_that_gave_the_eid_no_right_are_named_in_one_sentence(eid: Running, registers: Running) -> None:
    port = free_port()
    told = {"REGISTERS_PORT": str(port), "REGISTERS_URL": f"http://127.0.0.1:{port}", "REGISTERS_ACCESS": "{}"}
    log = registers.log.with_name("closed.log")
    closed = Running(told["REGISTERS_URL"], registers.module, registers.environment | told, log)
    with serving(closed):
        done = eid.run("seed", EID_REGISTERS_URL=closed.url)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("do not let the eID ask XK/GOV/ARC/civil-status/person.")
    assert "access_denied" in log.read_text()
    assert ARTA not in log.read_text()
