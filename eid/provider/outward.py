"""Goes to the addresses that clients have registered, and to nobody inside our own network."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

_NAT64 = IPv6Network("64:ff9b::/96")


class Inside(httpx.ConnectError):
    """A registered name leads into our own network: to this machine, a private network or its services."""


def outward_client(seconds: float, *, private: bool) -> httpx.AsyncClient:
    """Return what asks clients: no redirects, no proxy; `private` lets it reach our own network too."""
    transport = _Outward(private=private)
    return httpx.AsyncClient(transport=transport, trust_env=False, timeout=seconds, follow_redirects=False)


class _Outward(httpx.AsyncBaseTransport):
    """Looks a name up once, judges every address that it has, and connects to what was judged.

    A name that is looked up twice may lead elsewhere the second time. Connections are not kept: two names at one
    address must each show a certificate of its own.
    """

    def __init__(self, *, private: bool) -> None:
        self._private = private
        self._inner = httpx.AsyncHTTPTransport(trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; Inside when its name leads to no place of the public internet."""
        *firsts, last = await self._addresses(request.url.host, request.url.port)
        for address in firsts:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self._inner.handle_async_request(_at(address, request))
        return await self._inner.handle_async_request(_at(last, request))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()

    async def _addresses(self, host: str, port: int | None) -> list[str]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as unknown:
            raise httpx.ConnectError(f"{host} is not known") from unknown
        addresses = [str(entry[4][0]) for entry in found]
        if not self._private and not all(is_public(address) for address in addresses):
            raise Inside(f"{host} is not outside")
        return addresses


def _at(address: str, request: httpx.Request) -> httpx.Request:
    """Return the request as it goes to an address: its header Host, and the certificate, stay those of the name."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions=request.extensions | {"sni_hostname": request.url.host},
    )


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet, whatever it wraps of the other family included."""
    parsed = ip_address(address.partition("%")[0])
    return all(one.is_global and not one.is_multicast for one in (parsed, *_wrapped(parsed)))


def _wrapped(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """Return the IPv4 addresses to which an IPv6 address leads (RFC 4291, 3056, 4380, 6052)."""
    if isinstance(address, IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]
