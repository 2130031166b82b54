"""What clients register as their address leads the eID to no place inside its own network."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from eid.provider.certificate import authority, self_signed
from eid.provider.outward import Inside, is_public, outward_client
from eid.provider.remote_keys import RemoteKeys

from .parties import RelyingParty, now

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("127.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - an address to be refused
        ("10.1.2.3", False),
        ("172.20.0.5", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("64:ff9b::808:808", True),
    ],
)
def test_an_address_is_of_the_public_internet_or_it_is_inside(address: str, *, public: bool) -> None:
    assert is_public(address) is public


@asynccontextmanager
async def answering(body: bytes, tls: ssl.SSLContext | None = None) -> AsyncGenerator[tuple[int, list[bytes]]]:
    """Serve one answer on this machine; give the port, and what is asked there."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(ANSWER % (len(body), body))
        writer.close()

    server = await asyncio.start_server(serve, "localhost", 0, family=2, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1], asked


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_nobody_inside_is_asked_unless_that_is_allowed(host: str) -> None:
    async with answering(b"{}") as (port, asked):
        async with outward_client(5, private=False) as http:
            with pytest.raises(Inside):
                await http.get(f"http://{host}:{port}/keys")
        assert not asked
        async with outward_client(5, private=True) as http:
            assert (await http.get(f"http://{host}:{port}/keys")).json() == {}
        assert f"host: {host}:{port}\r\n".encode() in asked[0].lower()


async def test_a_name_that_nobody_has_is_an_answer_that_does_not_come() -> None:
    async with outward_client(5, private=False) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get("https://nobody.invalid/keys")


async def test_whoever_is_met_must_be_who_the_name_says(tmp_path: Path) -> None:
    """The connection goes to an address; the certificate is asked for by the name."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = self_signed(key, authority("DEMO", timedelta(days=1), 0), now())
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "certificate.pem").write_bytes(made.public_bytes(Encoding.PEM))
    tls, named = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), list[str | None]()
    tls.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    tls.sni_callback = lambda _socket, name, _context: named.append(name)
    async with answering(b"{}", tls) as (port, asked), outward_client(5, private=True) as http:
        with pytest.raises(httpx.ConnectError, match="certificate"):
            await http.get(f"https://localhost:{port}/keys")
        assert (named, asked) == (["localhost"], [])


async def test_a_clients_keys_are_not_fetched_from_inside() -> None:
    keys = str(RelyingParty("far").registration()["jwks"]).replace("'", '"').encode()
    async with answering(keys) as (port, asked):
        uri = f"http://localhost:{port}/keys"
        outside, everywhere = RemoteKeys(), RemoteKeys(private=True)
        for remote in (outside, everywhere):
            await remote.fetch(uri, now())
        assert (len(outside.known(uri, None, now())), len(everywhere.known(uri, None, now()))) == (0, 1)
        assert len(asked) == 1
