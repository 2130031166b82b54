"""A call by a machine: what it sent, and where."""

from __future__ import annotations

from dataclasses import dataclass

from eid.provider.browser import AnyRequest, parameters
from eid.provider.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Call:
    """The parameters of a form, and the headers in which a client, a token and proofs of a key may stand."""

    method: str
    path: str
    parameters: Parameters
    authorization: str | None
    proofs: tuple[str, ...]


async def read_call(request: AnyRequest) -> Call:
    """Return what was called with; Rejection when it cannot be read."""
    return Call(
        method=request.method,
        path=request.url.path,
        parameters=await parameters(request),
        authorization=request.headers.get("authorization"),
        proofs=tuple(request.headers.getall("dpop", [])),
    )
