"""The endpoints that machines use: discovery, keys, tokens, who someone is (OpenID Connect Core and Discovery)."""

from __future__ import annotations

from typing import Any

import structlog
from litestar import HttpMethod, Response, get, post, route
from litestar.response import Redirect

from eid.provider import authorization, store
from eid.provider.browser import AnyRequest, Browser, parameters
from eid.provider.checks import run
from eid.provider.checks.authorization import OFFERED, PROMPTS
from eid.provider.checks.token import TOKEN, Redeeming
from eid.provider.desk import AtDesk, Desk, Now
from eid.provider.errors import Rejection, Shown
from eid.provider.request import LEVELS, Access
from eid.provider.secret import digest, new_token
from eid.provider.store import Connection
from eid.provider.tokens import ACCESS_TOKEN_LIVES, id_token_claims, userinfo_claims
from i18n.text import LANGUAGES, _

_log = structlog.get_logger("eid.protocol")
_PUBLIC = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}


@get(["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"])
async def discovery(desk: AtDesk) -> Response[dict[str, Any]]:
    """Say where everything is and what is supported (OpenID Connect Discovery 1.0, RFC 8414)."""
    return Response(metadata(desk.issuer), headers=_PUBLIC)


@get("/jwks.json")
async def keys(desk: AtDesk, now: Now) -> Response[dict[str, Any]]:
    """Publish the keys that sign, will sign, and signed within the last day."""
    async with desk.transaction() as connection:
        published = (await desk.keys(connection, now)).published
    return Response({"keys": list(published)}, headers=_PUBLIC)


@route("/oauth2/auth", http_method=[HttpMethod.GET, HttpMethod.POST])
async def authorize(request: AnyRequest, desk: AtDesk, now: Now) -> Redirect:
    """Take a request for authorization; unless the person is signed in, show her who asks."""
    browser = Browser(request, desk)
    desk.requests.check(browser.address, now)
    desk.requests.count(browser.address, now)
    try:
        sent = await parameters(request)
    except Rejection as rejection:
        raise Shown(rejection.error, _("The service that sent you here asked in a way we cannot read.")) from rejection
    async with desk.transaction() as connection:
        where = await authorization.arrive(desk, connection, sent, browser, now)
    return Redirect(where, status_code=303, cookies=[browser.bound_cookie()])


@post("/oauth2/token", status_code=200)
async def token(request: AnyRequest, desk: AtDesk, now: Now) -> Response[dict[str, Any]]:
    """Give an ID token and an access token for a code, once."""
    sent, has_header = await parameters(request), "authorization" in request.headers
    async with desk.transaction() as connection:
        return await _redeemed(desk, Redeeming(sent, connection, desk.issuer, has_header, now))


@route("/userinfo", http_method=[HttpMethod.GET, HttpMethod.POST], status_code=200)
async def userinfo(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Say who the access token speaks of."""
    kind, _space, presented = request.headers.get("authorization", "").partition(" ")
    async with desk.transaction() as connection:
        access = await store.find_access(connection, digest(presented)) if kind.lower() == "bearer" else None
        if access is None or access.expires_at <= now:
            error = ' error="invalid_token"' if presented else ""
            return Response(None, status_code=401, headers={"WWW-Authenticate": f"Bearer{error}"})
        return Response(await _told(desk, connection, access))


async def _redeemed(desk: Desk, asked: Redeeming) -> Response[dict[str, Any]]:
    try:
        await run(TOKEN, asked)
        return Response(await _given(desk, asked))
    except Rejection as rejection:
        # Answered, not raised: that the assertion was used, or the tokens revoked, must be kept.
        _log.info("token_rejected", error=rejection.error, why=rejection.description)
        return Response(rejection.as_json(), status_code=rejection.status)


async def _given(desk: Desk, asked: Redeeming) -> dict[str, Any]:
    person = await store.find_person(asked.connection, asked.grant.person_id)
    if person is None:
        raise Rejection("invalid_grant", "This person is no longer enrolled.")
    access_token, grant = new_token(), asked.grant
    access = Access(grant.client_id, grant.person_id, grant.scope, asked.now + ACCESS_TOKEN_LIVES)
    await store.use_grant(asked.connection, grant.code_hash, asked.now)
    await store.save_access(asked.connection, digest(access_token), grant.code_hash, access)
    claims = id_token_claims(
        grant,
        person,
        asked.client,
        issuer=desk.issuer,
        access_token=access_token,
        secret=desk.secret,
        now=asked.now,
    )
    return {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": int(ACCESS_TOKEN_LIVES.total_seconds()),
        "scope": grant.scope,
        "id_token": (await desk.keys(asked.connection, asked.now)).sign(claims),
    }


async def _told(desk: Desk, connection: Connection, access: Access) -> dict[str, Any]:
    client = await store.find_client(connection, access.client_id)
    person = await store.find_person(connection, access.person_id)
    return dict(userinfo_claims(client, person, access.scope, desk.secret)) if client and person else {}


_CLAIMS = (
    *("sub", "given_name", "family_name", "birthdate", "personal_number", "email", "locale"),
    *("acr", "amr", "auth_time", "sid", "nonce", "at_hash"),
)


def metadata(issuer: str) -> dict[str, Any]:
    """Return what discovery says: everything that is supported, and nothing else."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth2/auth",
        "token_endpoint": f"{issuer}/oauth2/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "jwks_uri": f"{issuer}/jwks.json",
        "end_session_endpoint": f"{issuer}/oauth2/sessions/logout",
        "scopes_supported": ["openid", "profile", "email"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "acr_values_supported": list(LEVELS[: LEVELS.index(OFFERED) + 1]),
        "prompt_values_supported": sorted(PROMPTS),
        "ui_locales_supported": list(LANGUAGES),
        "claims_supported": list(_CLAIMS),
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }
