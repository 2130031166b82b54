"""What every answer carries out: security headers, also on answers that no handler gives."""

from __future__ import annotations

from litestar.types import ASGIApp, Message, Receive, Scope, Send

_DATA = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_PAGE = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


def with_headers(app: ASGIApp, *, https: bool) -> ASGIApp:
    """Return `app` with its headers, outside of Litestar's own error handling, whose 404 and 405 carry none of ours."""
    headers = _HEADERS | ({"strict-transport-security": "max-age=63072000"} if https else {})
    fixed = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        policy = _PAGE if scope["path"].startswith("/operator") else _DATA
        carried = [*fixed, (b"content-security-policy", policy.encode())]

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _value in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in carried if pair[0] not in present)]
            await send(message)

        await app(scope, receive, headed)

    return guarded
