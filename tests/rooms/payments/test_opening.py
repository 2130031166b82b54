"""A payment is opened once, however often it is asked for."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import asyncpg
import httpx
import pytest
from uuid_utils.compat import uuid4

from payments import ledger, store
from payments.errors import AlreadyPaid, OtherAmount
from payments.gateway import Gateway
from payments.money import Money
from payments.payment import State
from portal.database import Database

from .conftest import Provider, open_payment
from .people import API_KEY, BIRTH_EXTRACT, MERCHANT, now


def asked(**other: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {
        "reference": str(uuid4()),
        "amount": 200,
        "currency": "EUR",
        "description": {"sq": "a", "sr": "b", "en": "c"},
        "language": "sq",
        "return_url": f"{MERCHANT}/sq/",
        **other,
    }


async def post(provider: Provider, http: httpx.AsyncClient, body: Any, **headers: str) -> httpx.Response:  # noqa: ANN401
    given = {"authorization": f"Bearer {API_KEY}", "idempotency-key": str(uuid4())} | headers
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await http.post(f"{provider.url}/v1/payments", headers=given, content=content)


async def test_opened_twice_with_one_key_is_one_payment(
    provider: Provider, http: httpx.AsyncClient, provider_records: asyncpg.Connection
) -> None:
    body, key = asked(), str(uuid4())
    answers = await asyncio.gather(*(post(provider, http, body, **{"idempotency-key": key}) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    count = await provider_records.fetchval("SELECT count(*) FROM payment WHERE reference = $1", body["reference"])
    assert count == 1


@pytest.mark.parametrize(
    "other", [{"amount": 201}, {"reference": str(uuid4())}, {"description": dict.fromkeys(("sq", "sr", "en"), "x")}]
)
async def test_a_key_cannot_be_used_for_another_payment(
    provider: Provider, http: httpx.AsyncClient, other: dict[str, Any]
) -> None:
    body, key = asked(), str(uuid4())
    await post(provider, http, body, **{"idempotency-key": key})
    answer = await post(provider, http, body | other, **{"idempotency-key": key})
    assert (answer.status_code, answer.json()) == (422, {"error": "idempotency_key_reused"})


async def test_a_person_who_comes_again_in_another_language_gets_the_same_page_in_it(
    provider: Provider, http: httpx.AsyncClient
) -> None:
    body, key = asked(), str(uuid4())
    first = await post(provider, http, body, **{"idempotency-key": key})
    back = f"{MERCHANT}/sr/"
    second = await post(provider, http, body | {"language": "sr", "return_url": back}, **{"idempotency-key": key})
    assert first.json()["pay_url"] == second.json()["pay_url"]
    page = await http.get(second.json()["pay_url"])
    assert (page.headers["content-language"], "Platite karticom" in page.text) == ("sr", True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": -100},
        {"amount": 10**30},
        {"amount": 1.5},
        {"amount": "100"},
        {"currency": "USD"},
        {"description": {"sq": "a", "sr": "b"}},
        {"description": {"sq": "a\u0000", "sr": "b", "en": "c"}},
        {"language": "de"},
        {"payer_note": "x" * 141},
        {"surprise": 1},
        {"return_url": "https://evil.example/"},
        {"return_url": f"{MERCHANT}.evil.example/"},
    ],
)
async def test_a_wrong_opening_is_refused(provider: Provider, http: httpx.AsyncClient, wrong: dict[str, Any]) -> None:
    assert (await post(provider, http, asked(**wrong))).status_code == 422


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 9000, b"\xff\xfe", b'"\\ud800"', b"null"])
async def test_what_is_no_opening_at_all_is_refused(provider: Provider, http: httpx.AsyncClient, body: bytes) -> None:
    assert (await post(provider, http, body)).status_code == 422


async def test_a_body_too_long_is_not_read(provider: Provider, http: httpx.AsyncClient) -> None:
    assert (await post(provider, http, b" " * 20_000)).status_code == 413


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", f"Basic {API_KEY}", "Bearer"])
async def test_a_stranger_can_neither_open_nor_read(
    provider: Provider, http: httpx.AsyncClient, authorization: str
) -> None:
    answer = await post(provider, http, asked(), authorization=authorization)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    answer = await http.get(f"{provider.url}/v1/payments/pay_1", headers={"authorization": authorization})
    assert answer.status_code == 401


async def test_without_a_key_nothing_is_opened(provider: Provider, http: httpx.AsyncClient) -> None:
    answer = await post(provider, http, asked(), **{"idempotency-key": ""})
    assert (answer.status_code, answer.json()) == (400, {"error": "idempotency_key_missing"})


@pytest.mark.parametrize("name", ["pay_unknown", "%00", "%ED%A0%80", "a" * 300, "..%2f..%2f"])
async def test_an_unknown_payment_is_not_found(provider: Provider, http: httpx.AsyncClient, name: str) -> None:
    answer = await http.get(f"{provider.url}/v1/payments/{name}", headers={"authorization": f"Bearer {API_KEY}"})
    assert answer.status_code == 404


async def test_an_application_has_one_live_payment(database: Database) -> None:
    order = uuid4()

    async def prepare() -> Any:  # noqa: ANN401
        async with database.transaction() as connection:
            return await ledger.prepare(connection, order, Money(100), BIRTH_EXTRACT, now())

    payments = await asyncio.gather(*(prepare() for _ in range(8)))
    assert len({payment.id for payment in payments}) == 1
    async with database.connect() as connection:
        assert await store.of_order(connection, order) == [payments[0]]
        assert await store.find(connection, payments[0].id) == payments[0]


async def test_a_live_payment_keeps_its_amount(database: Database) -> None:
    order = uuid4()
    async with database.transaction() as connection:
        await ledger.prepare(connection, order, Money(100), BIRTH_EXTRACT, now())
        with pytest.raises(OtherAmount):
            await ledger.prepare(connection, order, Money(200), BIRTH_EXTRACT, now())


async def test_what_is_paid_is_not_asked_for_again(database: Database, gateway: Gateway) -> None:
    order = uuid4()
    payment, payer = await open_payment(database, gateway, order)
    payer.pay()
    assert payment.provider_id
    outcome = await gateway.read(payment.provider_id)
    async with database.transaction() as connection:
        settled = await ledger.settle(connection, payment.id, outcome, outcome.reading, now())
        assert settled.payment.state is State.PAID
        with pytest.raises(AlreadyPaid):
            await ledger.prepare(connection, order, Money(100), BIRTH_EXTRACT, now())


async def test_an_answer_lost_on_the_way_is_asked_for_again_with_the_same_key(
    database: Database, gateway: Gateway
) -> None:
    order = uuid4()
    async with database.transaction() as connection:
        payment = await ledger.prepare(connection, order, Money(100), BIRTH_EXTRACT, now())
    lost = await gateway.open(payment, "sq", f"{MERCHANT}/sq/")
    again, _payer = await open_payment(database, gateway, order, language="en")
    assert (again.id, again.provider_id, again.pay_url) == (payment.id, lost.provider_id, lost.pay_url)
