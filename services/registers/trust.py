"""Whether an answer is the register's own: signed by a key that it publishes, and to this very question."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import msgspec

from services.registers import wire
from services.registers.signature import Keys, header
from services.registers.wire import Broken, Response

_PUBLISHED = "/.well-known/jwks.json"
_SIGNATURE, _REQUEST_HASH = "X-JWS-Signature", "X-Road-Request-Hash"
_FRESH = timedelta(minutes=5)  # how far a register's clock, and so the time in its signature, may be from ours
_AGAIN = timedelta(minutes=1)  # a key that nobody knows makes us ask for the keys this often at most
_KEPT = timedelta(minutes=10)
_key_sets = msgspec.json.Decoder(dict[str, Any])


class Trust:
    """The registers' published keys. `demanded`: what is not signed is refused; else only a wrong signature is."""

    def __init__(self, base_url: str, http: aiohttp.ClientSession, *, demanded: bool) -> None:
        self._url = base_url.rstrip("/") + _PUBLISHED
        self._http = http
        self._demanded = demanded
        self._keys: Keys | None = None
        self._asked_at: datetime | None = None
        self._asking = asyncio.Lock()

    async def check(self, asked: str, response: Response, now: datetime) -> str | None:
        """Return the register's signature on the answer, None where there is none; raise Broken for a wrong one.

        `asked` is the hash of the message that it answers.
        """
        repeated = response.headers.get(_REQUEST_HASH)
        if repeated is None and self._demanded:
            raise Broken("no request hash")
        if repeated not in {None, asked}:
            raise Broken("answer to another question")
        signature = response.headers.get(_SIGNATURE)
        if signature is None and self._demanded:
            raise Broken("answer without a signature")
        if signature is not None:
            await self._judge(signature, response.body, asked, now)
        return signature

    async def _judge(self, signature: str, body: bytes, asked: str, now: datetime) -> None:
        said = header(signature)
        keys = await self._known(said.kid, now)
        if keys is None:
            if self._demanded:
                raise Broken("signed by an unknown key")
            return
        if not keys.holds(signature, body):
            raise Broken("a signature that does not hold")
        if said.iat is not None and abs(said.iat - now.timestamp()) >= _FRESH.total_seconds():
            raise Broken("signed at another time")
        if said.asked not in {None, asked}:
            raise Broken("signed as the answer to another question")

    async def _known(self, kid: str | None, now: datetime) -> Keys | None:
        """Return keys among which is the one of this name, asked for anew where need be."""
        if not self._is_due(kid, now):
            return self._knowing(kid)
        async with self._asking:  # whoever comes while the keys are on their way waits for them
            if self._is_due(kid, now):
                self._keys = await self._published() or self._keys
                self._asked_at = now
        return self._knowing(kid)

    def _is_due(self, kid: str | None, now: datetime) -> bool:
        pause = _KEPT if self._knowing(kid) else _AGAIN
        return self._asked_at is None or abs(now - self._asked_at) >= pause

    def _knowing(self, kid: str | None) -> Keys | None:
        return self._keys if self._keys is not None and self._keys.knows(kid) else None

    async def _published(self) -> Keys | None:
        try:
            response = await wire.get(self._http, self._url, {"Accept": "application/json"})
            return Keys(response.read(_key_sets)) if response.status == 200 else None  # noqa: PLR2004
        except (Broken, TimeoutError, ValueError):
            return None
