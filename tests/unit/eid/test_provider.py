"""The rules of the eID: its PINs, its clients, its limits, its secret."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, RSAKey
from pydantic import ValidationError
from uuid_utils.compat import uuid7

from eid.client import public_keys
from eid.provider.client import Client
from eid.provider.desk import Limit
from eid.provider.enrolment import demo_people
from eid.provider.errors import Rejection, TooMany
from eid.provider.parameters import Parameters
from eid.provider.people import Enrolled, hash_pin, pin_matches
from eid.provider.registration import Registration, with_secret
from eid.provider.remote_keys import KeysWanted, RemoteKeys
from eid.provider.request import Authorization, Session
from eid.provider.secret import Secret
from eid.provider.tokens import moment, peek
from i18n.text import Wording

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
SECRET = Secret("a secret of at least thirty-two characters")
KEYS = public_keys(ECKey.generate_key("P-256").as_pem(private=True).decode())

LUAN = Enrolled(
    id=uuid7(),
    personal_number="1249061588",
    given_name="Luan",
    family_name="Hoxha",
    birthdate=date(2009, 3, 4),
    email=None,
    language="sq",
    shows=Wording("Gjilan", "Gnjilane", "Gjilan"),
    pin_hash="",
    wrong_tries=0,
    locked_at=None,
)


def test_she_has_three_tries() -> None:
    left = [replace(LUAN, wrong_tries=wrong).tries_left(NOW, QUARTER) for wrong in range(3)]
    assert left == [3, 2, 1]


def test_a_lock_lasts_as_long_as_it_should_and_gives_all_tries_back() -> None:
    locked = replace(LUAN, wrong_tries=3, locked_at=NOW)
    assert locked.tries_left(NOW, QUARTER) == 0
    assert locked.tries_left(NOW + timedelta(minutes=14, seconds=59), QUARTER) == 0
    assert locked.tries_left(NOW + QUARTER, QUARTER) == 3


def test_her_address_is_told_to_who_asked_for_it() -> None:
    milica = replace(LUAN, email="milica@example.org")
    assert "email" not in milica.claims("openid profile")
    assert milica.claims("openid email")["email"] == "milica@example.org"
    assert "email" not in LUAN.claims("openid email")


def test_a_kept_pin_is_of_no_use_without_the_secret() -> None:
    kept = hash_pin("1111", SECRET)
    assert "1111" not in kept
    assert kept != hash_pin("1111", SECRET), "two people with one PIN are kept alike"
    assert pin_matches("1111", kept, SECRET)
    assert not pin_matches("1112", kept, SECRET)
    assert not pin_matches("1111", kept, Secret("another secret of thirty-two characters"))


def test_the_demo_people_are_whole_in_three_languages() -> None:
    people = demo_people()
    assert len({person.personal_number for person in people}) == 8
    for person in people:
        assert re.fullmatch(r"[a-z]+@example\.org", person.email or "")
        assert person.shows
        assert all((person.shows.sq, person.shows.sr, person.shows.en))


def test_a_session_ends_after_an_hour_of_silence_and_after_twelve_hours() -> None:
    session = Session(uuid7(), LUAN.id, "substantial", ["pin"], NOW, NOW)
    assert session.is_live(NOW + timedelta(minutes=59))
    assert not session.is_live(NOW + timedelta(minutes=60))
    awake = replace(session, seen_at=NOW + timedelta(hours=11, minutes=59))
    assert awake.is_live(NOW + timedelta(hours=11, minutes=59))
    assert not awake.is_live(NOW + timedelta(hours=12))


def test_a_request_survives_being_kept() -> None:
    request = Authorization(
        "portal",
        "https://portal.example/back",
        "openid",
        "x" * 43,
        "low",
        state="s",
        prompt=frozenset({"login"}),
        max_age=0,
        hinted_person=LUAN.id,
    )
    assert Authorization.from_json(request.as_json()) == request


def test_every_purpose_has_a_secret_of_its_own() -> None:
    assert SECRET.mark("sub", "a", "b") == SECRET.mark("sub", "a", "b")
    assert len({SECRET.mark("sub", "a", "b"), SECRET.mark("sid", "a", "b"), SECRET.mark("sub", "ab", "")}) == 3
    sealed = SECRET.seal("key", "private")
    assert "private" not in sealed
    assert SECRET.unseal("key", sealed) == "private"
    assert SECRET.unseal("other", sealed) is None
    assert SECRET.unseal("key", "junk") is None


def test_an_address_may_ask_so_often_a_minute() -> None:
    limit = Limit(3)
    for _ in range(3):
        limit.check("a", NOW)
        limit.count("a", NOW)
    with pytest.raises(TooMany):
        limit.check("a", NOW)
    limit.check("b", NOW)
    with pytest.raises(TooMany):
        limit.check("a", NOW + timedelta(seconds=19))
    limit.check("a", NOW + timedelta(seconds=20))


def test_a_limit_does_not_grow_with_the_number_of_addresses() -> None:
    limit = Limit(1)
    for number in range(11_000):
        limit.count(str(number), NOW)
    with pytest.raises(TooMany):
        limit.check("10999", NOW)
    limit.check("0", NOW)


def metadata(**changed: object) -> dict[str, object]:
    return {
        "client_id": "portal",
        "client_name": "Portal",
        "redirect_uris": ["https://portal.example/back"],
        "jwks": KEYS,
        **changed,
    }


def test_a_client_has_a_name_in_each_language() -> None:
    client = Client.model_validate(metadata(**{"client_name#sq": "Portali"}))
    assert (client.name.sq, client.name.sr, client.name.en) == ("Portali", "Portal", "Portal")
    assert Client.model_validate_json(client.model_dump_json(by_alias=True)) == client


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uris": []},
        {"redirect_uris": ["http://portal.example/back"]},
        {"redirect_uris": ["https://portal.example/back#here"]},
        {"redirect_uris": ["https://portal.example/ back"]},
        {"redirect_uris": ["javascript:alert(1)"]},
        {"redirect_uris": ["/back"]},
        {"redirect_uris": ["https://a.example/", "https://b.example/"]},
        {"post_logout_redirect_uris": ["http://portal.example/"]},
        {"client_uri": "javascript:alert(1)"},
        {"grant_types": ["implicit"]},
        {"response_types": ["token"]},
        {"token_endpoint_auth_method": "none"},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {"token_endpoint_auth_method": "client_secret_post", "profile": "fapi"},
        {"jwks": {"keys": []}},
        {"jwks": {"keys": ["x"]}},
        {"jwks": {}},
        {"jwks": {"keys": [ECKey.generate_key("P-256").as_dict(private=True)]}},
        {"jwks": {"keys": [{"kty": "RSA", "n": "w" * 171, "e": "AQAB"}]}},
        {"jwks": {"keys": [RSAKey.generate_key(2048).as_dict(private=True)]}},
        {"jwks": {"keys": [ECKey.generate_key("P-384").as_dict(private=False)]}},
        {"jwks": {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}},
        {"jwks": None},
        {"jwks_uri": "https://portal.example/keys"},
        {"jwks": None, "jwks_uri": "http://portal.example/keys"},
        {"token_endpoint_auth_signing_alg": "HS256"},
        {"token_endpoint_auth_signing_alg": "RS256"},
        {"profile": "lax"},
        {"client_name": ""},
        {"client_id": "a portal"},
    ],
    ids=lambda wrong: next(iter(wrong)),  # keys are random: two test workers would name the cases differently
)
def test_a_client_that_could_do_harm_is_not_registered(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Client.model_validate(metadata(**wrong))


def test_a_client_may_sign_with_the_kinds_of_key_that_it_registered() -> None:
    ec, rsa = ECKey.generate_key("P-256"), RSAKey.generate_key(2048)
    either = Client.model_validate(metadata())
    assert either.may_sign_with(ec, None)
    assert either.may_sign_with(rsa, None)
    assert not either.may_sign_with(ec, "another")
    only = Client.model_validate(metadata(token_endpoint_auth_signing_alg="PS256"))
    assert only.may_sign_with(rsa, None)
    assert not only.may_sign_with(ec, None)


def test_a_clients_secret_is_kept_by_its_mark_and_outlives_a_renewal() -> None:
    concession = {"profile": "compat", "token_endpoint_auth_method": "client_secret_post", "jwks": None}
    first, made = with_secret(Registration.model_validate(metadata(**concession)), None, SECRET)
    assert made
    assert made not in first.model_dump_json()
    renewed, again = with_secret(Registration.model_validate(metadata(**concession)), first, SECRET)
    assert (renewed.client_secret_hash, again) == (first.client_secret_hash, None)
    forged = metadata(**concession, client_secret_hash="x", client_secret="y" * 32)
    named, told = with_secret(Registration.model_validate(forged), first, SECRET)
    assert told is None
    assert named.client_secret_hash not in {"x", first.client_secret_hash}
    with pytest.raises(ValidationError):
        Registration.model_validate(metadata(**concession, client_secret="short"))


def test_keys_are_asked_for_when_they_are_old_or_unknown_but_not_by_a_flood() -> None:
    keys, uri = RemoteKeys(), "http://127.0.0.1:9/keys"
    with pytest.raises(KeysWanted):
        keys.known(uri, "a", NOW)
    asyncio.run(keys.fetch(uri, NOW))
    assert keys.known(uri, "b", NOW + timedelta(seconds=9)) == []
    with pytest.raises(KeysWanted):
        keys.known(uri, "b", NOW + timedelta(seconds=10))


@pytest.mark.parametrize("uri", ["http://localhost:8000/a", "http://127.0.0.1/a", "http://portal.localhost/a"])
def test_a_client_on_this_machine_needs_no_tls(uri: str) -> None:
    assert Client.model_validate(metadata(redirect_uris=[uri])).redirect_uris == (uri,)


def test_a_parameter_without_a_value_was_not_sent() -> None:
    sent = Parameters.read(b"state=&nonce=n&nonce=m&scope=openid+email")
    assert sent.get("state") is None
    assert sent.get("nonce") is None
    assert sent.get("scope") == "openid email"
    assert sent.repeated == ["nonce"]


@given(st.binary(max_size=300))
def test_whatever_is_sent_is_read_or_rejected(sent: bytes) -> None:
    with suppress(Rejection):
        assert not any("\0" in value for _name, value in Parameters.read(sent).pairs)


@given(st.text(max_size=200))
def test_whatever_is_no_token_has_no_claims(text: str) -> None:
    if text.isascii():
        assert peek(text) == ({}, {})


@given(st.one_of(st.integers(), st.floats(), st.text(), st.booleans(), st.none()))
def test_anything_may_stand_where_a_time_should(value: object) -> None:
    found = moment(value)
    assert found is None or found.tzinfo is UTC
