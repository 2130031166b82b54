"""The X-Road message protocol for REST, version 1: what a request must say, and how an error is said."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec
from litestar import Response
from pydantic import SecretStr

from services.registers.sandbox.caller import has_signed, is_proven

_IDENTIFIER = re.compile(r"[\w.%-]{1,64}(/[\w.%-]{1,64}){2,3}")
_USER = re.compile(r"[A-Za-z0-9 ._:@/-]{1,100}")
_PARTY = re.compile(r"[\w.%-]{1,64}/[\w.%-]{1,64}")
_PERSONAL_NUMBER = re.compile(r"[0-9]{10}")
# What both sides hash, in this order: a request says with these who asks, about whom, why and for whom; and what it
# tells, by its digest (RFC 9530).
_HASHED = (
    "content-digest",
    "x-road-client",
    "x-road-id",
    "x-road-issue",
    "x-road-represented-party",
    "x-road-userid",
    "x-subject",
)
_ANYTHING = re.compile(r".{1,2000}")
_SIGNATURE = re.compile(r"[\w-]{1,1000}\.\.[\w-]{1,500}")
# What every log keeps of a message, under these names.
LOGGED = "message_id, client, user_id, issue, represented_party, service, subject, request_hash, signature"


@dataclass(frozen=True, slots=True)
class Message:
    """A request that says who asks through which client, about whom, for which application and which company.

    `hash` is what `X-Road-Request-Hash` repeats; `signature` the client's own detached JWS, kept as it came.
    """

    id: UUID
    client: str
    user_id: str
    issue: str | None
    represented: str | None
    subject: str
    service: str
    hash: str
    signature: str | None

    def logged(self) -> tuple[object, ...]:
        """Return what a log keeps of it, in the order of LOGGED."""
        return (
            self.id,
            self.client,
            self.user_id,
            self.issue,
            self.represented,
            self.service,
            self.subject or None,
            self.hash,
            self.signature,
        )


class Fault(Exception):  # noqa: N818 - a no that the protocol knows
    """An error of the protocol: HTTP status, X-Road type and a sentence; `in_transit` when X-Road itself says no."""

    def __init__(self, status: int, kind: str, sentence: str, *, in_transit: bool = True) -> None:
        super().__init__(kind)
        self.status = status
        self.kind = kind
        self.sentence = sentence
        self.in_transit = in_transit


def message(headers: Mapping[str, str], path: str, tokens: Mapping[str, SecretStr], *, method: str = "GET") -> Message:
    """Return what a request's headers say; raise Fault 400 when one is missing or malformed, 401 for a wrong token."""
    client = authenticated(headers, tokens)
    return Message(
        id=_identifier(headers.get("x-road-id")),
        client=client,
        user_id=_required(headers, "X-Road-UserId", _USER),
        issue=_optional(headers, "X-Road-Issue", _USER),
        represented=_optional(headers, "X-Road-Represented-Party", _PARTY),
        subject=_required(headers, "X-Subject", _PERSONAL_NUMBER),
        service=path.removeprefix("/r1/"),
        hash=request_hash(method, path, headers),
        signature=_optional(headers, "X-JWS-Signature", _SIGNATURE),
    )


def told(headers: Mapping[str, str], path: str, body: bytes, tokens: Mapping[str, SecretStr]) -> Message:
    """Return what a request that tells something says of itself; raise Fault as `message` does.

    It must bear an id, by which it is known when it comes again, the digest of its body, and the client's signature
    over both. Where the client's key is known, the signature must be one by it.
    """
    said = message(headers, path, tokens, method="POST")
    for name in ("X-Road-Id", "X-JWS-Signature", "Content-Digest"):
        _required(headers, name, _ANYTHING)
    if headers["content-digest"] != digest(body):
        raise Fault(400, "Client.BadRequest", "The header Content-Digest is not that of the body.")
    known = tokens[said.client].get_secret_value()
    if not has_signed(said.signature or "", request_text("POST", path, headers), known):
        raise Fault(401, "Client.AuthenticationFailed", "The signature is not the client's.", in_transit=False)
    return said


