"""However the provider fails, the person gets a plain sentence, and her payment stays where it was."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest
from uuid_utils.compat import uuid4

from i18n.refusal import Unreachable
from i18n.text import LANGUAGES
from payments import gateway as module
from payments import ledger, store
from payments.errors import Mismatch, ProviderUnreachable
from payments.gateway import Gateway
from payments.money import Money
from payments.payment import Payment, State
from portal.database import Database

from .conftest import Provider, free_port, open_payment
from .people import API_KEY, BIRTH_EXTRACT, MERCHANT, SECRET, now


@asynccontextmanager
async def party(answer: bytes, *, hangs: bool = False) -> AsyncGenerator[str]:
    """Serve one raw answer to everyone, and then close or hang."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        if hangs:
            await asyncio.sleep(60)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def http_answer(body: bytes, status: str = "200 OK", kind: str = "application/json") -> bytes:
    head = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    return head.encode() + body


@pytest.fixture
async def payment(database: Database) -> Payment:
    """Give Arta's payment, not yet opened."""
    async with database.transaction() as connection:
        return await ledger.prepare(connection, uuid4(), Money(100), BIRTH_EXTRACT, now())


async def opening(url: str, http: httpx.AsyncClient, payment: Payment) -> None:
    await Gateway(url, API_KEY, SECRET, http).open(payment, "sq", f"{MERCHANT}/sq/")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{",
        b"nonsense\r\n\r\n",
        http_answer(b"<html><h1>It works!</h1></html>", kind="text/html"),
        http_answer(b"", "500 Internal Server Error"),
        http_answer(b'{"error":"x"}', "401 Unauthorized"),
        http_answer(b"", "302 Found\r\nlocation: http://evil.example/"),
        http_answer(b"null"),
        http_answer(b"\xff\xfe"),
        http_answer(b'{"x":' + b"[" * 40_000),
        http_answer(b" " * 100_000),
    ],
)
async def test_a_wrong_answer_is_one_plain_sentence(
    http: httpx.AsyncClient, database: Database, payment: Payment, answer: bytes
) -> None:
    async with party(answer) as url:
        with pytest.raises(ProviderUnreachable) as refusal:
            await opening(url, http, payment)
        with pytest.raises(ProviderUnreachable):
            await Gateway(url, API_KEY, SECRET, http).read("pay_1")
    assert isinstance(refusal.value, Unreachable)
    assert len({refusal.value.sentence.say(language) for language in LANGUAGES}) == len(LANGUAGES)
    async with database.connect() as connection:
        assert await store.find(connection, payment.id) == payment


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n"])
async def test_a_provider_that_hangs_is_not_waited_for(
    http: httpx.AsyncClient, payment: Payment, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.3)
    async with party(answer, hangs=True) as url, asyncio.timeout(3):
        with pytest.raises(ProviderUnreachable):
            await opening(url, http, payment)


async def test_a_provider_that_refuses_the_connection(http: httpx.AsyncClient, payment: Payment) -> None:
    with pytest.raises(ProviderUnreachable):
        await opening(f"http://127.0.0.1:{free_port()}", http, payment)


def page(payment: Payment, url: str, **other: Any) -> bytes:  # noqa: ANN401 - JSON
    answer = {
        "id": "pay_1",
        "reference": str(payment.id),
        "amount": 100,
        "currency": "EUR",
        "state": "open",
        "pay_url": url,
    }
    return http_answer(json.dumps(answer | other).encode())


async def answered(http: httpx.AsyncClient, payment: Payment, **other: Any) -> None:  # noqa: ANN401 - JSON
    port = free_port()
    body = page(payment, f"http://127.0.0.1:{port}/pay/x", **other)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", port):
        await opening(f"http://127.0.0.1:{port}", http, payment)


async def test_the_answer_that_these_tests_spoil_is_good_in_itself(http: httpx.AsyncClient, payment: Payment) -> None:
    await answered(http, payment)


@pytest.mark.parametrize("other", [{"amount": 1}, {"reference": str(uuid4())}])
async def test_an_answer_about_another_payment_is_refused(
    http: httpx.AsyncClient, payment: Payment, other: dict[str, Any]
) -> None:
    with pytest.raises(Mismatch):
        await answered(http, payment, **other)


@pytest.mark.parametrize(
    "other",
    [
        {"pay_url": "https://evil.example/pay"},
        {"pay_url": "javascript:alert(1)"},
        {"pay_url": "http://[::1"},
        {"pay_url": 5},
        {"amount": "100"},
        {"amount": 100.5},
        {"state": "nearly"},
        {"currency": "USD"},
        {"id": "a/b"},
    ],
)
async def test_an_answer_of_wrong_content_leads_nowhere(
    http: httpx.AsyncClient, payment: Payment, other: dict[str, Any]
) -> None:
    with pytest.raises(ProviderUnreachable):
        await answered(http, payment, **other)


async def test_a_provider_killed_between_loses_nothing(
    database: Database, own_provider: Provider, http: httpx.AsyncClient
) -> None:
    gateway = Gateway(own_provider.url, API_KEY, SECRET, http)
    payment, payer = await open_payment(database, gateway, uuid4())
    own_provider.stop(signal.SIGKILL)
    assert payment.provider_id
    with pytest.raises(ProviderUnreachable):
        await gateway.read(payment.provider_id)
    await asyncio.to_thread(own_provider.start)
    assert payer.pay().status_code == 303
    own_provider.stop(signal.SIGKILL)
    await asyncio.to_thread(own_provider.start)
    assert (await gateway.read(payment.provider_id)).state is State.PAID


async def test_a_provider_whose_database_hung_up_recovers(
    database: Database, own_provider: Provider, http: httpx.AsyncClient
) -> None:
    _payment, payer = await open_payment(database, Gateway(own_provider.url, API_KEY, SECRET, http), uuid4())
    administrator = await asyncpg.connect(own_provider.database_url)
    closed = await administrator.fetchval(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE application_name = 'payments' AND datname = current_database()"
    )
    await administrator.close()
    assert closed
    # Who comes in that moment may be told to come again; everyone after is served.
    assert payer.see().status_code in {200, 503}
    assert payer.see().status_code == 200
    assert (await http.get(f"{own_provider.url}/health/ready")).status_code == 200
    assert payer.pay().status_code == 303
