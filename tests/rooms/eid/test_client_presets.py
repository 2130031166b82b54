"""Each kind of eID is a preset: a name, an address and a secret, and people sign in."""

from __future__ import annotations

from typing import Any, get_args
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from eid.client import Client
from eid.errors import SignInFailed
from eid.person import Identity
from eid.preset import ClientSettings, Credentials, Preset, settings_of

from .estonian import SECRET, as_govsso, as_tara, logout_token
from .faults import but, sign_in
from .hostile import Hostile
from .parties import ARTA, REDIRECT_URI, Browser, RelyingParty, Running, now

COMPAT = {"profile": "compat", "client_secret": "a secret of at least 32 letters: 0123456789".replace(" ", "-")}


def _client(preset: Preset, http: httpx.AsyncClient, **us: str) -> Client:
    return Client(settings_of(preset, Credentials(**us)), http)


async def _signed_in(client: Client, browser: Browser) -> Identity:
    attempt = await client.begin(redirect_uri=REDIRECT_URI, language="sq", acr="substantial", now=now())
    return await client.complete(attempt, await browser.sign_in(attempt.url, ARTA), now())


async def test_our_own_eid_holds_the_portal_to_fapi(eid: Running, browser: Browser, http: httpx.AsyncClient) -> None:
    party = RelyingParty("fapi-portal")
    party.register(eid, profile="fapi")
    us: dict[str, Any] = {"issuer": eid.url, "client_id": party.client_id, "client_key": party.key}
    identity = await _signed_in(_client("mock-fapi", http, **us), browser)
    assert (identity.person.personal_number, identity.acr) == (ARTA, "substantial")
    # The same client, speaking less strictly than it has registered to, is not served.
    with pytest.raises(SignInFailed) as refused:
        await _signed_in(Client(ClientSettings(**us), http), browser)
    assert refused.value.code == "client_refused"


async def test_vidconnect_signs_people_in(eid: Running, browser: Browser, http: httpx.AsyncClient) -> None:
    party = RelyingParty("ks-portal")
    ks = {"profile": "ks", "token_endpoint_auth_method": "client_secret_post", "jwks": None}
    party.register(eid, **COMPAT | ks, id_token_signed_response_alg="RS256")
    us = {"issuer": f"{eid.url}/ks/", "client_id": party.client_id, "client_secret": COMPAT["client_secret"]}
    identity = await _signed_in(_client("ks-vidconnect", http, **us), browser)
    assert identity.subject.startswith("did:")
    assert (identity.person.personal_number, identity.person.family_name) == (ARTA, "Krasniqi")
    assert identity.acr == "substantial", "it says no level: this one is known of it"
    stranger = _client("ks-vidconnect", http, **us | {"client_secret": "another secret of this client"})
    with pytest.raises(SignInFailed) as refused:
        await _signed_in(stranger, browser)
    assert refused.value.code == "client_refused"


async def test_a_level_that_vidconnect_is_not_known_to_reach_is_refused(
    eid: Running, browser: Browser, http: httpx.AsyncClient
) -> None:
    party = RelyingParty("ks-high")
    ks = {"profile": "ks", "token_endpoint_auth_method": "client_secret_post", "jwks": None}
    party.register(eid, **COMPAT | ks, id_token_signed_response_alg="RS256")
    us = {"issuer": f"{eid.url}/ks/", "client_id": party.client_id, "client_secret": COMPAT["client_secret"]}
    client = _client("ks-vidconnect", http, **us)
    attempt = await client.begin(redirect_uri=REDIRECT_URI, language="sq", acr="high", now=now())
    with pytest.raises(SignInFailed) as refused:
        await client.complete(attempt, await browser.sign_in(attempt.url, ARTA), now())
    assert refused.value.code == "level_unmet"


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
async def test_a_secret_and_rsa_work_against_a_real_provider(
    method: str, eid: Running, browser: Browser, http: httpx.AsyncClient
) -> None:
    party = RelyingParty(f"compat-{method[14:]}")
    how = {"token_endpoint_auth_method": method, "id_token_signed_response_alg": "RS256", "jwks": None}
    party.register(eid, **COMPAT | how)
    known: dict[str, Any] = {"authentication": method, "algorithm": "RS256", "client_secret": COMPAT["client_secret"]}
    client = Client(ClientSettings(eid.url, party.client_id, **known), http)
    assert (await _signed_in(client, browser)).person.personal_number == ARTA


