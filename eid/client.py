"""Asks an OpenID Connect provider who someone is, and believes the answer only when every line of it holds.

Authorization code flow with PKCE (RFC 7636), `iss` in the answer (RFC 9207) and private_key_jwt (RFC 7523).
A provider is described by `ClientSettings` alone, so that changing it changes no code.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Self, cast

import httpx
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import parameters
from authlib.oauth2.rfc7636 import challenge
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from eid import claims as said
from eid.errors import SignInFailed, Unreachable
from eid.exchange import ask
from eid.issuer import Issuer
from eid.person import LEVELS, Identity, Level
from i18n.text import Language

_ATTEMPT_LIVES = timedelta(minutes=20)
_ASSERTION_LIVES = 60  # seconds
_UI_LOCALES: Mapping[Language, str] = {"sq": "sq", "sr": "sr-Latn sr", "en": "en"}
_ANSWERED_NO = {
    "access_denied": "cancelled",
    "login_required": "login_required",
    "interaction_required": "login_required",
    "unmet_authentication_requirements": "level_unmet",
}


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """One provider as we know it: who it is, who we are there, and how its words map to ours.

    `client_key` is our P-256 private key (PEM). `may_omit` names the checks (`iss_parameter`, `acr`, `at_hash`,
    `userinfo`) for which this provider is known to send nothing; what it does send is always checked.
    `sign_out_hint`: our eID knows a session by its `sid`, which unlike an ID token puts no personal number in a URL.
    """

    issuer: str
    client_id: str
    client_key: str
    scope: str = "openid profile email"
    algorithm: Literal["ES256", "PS256", "RS256"] = "ES256"
    acr: Mapping[Level, str] = field(default_factory=lambda: {level: level for level in LEVELS})
    assumed_acr: Level | None = None
    claims: Mapping[str, str] = field(default_factory=lambda: said.STANDARD)
    may_omit: frozenset[str] = frozenset()
    sign_out_hint: Literal["sid", "id_token"] = "sid"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in under way: the `url` to send the browser to, and what its answer is held against."""

    url: str
    state: str
    nonce: str
    code_verifier: str
    acr: Level
    redirect_uri: str
    is_fresh_wanted: bool
    created_at: datetime

    def as_json(self) -> dict[str, Any]:
        """Return the attempt as plain JSON values, to be kept with the browser until it comes back."""
        return {**asdict(self), "created_at": self.created_at.isoformat()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Return the attempt that `as_json` wrote."""
        values: dict[str, Any] = {**kept, "created_at": datetime.fromisoformat(kept["created_at"])}
        return cls(**values)


class Client:
    """The portal as the provider's client: `begin` a sign-in, `complete` it, and sign out."""

    def __init__(self, settings: ClientSettings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        self._http = http
        self._issuer = Issuer(settings.issuer, http)
        self._key = ECKey.import_key(settings.client_key)

    async def begin(
        self,
        *,
        redirect_uri: str,
        language: Language,
        now: datetime,
        acr: Level = "low",
        login_hint: str | None = None,
        prompt: Literal["login", "none"] | None = None,
    ) -> Attempt:
        """Return a new sign-in at `acr` or above, to be kept with the browser; Unreachable when the eID is down."""
        endpoint = (await self._issuer.metadata(now)).authorization
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        grant_uri, s256 = cast("Any", parameters).prepare_grant_uri, cast("Any", challenge).create_s256_code_challenge
        url = grant_uri(
            endpoint,
            client_id=self._settings.client_id,
            response_type="code",
            redirect_uri=redirect_uri,
            scope=self._settings.scope,
            state=state,
            nonce=nonce,
            code_challenge=s256(verifier),
            code_challenge_method="S256",
            acr_values=self._settings.acr.get(acr),
            ui_locales=_UI_LOCALES[language],
            login_hint=login_hint,
            prompt=prompt,
        )
        return Attempt(url, state, nonce, verifier, acr, redirect_uri, prompt == "login", now)

    async def complete(self, attempt: Attempt, params: Mapping[str, str], now: datetime) -> Identity:
        """Return who signed in, from the `params` that the browser came back with; SignInFailed or Unreachable."""
        code = await self._answer(attempt, params, now)
        id_token, access_token = await self._redeem(attempt, code, now)
        claims = await self._believed(attempt, id_token, access_token, now)
        claims = await self._userinfo(claims, access_token, now)
        issued_at = said.moment(claims["iat"])
        sid = claims.get("sid")
        return Identity(
            issuer=self._settings.issuer,
            subject=claims["sub"],
            person=said.person(claims, self._settings.claims),
            acr=said.level_of(claims, self._settings.acr, self._settings.assumed_acr) or "low",
            auth_time=said.moment(claims.get("auth_time")) or issued_at or now,
            sid=sid if isinstance(sid, str) else None,
            id_token=id_token,
        )

    async def sign_out_url(self, id_token: str, return_to: str, state: str, now: datetime) -> str:
        """Return where to send the browser to end its session at the provider; `return_to` if it has no such place."""
        endpoint = (await self._issuer.metadata(now)).end_session
        if endpoint is None:
            return return_to
        params = {"client_id": self._settings.client_id, "post_logout_redirect_uri": return_to, "state": state}
        sid = _unverified(id_token).get("sid")
        if self._settings.sign_out_hint == "sid" and isinstance(sid, str):
            params["logout_hint"] = sid
        else:
            params["id_token_hint"] = id_token
        return add_params_to_uri(endpoint, list(params.items()))

    async def _answer(self, attempt: Attempt, params: Mapping[str, str], now: datetime) -> str:
        """Return the code, once it is sure that this provider answers this attempt."""
        if now - attempt.created_at > _ATTEMPT_LIVES:
            raise SignInFailed("attempt_expired")
        if not said.same(params.get("state"), attempt.state):
            raise SignInFailed("state_mismatch")
        promised = (await self._issuer.metadata(now)).promises_iss or "iss_parameter" not in self._settings.may_omit
        if ("iss" in params or promised) and params.get("iss") != self._settings.issuer:
            raise SignInFailed("iss_mismatch")
        if "error" in params:
            raise SignInFailed(_ANSWERED_NO.get(params["error"], "answered_error"))
        if not params.get("code"):
            raise SignInFailed("code_missing")
        return params["code"]

    async def _redeem(self, attempt: Attempt, code: str, now: datetime) -> tuple[str, str]:
        """Return the ID token and the access token that the provider gives for a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": attempt.redirect_uri,
            "code_verifier": attempt.code_verifier,
            "client_id": self._settings.client_id,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self._assertion(now),
        }
        answer = await ask(self._http, "POST", (await self._issuer.metadata(now)).token, form=form)
        if not answer.is_success:
            is_code = answer.body.get("error") == "invalid_grant"
            raise SignInFailed("code_refused" if is_code else "client_refused")
        id_token, access_token = answer.body.get("id_token"), answer.body.get("access_token")
        if str(answer.body.get("token_type")).lower() != "bearer" or not isinstance(access_token, str):
            raise SignInFailed("access_token_missing")
        if not isinstance(id_token, str) or not id_token:
            raise SignInFailed("id_token_missing")
        return id_token, access_token

    def _assertion(self, now: datetime) -> str:
        """Return who we are, signed, for this provider alone and for one minute (RFC 7523)."""
        at = int(now.timestamp())
        header = {"alg": "ES256", "kid": self._key.thumbprint()}
        who = self._settings.client_id
        claims = {"iss": who, "sub": who, "aud": self._settings.issuer, "iat": at, "exp": at + _ASSERTION_LIVES}
        return jwt.encode(header, claims | {"jti": secrets.token_urlsafe(16)}, self._key, ["ES256"])

    async def _believed(self, attempt: Attempt, id_token: str, access_token: str, now: datetime) -> dict[str, Any]:
        """Return the ID token's claims, once its algorithm, its signature and each of its claims are right."""
        header = _header(id_token)
        if header.get("alg") != self._settings.algorithm:
            raise SignInFailed("id_token_algorithm")
        if str(header.get("typ", "JWT")).upper() != "JWT":
            raise SignInFailed("id_token_kind")
        key = await self._issuer.key(header.get("kid"), now)
        try:
            claims = jwt.decode(id_token, key, [self._settings.algorithm]).claims
        except (JoseError, ValueError, RecursionError) as wrong:
            raise SignInFailed("id_token_signature") from wrong
        said.check(claims, self._expected(attempt, access_token, now))
        return claims

    def _expected(self, attempt: Attempt, access_token: str, now: datetime) -> said.Expected:
        return said.Expected(
            issuer=self._settings.issuer,
            client_id=self._settings.client_id,
            nonce=attempt.nonce,
            acr=attempt.acr,
            acr_values=self._settings.acr,
            assumed_acr=self._settings.assumed_acr,
            may_omit=self._settings.may_omit,
            access_token=access_token,
            is_fresh_wanted=attempt.is_fresh_wanted,
            began_at=attempt.created_at,
            now=now,
        )

    async def _userinfo(self, claims: dict[str, Any], access_token: str, now: datetime) -> dict[str, Any]:
        """Return the claims with what userinfo adds; it must speak of the same subject and contradict nothing."""
        endpoint = (await self._issuer.metadata(now)).userinfo
        if endpoint is None:
            if "userinfo" in self._settings.may_omit:
                return claims
            raise Unreachable("eid_metadata")
        answer = await ask(self._http, "GET", endpoint, bearer=access_token)
        if not answer.is_success:
            raise SignInFailed("userinfo_refused")
        if answer.body.get("sub") != claims["sub"]:
            raise SignInFailed("userinfo_sub")
        if any(name in claims and claims[name] != value for name, value in answer.body.items() if name not in _OWN):
            raise SignInFailed("userinfo_differs")
        return answer.body | claims


# What a signed userinfo answer may say of itself; it does not speak of the person.
_OWN = frozenset({"iss", "aud", "iat", "exp", "jti", "updated_at"})


def public_keys(client_key: str) -> dict[str, Any]:
    """Return the JWK set that registers a client's private key (PEM) at a provider."""
    key = ECKey.import_key(client_key)
    return {"keys": [{**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": "ES256"}]}


def _header(token: str) -> dict[str, Any]:
    try:
        return dict(jws.extract_compact(token.encode()).headers())
    except (JoseError, ValueError, RecursionError) as wrong:
        raise SignInFailed("id_token_malformed") from wrong


def _unverified(token: str) -> dict[str, Any]:
    """Return the claims of a token that was verified when it came; {} for something else."""
    try:
        claims = json.loads(jws.extract_compact(token.encode()).payload)
    except (JoseError, ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", claims) if isinstance(claims, dict) else {}
