"""One exchange with the identity provider: bounded in time and size, JSON (or a token) or nothing."""

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
    """What came back: a status below 500 and its JSON object, empty when a refusal (4xx) carries none.

    `token` is there when the provider signed its answer (`application/jwt`). `nonce` is what the next proof of our key
    shall carry, `challenge` how it refused a token (`WWW-Authenticate`; RFC 9449, sections 8 and 9).
    """

    status: int
    body: dict[str, Any]
    token: str | None = None
    nonce: str | None = None
    challenge: str = ""

    @property
    def is_success(self) -> bool:
        """Tell whether the provider did what was asked."""
        return _SUCCESS <= self.status < _REDIRECT

    @property
    def wants_nonce(self) -> bool:
        """Tell whether it refuses only because the proof of our key lacked its nonce."""
        wanted = "use_dpop_nonce"
        is_said = self.body.get("error") == wanted or f'error="{wanted}"' in self.challenge
        return not self.is_success and is_said and self.nonce is not None


async def ask(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    as_json: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Return the answer of `url`, or raise Unreachable when there is none within five seconds that can be read."""
    sent = {"Accept": "application/json", **(headers or {})}
    try:
        # httpx bounds each read; a server that drips a byte a second must not hold a citizen either.
        async with (
            asyncio.timeout(SECONDS),
            http.stream(
                method, url, data=form, json=as_json, headers=sent, timeout=SECONDS, follow_redirects=False
            ) as response,
        ):
            return _understood(response, await _bounded(response))
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


def _understood(response: httpx.Response, body: bytes) -> Answer:
    status = response.status_code
    is_refusal = _REDIRECT + 100 <= status < _BROKEN
    if not (_SUCCESS <= status < _REDIRECT or is_refusal):
        raise Unreachable("eid_error")
    nonce, challenge = response.headers.get("dpop-nonce"), response.headers.get("www-authenticate", "")
    if _kind(response) == "application/jwt" and not is_refusal:
        return Answer(status, {}, body.decode("ascii", "replace").strip(), nonce)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        return Answer(status, cast("dict[str, Any]", value), None, nonce, challenge)
    if is_refusal:
        return Answer(status, {}, None, nonce, challenge)
    raise Unreachable("eid_not_json")


def _kind(response: httpx.Response) -> str:
    return response.headers.get("content-type", "").partition(";")[0].strip().lower()
