"""One exchange with the identity provider: bounded in time and size, JSON or nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx

from eid.errors import Unreachable

SECONDS = 5.0
_BYTES = 256 * 1024
_SUCCESS, _REDIRECT, _BROKEN = 200, 300, 500


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status below 500 and its JSON object, empty when a refusal (4xx) carries none."""

    status: int
    body: dict[str, Any]

    @property
    def is_success(self) -> bool:
        """Tell whether the provider did what was asked."""
        return _SUCCESS <= self.status < _REDIRECT


async def ask(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    bearer: str | None = None,
) -> Answer:
    """Return the answer of `url`, or raise Unreachable when there is none within five seconds that is JSON."""
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
    try:
        # httpx bounds each read; a server that drips a byte a second must not hold a citizen either.
        async with (
            asyncio.timeout(SECONDS),
            http.stream(method, url, data=form, headers=headers, timeout=SECONDS, follow_redirects=False) as response,
        ):
            return _understood(response.status_code, await _bounded(response))
    except (TimeoutError, httpx.TimeoutException) as silence:
        raise Unreachable("eid_timeout") from silence
    except httpx.HTTPError as failure:
        raise Unreachable("eid_down") from failure


async def _bounded(response: httpx.Response) -> bytes:
    body = b""
    async for part in response.aiter_bytes():
        body += part
        if len(body) > _BYTES:
            raise Unreachable("eid_too_long")
    return body


def _understood(status: int, body: bytes) -> Answer:
    is_refusal = _REDIRECT + 100 <= status < _BROKEN
    if not (_SUCCESS <= status < _REDIRECT or is_refusal):
        raise Unreachable("eid_error")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        return Answer(status, cast("dict[str, Any]", value))
    if is_refusal:
        return Answer(status, {})
    raise Unreachable("eid_not_json")
