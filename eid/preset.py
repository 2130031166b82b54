"""What is known of each kind of provider, so that changing the provider is a matter of settings.

mock-fapi      our own eID: FAPI 2.0, requests pushed, tokens bound to a key, the client signs for itself
tara           Estonia's TARA: a shared secret, everything in the ID token, `sub` a country and a personal number
govsso         Estonia's single sign-on: as TARA, with sessions that are kept alive and ended from the other end
ks-vidconnect  Kosovo's VIDconnect: the secret in the body, the person inside a verifiable credential, no level
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from eid.person import LEVELS, Level
from i18n.text import Language

Preset: TypeAlias = Literal["mock-fapi", "tara", "govsso", "ks-vidconnect"]
Algorithm: TypeAlias = Literal["ES256", "PS256", "RS256"]
Authentication: TypeAlias = Literal["private_key_jwt", "client_secret_basic", "client_secret_post"]

# Where the claims of the national eID stand; another provider has a map of its own.
STANDARD: Mapping[str, str] = {
    "personal_number": "personal_number",
    "given_name": "given_name",
    "family_name": "family_name",
    "birthdate": "birthdate",
    "email": "email",
    "language": "locale",
}
_OURS: Mapping[Language, str] = {"sq": "sq", "sr": "sr-Latn sr", "en": "en"}
_ENGLISH: Mapping[Language, str] = {"sq": "en", "sr": "en", "en": "en"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who we are at a provider: `issuer` exactly as it writes itself, and the key (PEM) or secret that it knows.

    `country` is the two letters that come before a personal number where a subject is made of both: a number of
    another country is another person.
    """

    issuer: str
    client_id: str
    client_key: str | None = None
    client_secret: str | None = None
    country: str = "XK"


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """One provider as we know it: who it is, who we are there, and how its words map to ours.

    `client_key` is our private key (PEM): P-256 signs ES256, RSA signs PS256. `pushes` and `binds` demand PAR and DPoP;
    without them a request is pushed where the provider offers it. `assumed_acr` is the level of a provider that says
    none. `may_omit` names the checks (`iss_parameter`, `at_hash`, `auth_time`, `userinfo`, `logout_exp`, `logout_typ`)
    for which this provider is known to send nothing; what it does send is always checked. `numbers_of` is the country
    in front of a personal number, which is cut off.
    `sign_out_hint`: our eID knows a session by its `sid`, which unlike an ID token puts no personal number in a URL.
    `renews`: the session lives as long as its ID token, and is kept alive by a refresh token.
    """

    issuer: str
    client_id: str
    client_key: str | None = None
    client_secret: str | None = None
    authentication: Authentication = "private_key_jwt"
    pushes: bool = False
    binds: bool = False
    discovery: str = ".well-known/openid-configuration"
    scope: str = "openid profile email"
    algorithm: Algorithm = "ES256"
    acr: Mapping[Level, str] = field(default_factory=lambda: {level: level for level in LEVELS})
    assumed_acr: Level | None = None
    claims: Mapping[str, str] = field(default_factory=lambda: STANDARD)
    numbers_of: str | None = None
    may_omit: frozenset[str] = frozenset()
    reads_userinfo: bool = True
    sign_out_hint: Literal["sid", "id_token"] = "sid"
    renews: bool = False
    ui_locales: Mapping[Language, str] = field(default_factory=lambda: _OURS)


def is_secret_shared(preset: Preset) -> bool:
    """Tell whether the client of such a provider has a secret in place of a key."""
    return _KNOWN[preset]["authentication"] != "private_key_jwt"


def settings_of(preset: Preset, us: Credentials) -> ClientSettings:
    """Return a provider of this kind with our credentials there."""
    known = dict(_KNOWN[preset])
    if known.pop("has_country", False):
        known["numbers_of"] = us.country
    return ClientSettings(us.issuer, us.client_id, us.client_key, us.client_secret, **known)


_SUBJECT = "vp.verifiableCredential[0].credentialSubject"
_KNOWN: Mapping[Preset, Mapping[str, Any]] = {
    "mock-fapi": {"authentication": "private_key_jwt", "pushes": True, "binds": True},
    # https://e-gov.github.io/TARA-Doku/TechnicalSpecification, sections 4 to 6: signs in anew each time, so that
    # there is no auth_time, and knows no userinfo that would say more.
    "tara": {
        "authentication": "client_secret_basic",
        "discovery": "oidc/.well-known/openid-configuration",
        "scope": "openid",
        "algorithm": "RS256",
        "claims": {
            "personal_number": "sub",
            "given_name": "profile_attributes.given_name",
            "family_name": "profile_attributes.family_name",
            "birthdate": "profile_attributes.date_of_birth",
            "email": "email",
        },
        "has_country": True,
        "may_omit": frozenset({"iss_parameter", "auth_time", "at_hash"}),
        "reads_userinfo": False,
        "ui_locales": _ENGLISH,
    },
    # https://e-gov.github.io/GOVSSO/TechnicalSpecification: its logout tokens are of no type and never expire.
    "govsso": {
        "authentication": "client_secret_basic",
        "scope": "openid",
        "algorithm": "RS256",
        "claims": {
            "personal_number": "sub",
            "given_name": "given_name",
            "family_name": "family_name",
            "birthdate": "birthdate",
        },
        "has_country": True,
        "may_omit": frozenset({"iss_parameter", "at_hash", "logout_exp", "logout_typ"}),
        "reads_userinfo": False,
        "sign_out_hint": "id_token",
        "renews": True,
        "ui_locales": _ENGLISH,
    },
    "ks-vidconnect": {
        "authentication": "client_secret_post",
        "scope": "openid VerifiableCredential",
        "algorithm": "RS256",
        "acr": {},
        "assumed_acr": "substantial",
        "claims": {
            "personal_number": f"{_SUBJECT}.personalIdentifier",
            "given_name": f"{_SUBJECT}.firstName",
            "family_name": f"{_SUBJECT}.familyName",
            "birthdate": f"{_SUBJECT}.dateOfBirth",
        },
        "may_omit": frozenset({"iss_parameter", "at_hash", "auth_time", "userinfo", "logout_typ"}),
    },
}
