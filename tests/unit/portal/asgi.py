"""Calls an ASGI application by hand: what a server would hand over, and what the application says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from litestar.types import ASGIApp

from portal.settings import Settings

Headers = Iterable[tuple[str, str]]
Message: TypeAlias = dict[str, Any]
Request: TypeAlias = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Request, Receive, Send], Awaitable[None]]


@dataclass(slots=True)
class Answer:
    """What was answered; a header given twice is there twice."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    body: bytes = b""

    def all(self, name: str) -> list[str]:
        """Return every value of a header."""
        return [value for given, value in self.headers if given.lower() == name]

    def __getitem__(self, name: str) -> str:
        """Return the one value of a header."""
        (value,) = self.all(name)
        return value


def settings(**more: object) -> Settings:
    """Return the settings of a portal on this machine, with these changes."""
    whole = {
        "secret": "s" * 32,
        "eid_client_key": "-----BEGIN PRIVATE KEY-----",
        "payments_api_key": "k" * 16,
        "payments_webhook_secret": "w" * 16,
        "registers_token": "t" * 16,
        "registers_key": "-----BEGIN PRIVATE KEY-----",
        "audit_key": "-----BEGIN PRIVATE KEY-----",
    }
    return Settings.model_validate(whole | more)


def scope(path: str = "/", method: str = "GET", headers: Headers = (), query: str = "") -> dict[str, Any]:
    """Return the scope of a request to this machine."""
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", b"localhost"), *((name.encode(), value.encode("latin-1")) for name, value in headers)],
        "client": ("192.0.2.7", 5000),
        "state": {},
    }


def app(function: App) -> ASGIApp:
    """Return a plain function as an application."""
    return cast("ASGIApp", function)


async def call(called: ASGIApp, request: Request, sent: Iterable[Message] = ()) -> Answer:
    """Return what the application answers to a request whose messages are `sent`."""
    answer, messages = Answer(), iter(sent)

    async def receive() -> Message:
        return next(messages, {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = [(name.decode(), value.decode("latin-1")) for name, value in message["headers"]]
        else:
            answer.body += message.get("body", b"")

    await cast("App", called)(request, receive, send)
    return answer


class Answering:
    """An application that always says this; `seen` is the request that it was given last."""

    def __init__(
        self, status: int = 200, headers: Headers = (("content-type", "text/plain"),), code: str | None = None
    ) -> None:
        self.status, self.code = status, code
        self.headers = [(name.encode(), value.encode()) for name, value in headers]
        self.seen: Request = {}

    async def __call__(self, request: Request, _receive: Receive, send: Send) -> None:
        """Answer."""
        self.seen = request
        request["state"]["code"] = self.code
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": b"well", "more_body": False})

    @staticmethod
    async def nobody(_message: Message) -> None:
        """Hear an answer and do nothing with it."""

    @property
    def app(self) -> ASGIApp:
        """Itself, as wrappers take it."""
        return app(self)
