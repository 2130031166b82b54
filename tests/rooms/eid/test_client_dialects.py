"""Another provider is a matter of settings."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from eid.client import Attempt
from eid.errors import SignInFailed

from .faults import a_client, but, sign_in
from .hostile import PERSON, Claims, Hostile
from .parties import REDIRECT_URI, now


async def test_a_provider_of_another_dialect_is_a_matter_of_settings(
    provider: Hostile, http: httpx.AsyncClient
) -> None:
    place = "vp.verifiableCredential[0].credentialSubject."
    subject = {
        "personalIdentifier": "1176042318",
        "firstName": "Arta",
        "lastName": "Krasniqi",
        "dateOfBirth": "1990-05-01",
    }

    def in_dialect(claims: Claims) -> Claims:
        kept = {name: value for name, value in claims.items() if name not in PERSON or name == "sub"}
        kept = {name: value for name, value in kept.items() if name not in {"acr", "at_hash", "auth_time"}}
        return kept | {"sub": "did:example:1", "vp": {"verifiableCredential": [{"credentialSubject": subject}]}}

    provider.claims = in_dialect
    provider.metadata = but(userinfo_endpoint=..., authorization_response_iss_parameter_supported=...)
    client = a_client(
        provider,
        http,
        claims={
            "personal_number": f"{place}personalIdentifier",
            "given_name": f"{place}firstName",
            "family_name": f"{place}lastName",
            "birthdate": f"{place}dateOfBirth",
        },
        may_omit=frozenset({"iss_parameter", "at_hash", "userinfo"}),
        assumed_acr="substantial",
        acr={},
    )
    identity = await sign_in(provider, http, client=client, params={"iss": None})
    assert identity.subject == "did:example:1"
    assert (identity.person.personal_number, identity.acr) == ("1176042318", "substantial")


async def test_what_a_lenient_provider_may_omit_must_still_be_right_when_it_is_there(
    provider: Hostile, http: httpx.AsyncClient
) -> None:
    lenient = frozenset({"iss_parameter", "at_hash", "userinfo"})
    client = a_client(provider, http, may_omit=lenient, assumed_acr="substantial")
    provider.claims = but(at_hash="AAAAAAAAAAAAAAAAAAAAAA")
    with pytest.raises(SignInFailed) as refused:
        await sign_in(provider, http, client=client)
    assert refused.value.code == "id_token_at_hash"
    provider.claims = but(iss=...)
    with pytest.raises(SignInFailed) as refused:
        await sign_in(provider, http, client=client)
    assert refused.value.code == "id_token_iss"


async def test_an_attempt_survives_being_kept(provider: Hostile, http: httpx.AsyncClient) -> None:
    attempt = await a_client(provider, http).begin(redirect_uri=REDIRECT_URI, language="sr", now=now())
    assert Attempt.from_json(attempt.as_json()) == attempt
    assert replace(attempt, nonce="other") != attempt
