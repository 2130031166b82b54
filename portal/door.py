"""What every request passes before it is routed: a reference, a known host, a language, and headers on the way out.

ASGI wrappers outside Litestar, since its own 404 and 405 carry no headers and know no language.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from typing import Any, cast
from urllib.parse import quote

import structlog
from granian.utils import proxies
from litestar.exceptions import ClientException
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from i18n.text import LANGUAGES, Language, negotiate
from portal.settings import Settings

# One address for all languages: machines read these.
UNPREFIXED = (
    *("/assets/", "/health/", "/webhooks/"),
    *("/catalogue.jsonld", "/catalogue/", "/sitemap.xml", "/robots.txt", "/favicon.ico"),
)
# How long the server waits for a form: for its next part, and for all of it (10 MB at 300 kbit/s).
PART_SECONDS, WHOLE_SECONDS = 20.0, 300.0
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_PORT = re.compile(rb":\d*$")
_log = structlog.get_logger("portal.door")


def new_reference() -> str:
    """Return eight letters (40 bits) that name a request in logs, on error pages and on the telephone."""
    drawn = secrets.randbits(40)  # all at once: the system is asked for randomness only once a request
    return "".join(_ALPHABET[drawn >> shift & 31] for shift in range(0, 40, 5))


def with_visitor(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Take the visitor's address from X-Forwarded-For where a proxy of ours says it; others may say what they like."""
    trusted = list(settings.trusted_proxies)
    return cast("Any", proxies).wrap_asgi_with_proxy_headers(app, trusted) if trusted else app


def with_headers(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Put the security headers and the reference on every answer, whoever gives it, and answer when nobody does."""
    fixed = _security_headers(settings)

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        reference = new_reference()
        scope.setdefault("state", {})["reference"] = reference  # type: ignore[typeddict-item]
        is_answered = False

        async def send_guarded(message: Message) -> None:
            nonlocal is_answered
            if message["type"] == "http.response.start":
                is_answered = True
                present = {name.lower() for name, _value in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in fixed if name not in present),
                    (b"x-request-id", reference.encode()),
                ]
            await send(message)

        try:
            await app(scope, receive, send_guarded)
        except Exception:
            _log.exception("fault", reference=reference)
            if is_answered:
                raise
            await _answer(send_guarded, 500, f"Something went wrong on our side. Reference: {reference}\n".encode())

    return guarded


def _security_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
    # Chromium enforces form-action along redirects: sign-in, sign-out and payment end at these two parties.
    forms = f"'self' {settings.eid_origin} {settings.payments_origin}"
    headers = [
        (
            b"content-security-policy",
            "; ".join(
                [
                    "default-src 'none'",
                    "script-src 'self'",
                    "style-src 'self'",
                    "img-src 'self' data:",
                    "font-src 'self'",
                    "connect-src 'self'",
                    "manifest-src 'self'",
                    f"form-action {forms}",
                    "base-uri 'none'",
                    "frame-ancestors 'none'",
                ]
            ),
        ),
        (b"x-content-type-options", "nosniff"),
        (b"x-frame-options", "DENY"),
        (b"referrer-policy", "same-origin"),
        (b"cross-origin-opener-policy", "same-origin"),
        (b"cross-origin-resource-policy", "same-origin"),
        (b"permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        (b"cache-control", "no-store"),
    ]
    if settings.secure:
        headers.append((b"strict-transport-security", "max-age=63072000; includeSubDomains"))
    return [(name, value.encode()) for name, value in headers]


def with_known_host(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Refuse a request for a host that is not ours, so that no link or cache can be poisoned by one."""
    hosts = {host.lower().encode() for host in settings.hosts}

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            given = [value for name, value in scope["headers"] if name == b"host"]
            if len(given) != 1 or _PORT.sub(b"", given[0]).lower() not in hosts:
                await _answer(send, 400, b"This host is not served here.\n")
                return
        await app(scope, receive, send)

    return checked


def with_language(app: ASGIApp) -> ASGIApp:
    """Take `/sq`, `/sr` or `/en` off the path into the request's state; send an address without one to its language."""

    async def led(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        state, path = scope.setdefault("state", {}), scope["path"]  # type: ignore[typeddict-item]
        prefix = path[1:3]
        if path.startswith(UNPREFIXED):
            state["language"] = negotiate(_header(scope, b"accept-language"))
        elif prefix in LANGUAGES and path[3:4] in {"", "/"}:
            state["language"] = prefix
            scope["path"] = path[3:] or "/"
            scope["raw_path"] = scope["raw_path"][3:] or b"/"
        else:
            await _redirect(send, _localised(scope, path))
            return
        state["path"] = scope["path"]
        state["query"] = scope["query_string"].decode("latin-1")
        await app(scope, receive, send)

    return led


def _localised(scope: Scope, path: str) -> str:
    """Return the address in the reader's language; a scanned QR code comes in capitals."""
    if path[:3] == "/V/":
        path = "/v/" + path[3:]
    query = scope["query_string"].decode("latin-1")
    language: Language = negotiate(_header(scope, b"accept-language"))
    return f"/{language}{quote(path.rstrip('/') or '/')}" + (f"?{query}" if query else "")


def _header(scope: Scope, name: bytes) -> str | None:
    return next((value.decode("latin-1") for given, value in scope["headers"] if given == name), None)


def with_heads(app: ASGIApp) -> ASGIApp:
    """Answer HEAD as GET is answered, without the body (RFC 9110), and say so where what is allowed is listed."""

    async def beheaded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"
        if is_head:
            scope["method"] = "GET"  # type: ignore[typeddict-item]

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in {204, 405}:
                message["headers"] = [(name, _with_head(name, value)) for name, value in message["headers"]]
            elif message["type"] == "http.response.body" and is_head:
                message["body"] = b""
            await send(message)

        await app(scope, receive, send_head)

    return beheaded


def _with_head(name: bytes, value: bytes) -> bytes:
    return value.replace(b"GET", b"GET, HEAD") if name == b"allow" and b"HEAD" not in value else value


def with_patience(app: ASGIApp, part: float = PART_SECONDS, whole: float = WHOLE_SECONDS) -> ASGIApp:
    """Wait for what a browser sends, and no longer: whoever lets it drip, or stops, meets ClientException (400)."""

    async def patient(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        clock = asyncio.get_running_loop()
        ends = clock.time() + whole

        async def receive_soon() -> Any:  # noqa: ANN401 - a message of ASGI, of whatever kind
            try:
                async with asyncio.timeout_at(min(clock.time() + part, ends)):
                    message = await receive()
            except TimeoutError:
                raise ClientException from None
            if message["type"] == "http.disconnect":
                raise ClientException
            return message

        try:
            await app(scope, receive_soon, send)
        finally:
            if form := scope["state"].get("form"):  # read by portal/visit.py; its files lie in a temporary place
                await form.close()

    return patient


async def _redirect(send: Send, location: str) -> None:
    headers = [(b"location", location.encode("latin-1")), (b"vary", b"Accept-Language"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 302, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
