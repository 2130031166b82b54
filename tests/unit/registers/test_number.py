"""Numbers that identify are made by the rules that are known of the real ones."""

from __future__ import annotations

import re

import pytest

from services.registers.sandbox.population.name import cyrillic
from services.registers.sandbox.population.number import PLATES, check_digit, personal_number, plate, vin


def test_the_check_digit_is_that_of_the_published_example() -> None:
    assert check_digit("123456789") == "2"


@pytest.mark.parametrize(("nine", "digit"), [("115847062", "0"), ("110273649", "0"), ("108635412", "4")])
def test_a_rest_of_ten_or_eleven_gives_zero(nine: str, digit: str) -> None:
    assert check_digit(nine) == digit


def test_no_two_of_a_hundred_thousand_personal_numbers_are_the_same() -> None:
    assert len({personal_number(serial) for serial in range(100_000)}) == 100_000


def test_a_region_has_every_plate_once() -> None:
    plates = {plate("04", serial) for serial in range(PLATES)}
    assert len(plates) == PLATES
    assert all(re.fullmatch("04-[1-9][0-9]{2}-[A-Q]{2}", one) for one in plates)
    with pytest.raises(ValueError, match="Region 04"):
        plate("04", PLATES)


def test_chassis_numbers_tell_the_model_year_and_differ() -> None:
    assert vin("WVW", 2017, "01", 0)[9] == "H"
    assert len({vin("WVW", 2017, region, serial) for region in ("01", "07") for serial in range(5000)}) == 10_000


@pytest.mark.parametrize(
    ("latin", "written"),
    [
        ("Milica Jovanović", "Милица Јовановић"),
        ("Ljubiša Njegošević", "Љубиша Његошевић"),
        ("Đorđe Čedić", "Ђорђе Чедић"),
        ("Džemila Žižić", "Џемила Жижић"),
    ],
)
def test_serbian_names_are_written_in_cyrillic(latin: str, written: str) -> None:
    assert cyrillic(latin) == written
