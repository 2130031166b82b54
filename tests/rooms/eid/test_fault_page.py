"""Where faults are asked for: there when they are turned on, and nowhere when they are not."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from .fault import goes_right, goes_wrong, still_wrong
from .parties import Browser, Running, now


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/faults"),
        ("POST", "/faults"),
        ("POST", "/faults/removal"),
        ("GET", "/api/faults"),
        ("POST", "/api/faults"),
        ("DELETE", "/api/faults"),
    ],
)
async def test_nobody_finds_them_where_they_are_off(
    method: str, path: str, eid: Running, http: httpx.AsyncClient
) -> None:
    answer = await http.request(method, eid.url + path, json={"kind": "html"} if method == "POST" else None)
    assert answer.status_code == 404, answer.text


async def test_nothing_goes_wrong_where_they_are_off_even_if_the_database_says_so(
    eid: Running, http: httpx.AsyncClient
) -> None:
    connection = await asyncpg.connect(eid.environment["EID_DATABASE_URL"])
    try:
        planted = "INSERT INTO eid.fault (id, kind, at, times, expires_at) VALUES ($1, 'status_500', 'jwks', 1, $2)"
        await connection.execute(planted, uuid.uuid4(), now() + timedelta(minutes=5))
        assert (await http.get(f"{eid.url}/jwks.json")).status_code == 200
        assert await connection.fetchval("DELETE FROM eid.fault RETURNING times") == 1
    finally:
        await connection.close()


async def test_an_operator_asks_for_one_and_takes_it_back(faulty: Running) -> None:
    await goes_right(faulty.url)
    browser = Browser(faulty.url)
    await browser.go("/faults?language=en")
    assert "Every answer is right at the moment." in browser.text
    await browser.send("/faults", kind="wrong_nonce", client_id="portal", times="3")
    assert "The ID token carries another nonce token portal 3" in browser.text
    assert await still_wrong(faulty.url) == [
        {"kind": "wrong_nonce", "client_id": "portal", "at": "token", "times": 3},
    ]
    await browser.send("/faults/removal")
    assert "Every answer is right at the moment." in browser.text
    await browser.close()


async def test_what_was_typed_wrongly_is_kept_and_explained(faulty: Running) -> None:
    browser = Browser(faulty.url)
    await browser.go("/faults?language=sq")
    await browser.send("/faults", kind="wrong_sub", at="jwks", client_id="nobody", times="1000")
    assert browser.page.status_code == 422
    assert "Ky klient nuk është i regjistruar." in browser.text
    assert "Shkruani një numër nga 1 deri në 100." in browser.text
    assert 'value="1000"' in browser.page.text
    assert re.search(r'value="wrong_sub"\s+checked', browser.page.text)
    await browser.go("/faults?language=en")
    await browser.send("/faults", kind="html", times="1", seal="forged")
    assert browser.page.status_code == 403
    await browser.close()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {"kind": "unheard-of"}}, 422),
        ({"json": {"kind": "html", "times": 0}}, 201),  # none is as good as not said
        ({"json": {"kind": "html", "times": "many"}}, 422),
        ({"json": {"kind": "wrong_aud", "at": "jwks"}}, 422),
        ({"json": {"kind": "html", "client_id": "nobody"}}, 422),
        ({"json": ["html"]}, 400),
        ({"content": b"{", "headers": {"content-type": "application/json"}}, 400),
        ({"data": {"kind": "html"}}, 415),
    ],
    ids=str,
)
async def test_a_wish_that_cannot_be_met_is_refused(
    sent: dict[str, Any], status: int, faulty: Running, http: httpx.AsyncClient
) -> None:
    await goes_right(faulty.url)
    answer = await http.post(f"{faulty.url}/api/faults", **sent)
    assert answer.status_code == status, answer.text
    assert len(await still_wrong(faulty.url)) == (status == 201)


async def test_a_fault_that_nobody_meets_is_forgotten(faulty: Running, http: httpx.AsyncClient) -> None:
    await goes_right(faulty.url)
    await goes_wrong(faulty.url, "status_500", at="discovery")
    connection = await asyncpg.connect(faulty.environment["EID_DATABASE_URL"])
    await connection.execute("UPDATE eid.fault SET expires_at = $1", now() - timedelta(seconds=1))
    await connection.close()
    assert await still_wrong(faulty.url) == []
    assert (await http.get(f"{faulty.url}/.well-known/openid-configuration")).status_code == 200
