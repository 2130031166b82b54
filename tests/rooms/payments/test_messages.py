"""The provider's messages reach the merchant, whatever happens between."""

from __future__ import annotations

import asyncio
import json
import signal
from datetime import UTC, datetime, timedelta

import httpx
from uuid_utils.compat import uuid4

from payments.gateway import Gateway
from payments.payment import State
from payments.sandbox import store
from payments.sandbox.outbox import WAITS
from payments.sandbox.payment import Description, Opening
from payments.sandbox.payment import State as Ended
from portal.database import Database

from .conftest import Merchant, Provider, free_port, open_payment, visit
from .people import API_KEY, MERCHANT, SECRET, now


async def test_a_message_says_what_happened_and_is_signed(
    database: Database, gateway: Gateway, merchant: Merchant
) -> None:
    payment, payer = await open_payment(database, gateway, uuid4(), amount=300)
    payer.pay("4000 0000 0000 0002")
    assert payment.provider_id
    ((headers, body),) = await asyncio.to_thread(merchant.wait_for, payment.provider_id)
    message = json.loads(body)
    assert message["type"] == "payment.declined"
    assert message["data"] == {
        "id": payment.provider_id,
        "reference": str(payment.id),
        "amount": 300,
        "currency": "EUR",
        "state": "declined",
    }
    assert abs(datetime.fromisoformat(message["timestamp"]) - datetime.now(UTC)).total_seconds() < 60
    event = gateway.read_event(headers, body, now())
    assert (event.id, event.outcome.state) == (headers["webhook-id"], State.DECLINED)


async def test_a_message_can_be_had_again_under_the_same_id(
    database: Database, gateway: Gateway, merchant: Merchant, provider: Provider
) -> None:
    payment, payer = await open_payment(database, gateway, uuid4())
    address = f"{provider.url}/v1/payments/{payment.provider_id}/message"
    bearer = {"authorization": f"Bearer {API_KEY}"}
    assert visit("POST", address, headers=bearer).status_code == 404
    payer.send("cancellation")
    assert payment.provider_id
    await asyncio.to_thread(merchant.wait_for, payment.provider_id)
    assert visit("POST", address).status_code == 401
    assert visit("POST", address, headers=bearer).status_code == 202
    first, second = await asyncio.to_thread(merchant.wait_for, payment.provider_id, 2)
    assert first[1] == second[1]
    assert first[0]["webhook-id"] == second[0]["webhook-id"]


async def test_a_merchant_who_is_down_is_told_again_until_she_takes_it(
    database: Database, own_provider: Provider, own_merchant: Merchant, http: httpx.AsyncClient
) -> None:
    own_merchant.status = 503
    payment, payer = await open_payment(database, Gateway(own_provider.url, API_KEY, SECRET, http), uuid4())
    payer.pay()
    assert payment.provider_id
    await asyncio.to_thread(own_merchant.wait_for, payment.provider_id)
    own_merchant.status = 204
    messages = await asyncio.to_thread(own_merchant.wait_for, payment.provider_id, 2)
    assert messages[0][0]["webhook-id"] == messages[1][0]["webhook-id"]
    assert messages[0][0]["webhook-timestamp"] != messages[1][0]["webhook-timestamp"]
    await asyncio.sleep(6)
    assert len(own_merchant.about(payment.provider_id)) == 2


async def test_a_provider_killed_before_it_told_tells_after_it_is_back(
    database: Database, own_provider: Provider, own_merchant: Merchant, http: httpx.AsyncClient
) -> None:
    own_merchant.delay = 30.0  # she hangs: the provider is killed while it waits for her
    payment, payer = await open_payment(database, Gateway(own_provider.url, API_KEY, SECRET, http), uuid4())
    payer.pay()
    await asyncio.sleep(0.5)
    own_provider.stop(signal.SIGKILL)
    assert payment.provider_id
    assert own_merchant.about(payment.provider_id) == []
    own_merchant.delay = 0.0
    await asyncio.to_thread(own_provider.start)
    ((_headers, body),) = await asyncio.to_thread(own_merchant.wait_for, payment.provider_id)
    assert b"payment.paid" in body


async def test_two_providers_on_one_database_tell_each_message_once(
    database: Database, own_provider: Provider, own_merchant: Merchant, http: httpx.AsyncClient
) -> None:
    port = free_port()
    second = Provider(
        own_provider.environment | {"PAYMENTS_PORT": str(port), "PAYMENTS_URL": f"http://127.0.0.1:{port}"}
    )
    await asyncio.to_thread(second.start)
    gateway = Gateway(own_provider.url, API_KEY, SECRET, http)
    opened = [await open_payment(database, gateway, uuid4()) for _ in range(6)]
    for _payment, payer in opened:
        await asyncio.to_thread(payer.pay)
    for payment, _payer in opened:
        assert payment.provider_id
        await asyncio.to_thread(own_merchant.wait_for, payment.provider_id)
    await asyncio.sleep(1.5)
    assert second.stop() == 0
    assert len(own_merchant.got) == 6


async def test_a_message_that_one_is_sending_is_not_sent_by_another(empty_database_url: str) -> None:
    await store.migrate(empty_database_url)
    description = Description("a", "b", "c")
    opening = Opening(uuid4(), 100, "EUR", description, "sq", f"{MERCHANT}/sq/")
    async with await store.connect(empty_database_url) as pool, pool.acquire() as one, pool.acquire() as other:
        payment = await store.open_payment(one, "key", opening, now(), timedelta(hours=1))
        assert payment
        await store.end(one, payment.id, Ended.CANCELLED, None, now())
        taking = one.transaction()
        await taking.start()
        assert len(await store.due(one, now(), WAITS)) == 1
        async with asyncio.timeout(2):
            assert await store.due(other, now(), WAITS) == []
        await taking.rollback()  # whoever took it died
        assert len(await store.due(other, now(), WAITS)) == 1
        assert await store.due(other, now(), WAITS) == []
        assert len(await store.due(other, now() + WAITS[0], WAITS)) == 1
