"""A client asks what it was given the right to ask; whatever else it tries is X-Road's own no, and on record."""

from __future__ import annotations

import json
from uuid import UUID

import aiohttp
import asyncpg
import httpx
import pytest
from structlog.testing import capture_logs

from services.registers.client import Client
from services.registers.gateway import Gateway

from .asking import ARTA, HTTP, SERVICES, answer, fetch, headers
from .conftest import AUDITOR, EID, SIGNER, TOKENS, Registers, command, settings_for
from .people import ADDRESS, NOW

AS_EID = {"X_Road_Client": EID, "Authorization": f"Bearer {TOKENS[EID]}"}


def denials(registers: Registers, register: str, subject: str | None = ARTA) -> httpx.Response:
    about = {} if subject is None else {"X-Subject": subject}
    said = {"Authorization": f"Bearer {AUDITOR}", **about}
    return HTTP.get(f"{registers.url}/audit/{register}/denied", headers=said)


def test_a_client_asks_what_it_may_and_nothing_else(country: Registers) -> None:
    assert answer(country, "civil-status/children", ARTA, **AS_EID).status_code == 200
    for service in ("civil-status/person", "tax/income", "criminal-record/record"):
        refused = answer(country, service, ARTA, **AS_EID)
        assert (refused.status_code, refused.headers["x-road-error"]) == (500, "Server.ServerProxy.AccessDenied")
        assert refused.json()["type"] == "Server.ServerProxy.AccessDenied"
        asked = f"{SERVICES[service.partition('/')[0]]}/{service.partition('/')[2]}"
        assert refused.json()["message"] == f"Request is not allowed: SERVICE:{asked}"
        assert "x-jws-signature" not in refused.headers  # the register was not even asked


async def test_an_attempt_stands_on_record_and_not_among_the_reads(country: Registers) -> None:
    said = headers(ARTA, X_Road_UserId="XK1204583176", X_Road_Issue="A-2026-000077", **AS_EID)
    HTTP.get(f"{country.url}/r1/{SERVICES['tax']}/income", headers=said)
    message = UUID(said["X-Road-Id"])
    assert await fetch(country, "SELECT FROM tax_access WHERE message_id = $1", message) == []
    (row,) = [one for one in denials(country, "tax").json()["denied"] if one["message_id"] == str(message)]
    assert (row["client"], row["user_id"], row["issue"]) == (EID, "XK1204583176", "A-2026-000077")
    assert (row["service"], row["subject"]) == (f"{SERVICES['tax']}/income", ARTA)
    assert row["request_hash"]
    assert denials(country, "tax", "1204583176").json()["denied"] == []


def test_the_feed_is_a_right_too(country: Registers) -> None:
    who = {"X-Road-Client": EID, "Authorization": f"Bearer {TOKENS[EID]}"}
    refused = HTTP.get(f"{country.url}/events", headers=who)
    assert (refused.status_code, refused.headers["x-road-error"]) == (500, "Server.ServerProxy.AccessDenied")
    last = denials(country, "gateway", None).json()["denied"][-1]
    assert (last["client"], last["service"], last["subject"], last["user_id"]) == (EID, "events", None, EID)


def test_attempts_are_shown_to_the_auditor_alone(country: Registers, registers: Registers) -> None:
    assert HTTP.get(f"{country.url}/audit/tax/denied").status_code == 401
    assert denials(country, "police").status_code == 404
    assert denials(registers, "tax").status_code == 404  # nobody was made auditor there


async def test_nobody_changes_what_was_refused(registers: Registers) -> None:
    answer(registers, "tax/income", ARTA, **AS_EID)
    for change in ("UPDATE denied_access SET client = 'x'", "DELETE FROM denied_access", "TRUNCATE denied_access"):
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await fetch(registers, change)


async def test_the_asker_reads_in_his_log_that_it_was_a_right_he_lacked(
    registers: Registers, http: aiohttp.ClientSession
) -> None:
    gateway = Gateway(Client(registers.url, TOKENS[EID], EID, http, SIGNER))
    with capture_logs() as logs:
        (one,) = await gateway.ask(ADDRESS, ARTA, f"XK{ARTA}", None, NOW)
    assert one.outcome == "unreachable"
    assert [said["reason"] for said in logs] == ["status 500 Server.ServerProxy.AccessDenied"]
    assert ARTA not in str(logs)


@pytest.mark.parametrize(
    ("access", "said"),
    [
        ({EID: ["XK/GOV/ARC/civil-status/horoscope"]}, "XK/GOV/ARC/civil-status/horoscope"),
        ({"XK/GOV/XXX/unknown": ["events"]}, "XK/GOV/XXX/unknown"),
        ("not JSON", "must be JSON"),
    ],
)
def test_a_right_that_nobody_could_use_is_a_mistake(registers: Registers, access: object, said: str) -> None:
    told = access if isinstance(access, str) else json.dumps(access)
    ended = command("serve", **(settings_for(registers.database_url) | {"REGISTERS_ACCESS": told}))
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "REGISTERS_ACCESS" in ended.stderr
    assert said in ended.stderr
