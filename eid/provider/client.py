"""A relying party: who may ask who someone is, as OpenID Connect Dynamic Client Registration 1.0 describes it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal, cast
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from i18n.text import Wording

_THIS_MACHINE = re.compile(r"(.+\.)?localhost|127\.0\.0\.1|::1")  # RFC 6761 keeps *.localhost here too


class Client(BaseModel):
    """A client's metadata. `client_name#sq` and `#sr` are its names in those languages (section 2.1)."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    client_id: str = Field(default="", max_length=200, pattern=r"^[A-Za-z0-9._~-]*$")
    client_name: str = Field(min_length=1, max_length=200)
    client_name_sq: str | None = Field(default=None, max_length=200, alias="client_name#sq")
    client_name_sr: str | None = Field(default=None, max_length=200, alias="client_name#sr")
    client_name_en: str | None = Field(default=None, max_length=200, alias="client_name#en")
    client_uri: str | None = None
    redirect_uris: tuple[str, ...] = Field(min_length=1, max_length=20)
    post_logout_redirect_uris: tuple[str, ...] = Field(default=(), max_length=20)
    grant_types: tuple[Literal["authorization_code"], ...] = ("authorization_code",)
    response_types: tuple[Literal["code"], ...] = ("code",)
    token_endpoint_auth_method: Literal["private_key_jwt"] = "private_key_jwt"  # noqa: S105 - a method's name
    token_endpoint_auth_signing_alg: Literal["ES256"] = "ES256"  # noqa: S105 - a method's name
    id_token_signed_response_alg: Literal["ES256"] = "ES256"  # noqa: S105 - a method's name
    subject_type: Literal["pairwise"] = "pairwise"
    jwks: Annotated[dict[str, Any], Field(repr=False)]

    @field_validator("redirect_uris", "post_logout_redirect_uris")
    @classmethod
    def _may_be_returned_to(cls, uris: Iterable[str]) -> Iterable[str]:
        for uri in uris:
            parts = urlsplit(uri)
            is_safe = parts.scheme == "https" or (
                parts.scheme == "http" and _THIS_MACHINE.fullmatch(parts.hostname or "")
            )
            if not is_safe or not parts.hostname or "#" in uri or not re.fullmatch(r"[!-~]+", uri):
                raise ValueError(f"{uri} must be an absolute https address without a fragment (http on this machine)")
        return uris

    @field_validator("client_uri")
    @classmethod
    def _is_a_page(cls, uri: str | None) -> str | None:
        if uri is not None and urlsplit(uri).scheme not in {"http", "https"}:
            raise ValueError("must be a web address")
        return uri

    @field_validator("jwks")
    @classmethod
    def _are_public_keys(cls, jwks: dict[str, Any]) -> dict[str, Any]:
        if any("d" in key for key in _entries(jwks)):
            raise ValueError("must hold public keys only: take out `d`, and make a new key")
        if not _keys(jwks):
            raise ValueError("must hold a P-256 public key, as {'keys': [{'kty': 'EC', 'crv': 'P-256', …}]}")
        return jwks

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
    def sector(self) -> str:
        """The host for which subjects are made: the same person is another subject at another one."""
        return urlsplit(self.redirect_uris[0]).netloc

    def keys(self, kid: str | None) -> list[ECKey]:
        """Return the keys that it may have signed with as `kid`; all of them when it did not say."""
        return [key for key in _keys(self.jwks) if kid is None or key.kid == kid]


def _keys(jwks: dict[str, Any]) -> list[ECKey]:
    found: list[ECKey] = []
    for entry in _entries(jwks):
        if entry.get("kty") == "EC" and entry.get("crv") == "P-256" and entry.get("use", "sig") == "sig":
            try:
                found.append(ECKey.import_key(entry))
            except (JoseError, ValueError, TypeError):
                continue
    return found


def _entries(jwks: dict[str, Any]) -> list[dict[str, Any]]:
    entries: object = jwks.get("keys")
    if not isinstance(entries, list):
        return []
    return [cast("dict[str, Any]", entry) for entry in cast("list[object]", entries) if isinstance(entry, dict)]


def origin(uri: str) -> str:
    """Return scheme, host and port of an address, as a Content-Security-Policy names them."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"
