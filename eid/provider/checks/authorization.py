"""/oauth2/auth and /oauth2/par: whether this may be asked, and where the answer goes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from eid.provider import store
from eid.provider.checks import Check, nothing_is_said_twice
from eid.provider.client import SCOPES, Client
from eid.provider.dialect import is_at_home
from eid.provider.errors import Rejection, Shown
from eid.provider.issued import store as issued
from eid.provider.issued.agreed import OFFLINE
from eid.provider.parameters import Parameters
from eid.provider.request import LEVELS, Authorization, Level, ToSign, reaches
from eid.provider.secret import digest
from eid.provider.signing.wish import read_wish, wished_scope
from eid.provider.store import Connection
from eid.provider.tokens import SigningKeys
from i18n.text import _

OFFERED: Level = "high"  # the highest that a means of ours reaches (means/offer.py)
PROMPTS = frozenset({"none", "login", "consent", "select_account"})
PUSHED = "urn:ietf:params:oauth:request_uri:"  # and the name that a pushed request was given (RFC 9126, section 2.2)
_WITHOUT_WHOM = frozenset({"openid", "service", "credential"})  # the last two are the signing service's
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(slots=True)
class Asked:
    """A request for authorization on its way through the checks."""

    parameters: Parameters
    connection: Connection
    keys: SigningKeys
    now: datetime
    is_being_pushed: bool = False
    path: str = ""
    client: Client = field(init=False)
    redirect_uri: str = field(init=False)
    acr: Level = field(init=False)
    scope: str = field(init=False)
    hinted_subject: str | None = None
    same_person: UUID | None = None
    to_sign: ToSign | None = None
    pushed: Authorization | None = None

    @property
    def state(self) -> str | None:
        """What goes back to the client with whatever answer it gets."""
        return self.pushed.state if self.pushed else self.parameters.get("state")


async def _client_is_known(asked: Asked) -> None:
    client_id = asked.parameters.get("client_id")
    client = await store.find_client(asked.connection, client_id) if client_id else None
    if client is None or not is_at_home(client, asked.path):
        raise Shown("unknown_client", _("The service that sent you here is not known to the eID. Tell the service."))
    asked.client = client


async def _redirect_uri_is_registered(asked: Asked) -> None:
    uri = asked.parameters.get("redirect_uri")
    if uri not in asked.client.redirect_uris:
        raise Shown(
            "unknown_redirect_uri",
            _("The service that sent you here wants the answer at an address it has not registered. Tell the service."),
        )
    asked.redirect_uri = uri


async def _the_request_is_pushed(asked: Asked) -> None:
    if asked.client.must_push and not asked.is_being_pushed:
        raise Rejection("invalid_request", "This client must push its requests (RFC 9126).")


async def _the_request_was_pushed(asked: Asked) -> None:
    """By this client within the last minute, and not brought before; what stands beside it counts for nothing."""
    name = digest((asked.parameters.get("request_uri") or "").removeprefix(PUSHED))
    asked.pushed = await issued.take_pushed(asked.connection, name, asked.client.client_id, asked.now)
    if asked.pushed is None:
        raise Shown(
            "invalid_request_uri",
            _("This sign-in has ended, or it was begun in another browser. Go back to the service and start again."),
        )
    asked.redirect_uri = asked.pushed.redirect_uri


async def _nothing_is_asked_that_is_not_offered(asked: Asked) -> None:
    for name in ("request", "request_uri", "registration"):
        if asked.parameters.get(name):
            raise Rejection(f"{name}_not_supported", f"The parameter {name} is not supported.")


async def _a_code_is_asked_for(asked: Asked) -> None:
    if asked.parameters.get("response_type") is None:
        raise Rejection("invalid_request", "response_type is missing.")
    if asked.parameters.get("response_type") != "code":
        raise Rejection("unsupported_response_type", "Only response_type=code is supported.")
    if asked.parameters.get("response_mode") not in {None, "query"}:
        raise Rejection("invalid_request", "Only response_mode=query is supported.")


async def _the_scope_is_the_clients(asked: Asked) -> None:
    """Leave what is asked for. What nobody knows is passed over; what others may ask for is refused."""
    asked.scope = granted_scope(asked.client, wished_scope(asked.parameters))
    if _WITHOUT_WHOM.isdisjoint(asked.scope.split()):
        raise Rejection("invalid_scope", "The scope must include openid.")


async def _what_is_to_be_signed_is_said(asked: Asked) -> None:
    """Leave what the scope `credential` is to be given for: whose key, and exactly which hashes."""
    asked.to_sign = await read_wish(asked.connection, asked.scope, asked.parameters)


def granted_scope(client: Client, scope: str | None) -> str:
    """Return what a client may be given of what it asks for; Rejection when it has not registered some of it.

    `offline_access` counts only for a client that can use a refresh token (OpenID Connect Core, section 11).
    """
    wished = [one for one in dict.fromkeys((scope or "").split()) if one in SCOPES]
    if "refresh_token" not in client.grant_types:
        wished = [one for one in wished if one != OFFLINE]
    if foreign := sorted(set(wished) - set(client.scope.split())):
        raise Rejection("invalid_scope", f"This client has not registered the scope {' '.join(foreign)}.")
    return " ".join(wished)


async def _the_code_is_challenged(asked: Asked) -> None:
    """Hold for all but the clients of VIDconnect, which do not know PKCE; of those, for whoever uses it."""
    sent = (asked.parameters.get("code_challenge"), asked.parameters.get("code_challenge_method"))
    if asked.client.speaks_ks and sent == (None, None):
        return
    if asked.parameters.get("code_challenge_method") != "S256":
        raise Rejection("invalid_request", "PKCE is required: code_challenge_method must be S256.")
    if not _CHALLENGE.fullmatch(asked.parameters.get("code_challenge") or ""):
        raise Rejection("invalid_request", "code_challenge must be a SHA-256 hash in base64url, 43 characters.")


async def _the_key_is_named_by_its_thumbprint(asked: Asked) -> None:
    if not _CHALLENGE.fullmatch(asked.parameters.get("dpop_jkt") or "x" * 43):
        raise Rejection("invalid_request", "dpop_jkt must be a SHA-256 thumbprint in base64url, 43 characters.")


async def _the_prompt_is_known(asked: Asked) -> None:
    prompts = set((asked.parameters.get("prompt") or "").split())
    if not prompts <= PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise Rejection("invalid_request", "prompt must be none alone, or of login, consent and select_account.")


async def _the_age_is_a_number(asked: Asked) -> None:
    if not re.fullmatch(r"[0-9]{1,9}", asked.parameters.get("max_age") or "0"):
        raise Rejection("invalid_request", "max_age must be a number of seconds.")


async def _the_hint_is_ours(asked: Asked) -> None:
    hint = asked.parameters.get("id_token_hint")
    if hint is None:
        return
    claims = asked.keys.read(hint)
    if claims is None or claims.get("aud") != asked.client.client_id:
        raise Rejection("invalid_request", "id_token_hint is not an ID token that this client was given here.")
    asked.hinted_subject = claims["sub"]


async def _the_level_can_be_reached(asked: Asked) -> None:
    """Take the lowest of `acr_values` as a minimum: who names none that we know is not given less unawares."""
    wanted = (asked.parameters.get("acr_values") or "low").split()
    level: Level | None = next((level for level in LEVELS if level in wanted), None)
    if level is None or not reaches(OFFERED, level):
        raise Rejection("unmet_authentication_requirements", f"This eID signs people in at {OFFERED} at most.")
    asked.acr = level


AUTHORIZATION: tuple[Check[Asked], ...] = (
    _client_is_known,  # these two answer on a page of ours:
    _redirect_uri_is_registered,  # an unknown address is never redirected to
    nothing_is_said_twice,
    _the_request_is_pushed,
    _nothing_is_asked_that_is_not_offered,
    _a_code_is_asked_for,
    _the_scope_is_the_clients,
    _what_is_to_be_signed_is_said,
    _the_code_is_challenged,
    _the_key_is_named_by_its_thumbprint,
    _the_prompt_is_known,
    _the_age_is_a_number,
    _the_hint_is_ours,
    _the_level_can_be_reached,
)
ARRIVAL: tuple[Check[Asked], ...] = (
    _client_is_known,
    _the_request_was_pushed,
)
