"""People find a service by their own words, in any script, with or without diacritics."""

from __future__ import annotations

import pytest

from services.catalogue.load import catalogue

BIRTH, RESIDENCE, RENEWAL = "birth-extract", "residence-certificate", "registration-renewal"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Ekstrakti i lindjes", BIRTH),
        ("LINDJE", BIRTH),
        ("rođenja", BIRTH),
        ("rodjenja", BIRTH),
        ("rodenja", BIRTH),
        ("рођења", BIRTH),
        ("birth", BIRTH),
        ("krstenica", BIRTH),
        ("vendbanim", RESIDENCE),
        ("vendbanimin", RESIDENCE),
        ("prebivalistu", RESIDENCE),
        ("уверење о пребивалишту", RESIDENCE),
        ("proof of address", RESIDENCE),
        ("veture", RENEWAL),
        ("veturë", RENEWAL),
        ("vozila", RENEWAL),
        ("car", RENEWAL),
        ("  registracija   vozila ", RENEWAL),
    ],
)
def test_words_find_the_service(typed: str, first: str) -> None:
    assert next(iter(catalogue().search(typed, "sq"))).id == first


@pytest.mark.parametrize("typed", ["", "   ", "?!", "zzzz", "birth zzzz", "\x00", "\ud800", "ÿ" * 5000])
def test_what_fits_nothing_finds_nothing(typed: str) -> None:
    assert catalogue().search(typed, "en") == ()
