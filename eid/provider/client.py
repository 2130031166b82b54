"""A relying party: who may ask who someone is, as OpenID Connect Dynamic Client Registration 1.0 describes it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Any, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from eid.provider.client_key import Algorithm, ClientKey, algorithm_of, any_secret, usable_keys
from i18n.text import Wording

AuthMethod: TypeAlias = Literal["private_key_jwt", "client_secret_basic", "client_secret_post"]
SigningAlg: TypeAlias = Literal["ES256", "RS256", "PS256"]  # of ID and logout tokens: never HS*, never none
CIBA = "urn:openid:params:grant-type:ciba"
GrantType: TypeAlias = Literal["authorization_code", "refresh_token", "urn:openid:params:grant-type:ciba"]
# What may be asked for; those of the second line only by a client that has registered them (`scope`).
_ANYBODYS = ("openid", "profile", "email", "offline_access")
SCOPES = (*_ANYBODYS, "representation", "service", "credential")

_THIS_MACHINE = re.compile(r"(.+\.)?localhost|127\.0\.0\.1|::1")  # RFC 6761 keeps *.localhost here too


class Client(BaseModel):
    """A client's metadata. `client_name#sq` and `#sr` are its names in those languages (section 2.1).

    `profile` `fapi` holds it to the FAPI 2.0 Security Profile to the letter; `compat` lets it have a shared secret.
    `ks` is a client of VIDconnect, Kosovo's dialect (dialect.py), and is asked no more than that asks of it.
    One that names none signs for itself, and is held to FAPI in all but what it has not been written for.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    client_id: str = Field(default="", max_length=200, pattern=r"^[A-Za-z0-9._~-]*$")
    client_name: str = Field(min_length=1, max_length=200)
    client_name_sq: str | None = Field(default=None, max_length=200, alias="client_name#sq")
    client_name_sr: str | None = Field(default=None, max_length=200, alias="client_name#sr")
    client_name_en: str | None = Field(default=None, max_length=200, alias="client_name#en")
    client_uri: str | None = None
    redirect_uris: tuple[str, ...] = Field(min_length=1, max_length=20)
    post_logout_redirect_uris: tuple[str, ...] = Field(default=(), max_length=20)
    grant_types: tuple[GrantType, ...] = Field(default=("authorization_code",), min_length=1)
    response_types: tuple[Literal["code"], ...] = ("code",)
    scope: str = " ".join(_ANYBODYS)
    profile: Literal["fapi", "compat", "ks"] | None = None
    token_endpoint_auth_method: AuthMethod = "private_key_jwt"  # noqa: S105 - a method's name
    token_endpoint_auth_signing_alg: Algorithm | None = None
    id_token_signed_response_alg: SigningAlg = "ES256"  # noqa: S105 - a method's name
    subject_type: Literal["pairwise"] = "pairwise"
    require_pushed_authorization_requests: bool = False
    dpop_bound_access_tokens: bool = False
    dpop_nonce_required: bool = False
    backchannel_token_delivery_mode: Literal["poll"] | None = None
    backchannel_user_code_parameter: Literal[False] = False
    backchannel_logout_uri: str | None = None
    backchannel_logout_session_required: bool = False
    jwks: Annotated[dict[str, Any] | None, Field(repr=False)] = None
    jwks_uri: str | None = None
    client_secret_hash: str | None = Field(default=None, repr=False)

    @field_validator("redirect_uris", "post_logout_redirect_uris")
    @classmethod
    def _may_be_returned_to(cls, uris: Iterable[str]) -> Iterable[str]:
        return tuple(_safe(uri) for uri in uris)

    @field_validator("scope")
    @classmethod
    def _is_offered(cls, scope: str) -> str:
        unknown = sorted(set(scope.split()) - set(SCOPES))
        if unknown:
            raise ValueError(f"{' '.join(unknown)} cannot be asked for here; there are {' '.join(SCOPES)}")
        return scope

    @field_validator("jwks_uri", "backchannel_logout_uri")
    @classmethod
    def _may_be_asked(cls, uri: str | None) -> str | None:
        return uri and _safe(uri)

    @field_validator("client_uri")
    @classmethod
    def _is_a_page(cls, uri: str | None) -> str | None:
        if uri is not None and urlsplit(uri).scheme not in {"http", "https"}:
            raise ValueError("must be a web address")
        return uri

    @field_validator("jwks")
    @classmethod
    def _are_public_keys(cls, jwks: dict[str, Any] | None) -> dict[str, Any] | None:
        if jwks is not None and any_secret(jwks):
            raise ValueError("must hold public keys only: take out the private parts, and make a new key")
        if jwks is not None and not usable_keys(jwks):
            raise ValueError("must hold a public key, P-256 or RSA of 2048 bits, as {'keys': [{'kty': 'EC', …}]}")
        return jwks

    @model_validator(mode="after")
    def _can_prove_itself(self) -> Client:
        """Return itself; a shared secret is a concession that the operator has to name."""
        if self.token_endpoint_auth_method != "private_key_jwt":  # noqa: S105 - a method's name
            if self.profile not in {"compat", "ks"}:
                raise ValueError('a client with a secret must have the profile "compat"')
        elif (self.jwks is None) == (self.jwks_uri is None):
            raise ValueError("needs its public keys: either jwks or jwks_uri")
        return self

    @model_validator(mode="after")
    def _can_wait(self) -> Client:
        """Return itself; a client that asks by phone says how it learns the answer (CIBA Core 1.0, section 4)."""
        if (CIBA in self.grant_types) != (self.backchannel_token_delivery_mode is not None):
            raise ValueError(f'backchannel_token_delivery_mode "poll" and the grant type {CIBA} belong together')
        return self

    @model_validator(mode="after")
    def _speaks_as_it_must(self) -> Client:
        """Return itself; VIDconnect knows one way of proving oneself, one algorithm, and no later standards."""
        how = (self.token_endpoint_auth_method, self.id_token_signed_response_alg, self.grant_types)
        if self.speaks_ks and (
            how != ("client_secret_post", "RS256", ("authorization_code",)) or self.must_push or self.must_bind
        ):
            raise ValueError(
                'a client of profile "ks" has token_endpoint_auth_method client_secret_post, '
                "id_token_signed_response_alg RS256, the grant type authorization_code, and neither PAR nor DPoP"
            )
        return self

    @model_validator(mode="after")
    def _has_one_sector(self) -> Client:
        """Return itself; a pairwise subject belongs to one host (OpenID Connect Core, section 8.1)."""
        if len({urlsplit(uri).netloc for uri in self.redirect_uris}) > 1:
            raise ValueError("redirect_uris must all have the same host, for which the subject is made")
        return self

    @property
    def name(self) -> Wording:
        """Its name as the person at the sign-in page reads it."""
        return Wording(
            self.client_name_sq or self.client_name,
            self.client_name_sr or self.client_name,
            self.client_name_en or self.client_name,
        )

    @property
    def speaks_ks(self) -> bool:
        """Whether it is answered in Kosovo's dialect."""
        return self.profile == "ks"

    @property
    def must_push(self) -> bool:
        """Whether its requests reach us by itself before the browser comes with them (RFC 9126)."""
        return self.require_pushed_authorization_requests or self.profile == "fapi"

    @property
    def must_bind(self) -> bool:
        """Whether its tokens are bound to a key, and nobody else can use them (RFC 9449)."""
        return self.dpop_bound_access_tokens or self.profile == "fapi"

    @property
    def takes_rsa(self) -> bool:
        """Whether what we sign for it is signed by an RSA key."""
        return self.id_token_signed_response_alg != "ES256"  # noqa: S105 - a method's name

    @cached_property
    def keys(self) -> list[ClientKey]:
        """Its public keys, parsed once; none when it publishes them at an address."""
        return usable_keys(self.jwks or {})

    @property
    def sector(self) -> str:
        """The host for which subjects are made: the same person is another subject at another one."""
        return urlsplit(self.redirect_uris[0]).netloc

    def may_sign_with(self, key: ClientKey, kid: str | None) -> bool:
        """Tell whether it may have signed with a key of its own as `kid` (None: it did not say)."""
        return kid in {None, key.kid} and self.token_endpoint_auth_signing_alg in {None, algorithm_of(key)}


def _safe(uri: str) -> str:
    """Return an address to which a browser or we may go."""
    parts = urlsplit(uri)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and _THIS_MACHINE.fullmatch(parts.hostname or ""))
    if not is_safe or not parts.hostname or "#" in uri or not re.fullmatch(r"[!-~]+", uri):
        raise ValueError(f"{uri} must be an absolute https address without a fragment (http on this machine)")
    return uri


def origin(uri: str) -> str:
    """Return scheme, host and port of an address, as a Content-Security-Policy names them."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"
