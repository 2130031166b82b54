"""Keeps the public pages as they were last rendered, compressed, so that most visits cost no rendering.

A page is kept when its handler says `opt={"keep": True}`, the visitor has no session, the answer is 200 and holds no
form of this visitor's. The key is language and path, and whether the data behind the page is asked for; it is rendered
anew after `LIFE`, since ratings on it move; the last one serves on while it cannot be. Content itself changes only with
a new process: what nothing else is on is kept `FOR_GOOD`.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import time
from dataclasses import dataclass, field
from typing import Any, cast

import brotli
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from portal import cookie, door
from portal.representation import wants_data
from portal.settings import Settings
from portal.static import accepted

LIFE = 60.0  # seconds
MOST = 500  # pages, of some 40 kB each
FOR_GOOD = "for good"
_OK, _OURS = 200, 500
_NEVER = ("/assets/", "/health/", "/webhooks/")
# What an answer says of itself; the rest of its headers is said here, anew each time.
_CARRIED = {
    *(b"content-type", b"content-language", b"content-location"),
    *(b"access-control-allow-origin", b"cross-origin-resource-policy"),
}


@dataclass(slots=True)
class _Kept:
    until: float
    etag: bytes
    bodies: dict[bytes, bytes]
    headers: list[tuple[bytes, bytes]]


@dataclass(slots=True)
class _Answer:
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list[tuple[bytes, bytes]])
    body: bytes = b""


def with_kept_pages(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Answer an anonymous GET from the pages that were kept; keep what is rendered for one."""
    pages: dict[tuple[str, str, bool], _Kept] = {}
    session_cookie = cookie.name(settings, "session").encode()

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if not _may_be_kept(scope, session_cookie):
            await app(scope, receive, send)
            return
        path = scope["path"]
        language = "" if path.startswith(door.UNPREFIXED) else scope["state"]["language"]
        key = (language, path, wants_data(scope["headers"]))
        kept = pages.get(key)
        if kept is None or kept.until < time.monotonic():
            answer = await _render(app, scope, receive)
            if _is_to_be_kept(scope, answer):
                if len(pages) >= MOST:
                    pages.clear()
                kept = pages[key] = _keep(scope, answer)
            elif kept is None or answer.status < _OURS:
                pages.pop(key, None)
                await _send(send, answer.status, answer.headers, answer.body)
                return
        scope["state"]["route"] = "kept"
        await _give(scope, send, kept)

    return answered


def _may_be_kept(scope: Scope, session_cookie: bytes) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or scope["query_string"]:
        return False
    path = scope["path"]
    # The framework takes `//about/` for `/about`: kept is only the one way to write it.
    if path.startswith(_NEVER) or "//" in path or (path != "/" and path.endswith("/")):
        return False
    return not any(
        (name == b"cookie" and session_cookie in value) or name == b"hx-request" for name, value in scope["headers"]
    )


async def _render(app: ASGIApp, scope: Scope, receive: Receive) -> _Answer:
    """Return the answer as it is before compression: that is done here, once and well."""
    answer = _Answer()

    async def collect(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            answer.body += message["body"]

    headers, scope["headers"] = scope["headers"], [h for h in scope["headers"] if h[0] != b"accept-encoding"]
    await app(scope, receive, collect)
    scope["headers"] = headers
    return answer


def _is_to_be_kept(scope: Scope, answer: _Answer) -> bool:
    known = cast("dict[str, Any]", scope)
    is_public = answer.status == _OK and known["route_handler"].opt.get("keep")
    return is_public and not known["state"]["csrf"].is_used


def _keep(scope: Scope, answer: _Answer) -> _Kept:
    is_for_good = cast("Any", scope)["route_handler"].opt["keep"] == FOR_GOOD
    varies = [value for name, value in answer.headers if name == b"vary"]
    return _Kept(
        until=math.inf if is_for_good else time.monotonic() + LIFE,
        etag=hashlib.sha256(answer.body).hexdigest()[:20].encode(),
        bodies={
            b"br": brotli.compress(answer.body, mode=brotli.MODE_TEXT, quality=7),
            b"gzip": gzip.compress(answer.body, 9),
            b"": answer.body,
        },
        headers=[
            *((name, value) for name, value in answer.headers if name in _CARRIED),
            (b"vary", b", ".join([b"Accept-Encoding", b"Cookie", *varies])),
        ],
    )


async def _give(scope: Scope, send: Send, kept: _Kept) -> None:
    given = dict(scope["headers"])
    coding = accepted(given.get(b"accept-encoding", b""))
    tag = b'"' + kept.etag + (b"-" + coding if coding else b"") + b'"'
    same = tag in given.get(b"if-none-match", b"")
    body = b"" if same else kept.bodies[coding]
    headers = [
        *kept.headers,
        (b"cache-control", b"no-cache"),
        (b"etag", tag),
    ]
    headers += [] if same else [(b"content-length", str(len(body)).encode())]
    headers += [(b"content-encoding", coding)] if coding and not same else []
    await _send(send, 304 if same else _OK, headers, body)


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
