"""The payment provider as a real process, a merchant who takes its messages, and a payer who visits its pages."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from uuid_utils.compat import uuid4

from i18n.text import Language
from payments import ledger
from payments.gateway import Gateway
from payments.money import Money
from payments.payment import Payment
from portal.assets import BUILT, build
from portal.database import Database

from .people import API_KEY, BIRTH_EXTRACT, MERCHANT, SECRET, now


@dataclass
class Merchant:
    """A webhook address that keeps what it gets and answers with `status`, after `delay` seconds; and a page."""

    url: str = ""
    status: int = 204
    delay: float = 0.0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list[tuple[dict[str, str], bytes]])

    @property
    def origin(self) -> str:
        """Where the merchant's own pages are."""
        return self.url.removesuffix("/webhooks/payments")

    def about(self, provider_id: str) -> list[tuple[dict[str, str], bytes]]:
        """Return the messages that speak of a payment."""
        return [message for message in list(self.got) if provider_id.encode() in message[1]]

    def wait_for(self, provider_id: str, count: int = 1, seconds: float = 15) -> list[tuple[dict[str, str], bytes]]:
        """Return the messages about a payment once there are `count` of them."""
        until = time.monotonic() + seconds
        while len(messages := self.about(provider_id)) < count:
            assert time.monotonic() < until, f"only {len(messages)} messages of {count} about {provider_id}"
            time.sleep(0.02)
        return messages


@contextmanager
def listening(merchant: Merchant) -> Generator[Merchant]:
    """Serve the merchant's address on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            time.sleep(merchant.delay)
            merchant.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(merchant.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>Back at the merchant</title>")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    merchant.url = f"http://127.0.0.1:{server.server_port}/webhooks/payments"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield merchant
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Provider:
    """`payments serve` as a process, which can be killed and started again."""

    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.environment["PAYMENTS_URL"]

    @property
    def database_url(self) -> str:
        return self.environment["PAYMENTS_DATABASE_URL"]

    def start(self) -> None:
        """Start it and wait until it is ready."""
        build.ensure()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "payments.sandbox", "serve"], env={**os.environ, **self.environment}
        )
        until = time.monotonic() + 30
        while True:
            assert self.process.poll() is None, f"payments serve ended with {self.process.returncode}"
            try:
                if httpx.get(f"{self.url}/health/ready", trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            assert time.monotonic() < until, "payments serve does not get ready"
            time.sleep(0.05)

    def stop(self, sent: signal.Signals = signal.SIGTERM) -> int:
        """End it by a signal; return its exit code."""
        assert self.process is not None
        self.process.send_signal(sent)
        return self.process.wait(timeout=15)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def told(database_url: str, merchant: Merchant) -> dict[str, str]:
    """Return the environment of a provider of its own."""
    port = free_port()
    return {
        "PAYMENTS_URL": f"http://127.0.0.1:{port}",
        "PAYMENTS_PORT": str(port),
        "PAYMENTS_DATABASE_URL": database_url,
        "PAYMENTS_API_KEY": API_KEY,
        "PAYMENTS_WEBHOOK_SECRET": SECRET,
        "PAYMENTS_WEBHOOK_URL": merchant.url,
        "PAYMENTS_RETURN_ORIGINS": f"{MERCHANT} {merchant.origin}",
        "PAYMENTS_ASSETS": str(BUILT),
    }


@pytest.fixture(scope="session")
def merchant() -> Iterator[Merchant]:
    """Give the merchant of the shared provider; she takes everything."""
    with listening(Merchant()) as merchant:
        yield merchant


@pytest.fixture(scope="session")
def provider(new_database: Callable[[], str], merchant: Merchant) -> Iterator[Provider]:
    """Give the provider that tests share, each with payments of its own."""
    provider = Provider(told(new_database(), merchant))
    provider.start()
    yield provider
    provider.stop()


@pytest.fixture
def own_merchant() -> Iterator[Merchant]:
    """Give a merchant whose answers a test may change."""
    with listening(Merchant()) as merchant:
        yield merchant


@pytest.fixture
def own_provider(empty_database_url: str, own_merchant: Merchant) -> Iterator[Provider]:
    """Give a provider that a test may kill."""
    provider = Provider(told(empty_database_url, own_merchant))
    provider.start()
    yield provider
    provider.stop(signal.SIGKILL)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """Give a client as the portal has one."""
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        yield client


@pytest.fixture
def gateway(provider: Provider, http: httpx.AsyncClient) -> Gateway:
    """Give the portal's side of the shared provider."""
    return Gateway(provider.url, API_KEY, SECRET, http)


@pytest.fixture
async def provider_records(provider: Provider) -> AsyncIterator[asyncpg.Connection]:
    """Give a look into the provider's own schema."""
    connection = await asyncpg.connect(provider.database_url, server_settings={"search_path": "payments"})
    yield connection
    await connection.close()


def visit(method: str, url: str | httpx.URL, **sent: Any) -> httpx.Response:  # noqa: ANN401 - what httpx takes
    """Return the answer to one request, of a browser without memory that follows nothing by itself."""
    return httpx.request(method, url, trust_env=False, **sent)


@dataclass
class Payer:
    """A person at the hosted page."""

    page: str

    def see(self, path: str = "", language: str = "") -> httpx.Response:
        """Open the page, or one beside it."""
        query = {"language": language} if language else None
        return visit("GET", f"{self.page}{path}", params=query)

    def send(self, step: str, **typed: str) -> httpx.Response:
        """Send a form of the page, with the token that the page gave."""
        return self.send_raw(step, {"csrf": self.csrf(), **typed})

    def send_raw(self, step: str, typed: dict[str, Any]) -> httpx.Response:
        """Send a form as it is."""
        return visit("POST", f"{self.page}/{step}", data=typed)

    def csrf(self) -> str:
        """Return the hidden token of the page."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.see().text)
        assert found, "the page has no form"
        return found[1]

    def pay(self, number: str = "4242 4242 4242 4242") -> httpx.Response:
        """Pay by a demo card."""
        return self.send("card", number=number, expiry="12/40", cvc="123")


@pytest.fixture
def arta(database: Database, gateway: Gateway) -> Callable[..., Any]:
    """Give a function: Arta opens the payment of a new application; it returns the payment and her at its page."""

    async def opens(order: UUID | None = None, amount: int = 100, language: Language = "sq") -> tuple[Payment, Payer]:
        return await open_payment(database, gateway, order or uuid4(), amount, language)

    return opens


async def open_payment(
    database: Database, gateway: Gateway, order: UUID, amount: int = 100, language: Language = "sq"
) -> tuple[Payment, Payer]:
    """Do what the portal does: prepare, ask the provider without holding a connection, note the page."""
    async with database.transaction() as connection:
        payment = await ledger.prepare(connection, order, Money(amount), BIRTH_EXTRACT, now())
    page = await gateway.open(payment, language, f"{MERCHANT}/{language}/applications/{order}/payment/return", "A-1")
    async with database.transaction() as connection:
        payment = await ledger.opened(connection, payment.id, page.provider_id, page.pay_url, now())
    return payment, Payer(page.pay_url)
