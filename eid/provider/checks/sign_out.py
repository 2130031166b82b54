"""GET and POST /oauth2/sessions/logout: who asks, and where the browser goes after (RP-Initiated Logout 1.0)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eid.provider import store
from eid.provider.checks import Check, nothing_is_said_twice
from eid.provider.client import Client
from eid.provider.errors import Shown
from eid.provider.parameters import Parameters
from eid.provider.store import Connection
from eid.provider.tokens import SigningKeys
from i18n.text import _


@dataclass(slots=True)
class Leaving:
    """A request to sign out on its way through the checks.

    `client` None when none was named. `sid` only when the client proved that it knows the session: by an ID token, or
    by the session's name itself as `logout_hint`, which is as hard to guess and keeps the person out of the address.
    """

    parameters: Parameters
    connection: Connection
    keys: SigningKeys
    hint: dict[str, Any] | None = None
    client: Client | None = None
    sid: str | None = None


async def _the_hint_is_ours(leaving: Leaving) -> None:
    hint = leaving.parameters.get("id_token_hint")
    leaving.hint = leaving.keys.read(hint) if hint else None


async def _the_client_is_known(leaving: Leaving) -> None:
    """Leave the client that is named, which must be the one that the hint was given to."""
    named = leaving.parameters.get("client_id")
    hinted = leaving.hint.get("aud") if leaving.hint else None
    if named and hinted and named != hinted:
        raise _refused()
    client_id = named or hinted
    leaving.client = await store.find_client(leaving.connection, client_id) if client_id else None
    if client_id and leaving.client is None:
        raise _refused()


async def _the_way_back_is_registered(leaving: Leaving) -> None:
    uri = leaving.parameters.get("post_logout_redirect_uri")
    if uri and (leaving.client is None or uri not in leaving.client.post_logout_redirect_uris):
        raise _refused()


async def _the_session_is_the_clients(leaving: Leaving) -> None:
    """Leave the session's name when the client knows it; without it the person is asked."""
    sid = leaving.hint.get("sid") if leaving.hint else leaving.parameters.get("logout_hint")
    leaving.sid = sid if leaving.client else None


SIGN_OUT: tuple[Check[Leaving], ...] = (
    nothing_is_said_twice,
    _the_hint_is_ours,
    _the_client_is_known,
    _the_way_back_is_registered,
    _the_session_is_the_clients,
)


def _refused() -> Shown:
    return Shown(
        "unknown_sign_out",
        _("The service that sent you here asked to sign you out in a way that it has not registered."),
    )
