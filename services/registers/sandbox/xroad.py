"""The X-Road message protocol for REST, version 1: what a request must say, and how an error is said."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

import msgspec
from litestar import Response
from pydantic import SecretStr

_IDENTIFIER = re.compile(r"[\w.%-]{1,64}(/[\w.%-]{1,64}){2,3}")
_USER = re.compile(r"[A-Za-z0-9 ._:@/-]{1,100}")
_PERSONAL_NUMBER = re.compile(r"[0-9]{10}")


@dataclass(frozen=True, slots=True)
class Message:
    """A request that says who asks through which client, for whom, and for which application."""

    id: UUID
    client: str
    user_id: str
    issue: str | None
    subject: str
    service: str


class Fault(Exception):  # noqa: N818 - a no that the protocol knows
    """An error of the protocol: HTTP status, X-Road type and a sentence; `in_transit` when X-Road itself says no."""

    def __init__(self, status: int, kind: str, sentence: str, *, in_transit: bool = True) -> None:
        super().__init__(kind)
        self.status = status
        self.kind = kind
        self.sentence = sentence
        self.in_transit = in_transit


def message(headers: Mapping[str, str], path: str, tokens: Mapping[str, SecretStr]) -> Message:
    """Return what a request's headers say; raise Fault 400 when one is missing or malformed, 401 for a wrong token."""
    client = _required(headers, "X-Road-Client", _IDENTIFIER)
    _authenticate(headers.get("authorization", ""), tokens.get(client))
    issue = headers.get("x-road-issue")
    return Message(
        id=_identifier(headers.get("x-road-id")),
        client=client,
        user_id=_required(headers, "X-Road-UserId", _USER),
        issue=_required(headers, "X-Road-Issue", _USER) if issue is not None else None,
        subject=_required(headers, "X-Subject", _PERSONAL_NUMBER),
        service=path.removeprefix("/r1/"),
    )


def _authenticate(authorization: str, token: SecretStr | None) -> None:
    scheme, _space, given = authorization.partition(" ")
    expected = token.get_secret_value() if token else ""
    if not expected or scheme.lower() != "bearer" or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Fault(401, "Client.AuthenticationFailed", "The client's token is missing or wrong.", in_transit=False)


def _required(headers: Mapping[str, str], name: str, shape: re.Pattern[str]) -> str:
    value = headers.get(name.lower(), "")
    if not shape.fullmatch(value):
        raise Fault(400, "Client.BadRequest", f"The header {name} is missing or malformed.")
    return value


def _identifier(value: str | None) -> UUID:
    """X-Road gives a message an id when its client did not."""
    try:
        return UUID(value) if value is not None else uuid4()
    except ValueError:
        raise Fault(400, "Client.BadRequest", "The header X-Road-Id is not a UUID.") from None


def answer(message: Message, content: object) -> Response[bytes]:
    """Return a 200 with the headers that X-Road puts on an answer."""
    return Response(msgspec.json.encode(content), media_type="application/json", headers=_headers(message))


def refusal(fault: Fault) -> Response[bytes]:
    """Return the error body `type`, `message`, `detail`; X-Road-Error says that X-Road, not the register, said no."""
    body = {"type": fault.kind, "message": fault.sentence, "detail": str(uuid4())}
    headers = {"X-Road-Error": fault.kind} if fault.in_transit else {}
    return Response(msgspec.json.encode(body), media_type="application/json", headers=headers, status_code=fault.status)


def _headers(message: Message) -> dict[str, str]:
    return {
        "X-Road-Client": message.client,
        "X-Road-Service": message.service,
        "X-Road-Id": str(message.id),
        "X-Road-Request-Id": str(uuid4()),
    }
