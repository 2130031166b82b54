"""What the invented people own, do and are told wrong about: plausible, the same every time, in the shares promised."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from io import StringIO
from itertools import pairwise

import pytest

from services.registers.sandbox.population.number import business_number, document_number, parcel_number
from services.registers.sandbox.population.world import FAULTS, FAULTY_EVERY, World
from services.registers.sandbox.progress import Bar
from services.registers.sandbox.registry import registers
from tests.unit.registers.people import population

DAY = date(2026, 11, 23)
ARTA, BESNIK, DRITON, MILICA = "1176042318", "1133902755", "1570583073", "1204583176"


@cache
def worlds() -> list[World]:
    return [World(index, kin, DAY) for index, kin in enumerate(population(6000, DAY))]


@cache
def rows(register: str, table: str) -> list[tuple[object, ...]]:
    return [row for world in worlds() for row in registers()[register].fill(world)[table]]


@pytest.mark.parametrize("code", registers())
def test_every_register_holds_rows_as_wide_as_its_tables(code: str) -> None:
    register = registers()[code]
    for world in worlds()[:60]:
        filled = register.fill(world)
        assert set(filled) == {table.name for table in register.tables}
        for table in register.tables:
            assert all(len(row) == len(table.columns) for row in filled[table.name])


@pytest.mark.parametrize("code", registers())
def test_a_register_is_the_same_whatever_was_asked_of_the_others_before(code: str) -> None:
    kin = population(100, DAY)[3]
    alone, last = World(3, kin, DAY), World(3, kin, DAY)
    for other in reversed(list(registers().values())):
        other.fill(last)
    assert registers()[code].fill(alone) == registers()[code].fill(last)


@pytest.mark.parametrize("fault", FAULTS)
def test_one_kin_in_sixty_four_shows_each_fault_and_none_of_the_first_forty(fault: str) -> None:
    places = [world.index for world in worlds() if world.shows(fault)]
    assert len(places) >= 5
    assert all(later - earlier == FAULTY_EVERY for earlier, later in pairwise(places))
    assert places[0] >= 40


def test_no_kin_shows_two_faults() -> None:
    assert max(Counter(world.index for world in worlds() for fault in FAULTS if world.shows(fault)).values()) == 1


def test_numbers_of_everything_are_nobody_elses() -> None:
    for register in registers().values():
        for table in register.tables:
            if table.columns[0] in {"number", "case_number", "id"}:
                numbers = [row[0] for row in rows(register.code, table.name)]
                assert len(set(numbers)) == len(numbers), table.name


@pytest.mark.parametrize(
    ("made", "shape"),
    [(business_number(0), 9), (document_number("K", 5), 9), (parcel_number(7, 1_234_567), 19)],
)
def test_numbers_have_their_lengths(made: str, shape: int) -> None:
    assert len(made) == shape


def test_most_of_the_grown_have_a_card_and_some_documents_have_run_out() -> None:
    documents = rows("identity-documents", "identity_document")
    cards = {row[1] for row in documents if row[2] == "identity_card"}
    grown = [person for world in worlds() for person in world.grown]
    assert 0.93 < sum(person.personal_number in cards for person in grown) / len(grown) < 0.99
    expired = sum(str(row[4]) < str(DAY) for row in documents) / len(documents)
    assert 0.01 < expired < 0.08


def test_one_address_in_twenty_has_not_been_confirmed_for_eight_years() -> None:
    confirmed = [row[3] for row in rows("addresses", "residence")]
    stale = sum((DAY - day).days > 8 * 365 for day in confirmed if isinstance(day, date)) / len(confirmed)
    assert 0.02 < stale < 0.07


def test_three_in_a_hundred_owe_tax_and_nobody_of_the_demonstration() -> None:
    debts = rows("tax", "tax_debt")
    grown = [person for world in worlds() for person in world.grown]
    assert 0.02 < len({row[0] for row in debts}) / len(grown) < 0.04
    assert not {row[0] for row in debts} & {person.personal_number for person in worlds()[0].kin.people}


def test_some_companies_owe_tax_and_none_of_the_demonstration() -> None:
    owing = {row[0] for row in rows("tax", "business_tax_debt")}
    companies = {firm.number for world in worlds() for firm in world.firms if firm.form != "individual"}
    assert owing < companies
    assert 0.02 < len(owing) / len(companies) < 0.15
    assert not owing & {firm.number for firm in worlds()[0].firms}


def test_companies_shares_make_a_hundred_and_somebody_directs_each() -> None:
    for world in worlds():
        for firm in world.firms:
            if firm.members:
                assert sum(one.share or 0 for one in firm.members) == 100
                assert firm.form == "individual" or any(one.role == "director" for one in firm.members)
                assert firm.registered_on <= DAY
                assert firm.closed_on is None or firm.registered_on <= firm.closed_on <= DAY


def test_a_parcels_shares_make_a_hundred_and_its_owners_live() -> None:
    for world in worlds():
        for parcel in world.parcels:
            assert sum(share for _person, share in parcel.owners) == 100
            assert all(person.died_on is None for person, _share in parcel.owners)
            assert all(parcel.acquired_on >= person.birthdate for person, _share in parcel.owners)


def test_nobody_works_before_being_grown_and_pensions_of_age_begin_at_65() -> None:
    for world in worlds():
        for job in world.jobs:
            assert (job.since - job.person.birthdate).days > 18 * 365
            assert job.until is None or job.since <= job.until <= DAY
        for pension in world.pensions:
            if pension.kind.endswith("age"):
                assert (pension.since - pension.person.birthdate).days >= 65 * 365


def test_pupils_are_in_the_grade_of_their_age() -> None:
    births = {person.personal_number: person.birthdate for world in worlds() for person in world.kin.people}
    shown = {world.afflicted.personal_number for world in worlds() if world.shows("education two_records")}
    for number, _year, level, grade, *_school in rows("education", "enrolment"):
        if level != "university" and number not in shown and isinstance(grade, int):
            assert 5 <= DAY.year - births[str(number)].year <= 17
            assert 0 <= grade <= 12


@pytest.mark.parametrize("day", [DAY, date(2027, 6, 30), date(2028, 2, 29), date(2029, 1, 1)])
def test_arta_and_besnik_have_their_companies_and_driton_one_with_milica_on_whatever_day(day: date) -> None:
    world = World(0, population(1, day)[0], day)
    directs = {
        (one.person.personal_number, one.alone): firm.number
        for firm in world.firms
        for one in firm.members
        if one.role == "director"
    }
    assert directs == {
        (ARTA, True): "810457219",
        (BESNIK, True): "811803364",
        (DRITON, False): "812640957",
        (MILICA, False): "812640957",
    }


def test_a_bar_says_how_much_time_is_left() -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    out, clock = Terminal(), iter([0.0, 10.0, 20.0])
    bar = Bar(100_000, out, lambda: next(clock))
    for living in (0, 25_000, 50_000):
        bar.at(living)
    assert "50%  50000 people  0:20 left" in out.getvalue()


def test_where_nobody_looks_a_tenth_is_a_line() -> None:
    out, clock = StringIO(), iter(range(100))
    bar = Bar(1000, out, lambda: float(next(clock)))
    for living in range(0, 1001, 50):
        bar.at(living)
    bar.end()
    assert [line.partition(":")[0] for line in out.getvalue().splitlines()] == [f"{n}0%" for n in range(1, 10)]
