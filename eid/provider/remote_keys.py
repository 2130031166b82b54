"""The keys that clients publish at an address of theirs (`jwks_uri`): fetched within bounds, kept when it is down."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import httpx
import structlog

from eid.provider.client_key import ClientKey, usable_keys
from eid.provider.outward import outward_client

_log = structlog.get_logger("eid.remote_keys")
_FRESH = timedelta(minutes=10)
_AGAIN = timedelta(seconds=10)  # an unknown key id asks again, but a flood of forged ones does not
_SECONDS = 5.0
_BYTES = 64 * 1024


class KeysWanted(Exception):  # noqa: N818 - a wish, fulfilled by whoever holds no connection
    """A client's keys must be fetched before its signature can be checked; nothing was done yet."""

    def __init__(self, uri: str) -> None:
        super().__init__(uri)
        self.uri = uri


@dataclass(slots=True)
class _Kept:
    keys: list[ClientKey]
    fetched_at: datetime | None = None
    asked_at: datetime | None = None


class RemoteKeys:
    """What is known of clients' published keys. It grows with the registered clients, not with what is sent."""

    def __init__(self, *, private: bool = False) -> None:
        self._private = private
        self._kept: defaultdict[str, _Kept] = defaultdict(lambda: _Kept([]))
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def known(self, uri: str, kid: str | None, now: datetime) -> list[ClientKey]:
        """Return the keys at an address; KeysWanted when they are old, or none has this id, and may be asked for."""
        kept = self._kept[uri]
        is_old = kept.fetched_at is None or now - kept.fetched_at >= _FRESH
        is_unknown = kid is not None and all(key.kid != kid for key in kept.keys)
        if (is_old or is_unknown) and _may_ask(kept, now):
            raise KeysWanted(uri)
        return kept.keys

    async def fetch(self, uri: str, now: datetime) -> None:
        """Ask for the keys, unless somebody just has; those known stay when there is no answer."""
        async with self._turns[uri]:
            kept = self._kept[uri]
            if not _may_ask(kept, now):
                return
            kept.asked_at = now
            try:
                kept.keys, kept.fetched_at = usable_keys(await _fetched(uri, private=self._private)), now
            except (httpx.HTTPError, TimeoutError, ValueError, RecursionError) as failure:
                _log.warning("client_keys_not_fetched", uri=uri, why=type(failure).__name__)


def _may_ask(kept: _Kept, now: datetime) -> bool:
    return kept.asked_at is None or now - kept.asked_at >= _AGAIN


async def _fetched(uri: str, *, private: bool) -> dict[str, Any]:
    """Return the JSON object at an address: no redirects, no proxy, so much in so many seconds."""
    body = b""
    async with (
        asyncio.timeout(_SECONDS),
        outward_client(_SECONDS, private=private) as http,
        http.stream("GET", uri, headers={"Accept": "application/jwk-set+json, application/json"}) as answer,
    ):
        if not answer.is_success:
            raise ValueError(f"status {answer.status_code}")
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > _BYTES:
                raise ValueError("too long")
    value = json.loads(body)
    if not isinstance(value, dict):
        raise ValueError("no object")  # noqa: TRY004 - of what is there, not of what was passed
    return cast("dict[str, Any]", value)
