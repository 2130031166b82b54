"""Speaks with one provider, from server to server and through the browser, as the client that it knows.

What is asked through the browser is brought to the provider beforehand where it takes that (PAR, RFC 9126), so that
nobody on the way reads or changes it. Tokens are bound to a key of ours where that is agreed (DPoP, RFC 9449).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

import httpx
from authlib.common.urls import add_params_to_uri

from eid.errors import SignInFailed, Unreachable, answered_no
from eid.exchange import Answer, ask
from eid.issuer import Issuer, Metadata
from eid.preset import ClientSettings
from eid.proof import Authenticator, Key, Prover

_LONGEST_URL = 4096


class Channel:
    """What the portal says to one provider. Raises ValueError when our key there cannot be used."""

    def __init__(self, settings: ClientSettings, http: httpx.AsyncClient) -> None:
        self.settings = settings
        self.issuer = Issuer(settings.issuer, http, settings.discovery)
        self._http = http
        key = Key.read(settings.client_key) if settings.client_key else None
        self._authenticator = Authenticator(settings, key)
        self.prover = Prover.beside(key) if settings.binds and key else None

    async def metadata(self, now: datetime) -> Metadata:
        """Return what the provider publishes of itself."""
        return await self.issuer.metadata(now)

    async def request(
        self, parameters: Mapping[str, str | None], now: datetime, hints: Mapping[str, str | None] | None = None
    ) -> str:
        """Return where to send the browser to ask for authorization; SignInFailed or Unreachable when it cannot be.

        `hints` say who she is; they are left out where they would stand in the browser's address.
        """
        metadata = await self.metadata(now)
        asked = {"client_id": self.settings.client_id, **_given(parameters)}
        if self.prover:
            asked["dpop_jkt"] = self.prover.thumbprint
        if metadata.pushed is None:
            if self.settings.pushes or metadata.must_push:
                raise Unreachable("eid_metadata")
            return _with_query(metadata.authorization, asked)
        uri = await self._pushed(metadata.pushed, asked | _given(hints or {}), now)
        return _with_query(metadata.authorization, {"client_id": self.settings.client_id, "request_uri": uri})

    async def call(self, url: str, form: Mapping[str, str], now: datetime) -> Answer:
        """Return what the provider answers to a form of this client; a nonce that it wants is sent at once."""
        answer = await self._call(url, form, now)
        return await self._call(url, form, now) if answer.wants_nonce else answer

    async def fetch(self, url: str, access_token: str, now: datetime, sent: Mapping[str, Any] | None = None) -> Answer:
        """Return what an access token gives the right to read, or to have done with what is `sent` as JSON."""
        answer = await self._fetch(url, access_token, now, sent)
        return await self._fetch(url, access_token, now, sent) if answer.wants_nonce else answer

    @property
    def token_type(self) -> str:
        """How an access token of ours must be brought, in lower case."""
        return "dpop" if self.prover else "bearer"

    async def _pushed(self, url: str, asked: Mapping[str, str], now: datetime) -> str:
        answer = await self.call(url, asked, now)
        if not answer.is_success:
            raise SignInFailed(answered_no(answer.body.get("error"), "request_refused"))
        uri = answer.body.get("request_uri")
        if not isinstance(uri, str) or not uri or len(uri) > _LONGEST_URL:
            raise SignInFailed("request_refused")
        return uri

    async def _call(self, url: str, form: Mapping[str, str], now: datetime) -> Answer:
        headers = self._authenticator.headers()
        if self.prover:
            headers["DPoP"] = self.prover.proof("POST", url, now)
        answer = await ask(self._http, "POST", url, form={**form, **self._authenticator.form(now)}, headers=headers)
        self._remember(url, answer)
        return answer

    async def _fetch(self, url: str, access_token: str, now: datetime, sent: Mapping[str, Any] | None) -> Answer:
        method = "GET" if sent is None else "POST"
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json, application/jwt;q=0.5"}
        if self.prover:
            proof = self.prover.proof(method, url, now, access_token)
            headers |= {"Authorization": f"DPoP {access_token}", "DPoP": proof}
        answer = await ask(self._http, method, url, as_json=sent, headers=headers)
        self._remember(url, answer)
        return answer

    def _remember(self, url: str, answer: Answer) -> None:
        if self.prover:
            self.prover.remember(url, answer.nonce)


def _given(parameters: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if value is not None}


def _with_query(url: str, parameters: Mapping[str, str]) -> str:
    return cast("Any", add_params_to_uri)(url, list(parameters.items()))
