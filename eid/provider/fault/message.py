"""An HTTP answer held back whole, so that it can be made wrong before it leaves."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]


@dataclass
class Answer:
    """Status, headers and body of an answer."""

    status: int = 200
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    def header(self, name: bytes) -> str:
        """Return a header's value, "" when it is not there."""
        return next((value.decode() for key, value in self.headers if key.lower() == name), "")

    def with_header(self, name: bytes, value: str) -> Answer:
        """Return the answer with another value of a header."""
        kept = [pair for pair in self.headers if pair[0].lower() != name]
        return Answer(self.status, [*kept, (name, value.encode())], self.body)

    def with_json(self, body: dict[str, Any]) -> Answer:
        """Return the answer with another body."""
        told = json.dumps(body).encode()
        return Answer(self.status, self.headers, told).with_header(b"content-length", str(len(told)))

    async def leave(self, send: Send) -> None:
        """Send the answer."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


async def held(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    """Return what the application answers, none of it sent."""
    answer = Answer()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            answer.body += message["body"]

    await app(scope, receive, keep)
    return answer


async def read_body(receive: Receive, most: int) -> tuple[bytes, Receive]:
    """Return a request's body, and what gives it once more; one over `most` bytes is read no further than that."""
    messages: list[Message] = []
    body = b""
    while len(body) <= most:
        message: Any = await receive()
        messages.append(message)
        if message["type"] != "http.request":
            break
        body += message.get("body", b"")
        if not message.get("more_body"):
            break

    async def again() -> Any:  # noqa: ANN401 - a message of either kind
        return messages.pop(0) if messages else await receive()

    return body, again
