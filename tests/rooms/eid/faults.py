"""Signs in through a provider of which something was made wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import httpx

from eid.client import Client, ClientSettings
from eid.person import Identity

from .hostile import Claims, Hostile
from .parties import REDIRECT_URI, RelyingParty, now

PORTAL = RelyingParty("portal")


async def sign_in(
    provider: Hostile,
    http: httpx.AsyncClient,
    *,
    prompt: Literal["login"] | None = None,
    max_age: int | None = None,
    client: Client | None = None,
    params: Mapping[str, str | None] | None = None,
) -> Identity:
    """Sign in through a provider; `params` are put in place of what the browser would bring back."""
    client = client or a_client(provider, http)
    attempt = await client.begin(
        redirect_uri=REDIRECT_URI, language="sq", acr="substantial", prompt=prompt, max_age=max_age, now=now()
    )
    provider.attempt = attempt
    brought = {"code": "a code", "state": attempt.state, "iss": provider.url} | dict(params or {})
    return await client.complete(attempt, {name: value for name, value in brought.items() if value is not None}, now())


def a_client(provider: Hostile, http: httpx.AsyncClient, **settings: Any) -> Client:  # noqa: ANN401 - any setting
    """Return the portal's client of a provider; as the settings say, or signing for itself."""
    known: dict[str, Any] = {"issuer": provider.url, "client_id": "portal", "client_key": PORTAL.key} | settings
    return Client(ClientSettings(**known), http)


def but(**changed: object) -> Callable[[Claims], Claims]:
    """Return a change: these values in place of the right ones; `...` takes one out."""
    return lambda claims: {name: value for name, value in (claims | changed).items() if value is not ...}


def moved(name: str, seconds: int) -> Callable[[Claims], Claims]:
    """Return a change that moves a time."""
    return lambda claims: claims | {name: claims[name] + seconds}
