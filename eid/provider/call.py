"""A call by a machine: what it sent, and where."""

from __future__ import annotations

from dataclasses import dataclass

from eid.provider.browser import AnyRequest, parameters
from eid.provider.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Call:
    """The parameters of a form, and the header in which a client or a token may stand; `path` is the endpoint's."""

    path: str
    parameters: Parameters
    authorization: str | None


async def read_call(request: AnyRequest) -> Call:
    """Return what was called with; Rejection when it cannot be read."""
    return Call(request.url.path, await parameters(request), request.headers.get("authorization"))
