"""Reading what a provider says of a person."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eid import claims
from eid.errors import SignInFailed
from eid.person import LEVELS, reaches
from eid.preset import STANDARD

ARTA = {
    "personal_number": "1176042318",
    "given_name": "Arta",
    "family_name": "Krasniqi",
    "birthdate": "1990-05-01",
    "email": "arta@example.org",
    "locale": "sq-XK",
}


def test_arta_is_read_whole() -> None:
    person = claims.person(ARTA, STANDARD)
    assert (person.given_name, person.birthdate, person.language) == ("Arta", date(1990, 5, 1), "sq")
    assert person.email == "arta@example.org"


@pytest.mark.parametrize(
    "wrong",
    [
        {"personal_number": "117604231"},
        {"personal_number": "11760423180"},
        {"personal_number": "117604231a"},
        {"personal_number": "١١٧٦٠٤٢٣١٨"},
        {"personal_number": 1176042318},
        {"given_name": " "},
        {"given_name": "Ar\nta"},
        {"family_name": "x" * 201},
        {"birthdate": "1990-02-30"},
        {"birthdate": "01.05.1990"},
        {"birthdate": None},
    ],
    ids=str,
)
def test_half_a_person_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SignInFailed) as refused:
        claims.person(ARTA | wrong, STANDARD)
    assert refused.value.code == "person_incomplete"


@pytest.mark.parametrize("email", ["arta", "arta@example.org\nBcc: all", "a@b c", 7, None, "@", "a" * 250 + "@b.org"])
def test_what_is_no_e_mail_address_is_none(email: object) -> None:
    assert claims.person(ARTA | {"email": email}, STANDARD).email is None


def test_a_nested_claim_is_found_by_its_path() -> None:
    nested = {"vp": {"verifiableCredential": [{"credentialSubject": {"firstName": "Arta"}}]}}
    assert claims.at(nested, "vp.verifiableCredential[0].credentialSubject.firstName") == "Arta"
    for nowhere in ("vp.verifiableCredential[1].credentialSubject", "vp.verifiableCredential.x", "vp.a.b.c", "x"):
        assert claims.at(nested, nowhere) is None


@given(st.one_of(st.integers(), st.floats(), st.text(), st.booleans(), st.none(), st.lists(st.integers())))
def test_anything_may_stand_where_a_time_should(value: object) -> None:
    moment = claims.moment(value)
    assert moment is None or moment.tzinfo is UTC


def test_a_time_is_read_as_seconds_since_1970() -> None:
    assert claims.moment(1_700_000_000) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert claims.moment(True) is None  # noqa: FBT003 - JSON's true


def test_levels_rise() -> None:
    assert [reaches(level, "substantial") for level in LEVELS] == [False, True, True]


def test_a_level_is_read_in_the_providers_words() -> None:
    words = {"low": "loa1", "substantial": "loa2"}
    assert claims.level_of({"acr": "loa2"}, {"low": "loa1", "substantial": "loa2"}, None) == "substantial"
    assert claims.level_of({"acr": "substantial"}, {"low": words["low"]}, "low") is None
    assert claims.level_of({}, {}, "low") == "low"


def test_a_secret_is_compared_whatever_it_is() -> None:
    assert claims.same("ë", "ë")
    assert not any(claims.same(other, "nonce") for other in (None, 7, "", "nonc", ["nonce"]))
