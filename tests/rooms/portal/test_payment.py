"""Paying: by return or by message, once; and what happens to money that nobody waits for any more."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from portal.database import Database
from portal.demo.plan import Plan
from tests.parties import free_ports
from tests.rooms.portal.silence import answering, hanging
from tests.rooms.portal.visitor import DRITA, MILICA, Visitor, application_of, form

Portal = Callable[..., Awaitable[httpx.AsyncClient]]
PAID = {"number": "4242 4242 4242 4242", "expiry": "12/40", "cvc": "123"}
DECLINED = PAID | {"number": "4000 0000 0000 0002"}


@pytest.fixture
async def milica(new_visitor: Callable[[], Visitor]) -> Visitor:
    """Give Milica, signed in."""
    milica = new_visitor()
    await milica.signs_in(MILICA)
    return milica


async def _at_the_provider(visitor: Visitor) -> tuple[UUID, httpx.Response]:
    """Send an application for a birth extract; return it and the provider's page."""
    check = await visitor.asks_for_birth_extract()
    return application_of(check), await visitor.follow(await visitor.send(check, "/submission"))


async def _state(memory: Database, application: UUID) -> str:
    async with memory.connect() as connection:
        return await connection.fetchval("SELECT state::text FROM application WHERE id = $1", application)


async def _becomes(memory: Database, application: UUID, *states: str) -> None:
    for _ in range(200):
        if await _state(memory, application) in states:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"it is {await _state(memory, application)}")


async def _payments(memory: Database, application: UUID) -> list[tuple[str, bool, bool]]:
    async with memory.connect() as connection:
        rows = await connection.fetch("SELECT state, late, surplus FROM payment WHERE order_id = $1", application)
    return [tuple(row) for row in rows]


async def test_paid_is_approved_whether_she_comes_back_or_not(milica: Visitor, memory: Database) -> None:
    application, page = await _at_the_provider(milica)
    await milica.send(page, "/card", PAID)  # and she closes the window
    await _becomes(memory, application, "approved", "issued")
    assert await _payments(memory, application) == [("paid", False, False)]


async def test_coming_back_many_times_pays_once(milica: Visitor, memory: Database) -> None:
    application, page = await _at_the_provider(milica)
    back = (await milica.send(page, "/card", PAID)).headers["location"]
    answers = await asyncio.gather(*(milica.get(back) for _ in range(6)))
    assert {answer.headers["location"] for answer in answers} == {f"/sq/applications/{application}"}
    await _becomes(memory, application, "approved", "issued")
    async with memory.connect() as connection:
        booked = await connection.fetchval(
            "SELECT count(*) FROM ledger_entry JOIN payment ON payment.id = payment_id WHERE order_id = $1", application
        )
    assert booked == 1


async def test_a_declined_card_may_be_tried_again(milica: Visitor, memory: Database) -> None:
    application, page = await _at_the_provider(milica)
    refused = await milica.follow(await milica.send(page, "/card", DECLINED))
    if refused.url.path.startswith("/sq/applications"):
        assert await _state(memory, application) == "awaiting_payment"
        page = await milica.follow(await milica.send(refused, "/payment"))
    else:
        page = refused
    await milica.follow(await milica.send(page, "/card", PAID))
    await _becomes(memory, application, "approved", "issued")


async def test_money_that_comes_after_the_withdrawal_is_kept_and_said_so_in_the_log(
    milica: Visitor, memory: Database, town: Plan
) -> None:
    application, page = await _at_the_provider(milica)
    address = f"/sq/applications/{application}"
    await milica.send(await milica.get(f"{address}/withdrawal"), "/withdrawal")
    await milica.follow(await milica.send(page, "/card", PAID))
    for _ in range(100):
        if await _payments(memory, application) == [("paid", False, False)]:
            break
        await asyncio.sleep(0.05)
    assert await _payments(memory, application) == [("paid", False, False)]
    assert await _state(memory, application) == "withdrawn"
    lines = (town.directory / "portal.log").read_text().splitlines()
    assert any('"payment_unwanted"' in line and "not_while_withdrawn" in line for line in lines)


async def test_someone_elses_payment_is_not_found(
    milica: Visitor, memory: Database, new_visitor: Callable[[], Visitor]
) -> None:
    application, _page = await _at_the_provider(milica)
    async with memory.connect() as connection:
        payment = await connection.fetchval("SELECT id FROM payment WHERE order_id = $1", application)
    drita = new_visitor()
    await drita.signs_in(DRITA)
    assert (await drita.follow(await drita.get(f"/sq/payments/{payment}"))).status_code == 404
    assert (await drita.get("/sq/payments/01234567-89ab-7def-8123-456789abcdef")).status_code == 404


