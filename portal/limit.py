"""Bounds how often one visitor may do something a minute."""

from __future__ import annotations

import time
from ipaddress import IPv6Address, ip_address

from litestar.exceptions import TooManyRequestsException
from litestar.types import ASGIApp, Receive, Scope, Send

SECONDS = 60.0
_NETWORK = 64  # bits: what one subscriber of IPv6 is given at least


class Limit:
    """So many acts of each visitor in a minute. All are forgotten together when it is over, so nothing piles up."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._until = 0.0
        self._counts: dict[str, int] = {}

    def admits(self, visitor: str, at: float) -> bool:
        """Count an act at a moment of a monotonic clock (seconds), and tell whether it is still within the limit."""
        if at >= self._until:
            self._counts, self._until = {}, at + SECONDS
        self._counts[visitor] = self._counts.get(visitor, 0) + 1
        return self._counts[visitor] <= self._most


class LimitMiddleware:
    """Answers 429 to a visitor who comes to a route too often: `DefineMiddleware(LimitMiddleware, most=…)`."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.limit = Limit(most)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Go on, or raise TooManyRequestsException (429)."""
        if not self.limit.admits(visitor(scope), time.monotonic()):
            raise TooManyRequestsException(headers={"Retry-After": f"{SECONDS:.0f}"})
        await self.app(scope, receive, send)


def visitor(scope: Scope) -> str:
    """Return what tells one visitor from another: her address, of IPv6 the network that she was given."""
    client = scope["client"]
    host = client[0] if client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host[:64]
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(int(address) >> (128 - _NETWORK))
    return host
