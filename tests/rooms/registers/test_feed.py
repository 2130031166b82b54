"""The registers tell what happened, once and in order, and an auditor reads who asked them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4, uuid5

import asyncpg
import httpx
import pytest

from services.registers.sandbox import store
from services.registers.sandbox.feed import BEFORE
from services.registers.sandbox.seeding import seed

from .asking import ARTA, BESNIK, HTTP, MILICA, answer, fetch, headers
from .conftest import AUDITOR, PORTAL, TOKENS, Registers
from .test_answers_proven import proven, published

WHO = {"X-Road-Client": PORTAL, "Authorization": f"Bearer {TOKENS[PORTAL]}"}


def events(registers: Registers, since: int = 0, limit: int = 1000) -> Any:  # noqa: ANN401 - JSON
    response = HTTP.get(f"{registers.url}/events?since={since}&limit={limit}", headers=WHO)
    assert response.status_code == 200, response.text
    assert proven(response.headers["x-jws-signature"], response.content, published(registers))
    return response.json()


def test_events_are_numbered_without_a_gap_in_the_order_of_days(country: Registers) -> None:
    told = events(country)["events"]
    assert [one["sequence"] for one in told] == list(range(1, len(told) + 1))
    assert [one["day"] for one in told] == sorted(one["day"] for one in told)
    kinds = {one["kind"] for one in told}
    assert {"document_expiring", "inspection_due"} <= kinds
    assert kinds <= {"birth", "sixteen", "sixty_five", "document_expiring", "inspection_due", "business_registered"}


def test_milicas_card_that_runs_out_and_her_newborn_are_told(country: Registers) -> None:
    hers = {one["kind"]: one for one in events(country)["events"] if one["subject"] == MILICA}
    assert hers.keys() == {"birth", "document_expiring"}
    assert (hers["birth"]["register"], hers["birth"]["about"]["given_name"]) == ("civil-status", "Sofija")
    card = hers["document_expiring"]
    assert (card["register"], card["about"]["kind"]) == ("identity-documents", "identity_card")
    assert "child" not in card["about"]


async def test_what_concerns_a_minor_is_told_to_each_parent(country: Registers) -> None:
    parents = {
        row["personal_number"]: {row["father"], row["mother"]}
        for row in await fetch(country, "SELECT personal_number, father, mother FROM person")
    }
    told = [one for one in events(country)["events"] if "child" in one["about"]]
    assert {"birth", "document_expiring"} <= {one["kind"] for one in told}
    for one in told:
        assert one["subject"] in parents[one["about"]["child"]]
    assert {one["subject"] for one in told if one["about"]["given_name"] == "Lea"} >= {BESNIK}


async def test_each_register_records_of_whom_it_told_and_to_whom(country: Registers) -> None:
    page = uuid4()
    response = HTTP.get(f"{country.url}/events?since=0&limit=50", headers=WHO | {"X-Road-Id": str(page)})
    told = [one for one in response.json()["events"] if one["register"] == "vehicles"]
    rows = await fetch(
        country,
        "SELECT message_id, subject, client, user_id, service, request_hash FROM vehicles_access"
        " WHERE service LIKE '%/events' AND request_hash = $1",
        response.headers["x-road-request-hash"],
    )
    assert {(row["message_id"], row["subject"]) for row in rows} == {
        (uuid5(page, str(one["sequence"])), one["subject"]) for one in told
    }
    assert {(row["client"], row["user_id"], row["service"]) for row in rows} == {
        (PORTAL, PORTAL, "XK/GOV/ARC/vehicles/events")
    }


def test_who_asks_from_where_she_stopped_gets_the_rest_and_nothing_twice(country: Registers) -> None:
    whole = events(country)["events"]
    first = events(country, 0, 5)
    rest = events(country, first["next"], 1000)
    assert first["events"] + rest["events"] == whole
    end = events(country, rest["next"])
    assert (end["events"], end["next"]) == ([], rest["next"])


@pytest.mark.parametrize("query", ["since=-1", "since=x", "limit=0", "limit=1001", "since=99999999999999999999999"])
def test_a_feed_asked_for_wrongly_is_refused(country: Registers, query: str) -> None:
    response = HTTP.get(f"{country.url}/events?{query}", headers=WHO)
    assert response.status_code == 400
    assert response.json().keys() == {"type", "message", "detail"}


def test_nobody_without_a_token_is_told_of_anyone(country: Registers) -> None:
    wrong = WHO | {"Authorization": "Bearer wrong"}
    assert HTTP.get(f"{country.url}/events", headers=wrong).status_code == 401


async def test_the_same_population_tells_the_same_and_more_each_day(empty_database_url: str) -> None:
    day = datetime(2026, 11, 23, tzinfo=UTC).date()
    connection = await asyncpg.connect(empty_database_url, server_settings={"search_path": "registers"})
    try:
        told: list[list[tuple[object, ...]]] = []
        for _time in range(2):
            await store.migrate(connection)
            await seed(connection, 900, day)
            await store.note_events(connection, day, BEFORE)
            await store.note_events(connection, day, BEFORE)
            told.append([tuple(row) for row in await store.events(connection, 0, 1000)])
            later = day.replace(month=12)
            await store.note_events(connection, later, BEFORE)
            more = [tuple(row) for row in await store.events(connection, 0, 1000)]
            assert more[: len(told[-1])] == told[-1]
            assert len(more) > len(told[-1])
            await connection.execute("DROP SCHEMA registers CASCADE")
        assert told[0] == told[1]
        assert told[0]
    finally:
        await connection.close()


def audit(registers: Registers, register: str = "tax", **headers: str) -> httpx.Response:
    url = f"{registers.url}/audit/{register}/reads"
    return HTTP.get(url, headers={"Authorization": f"Bearer {AUDITOR}"} | headers)


def test_an_auditor_reads_who_asked_about_whom_and_why(country: Registers) -> None:
    issue = f"A-{uuid4().hex[:8]}"
    asked = answer(country, "tax/debts", BESNIK, X_Road_Issue=issue, X_Road_UserId="XK1158470620").json()
    (read,) = [one for one in audit(country).json()["reads"] if one["issue"] == issue]
    assert (read["message_id"], read["client"], read["user_id"]) == (asked["message_id"], PORTAL, "XK1158470620")
    assert (read["service"], read["subject"], read["known"]) == ("XK/GOV/ATK/tax/debts", BESNIK, True)
    assert read["at"] == asked["recorded_at"]


def test_an_auditor_may_ask_about_one_person_without_naming_her_in_an_address(country: Registers) -> None:
    answer(country, "tax/status", ARTA)
    answer(country, "tax/status", BESNIK)
    reads = audit(country, **{"X-Subject": BESNIK}).json()["reads"]
    assert reads
    assert {one["subject"] for one in reads} == {BESNIK}
    assert audit(country, **{"X-Subject": "x"}).status_code == 400


def test_only_the_auditor_reads_the_registers_records(country: Registers, registers: Registers) -> None:
    assert audit(country, Authorization="Bearer wrong").status_code == 401
    assert audit(country, Authorization=f"Bearer {TOKENS[PORTAL]}").status_code == 401
    assert HTTP.get(f"{country.url}/audit/tax/reads", headers=headers()).status_code == 401
    assert audit(country, "horoscopes").status_code == 404
    assert audit(registers).status_code == 404
