"""What every answer carries out: security headers, also on answers that no handler gives."""

from __future__ import annotations

from urllib.parse import urlsplit

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from payments.sandbox.settings import Settings


def with_headers(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Return `app` behind a door that puts the security headers on every answer."""
    fixed = _headers(settings)

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _value in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in fixed if pair[0] not in present)]
            await send(message)

        await app(scope, receive, send_guarded)

    return guarded


def hosts(settings: Settings) -> list[str]:
    """Return the Host headers that are ours: the public one, and this machine's for health checks."""
    public = urlsplit(settings.url)
    near = [f"{name}:{settings.port}" for name in (settings.host, "localhost", "127.0.0.1")]
    return [public.netloc, *near]


def _headers(settings: Settings) -> list[tuple[bytes, bytes]]:
    # Chromium enforces form-action along redirects: a form sent here ends on a page of the merchant.
    forms = " ".join(("'self'", *settings.return_origins))
    headers = {
        "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        f"font-src 'self'; base-uri 'none'; form-action {forms}; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        # The page's address is a key to the payment: no other site may learn it.
        "referrer-policy": "same-origin",
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "cache-control": "no-store",
    }
    if settings.secure:
        headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
    return [(name.encode(), value.encode()) for name, value in headers.items()]