def _estonian(preset: Preset, provider: Hostile, http: httpx.AsyncClient, country: str = "EE") -> Client:
    slash = "/" if preset == "govsso" else ""
    us = {"issuer": provider.url + slash, "client_id": "portal", "client_secret": SECRET, "country": country}
    return _client(preset, http, **us)


async def test_tara_signs_people_in(provider: Hostile, http: httpx.AsyncClient) -> None:
    client = _estonian("tara", as_tara(provider), http)
    identity = await sign_in(provider, http, client=client, params={"iss": None})
    assert (identity.subject, identity.person.personal_number) == ("EE1176042318", ARTA)
    assert (identity.person.given_name, str(identity.person.birthdate)) == ("Arta", "1990-05-01")
    assert (identity.acr, identity.lasts) == ("high", None)
    assert provider.last("/token").headers["authorization"].startswith("Basic ")
    assert "/profile" not in provider.asked, "all that is known stands in the ID token"
    asked = parse_qs(urlsplit(provider.attempt.url if provider.attempt else "").query)
    assert (asked["scope"], asked["acr_values"], asked["ui_locales"]) == (["openid"], ["substantial"], ["en"])


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("LV1176042318", "person_of_another_country"),
        ("1176042318", "person_of_another_country"),
        ("EE60001019906", "person_incomplete"),
        ("EE", "person_incomplete"),
    ],
)
async def test_a_number_of_another_country_is_nobody_here(
    number: str, reason: str, provider: Hostile, http: httpx.AsyncClient
) -> None:
    client = _estonian("tara", as_tara(provider, number), http)
    with pytest.raises(SignInFailed) as refused:
        await sign_in(provider, http, client=client, params={"iss": None})
    assert refused.value.code == reason


async def test_who_gives_up_at_tara_has_only_cancelled(provider: Hostile, http: httpx.AsyncClient) -> None:
    client = _estonian("tara", as_tara(provider), http)
    with pytest.raises(SignInFailed) as refused:
        await sign_in(provider, http, client=client, params={"iss": None, "code": None, "error": "user_cancel"})
    assert refused.value.code == "cancelled"


async def test_tara_must_say_the_level_that_was_asked_for(provider: Hostile, http: httpx.AsyncClient) -> None:
    right = as_tara(provider).claims
    client = _estonian("tara", provider, http)
    for change, reason in ((but(acr="low"), "level_unmet"), (but(acr=...), "id_token_acr")):
        provider.claims = lambda claims, change=change: change(right(claims))
        with pytest.raises(SignInFailed) as refused:
            await sign_in(provider, http, client=client, params={"iss": None})
        assert refused.value.code == reason


async def test_govsso_signs_people_in_and_keeps_and_ends_their_sessions(
    provider: Hostile, http: httpx.AsyncClient
) -> None:
    client = _estonian("govsso", as_govsso(provider), http)
    identity = await sign_in(provider, http, client=client, params={"iss": None})
    assert (identity.person.personal_number, identity.sid) == (ARTA, "f5ab396c-1490-4042-b073-ae8e003c7258")
    assert identity.lasts
    id_token, lasts = await client.renew(identity.lasts.refresh_token, identity.id_token, now())
    assert (lasts.refresh_token, provider.last("/token").form["refresh_token"]) == ("first", "first")
    ended = await client.ended(logout_token(provider), now())
    assert (ended.sid, ended.issuer) == (identity.sid, f"{provider.url}/")
    by_person = await client.ended(logout_token(provider, sid=identity.sid, sub=identity.subject), now())
    assert by_person.subject == identity.subject
    out = parse_qs(urlsplit(await client.sign_out_url(id_token, "https://here.example/", "a state", now())).query)
    assert (out["id_token_hint"], out["post_logout_redirect_uri"]) == ([id_token], ["https://here.example/"])


def test_only_where_it_is_demanded_does_an_id_token_stand_in_an_address() -> None:
    """It names the person. GovSSO ends no session without it; everywhere else the session's own name serves."""
    kinds: tuple[Preset, ...] = get_args(Preset)
    nobody = Credentials(issuer="", client_id="")
    assert [kind for kind in kinds if settings_of(kind, nobody).sign_out_hint == "id_token"] == ["govsso"]
