"""The invented population is whole families that could live, and the same every time."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import cache
from itertools import pairwise

import pytest

from services.registers import municipality
from services.registers.sandbox.population.name import communities
from services.registers.sandbox.population.number import check_digit
from services.registers.sandbox.population.person import YEAR, Kin, Marriage, Person, Vehicle
from services.registers.sandbox.population.place import gazetteer
from services.registers.sandbox.register.civil_status.generator import PERSON, person_row
from services.registers.sandbox.register.vehicles.generator import vehicle_row
from tests.unit.registers.people import population

DAY = date(2026, 11, 23)


@cache
def kins() -> list[Kin]:
    return population(2000, DAY)


@cache
def people() -> list[Person]:
    return [person for kin in kins() for person in kin.people]


def marriages() -> list[Marriage]:
    return [marriage for kin in kins() for marriage in kin.marriages]


def vehicles() -> list[Vehicle]:
    return [vehicle for kin in kins() for vehicle in kin.vehicles]


def parents(child: Person) -> list[Person]:
    return [parent for parent in (child.father, child.mother) if isinstance(parent, Person)]


def test_at_least_as_many_live_as_were_asked_for() -> None:
    assert 2000 <= sum(person.died_on is None for person in people()) < 2064


def test_the_same_number_gives_the_same_people() -> None:
    rows = [person_row(person) for person in people()]
    again = [person_row(person) for kin in population(2000, DAY) for person in kin.people]
    assert rows == again
    assert [vehicle_row(one) for one in vehicles()] == [
        vehicle_row(one) for kin in population(2000, DAY) for one in kin.vehicles
    ]


def test_a_larger_population_begins_with_the_smaller_one() -> None:
    larger = [person_row(person) for kin in population(2500, DAY) for person in kin.people]
    assert larger[: len(people())] == [person_row(person) for person in people()]


def test_on_another_day_the_same_people_are_as_old_as_today() -> None:
    later = [person for kin in population(2000, date(2027, 3, 1)) for person in kin.people]
    assert [one.given_name for one in later] == [one.given_name for one in people()]
    ages = [one.age(DAY) - two.age(date(2027, 3, 1)) for one, two in zip(people(), later, strict=True)]
    assert set(ages) <= {-1, 0, 1}


def test_every_personal_number_is_one_persons_and_keeps_the_check_digit() -> None:
    numbers = [person.personal_number for person in people()]
    assert len(set(numbers)) == len(numbers)
    assert all(len(number) == 10 and number[9] == check_digit(number[:9]) for number in numbers)


def test_every_birth_stands_in_an_entry_of_its_own() -> None:
    entries = [(person.entry.municipality, person.entry.year, person.entry.number) for person in people()]
    assert len(set(entries)) == len(entries)
    assert all(person.entry.year == person.birthdate.year for person in people())


def test_mothers_are_between_17_and_43_and_fathers_grown_when_a_child_is_born() -> None:
    for child in people():
        for parent in parents(child):
            age = (child.birthdate - parent.birthdate) / YEAR
            assert 17 <= age <= (43.1 if parent.sex == "female" else 56)


def test_nobody_is_born_in_the_future_or_after_a_parents_death() -> None:
    for child in people():
        assert child.birthdate <= DAY
        for parent in parents(child):
            assert parent.died_on is None or parent.died_on >= child.birthdate


def test_brothers_and_sisters_are_born_at_least_a_year_apart_and_have_different_names() -> None:
    for marriage in marriages():
        children = [child for child in people() if child.mother is marriage.wife]
        births = sorted(child.birthdate for child in children)
        assert all((later - earlier).days > 365 for earlier, later in pairwise(births))
        assert len({child.given_name for child in children}) == len(children)


def test_children_bear_their_fathers_family_name_and_their_parents_are_married_or_were() -> None:
    couples = {(marriage.husband.personal_number, marriage.wife.personal_number) for marriage in marriages()}
    families = 0
    for child in people():
        if len(parents(child)) == 2:
            father, mother = parents(child)
            assert child.birth_family_name == father.family_name
            assert (father.personal_number, mother.personal_number) in couples
            families += 1
    assert families > 1000


def test_the_married_live_both_and_widows_have_buried_someone() -> None:
    for marriage in marriages():
        husband, wife = marriage.husband, marriage.wife
        assert marriage.married_on > max(husband.birthdate, wife.birthdate) + 17 * YEAR
        if marriage.ended_by is None:
            assert husband.marital_status == wife.marital_status == "married"
            assert husband.died_on is None
            assert wife.died_on is None
        elif marriage.ended_by == "death":
            assert marriage.ended_on in (husband.died_on, wife.died_on)
            assert "widowed" in (husband.marital_status, wife.marital_status)
        else:
            assert husband.marital_status == wife.marital_status == "divorced"
            assert husband.home is None or husband.home is not wife.home


def test_there_are_children_old_people_widows_divorced_and_dead() -> None:
    ages = Counter(min(person.age(DAY) // 18, 4) for person in people() if person.died_on is None)
    assert all(ages[band] > 20 for band in range(5)), ages
    statuses = Counter(person.marital_status for person in people())
    assert all(statuses[status] > 20 for status in ("single", "married", "divorced", "widowed")), statuses
    assert sum(person.died_on is not None for person in people()) > 20


def test_the_dead_have_no_home_and_almost_everyone_living_has_one() -> None:
    assert all(person.home is None for person in people() if person.died_on)
    homeless = [person for person in people() if not person.died_on and person.home is None]
    assert 1 <= len(homeless) < 40


def test_children_live_where_a_parent_lives() -> None:
    for child in people():
        if child.age(DAY) < 18 and child.home and len(parents(child)) == 2:
            homes = [parent.home for parent in parents(child)]
            assert any(home is child.home for home in homes) or any(home is None for home in homes)


def test_people_live_in_each_of_the_38_municipalities_most_in_the_largest() -> None:
    many = [person for kin in population(20_000, DAY) for person in kin.people]
    here = Counter(person.home.municipality for person in many if person.home)
    assert set(here) == set(municipality.all_of_them())
    assert here["prishtine"] > here["prizren"] > here["junik"]


@pytest.mark.parametrize("place", sorted(municipality.all_of_them()))
def test_the_registers_places_agree_with_the_portals_municipalities(place: str) -> None:
    assert gazetteer().municipalities[place].plate == municipality.plate_code(place)
    assert sum(gazetteer().municipalities[place].people.values()) == 100


def test_serbian_names_stand_in_both_scripts_and_others_in_one() -> None:
    rows = [dict(zip(PERSON, person_row(person), strict=True)) for person in people()]
    both = [row for row in rows if row["given_name_cyrl"]]
    assert len(both) > 30
    assert all(re.fullmatch(r"[\u0400-\u04ff]+", f"{row['given_name_cyrl']}{row['family_name_cyrl']}") for row in both)
    assert all(row["given_name_cyrl"] is None for row in rows if row["given_name"] in communities()["turkish"].female)


def test_families_of_many_communities_live_in_serb_and_mixed_municipalities() -> None:
    names = {person.family_name for kin in population(20_000, DAY) for person in kin.people}
    for community in communities().values():
        assert names & set(community.family)


def test_plates_are_of_the_owners_region_and_nobodys_elses() -> None:
    plates = [vehicle.plate for vehicle in vehicles()]
    assert len(set(plates)) == len(plates) > 300
    assert all(re.fullmatch(r"0[1-7]-[1-9]\d\d-[A-Q]{2}", plate) for plate in plates)
    for vehicle in vehicles():
        assert vehicle.owner.home is None or vehicle.plate[:2] == municipality.plate_code(
            vehicle.owner.home.municipality
        )


def test_chassis_numbers_are_unique_and_of_seventeen_characters() -> None:
    numbers = [vehicle.vin for vehicle in vehicles()]
    assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch("[A-HJ-NPR-Z0-9]{17}", number) for number in numbers)


def test_some_inspections_registrations_and_insurances_have_lapsed_but_most_have_not() -> None:
    for until in ("inspection_valid_until", "registration_valid_until", "insurance_valid_until"):
        lapsed = sum(getattr(vehicle, until) < DAY for vehicle in vehicles()) / len(vehicles())
        assert 0.01 < lapsed < 0.25


def test_only_the_grown_own_vehicles_and_none_was_registered_before_it_was_made() -> None:
    for vehicle in vehicles():
        assert vehicle.owner.age(DAY) >= 18
        assert vehicle.owner.died_on is None
        assert date(vehicle.year, 1, 1) <= vehicle.first_registered <= DAY
