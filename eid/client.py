"""Asks an OpenID Connect provider who someone is, and believes the answer only when every line of it holds.

Authorization code flow with PKCE (RFC 7636) and `iss` in the answer (RFC 9207), by the FAPI 2.0 Security Profile where
the provider can. A provider is described by `ClientSettings` alone, so that changing it changes no code.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Self, TypeAlias, cast

import httpx
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import challenge

from eid import claims as said
from eid import logout
from eid.channel import Channel
from eid.errors import SignInFailed, Unreachable, answered_no
from eid.exchange import Answer
from eid.person import Identity, Lasting, Level
from eid.preset import ClientSettings
from eid.proof import Key
from eid.token import opened, peek
from i18n.text import Language

__all__ = ["Attempt", "Client", "ClientSettings", "public_keys"]

_ATTEMPT_LIVES = timedelta(minutes=20)
Prompt: TypeAlias = Literal["login", "none"]


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
    max_age: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the attempt as plain JSON values, to be kept with the browser until it comes back."""
        return {**asdict(self), "created_at": self.created_at.isoformat()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Return the attempt that `as_json` wrote."""
        values: dict[str, Any] = {**kept, "created_at": datetime.fromisoformat(kept["created_at"])}
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a code or a refresh token was redeemed for."""

    id_token: str
    access_token: str
    refresh_token: str | None


class Client:
    """The portal as the provider's client: `begin` a sign-in, `complete` it, `renew` it, and sign out."""

    def __init__(self, settings: ClientSettings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        self.channel = Channel(settings, http)

    async def begin(
        self,
        *,
        redirect_uri: str,
        language: Language,
        now: datetime,
        acr: Level = "low",
        login_hint: str | None = None,
        id_token_hint: str | None = None,
        prompt: Prompt | None = None,
        max_age: int | None = None,
    ) -> Attempt:
        """Return a new sign-in at `acr` or above, to be kept with the browser; Unreachable when the eID is down.

        `max_age` (seconds) bounds how long ago she may have signed in. Hints are sent where no address shows them.
        """
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        asked: dict[str, str | None] = {
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "scope": self._settings.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": cast("Any", challenge).create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
            "acr_values": self._settings.acr.get(acr),
            "ui_locales": self._settings.ui_locales[language],
            "prompt": prompt,
            "max_age": None if max_age is None else str(max_age),
        }
        url = await self.channel.request(asked, now, {"login_hint": login_hint, "id_token_hint": id_token_hint})
        return Attempt(url, state, nonce, verifier, acr, redirect_uri, prompt == "login", now, max_age)

    async def complete(self, attempt: Attempt, params: Mapping[str, str], now: datetime) -> Identity:
        """Return who signed in, from the `params` that the browser came back with; SignInFailed or Unreachable."""
        code = await self._answer(attempt, params, now)
        tokens = await self._redeem(attempt, code, now)
        claims = await self._opened(tokens.id_token, now)
        said.check(claims, self._expected(attempt, tokens.access_token, now))
        claims = await self._userinfo(claims, tokens.access_token, now)
        issued_at = said.moment(claims["iat"])
        sid = claims.get("sid")
        return Identity(
            issuer=self._settings.issuer,
            subject=claims["sub"],
            person=said.person(claims, self._settings.claims, self._settings.numbers_of),
            acr=said.level_of(claims, self._settings.acr, self._settings.assumed_acr) or "low",
            auth_time=said.moment(claims.get("auth_time")) or issued_at or now,
            sid=sid if isinstance(sid, str) else None,
            id_token=tokens.id_token,
            lasts=self._lasting(tokens, claims),
        )

    async def renew(self, refresh_token: str, id_token: str, now: datetime) -> tuple[str, Lasting]:
        """Return the ID token in place of `id_token`, and how long the session lasts now.

        SignInFailed when the session has ended at the provider; Unreachable when it does not answer: try again.
        """
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        tokens = _tokens(await self._token(form, now), self.channel.token_type, "session_over")
        claims, before = await self._opened(tokens.id_token, now), peek(id_token)
        said.check(claims, self._expected_again(before, tokens.access_token, now))
        said.check_renewed(claims, before)
        lasts = self._lasting(tokens, claims)
        if lasts is None:
            raise SignInFailed("session_over")
        return tokens.id_token, lasts

    async def ended(self, logout_token: str, now: datetime) -> logout.Logout:
        """Return which session the provider says has ended; SignInFailed when it does not say so itself."""
        omitted = self._settings.may_omit
        untyped = "logout_typ" in omitted
        algorithm = self._settings.algorithm
        claims = await opened(self.channel.issuer, logout_token, "logout_token", algorithm, now, untyped=untyped)
        return logout.read(claims, logout.Awaited(self._settings.issuer, self._settings.client_id, omitted, now))

    async def sign_out_url(self, id_token: str, return_to: str, state: str, now: datetime) -> str:
        """Return where to send the browser to end its session at the provider; `return_to` if it has no such place."""
        endpoint = (await self.channel.metadata(now)).end_session
        if endpoint is None:
            return return_to
        params = {"client_id": self._settings.client_id, "post_logout_redirect_uri": return_to, "state": state}
        sid = peek(id_token).get("sid")
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
        promised = (await self.channel.metadata(now)).promises_iss or "iss_parameter" not in self._settings.may_omit
        if ("iss" in params or promised) and params.get("iss") != self._settings.issuer:
            raise SignInFailed("iss_mismatch")
        if "error" in params:
            raise SignInFailed(answered_no(params["error"]))
        if not params.get("code"):
            raise SignInFailed("code_missing")
        return params["code"]

    async def _redeem(self, attempt: Attempt, code: str, now: datetime) -> Tokens:
        """Return what the provider gives for a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": attempt.redirect_uri,
            "code_verifier": attempt.code_verifier,
        }
        return _tokens(await self._token(form, now), self.channel.token_type, "code_refused")

    async def _token(self, form: Mapping[str, str], now: datetime) -> Answer:
        return await self.channel.call((await self.channel.metadata(now)).token, form, now)

    async def _opened(self, id_token: str, now: datetime) -> dict[str, Any]:
        return await opened(self.channel.issuer, id_token, "id_token", self._settings.algorithm, now)

    def _lasting(self, tokens: Tokens, claims: Mapping[str, Any]) -> Lasting | None:
        expires_at = said.moment(claims.get("exp"))
        if not self._settings.renews or tokens.refresh_token is None or expires_at is None:
            return None
        return Lasting(tokens.refresh_token, expires_at)

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
            max_age=attempt.max_age,
            began_at=attempt.created_at,
            now=now,
        )

    def _expected_again(self, before: Mapping[str, Any], access_token: str, now: datetime) -> said.Expected:
        """Return what a renewed ID token is held against: the one before it (OpenID Connect Core, 12.2)."""
        settings = self._settings
        return said.Expected(
            issuer=settings.issuer,
            client_id=settings.client_id,
            nonce=str(before.get("nonce")),
            acr=said.level_of(before, settings.acr, settings.assumed_acr) or "high",
            acr_values=settings.acr,
            assumed_acr=settings.assumed_acr,
            may_omit=settings.may_omit | {"nonce", "at_hash"},
            access_token=access_token,
            is_fresh_wanted=False,
            max_age=None,
            began_at=said.moment(before.get("iat")) or now,
            now=now,
        )

    async def _userinfo(self, claims: dict[str, Any], access_token: str, now: datetime) -> dict[str, Any]:
        """Return the claims with what userinfo adds; it must speak of the same subject and contradict nothing."""
        endpoint = (await self.channel.metadata(now)).userinfo if self._settings.reads_userinfo else None
        if endpoint is None:
            if "userinfo" in self._settings.may_omit or not self._settings.reads_userinfo:
                return claims
            raise Unreachable("eid_metadata")
        answer = await self.channel.fetch(endpoint, access_token, now)
        if not answer.is_success:
            raise SignInFailed("userinfo_refused")
        told = await self._told(answer, now)
        if told.get("sub") != claims["sub"]:
            raise SignInFailed("userinfo_sub")
        if any(name in claims and claims[name] != value for name, value in told.items() if name not in _OWN):
            raise SignInFailed("userinfo_differs")
        return told | claims

    async def _told(self, answer: Answer, now: datetime) -> dict[str, Any]:
        """Return what userinfo says; a signed answer must be signed for us (OpenID Connect Core, 5.3.2)."""
        if answer.token is None:
            return answer.body
        told = await opened(self.channel.issuer, answer.token, "userinfo", self._settings.algorithm, now)
        said.check_signed_userinfo(told, self._settings.issuer, self._settings.client_id, now)
        return told


# What a signed userinfo answer may say of itself; it does not speak of the person.
_OWN = frozenset({"iss", "aud", "iat", "exp", "nbf", "jti", "updated_at"})


def public_keys(client_key: str) -> dict[str, Any]:
    """Return the JWK set that registers a client's private key (PEM) at a provider; ValueError when it is none."""
    return {"keys": [Key.read(client_key).public()]}


def _tokens(answer: Answer, token_type: str, refused: str) -> Tokens:
    """Return the tokens of an answer; `refused` is our reason when what was redeemed for them is not good any more."""
    if not answer.is_success:
        raise SignInFailed(refused if answer.body.get("error") == "invalid_grant" else "client_refused")
    id_token, access_token = answer.body.get("id_token"), answer.body.get("access_token")
    if str(answer.body.get("token_type")).lower() != token_type or not isinstance(access_token, str):
        raise SignInFailed("access_token_missing")
    if not isinstance(id_token, str) or not id_token:
        raise SignInFailed("id_token_missing")
    refresh_token = answer.body.get("refresh_token")
    return Tokens(id_token, access_token, refresh_token if isinstance(refresh_token, str) else None)
