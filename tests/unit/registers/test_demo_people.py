"""Each person of the demonstration is what the table says that she is, on whatever day it is started."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.registers.sandbox.population.demo import demo
from services.registers.sandbox.population.person import Person, Vehicle
from services.registers.sandbox.population.registrar import Registrar

DAYS = [date(2026, 11, 23), date(2026, 1, 1), date(2027, 12, 31), date(2028, 2, 29), date(2029, 5, 14)]
ARTA, MILICA, BESNIK, DRITA = "1176042318", "1204583176", "1133902755", "1158470620"
EMINE, LUAN, AGIM = "1102736490", "1249061588", "1086354124"

pytestmark = pytest.mark.parametrize("day", DAYS)


def someone(number: str, day: date) -> tuple[Person, list[Person], list[Vehicle]]:
    """Return the person, her children under 18, and her vehicles."""
    kin = demo(day, Registrar())
    person = next(one for one in kin.people if one.personal_number == number)
    children = [one for one in kin.people if person in (one.father, one.mother) and one.age(day) < 18]
    return person, children, [one for one in kin.vehicles if one.owner is person]


def lives_in(person: Person) -> str | None:
    return person.home and person.home.municipality


def test_arta_is_married_in_prishtina_with_two_children_and_a_car_whose_inspection_is_valid(day: date) -> None:
    arta, children, cars = someone(ARTA, day)
    assert (arta.given_name, arta.family_name, arta.sex) == ("Arta", "Krasniqi", "female")
    assert (lives_in(arta), arta.marital_status, len(children), len(cars)) == ("prishtine", "married", 2, 1)
    assert cars[0].inspection_valid_until > day


def test_milica_has_a_child_and_a_newborn_and_one_car_in_gracanica_and_a_name_in_both_scripts(day: date) -> None:
    milica, children, cars = someone(MILICA, day)
    assert (milica.given_name, milica.family_name) == ("Milica", "Jovanović")
    assert (lives_in(milica), milica.cyrillic, len(children), len(cars)) == ("gracanice", True, 2, 1)
    assert cars[0].inspection_valid_until > day


def test_besnik_has_three_children_and_two_vehicles_and_the_inspection_of_one_has_lapsed(day: date) -> None:
    besnik, children, cars = someone(BESNIK, day)
    assert len(children) == 3
    assert (besnik.given_name, besnik.family_name, lives_in(besnik)) == ("Besnik", "Gashi", "prizren")
    assert sorted(car.inspection_valid_until < day for car in cars) == [False, True]


def test_drita_is_single_in_prishtina_without_a_car(day: date) -> None:
    drita, children, cars = someone(DRITA, day)
    assert (drita.given_name, drita.family_name, lives_in(drita)) == ("Drita", "Berisha", "prishtine")
    assert (drita.marital_status, children, cars) == ("single", [], [])


def test_emine_is_a_widow_and_grandmother_of_71_in_prizren_without_a_vehicle(day: date) -> None:
    emine, _children, cars = someone(EMINE, day)
    assert (emine.given_name, emine.family_name, lives_in(emine)) == ("Emine", "Kryeziu", "prizren")
    assert (emine.age(day), emine.marital_status, cars) == (71, "widowed", [])
    kin = demo(day, Registrar())
    grandchildren = [
        one
        for one in kin.people
        if isinstance(one.father, Person)
        and isinstance(one.father.mother, Person)
        and one.father.mother.personal_number == EMINE
    ]
    assert len(grandchildren) == 2


def test_luan_is_17_in_gjilan_for_many_months_yet(day: date) -> None:
    luan, _children, _cars = someone(LUAN, day)
    assert (luan.given_name, luan.family_name, lives_in(luan)) == ("Luan", "Hoxha", "gjilan")
    assert luan.age(day) == 17
    assert luan.age(day + timedelta(days=250)) == 17


def test_agim_has_no_address_and_is_entered_in_peja(day: date) -> None:
    agim, _children, _cars = someone(AGIM, day)
    assert (agim.given_name, agim.family_name, agim.entry.municipality) == ("Agim", "Shala", "peje")
    assert agim.home is None


def test_their_parents_are_people_of_the_register_too(day: date) -> None:
    for number in (ARTA, MILICA, BESNIK, DRITA, LUAN, AGIM):
        person, _children, _cars = someone(number, day)
        assert isinstance(person.father, Person)
        assert isinstance(person.mother, Person)
