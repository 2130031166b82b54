"""A message to a register by the X-Road message protocol for REST, and what is left of it as proof."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from uuid import UUID

_SIGNED = (
    "content-digest",
    "x-road-client",
    "x-road-id",
    "x-road-issue",
    "x-road-represented-party",
    "x-road-userid",
    "x-subject",
)


@dataclass(frozen=True, slots=True)
class Message:
    """One question: who asks (`user_id`) through which client, about whom, for which case, and for which company.

    `path` names the service, `/r1/XK/GOV/ARC/civil-status/person`. `represented` is a party class and code, as
    `COM/810123456`. `subject` is None for what is asked about nobody in particular. With a `body` it tells, not asks.
    """

    id: UUID
    path: str
    client: str
    user_id: str
    subject: str | None
    issue: str | None = None
    represented: str | None = None
    body: bytes | None = None

    def headers(self) -> dict[str, str]:
        """Return the headers that say it; those without a value are left out."""
        said = {
            "Content-Digest": None if self.body is None else digest(self.body),
            "X-Road-Client": self.client,
            "X-Road-Id": str(self.id),
            "X-Road-Issue": self.issue,
            "X-Road-Represented-Party": self.represented,
            "X-Road-UserId": self.user_id,
            "X-Subject": self.subject,
        }
        return {name: value for name, value in said.items() if value is not None}

    def text(self) -> bytes:
        r"""Return what is signed and hashed: `GET path`, then its headers, `name: value`, in order, each line with \n.

        Names stand in lower case and in the order of the alphabet, so that both sides write the same. A body is `POST`,
        and its digest stands among the headers.
        """
        return canonical("GET" if self.body is None else "POST", self.path, self.headers())


def canonical(method: str, path: str, headers: dict[str, str]) -> bytes:
    """Return the request as both sides sign and hash it."""
    given = {name.lower(): value for name, value in headers.items()}
    lines = [f"{method} {path}", *(f"{name}: {given[name]}" for name in _SIGNED if name in given)]
    return "".join(f"{line}\n" for line in lines).encode()


def request_hash(text: bytes) -> str:
    """Return the SHA-512 of a message's text in base64, as `X-Road-Request-Hash` of the answer repeats it."""
    return base64.b64encode(hashlib.sha512(text).digest()).decode()


def digest(body: bytes) -> str:
    """Return a body's SHA-256 as the header Content-Digest has it (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves later that a message was asked and answered so, without a word of the answer.

    Both signatures are detached JWS (RFC 7515, appendix F): ours over the message's text, the register's over the
    answer's bytes, whose SHA-256 is `answer_hash`. `status` is HTTP's; None where no answer came.
    """

    path: str
    request_hash: str
    request_signature: str
    status: int | None = None
    answer_hash: bytes | None = None
    answer_signature: str | None = None
