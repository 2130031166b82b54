"""Keeps the public pages as they were last rendered, compressed, so that most visits cost no rendering.

A page is kept when its handler says `opt={"keep": True}`, the visitor has no session, and the answer is 200. The key
is language, path and coding; it is rendered anew after `LIFE`, since ratings and times on it move. Content itself
changes only with a new process.
"""

from __future__ import annotations

import gzip
import hashlib
import time
from dataclasses import dataclass, field
from typing import Any, cast

import brotli
from litestar.status_codes import HTTP_200_OK
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from portal import door

LIFE = 60.0  # seconds
_MOST = 2000


@dataclass(slots=True)
class _Kept:
    until: float
    etag: bytes
    bodies: dict[bytes, bytes]
    language: bytes


@dataclass(slots=True)
class _Answer:
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list[tuple[bytes, bytes]])
    body: bytes = b""


def with_kept_pages(app: ASGIApp, session_cookie: str) -> ASGIApp:
    """Answer an anonymous GET from the pages that were kept; keep what is rendered for one."""
    pages: dict[tuple[str, str], _Kept] = {}

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if not _may_be_kept(scope, session_cookie):
            await app(scope, receive, send)
            return
        key = (scope["state"]["language"], scope["path"])
        kept = pages.get(key)
        if kept is None or kept.until < time.monotonic():
            kept = await _render(app, scope, receive, send)
            if kept is None:
                return
            if len(pages) >= _MOST:
                pages.clear()
            pages[key] = kept
        scope["state"]["route"] = "kept"
        await _send(scope, send, kept)

    return answered


def _may_be_kept(scope: Scope, session_cookie: str) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or scope["query_string"]:
        return False
    if scope["path"].startswith(door.UNPREFIXED):
        return False
    return not any(
        (name == b"cookie" and session_cookie.encode() in value) or name == b"hx-request"
        for name, value in scope["headers"]
    )


async def _render(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> _Kept | None:
    """Return the page rendered and compressed; None where it may not be kept and has been sent as it came."""
    answer = _Answer()

    async def collect(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            answer.body += message["body"]

    # Compressed here, once and well; not on the way by the framework.
    headers, scope["headers"] = scope["headers"], [h for h in scope["headers"] if h[0] != b"accept-encoding"]
    await app(scope, receive, collect)
    scope["headers"] = headers
    handler = cast("dict[str, Any]", scope).get("route_handler")
    if answer.status != HTTP_200_OK or handler is None or not handler.opt.get("keep"):
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body, "more_body": False})
        return None
    return _Kept(
        until=time.monotonic() + LIFE,
        etag=b'"' + hashlib.sha256(answer.body).hexdigest()[:20].encode() + b'"',
        bodies={
            b"br": brotli.compress(answer.body, mode=brotli.MODE_TEXT, quality=7),
            b"gzip": gzip.compress(answer.body, 9),
            b"": answer.body,
        },
        language=scope["state"]["language"].encode(),
    )


async def _send(scope: Scope, send: Send, kept: _Kept) -> None:
    given = dict(scope["headers"])
    accepted = given.get(b"accept-encoding", b"")
    coding = next((coding for coding in (b"br", b"gzip") if coding in accepted), b"")
    tag = kept.etag[:-1] + b"-" + coding + b'"' if coding else kept.etag
    same = given.get(b"if-none-match") == tag
    body = b"" if same else kept.bodies[coding]
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-language", kept.language),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-cache"),
        (b"etag", tag),
        (b"vary", b"Accept-Encoding, Cookie, HX-Request"),
    ]
    if coding:
        headers.append((b"content-encoding", coding))
    await send({"type": "http.response.start", "status": 304 if same else 200, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
