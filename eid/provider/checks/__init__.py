"""What every request to the eID must pass: one module an endpoint, each with one ordered table to read downward.

A check returns nothing when it holds. It raises `Shown` where the answer may only be a page of ours, else `Rejection`.
What a check finds out (the client, the grant) it leaves in its context for the ones below.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol, TypeVar

from eid.provider.errors import Rejection
from eid.provider.parameters import Parameters

Context = TypeVar("Context")
Check = Callable[[Context], Awaitable[None]]


async def run(checks: Iterable[Check[Context]], context: Context) -> None:
    """Pass `context` through the checks in their order; the first that does not hold raises."""
    for check in checks:
        await check(context)


class Sent(Protocol):
    """A context with the parameters that were sent."""

    @property
    def parameters(self) -> Parameters:
        """The parameters."""
        ...


async def nothing_is_said_twice(context: Sent) -> None:
    """Hold when no parameter is repeated (RFC 6749, section 3.1)."""
    if context.parameters.repeated:
        raise Rejection("invalid_request", f"Sent more than once: {', '.join(context.parameters.repeated)}.")
