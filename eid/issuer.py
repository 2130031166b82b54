"""What an identity provider publishes of itself: kept, so that a short outage goes unnoticed (OIDC Discovery)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from eid.errors import Unreachable
from eid.exchange import ask

PublicKey = ECKey | RSAKey
_FRESH = timedelta(minutes=10)
_REFETCH = timedelta(seconds=10)  # an unknown key id asks again, but a flood of forged ones does not
_KINDS: dict[str, type[ECKey | RSAKey]] = {"EC": ECKey, "RSA": RSAKey}


@dataclass(frozen=True, slots=True)
class Metadata:
    """Where the provider's endpoints are, and whether it promises `iss` in its answers (RFC 9207).

    `pushed` is where requests for authorization may be brought beforehand (RFC 9126); `must_push`: have to be.
    """

    authorization: str
    pushed: str | None
    must_push: bool
    token: str
    keys: str
    userinfo: str | None
    end_session: str | None
    promises_iss: bool


class Issuer:
    """Knows one provider's metadata and keys; asks again when they are old, and keeps the old ones when it is down."""

    def __init__(self, issuer: str, http: httpx.AsyncClient, discovery: str) -> None:
        self.issuer = issuer
        self._discovery = f"{issuer.rstrip('/')}/{discovery}"
        self._http = http
        self._metadata: tuple[Metadata, datetime] | None = None
        self._keys: tuple[dict[str | None, PublicKey], datetime] | None = None
        self._asked_keys_at: datetime | None = None
        self._asking: asyncio.Task[Metadata] | None = None
        self._turn = asyncio.Lock()

    async def metadata(self, now: datetime) -> Metadata:
        """Return the provider's metadata, at most ten minutes old unless it does not answer.

        All who ask at the same time wait for the same answer: behind a provider that hangs nobody waits in a queue.
        """
        if self._metadata and now - self._metadata[1] < _FRESH:
            return self._metadata[0]
        if self._asking is None:
            self._asking = asyncio.create_task(self._refresh_metadata(now))
            self._asking.add_done_callback(self._asked)
        return await asyncio.shield(self._asking)

    async def _refresh_metadata(self, now: datetime) -> Metadata:
        known = self._metadata
        try:
            metadata = await self._fetch_metadata()
        except Unreachable:
            if known is None:
                raise
            metadata = known[0]
        self._metadata = (metadata, now)
        return metadata

    def _asked(self, asking: asyncio.Task[Metadata]) -> None:
        self._asking = None
        if not asking.cancelled():
            asking.exception()  # whoever still waits is told; when nobody does, it is no news

    async def key(self, kid: str | None, now: datetime) -> PublicKey | None:
        """Return the key that signs as `kid` (None: the only one), None when the provider has no such key."""
        address = (await self.metadata(now)).keys
        async with self._turn:
            if self._must_ask(kid, now):
                await self._refresh_keys(address, now)
            keys = self._keys[0] if self._keys else {}
            if kid is None and len(keys) == 1:
                return next(iter(keys.values()))
            return keys.get(kid)

    def _must_ask(self, kid: str | None, now: datetime) -> bool:
        if self._keys is None:
            return True
        keys, fetched_at = self._keys
        is_wanted = now - fetched_at >= _FRESH or (kid is not None and kid not in keys)
        return is_wanted and (self._asked_keys_at is None or now - self._asked_keys_at >= _REFETCH)

    async def _refresh_keys(self, address: str, now: datetime) -> None:
        self._asked_keys_at = now
        try:
            self._keys = (_usable(await self._fetch(address)), now)
        except Unreachable:
            if self._keys is None:
                raise

    async def _fetch(self, address: str) -> dict[str, Any]:
        answer = await ask(self._http, "GET", address)
        if not answer.is_success:
            raise Unreachable("eid_error")
        return answer.body

    async def _fetch_metadata(self) -> Metadata:
        body = await self._fetch(self._discovery)
        if body.get("issuer") != self.issuer:
            raise Unreachable("eid_metadata")
        return Metadata(
            authorization=self._endpoint(body, "authorization_endpoint"),
            pushed=self._optional(body, "pushed_authorization_request_endpoint"),
            must_push=body.get("require_pushed_authorization_requests") is True,
            token=self._endpoint(body, "token_endpoint"),
            keys=self._endpoint(body, "jwks_uri"),
            userinfo=self._optional(body, "userinfo_endpoint"),
            end_session=self._optional(body, "end_session_endpoint"),
            promises_iss=body.get("authorization_response_iss_parameter_supported") is True,
        )

    def _optional(self, body: dict[str, Any], name: str) -> str | None:
        return self._endpoint(body, name) if body.get(name) else None

    def _endpoint(self, body: dict[str, Any], name: str) -> str:
        """Return an endpoint's URL; a provider on https must not send us to plain http."""
        url = body.get(name)
        secure = urlsplit(self.issuer).scheme == "https"
        if not isinstance(url, str) or not url.startswith("https://" if secure else ("https://", "http://")):
            raise Unreachable("eid_metadata")
        return url


def _usable(body: dict[str, Any]) -> dict[str | None, PublicKey]:
    """Return the published signature keys that we can use, by id; others are passed over (RFC 7517, section 5)."""
    found: dict[str | None, PublicKey] = {}
    published = body.get("keys")
    for entry in cast("list[object]", published) if isinstance(published, list) else []:
        key = _key(cast("dict[str, Any]", entry)) if isinstance(entry, dict) else None
        if key is not None:
            found[key.kid] = key
    return found


def _key(entry: dict[str, Any]) -> PublicKey | None:
    kind = _KINDS.get(str(entry.get("kty")))
    if kind is None or entry.get("use", "sig") != "sig":
        return None
    try:
        return kind.import_key(entry)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
