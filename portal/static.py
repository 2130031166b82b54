"""Serves the built front end from memory: compressed once, addressed by content, kept by browsers for a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from litestar import asgi
from litestar.handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

from portal.assets import PREFIX, manifest
from portal.session import anyone

_TYPES = {
    "css": b"text/css; charset=utf-8",
    "js": b"text/javascript; charset=utf-8",
    "svg": b"image/svg+xml",
}
_CODINGS = ((b"br", ".br"), (b"gzip", ".gz"))

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its type, its entity tag, and its bytes by content coding (b"" is as it is)."""

    media_type: bytes
    etag: bytes
    bodies: Mapping[bytes, bytes]


def static_router(directory: Path) -> ASGIRouteHandler:
    """Return the route `/assets/…` over what the manifest in `directory` names; anything else is 404."""
    assets = {"/" + file: _read(directory / file) for file in manifest(directory).values()}

    @asgi(PREFIX.rstrip("/"), is_mount=True, guards=[anyone], copy_scope=True, name="assets")
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - the names are ASGI's
        if scope["type"] != "http":
            return
        if scope["method"] not in {"GET", "HEAD"}:
            await _send(send, 405, [(b"allow", b"GET, HEAD")])
            return
        asset = assets.get("/" + scope["path"].strip("/"))
        if asset is None:
            await _send(send, 404, [])
            return
        await _give(asset, dict(scope["headers"]), send, with_body=scope["method"] == "GET")

    return serve


def _read(path: Path) -> Asset:
    bodies = {b"": path.read_bytes()}
    bodies |= {coding: path.with_name(path.name + ending).read_bytes() for coding, ending in _CODINGS}
    stem = path.name.split(".")[-2].encode()
    return Asset(_TYPES[path.name.rpartition(".")[2]], stem, bodies)


async def _give(asset: Asset, asked: Mapping[bytes, bytes], send: Send, *, with_body: bool) -> None:
    coding = accepted(asked.get(b"accept-encoding", b""))
    etag = b'"' + asset.etag + (b"-" + coding if coding else b"") + b'"'
    headers = [
        (b"etag", etag),
        (b"cache-control", b"public, max-age=31536000, immutable"),
        (b"vary", b"Accept-Encoding"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if etag in asked.get(b"if-none-match", b""):
        await _send(send, 304, headers, length=False)
        return
    body = asset.bodies[coding]
    headers += [(b"content-type", asset.media_type), (b"content-length", str(len(body)).encode())]
    headers += [(b"content-encoding", coding)] if coding else []
    await _send(send, 200, headers, body if with_body else b"", length=False)


def accepted(header: bytes) -> bytes:
    """Return the best coding that an `Accept-Encoding` header allows (RFC 9110), or b"" for none."""
    wanted = dict(_weighed(part) for part in header.lower().split(b","))
    return next((coding for coding, _ending in _CODINGS if wanted.get(coding, wanted.get(b"*", 0.0)) > 0), b"")


def _weighed(part: bytes) -> tuple[bytes, float]:
    coding, _semicolon, quality = part.strip().partition(b";")
    try:
        return coding.strip(), float(quality.partition(b"=")[2] or 1)
    except ValueError:
        return coding.strip(), 0.0


async def _send(send: Send, status: int, headers: Headers, body: bytes = b"", *, length: bool = True) -> None:
    full = [*headers, (b"content-length", b"0")] if length else headers
    await send({"type": "http.response.start", "status": status, "headers": full})
    await send({"type": "http.response.body", "body": body, "more_body": False})
