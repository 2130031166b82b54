"""Serves the demo trust services over HTTP under /pki: certificates, revocation lists, OCSP and time stamps."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from cryptography.hazmat.primitives.serialization import Encoding
from litestar import Request, Response, Router, get, post
from litestar.exceptions import ClientException
from litestar.handlers import HTTPRouteHandler

from eid.provider import ocsp, tsa
from eid.provider.certificate import Holder, Revocation, revocation_list
from eid.provider.keystore import Pki

_LARGEST_REQUEST = 16 * 1024  # bytes
_LIST_KEPT = timedelta(minutes=10)
_LIST_CACHED = timedelta(minutes=1)  # so that a revocation is soon known everywhere
_MACHINES = {"exclude_from_csrf": True}  # answered without cookies: nothing to forge


def trust_router(pki: Pki) -> Router:
    """Return the routes of the trust services."""
    return Router("/pki", route_handlers=[*_authorities(pki), *_responder(pki), _stamper(pki)], include_in_schema=False)


def _authorities(pki: Pki) -> list[HTTPRouteHandler]:
    handlers: list[HTTPRouteHandler] = []
    for name, holder in (("root", pki.root), ("issuing", pki.issuing)):
        handlers += [_certificate(name, holder), _revocation_list(name, _List(pki, holder))]
    return handlers


def _certificate(name: str, holder: Holder) -> HTTPRouteHandler:
    @get(f"/{name}.crt", name=f"pki.{name}.crt", sync_to_thread=False)
    def certificate() -> Response[bytes]:
        return _binary(holder.certificate.public_bytes(Encoding.DER), "application/pkix-cert", timedelta(days=1))

    return certificate


def _revocation_list(name: str, revoked: _List) -> HTTPRouteHandler:
    @get(f"/{name}.crl", name=f"pki.{name}.crl", sync_to_thread=False)
    def revocations() -> Response[bytes]:
        return _binary(revoked.at(datetime.now(UTC)), "application/pkix-crl", _LIST_CACHED)

    return revocations


def _responder(pki: Pki) -> list[HTTPRouteHandler]:
    @post("/ocsp", name="pki.ocsp", status_code=200, opt=_MACHINES, request_max_body_size=_LARGEST_REQUEST)
    async def ask(request: Request[Any, Any, Any]) -> Response[bytes]:
        return _binary(ocsp.answer(pki, await request.body(), datetime.now(UTC)), "application/ocsp-response")

    @get("/ocsp/{question:path}", name="pki.ocsp.get", sync_to_thread=False)
    def ask_by_address(request: Request[Any, Any, Any]) -> Response[bytes]:
        return _binary(ocsp.answer(pki, _in_address(request), datetime.now(UTC)), "application/ocsp-response")

    return [ask, ask_by_address]


def _in_address(request: Request[Any, Any, Any]) -> bytes:
    """Return the request that is written in base64 in the path (RFC 6960, A.1), where slashes may stand doubled."""
    path = unquote(request.scope["raw_path"].partition(b"?")[0].decode("latin-1"))
    try:
        return base64.b64decode(path.partition("/ocsp/")[2], validate=True)
    except binascii.Error:
        return b""


def _stamper(pki: Pki) -> HTTPRouteHandler:
    @post("/tsa", name="pki.tsa", status_code=200, opt=_MACHINES, request_max_body_size=_LARGEST_REQUEST)
    async def stamp(request: Request[Any, Any, Any]) -> Response[bytes]:
        if request.headers.get("content-type") != "application/timestamp-query":
            raise ClientException("A time-stamp request is sent as application/timestamp-query.", status_code=415)
        return _binary(tsa.answer(pki, await request.body(), datetime.now(UTC)), "application/timestamp-reply")

    return stamp


class _List:
    """An authority's revocation list, signed anew when it ages or when a certificate was taken back."""

    def __init__(self, pki: Pki, issuer: Holder) -> None:
        self._pki, self._issuer = pki, issuer
        self._revoked: list[Revocation] = []
        self._signed_at = datetime.min.replace(tzinfo=UTC)
        self._list = b""

    def at(self, now: datetime) -> bytes:
        revoked = self._pki.revocations(self._issuer)
        if revoked != self._revoked or now - self._signed_at > _LIST_KEPT:
            self._list = revocation_list(self._issuer, revoked, now)
            self._revoked, self._signed_at = revoked, now
        return self._list


def _binary(content: bytes, kind: str, fresh: timedelta | None = None) -> Response[bytes]:
    kept = f"public, max-age={int(fresh.total_seconds())}" if fresh else "no-store"
    return Response(content, media_type=kind, headers={"Cache-Control": kept})
