"""The registers answer by the X-Road message protocol, to those who may ask, and record each question."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from .conftest import EID, PORTAL, TOKENS, Registers, command, settings_for

ARTA, MILICA, BESNIK, AGIM, EMINE = "1176042318", "1204583176", "1133902755", "1086354124", "1102736490"
PERSON, CHILDREN = "/r1/XK/GOV/ARC/civil-status/person", "/r1/XK/GOV/ARC/civil-status/children"
ADDRESS, VEHICLES = "/r1/XK/GOV/ARC/addresses/address", "/r1/XK/GOV/ARC/vehicles/vehicles"
SERVICES = [PERSON, CHILDREN, ADDRESS, VEHICLES]
LOGS = {PERSON: "civil_status", CHILDREN: "civil_status", ADDRESS: "addresses", VEHICLES: "vehicles"}


def headers(subject: str = ARTA, /, **changed: str | None) -> dict[str, str]:
    said: dict[str, str | None] = {
        "X-Road-Client": PORTAL,
        "X-Road-Id": str(uuid4()),
        "X-Road-UserId": f"XK{subject}",
        "X-Road-Issue": "A-2026-000001",
        "X-Subject": subject,
        "Authorization": f"Bearer {TOKENS[PORTAL]}",
    }
    said |= {name.replace("_", "-"): value for name, value in changed.items()}
    return {name: value for name, value in said.items() if value is not None}


@pytest.fixture(scope="module")
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


async def ask(registers: Registers, http: httpx.AsyncClient, path: str, subject: str) -> Any:  # noqa: ANN401 - JSON
    response = await http.get(registers.url + path, headers=headers(subject))
    assert response.status_code == 200, response.text
    return response.json()["data"]


async def test_arta_is_found_as_civil_status_has_her(registers: Registers, http: httpx.AsyncClient) -> None:
    arta = await ask(registers, http, PERSON, ARTA)
    assert (arta["given_name"], arta["family_name"], arta["birth_municipality"]) == ("Arta", "Krasniqi", "prishtine")
    assert arta["mother"] == {"given_name": "Vjosa", "family_name": "Morina", "birth_family_name": "Hyseni"}
    assert "given_name_cyrl" not in arta


async def test_milica_is_found_in_both_scripts(registers: Registers, http: httpx.AsyncClient) -> None:
    milica = await ask(registers, http, PERSON, MILICA)
    assert (milica["given_name_cyrl"], milica["family_name_cyrl"]) == ("Милица", "Јовановић")


async def test_children_are_the_living_ones_under_18_the_eldest_first(
    registers: Registers, http: httpx.AsyncClient
) -> None:
    assert [child["given_name"] for child in await ask(registers, http, CHILDREN, ARTA)] == ["Lis", "Era"]
    assert await ask(registers, http, CHILDREN, EMINE) == []


async def test_a_person_without_an_address_is_known_and_has_none(registers: Registers, http: httpx.AsyncClient) -> None:
    assert await ask(registers, http, ADDRESS, AGIM) is None
    assert (await ask(registers, http, ADDRESS, ARTA))["street"] == "Mark Isaku"


async def test_besniks_vehicles_come_by_plate(registers: Registers, http: httpx.AsyncClient) -> None:
    cars = await ask(registers, http, VEHICLES, BESNIK)
    assert {car["make"] for car in cars} == {"Opel", "Mercedes-Benz"}
    assert [car["plate"] for car in cars] == sorted(car["plate"] for car in cars)


async def test_an_answer_carries_the_headers_of_x_road(registers: Registers, http: httpx.AsyncClient) -> None:
    said = headers()
    response = await http.get(registers.url + PERSON, headers=said)
    assert response.headers["x-road-id"] == response.json()["message_id"] == said["X-Road-Id"]
    assert response.headers["x-road-client"] == PORTAL
    assert response.headers["x-road-service"] == "XK/GOV/ARC/civil-status/person"
    assert UUID(response.headers["x-road-request-id"])


@pytest.mark.parametrize("path", SERVICES)
async def test_an_unknown_person_is_the_registers_own_404(
    registers: Registers, http: httpx.AsyncClient, path: str
) -> None:
    response = await http.get(registers.url + path, headers=headers("9999999999"))
    assert response.status_code == 404
    assert response.json().keys() == {"type", "message", "detail"}
    assert "x-road-error" not in response.headers


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"X_Subject": None}, 400),
        ({"X_Subject": "117604231"}, 400),
        ({"X_Road_UserId": None}, 400),
        ({"X_Road_Id": "1"}, 400),
        ({"X_Road_Client": None}, 400),
        ({"X_Road_Client": "portal"}, 400),
        ({"X_Road_Issue": "<script>"}, 400),
        ({"Authorization": None}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": f"Basic {TOKENS[PORTAL]}"}, 401),
        ({"X_Road_Client": EID}, 401),
        ({"X_Road_Client": "XK/GOV/XXX/unknown"}, 401),
    ],
)
async def test_who_does_not_say_who_asks_for_whom_gets_nothing(
    registers: Registers, http: httpx.AsyncClient, changed: dict[str, str | None], status: int
) -> None:
    before = await recorded(registers)
    response = await http.get(registers.url + PERSON, headers=headers(ARTA, **changed))
    assert response.status_code == status
    assert response.json().keys() == {"type", "message", "detail"}
    assert ("x-road-error" in response.headers) == (status == 400)
    assert await recorded(registers) == before


async def test_a_request_without_an_id_is_given_one(registers: Registers, http: httpx.AsyncClient) -> None:
    response = await http.get(registers.url + PERSON, headers=headers(X_Road_Id=None))
    assert UUID(response.json()["message_id"]).version == 4


async def test_a_service_that_nobody_offers_is_x_roads_own_error(registers: Registers, http: httpx.AsyncClient) -> None:
    response = await http.get(f"{registers.url}/r1/XK/GOV/ARC/civil-status/horoscope", headers=headers())
    assert response.status_code == 500
    assert response.headers["x-road-error"] == response.json()["type"] == "Server.ServerProxy.UnknownService"


@pytest.mark.parametrize("path", SERVICES)
async def test_each_register_records_who_asked_for_whom_and_when(
    registers: Registers, http: httpx.AsyncClient, path: str
) -> None:
    said = headers(EMINE, X_Road_UserId="XK1158470620")
    answer = (await http.get(registers.url + path, headers=said)).json()
    row = await one_row(
        registers,
        f"SELECT * FROM registers.{LOGS[path]}_access WHERE message_id = $1",  # noqa: S608 - a name above
        UUID(said["X-Road-Id"]),
    )
    assert (row["client"], row["user_id"], row["subject"]) == (PORTAL, "XK1158470620", EMINE)
    assert (row["issue"], row["service"], row["known"]) == ("A-2026-000001", path.removeprefix("/r1/"), True)
    assert row["at"].isoformat().replace("+00:00", "Z") == answer["recorded_at"]


@pytest.mark.parametrize("register", ["civil_status", "addresses", "vehicles"])
@pytest.mark.parametrize("change", ["UPDATE registers.{}_access SET user_id = 'x'", "DELETE FROM registers.{}_access"])
async def test_nobody_changes_what_a_register_recorded(registers: Registers, register: str, change: str) -> None:
    connection = await asyncpg.connect(registers.database_url)
    try:
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await connection.execute(change.format(register))
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await connection.execute(f"TRUNCATE registers.{register}_access")
    finally:
        await connection.close()


@pytest.mark.parametrize("path", ["/", "/health/live", "/nothing", PERSON])
async def test_every_answer_carries_the_security_headers(
    registers: Registers, http: httpx.AsyncClient, path: str
) -> None:
    for method in ("GET", "POST"):
        response = await http.request(method, registers.url + path)
        assert response.headers["content-security-policy"].startswith("default-src 'none'")
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("wish", "language"), [("", "sq"), ("sr-RS", "sr"), ("en-GB,en;q=0.8", "en"), ("bs,de;q=0.5", "sr")]
)
async def test_who_opens_the_address_reads_what_it_is(
    registers: Registers, http: httpx.AsyncClient, wish: str, language: str
) -> None:
    response = await http.get(registers.url, headers={"Accept-Language": wish})
    assert response.headers["content-language"] == language
    assert "DEMO" in response.text


async def recorded(registers: Registers) -> int:
    row = await one_row(registers, "SELECT count(*) FROM registers.civil_status_access")
    return row[0]


async def one_row(registers: Registers, statement: str, *values: object) -> asyncpg.Record:
    connection = await asyncpg.connect(registers.database_url)
    try:
        row = await connection.fetchrow(statement, *values)
        assert row is not None
        return row
    finally:
        await connection.close()


def test_missing_settings_are_all_named_in_one_sentence() -> None:
    ended = command("serve")
    assert ended.returncode == 1
    assert "REGISTERS_DATABASE_URL" in ended.stderr
    assert "REGISTERS_TOKENS" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_busy_port_is_one_sentence_naming_the_setting(registers: Registers) -> None:
    port = int(registers.url.rsplit(":", 1)[1])
    ended = command("serve", **settings_for(registers.database_url, port))
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "REGISTERS_PORT" in ended.stderr


def test_an_unreachable_database_is_one_sentence_without_its_password() -> None:
    ended = command("migrate", **settings_for("postgresql://registers:verysecret@127.0.0.1:1/registers"))
    assert ended.returncode == 1
    assert "REGISTERS_DATABASE_URL" in ended.stderr
    assert "verysecret" not in ended.stderr
    assert "Traceback" not in ended.stderr
