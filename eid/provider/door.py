"""What every answer of the eID carries, and which hosts it answers to: around Litestar, so that a 404 has it too."""

from __future__ import annotations

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from eid.provider.pages import content_security_policy
from eid.provider.settings import Settings

_NOT_SERVED = b"This host is not served here.\n"


def with_headers(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Put the security headers on every answer; what a page sets itself stands."""
    fixed = [(name.encode(), value.encode()) for name, value in _headers(settings).items()]

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _value in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in fixed if pair[0] not in given)]
            await send(message)

        if scope["type"] != "http":
            await app(scope, receive, send)
        else:
            await app(scope, receive, send_guarded)

    return guarded


def with_known_host(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Refuse a request for a host that is not ours."""
    hosts = {host.encode() for host in settings.hosts}

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            given = next((value for name, value in scope["headers"] if name == b"host"), b"").lower()
            if given not in hosts and given.rsplit(b":", 1)[0] not in hosts:
                headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(_NOT_SERVED)).encode())]
                await send({"type": "http.response.start", "status": 400, "headers": headers})
                await send({"type": "http.response.body", "body": _NOT_SERVED, "more_body": False})
                return
        await app(scope, receive, send)

    return checked


def _headers(settings: Settings) -> dict[str, str]:
    always = {
        "content-security-policy": content_security_policy(),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        # no-referrer would make forms send `Origin: null`; same-origin tells nobody else where one came from.
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cache-control": "no-store",
    }
    secure = {"strict-transport-security": "max-age=63072000; includeSubDomains"} if settings.is_secure else {}
    return always | secure