async def test_what_was_decided_needs_no_payment(milica: Visitor, memory: Database) -> None:
    application, page = await _at_the_provider(milica)
    await milica.follow(await milica.send(page, "/card", PAID))
    await _becomes(memory, application, "approved", "issued")
    home = await milica.get("/sq/applications")
    token = form(home, "/sign-out").fields
    answer = await milica.http.post(f"/sq/applications/{application}/payment", data=token)
    assert answer.status_code == 409


@pytest.mark.parametrize("kind", ["refuses", "hangs", "answers with a page", "answers with an error"])
async def test_while_the_provider_fails_the_application_waits_for_its_fee(
    milica: Visitor, memory: Database, new_portal: Portal, kind: str
) -> None:
    check = await milica.asks_for_birth_extract()
    parties = {
        "hangs": hanging(),
        "answers with a page": answering("200 OK", b"<html>"),
        "answers with an error": answering("503 Service Unavailable", b"{}", "application/json"),
    }
    if kind == "refuses":
        await _sent_with_provider_at(f"http://127.0.0.1:{free_ports(1)[0]}", check, milica, new_portal)
    else:
        async with parties[kind] as url:
            await _sent_with_provider_at(url, check, milica, new_portal)
    assert await _state(memory, application_of(check)) == "awaiting_payment"
    page = await milica.get(f"/sq/applications/{application_of(check)}")
    paying = await milica.follow(await milica.send(page, "/payment"))
    await milica.follow(await milica.send(paying, "/card", PAID))
    await _becomes(memory, application_of(check), "approved", "issued")


async def _sent_with_provider_at(url: str, check: httpx.Response, milica: Visitor, new_portal: Portal) -> None:
    portal = await new_portal(PORTAL_PAYMENTS_URL=url)
    for name in ("portal-session", "portal-csrf"):
        portal.cookies.set(name, milica.cookies[name])
    page = await portal.get(check.url.path.replace("/sq/", "/en/"))
    answer = await portal.post(page.url.path.replace("check", "submission"), data=form(page, "/submission").fields)
    assert answer.status_code == 503
    assert "try again" in answer.text


def _signed(body: bytes, secret: str, at: int) -> dict[str, str]:
    """Return the headers of a message as Standard Webhooks 1.0 signs it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.digest(key, f"msg_1.{at}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
        "content-type": "application/json",
    }


async def test_only_the_provider_can_say_that_something_was_paid(milica: Visitor, memory: Database, town: Plan) -> None:
    application, _page = await _at_the_provider(milica)
    async with memory.connect() as connection:
        row = await connection.fetchrow("SELECT id, provider_id, cents FROM payment WHERE order_id = $1", application)
    assert row
    data: dict[str, Any] = {
        "id": row["provider_id"],
        "reference": str(row["id"]),
        "amount": row["cents"],
        "currency": "EUR",
        "state": "paid",
    }
    body = json.dumps({"type": "payment.paid", "timestamp": "2026-11-23T09:00:00Z", "data": data}).encode()
    ours, others, now = town.keys.webhook_secret("PAYMENTS_WEBHOOK_SECRET"), "whsec_" + "A" * 43 + "=", int(time.time())
    forged = [
        {},
        _signed(body, others, now),
        _signed(body, ours, now - 3600),
        _signed(body, ours, now + 3600),
        _signed(body + b" ", ours, now),
        _signed(body, ours, now) | {"webhook-signature": "v1,ë"},
        _signed(body, ours, now) | {"webhook-timestamp": "9" * 400},
        _signed(body, ours, now) | {"webhook-id": "msg_2"},
    ]
    async with httpx.AsyncClient(base_url=town.address("portal")) as anyone:
        for headers in forged:
            raw = [(name.encode(), value.encode()) for name, value in headers.items()]
            assert (await anyone.post("/webhooks/payments", content=body, headers=raw)).status_code == 409, headers
        assert await _state(memory, application) == "awaiting_payment"
        for _ in range(3):
            answer = await anyone.post("/webhooks/payments", content=body, headers=_signed(body, ours, now))
            assert answer.status_code == 204
    await _becomes(memory, application, "approved", "issued")