def digest(body: bytes) -> str:
    """Return a body's SHA-256 as the header Content-Digest has it (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def feed_message(headers: Mapping[str, str], path: str, service: str, tokens: Mapping[str, SecretStr]) -> Message:
    """Return who asks for events, which name no person; raise Fault as `message` does.

    Without a user it is the client itself.
    """
    client = authenticated(headers, tokens)
    return Message(
        id=_identifier(headers.get("x-road-id")),
        client=client,
        user_id=_optional(headers, "X-Road-UserId", _USER) or client,
        issue=None,
        represented=None,
        subject="",
        service=service,
        hash=request_hash("GET", path, headers),
        signature=_optional(headers, "X-JWS-Signature", _SIGNATURE),
    )


def authenticated(headers: Mapping[str, str], tokens: Mapping[str, SecretStr]) -> str:
    """Return the client who proves by its token that it is the one; raise Fault 400 or 401."""
    client = _required(headers, "X-Road-Client", _IDENTIFIER)
    known = tokens[client].get_secret_value() if client in tokens else ""
    if not is_proven(headers.get("authorization", ""), client, known, datetime.now(UTC)):
        raise Fault(401, "Client.AuthenticationFailed", "The client's token is missing or wrong.", in_transit=False)
    return client


def request_hash(method: str, path: str, headers: Mapping[str, str]) -> str:
    """Return base64(SHA-512) of the request: a line `GET path`, then its headers, a line `name: value` each.

    As the protocol has it for a message without a body, over the headers that say who asks about whom and why; what a
    body says stands for by its digest among them.
    """
    return base64.b64encode(hashlib.sha512(request_text(method, path, headers)).digest()).decode()


def request_text(method: str, path: str, headers: Mapping[str, str]) -> bytes:
    """Return what is hashed, and signed by the client."""
    lines = [f"{method} {path}", *(f"{name}: {headers[name]}" for name in _HASHED if name in headers)]
    return "".join(f"{line}\n" for line in lines).encode()


def _required(headers: Mapping[str, str], name: str, shape: re.Pattern[str]) -> str:
    value = headers.get(name.lower(), "")
    if not shape.fullmatch(value):
        raise Fault(400, "Client.BadRequest", f"The header {name} is missing or malformed.")
    return value


def _optional(headers: Mapping[str, str], name: str, shape: re.Pattern[str]) -> str | None:
    return _required(headers, name, shape) if name.lower() in headers else None


def _identifier(value: str | None) -> UUID:
    """X-Road gives a message an id when its client did not."""
    try:
        return UUID(value) if value is not None else uuid4()
    except ValueError:
        raise Fault(400, "Client.BadRequest", "The header X-Road-Id is not a UUID.") from None


def answer(message: Message, body: bytes, status: int, signature: str) -> Response[bytes]:
    """Return what the register itself says, with the headers that X-Road puts on it and the register's signature."""
    headers = {
        "X-Road-Client": message.client,
        "X-Road-Service": message.service,
        "X-Road-Id": str(message.id),
        "X-Road-Request-Id": str(uuid4()),
        "X-Road-Request-Hash": message.hash,
        "X-JWS-Signature": signature,
    }
    return Response(body, media_type="application/json", headers=headers, status_code=status)


def refusal(fault: Fault) -> Response[bytes]:
    """Return the error body `type`, `message`, `detail`; X-Road-Error says that X-Road, not the register, said no."""
    headers = {"X-Road-Error": fault.kind} if fault.in_transit else {}
    return Response(body(fault), media_type="application/json", headers=headers, status_code=fault.status)


def body(fault: Fault) -> bytes:
    """Return an error as the protocol writes it: `type`, `message`, and an id of this occurrence as `detail`."""
    return msgspec.json.encode({"type": fault.kind, "message": fault.sentence, "detail": str(uuid4())})
