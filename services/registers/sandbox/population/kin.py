"""Three generations that belong together: a couple, their children, whom those married, and the grandchildren."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from services.registers.sandbox.population.garage import vehicles_of
from services.registers.sandbox.population.name import communities
from services.registers.sandbox.population.number import personal_number
from services.registers.sandbox.population.person import (
    ADULT,
    YEAR,
    Dwelling,
    Kin,
    Marriage,
    ParentName,
    Person,
    Sex,
    years_before,
)
from services.registers.sandbox.population.place import gazetteer
from services.registers.sandbox.population.registrar import Registrar

# Each kin has its own block of serials, so that no two ever share a personal number.
SERIALS = 64


def kin(index: int, day: date, registrar: Registrar, reserved: frozenset[str] = frozenset()) -> Kin:
    """Return the kin with this index as it stands on `day`; its people take no `reserved` personal number."""
    builder = _Builder(index, day, registrar, reserved)
    founders = builder.founders()
    children = builder.children(founders)
    for child in children:
        if child.age(day) > ADULT + 2 and builder.chance(_share_married(child.age(day))):
            builder.branch(child)
    builder.part(founders, children)
    builder.bury(founders)
    builder.lose_some_addresses()
    for person in builder.kin.people:
        builder.kin.vehicles += vehicles_of(person, day, builder.rng, registrar)
    return builder.kin


def serials(index: int, reserved: frozenset[str]) -> Iterator[str]:
    """Return the personal numbers that a kin may give out."""
    numbers = (personal_number(serial) for serial in range(index * SERIALS, (index + 1) * SERIALS))
    return (number for number in numbers if number not in reserved)


def _share_married(age: int) -> float:
    """Return the share of people of this age who have married."""
    return next(share for limit, share in ((22, 0.12), (26, 0.4), (32, 0.72), (200, 0.9)) if age < limit)


class _Builder:
    """Adds people to one kin; all chance comes from the kin's own generator, so that every kin stands alone."""

    def __init__(self, index: int, day: date, registrar: Registrar, reserved: frozenset[str]) -> None:
        self.rng = Random(f"kin {index}")  # noqa: S311 - the population shall be the same every time
        self.day = day
        self.registrar = registrar
        self.numbers = serials(index, reserved)
        self.homes = iter(range(index * SERIALS, (index + 1) * SERIALS))
        self.municipality = gazetteer().municipality(self.rng)
        self.community = gazetteer().community(self.rng, self.municipality)
        self.names = communities()[self.community]
        self.kin = Kin()

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def founders(self) -> Marriage:
        """Return the oldest couple, in a home of their own."""
        bride_born = years_before(self.day, self.rng.uniform(46, 84))
        family = self.names.surname(self.rng)
        husband = self.stranger("male", bride_born - self.rng.uniform(-1, 9) * YEAR, self.municipality, family)
        wife = self.stranger("female", bride_born, self.municipality, self.names.surname(self.rng, family))
        return self.marry(husband, wife, bride_born + self.rng.uniform(19, 27) * YEAR, self.home(self.municipality))

    def branch(self, child: Person) -> None:
        """Marry a grown child to a stranger and give them children, at the parents' home or at one of their own."""
        years = self.rng.uniform(-1, 7) * (1 if child.sex == "male" else -1)
        born = min(child.birthdate + years * YEAR, years_before(self.day, 20))
        family = self.names.surname(self.rng, child.family_name)
        moves_far = child.sex == "female" and self.chance(0.35)
        where = gazetteer().municipality_of(self.rng, self.community) if moves_far else self.municipality
        spouse = self.stranger("female" if child.sex == "male" else "male", born, where, family)
        husband, wife = (child, spouse) if child.sex == "male" else (spouse, child)
        youngest = max(husband.birthdate, wife.birthdate)
        age = self.rng.uniform(19.5, min(29, (self.day - youngest) / YEAR))
        stays = child.sex == "male" and child.home is not None and self.chance(0.4)
        home = child.home if stays and child.home else self.home(where)
        marriage = self.marry(husband, wife, youngest + age * YEAR, home)
        offspring = self.children(marriage)
        self.part(marriage, offspring)
        if marriage.ended_by is None and self.chance(0.008):
            on = _last(marriage, offspring) + self.rng.uniform(0.5, 4) * YEAR
            if on <= self.day:
                marriage.end_by_death_of(self.rng.choice((husband, wife)), on)

    def marry(self, husband: Person, wife: Person, on: date, home: Dwelling) -> Marriage:
        """Return their marriage; they live at `home`, and most wives take the husband's family name."""
        husband.marital_status = wife.marital_status = "married"
        if self.chance(0.94):
            wife.family_name = husband.family_name
        for one in (husband, wife):
            one.move(home, on)
        marriage = Marriage(husband, wife, on, self.registrar.marriage(home.municipality, on.year))
        self.kin.marriages.append(marriage)
        return marriage

    def children(self, marriage: Marriage) -> list[Person]:
        """Return the couple's children so far, born between the wedding and the mother's 43rd year."""
        mother, father = marriage.wife, marriage.husband
        wished = self.rng.choice((1, 1, 2, 2, 3) if self.community == "serbian" else self._wishes(mother))
        children: list[Person] = []
        born = marriage.married_on + self.rng.uniform(0.8, 2.2) * YEAR
        while len(children) < wished and born <= self.day and born < mother.birthdate + 43 * YEAR:
            sex = self._sex()
            given = self.names.given(self.rng, sex, [child.given_name for child in children])
            at = self._seat(father)
            child = self.person(sex, given, father.family_name, born, parents=(father, mother), municipality=at)
            child.move(father.home or mother.home or self.home(self.municipality), born)
            children.append(child)
            born += self.rng.uniform(1.4, 4.2) * YEAR
        return children

    def part(self, marriage: Marriage, children: list[Person]) -> None:
        """Divorce some couples after the youngest child's birth; he finds a new home, she stays with the children."""
        on = _last(marriage, children) + self.rng.uniform(1, 6) * YEAR
        if self.chance(0.06) and on <= self.day:
            marriage.divorce(on)
            marriage.husband.move(self.home(self._seat(marriage.husband)), on)

    def bury(self, marriage: Marriage) -> None:
        """Let the old die: no one before the age of 57, the first to die leaves a widow or a widower."""
        deaths: list[tuple[date, Person]] = []
        for person, yearly in ((marriage.husband, 0.02), (marriage.wife, 0.014)):
            past = (self.day - person.birthdate) / YEAR - 57
            if past > 0 and self.chance(past * yearly):
                deaths.append((years_before(self.day, self.rng.uniform(0, min(18, past))), person))
        for on, person in sorted(deaths, key=lambda death: death[0]):
            if marriage.ended_by != "divorce" or on > (marriage.ended_on or on):
                marriage.end_by_death_of(person, on)

    def lose_some_addresses(self) -> None:
        """Leave a few grown people without a recorded address, as registers do."""
        for person in self.kin.people:
            if person.age(self.day) >= ADULT and self.chance(0.008):
                person.home = person.home_since = None

    def stranger(self, sex: Sex, born: date, municipality: str, family: str) -> Person:
        """Return someone whose parents are recorded by name only."""
        father = ParentName(self.names.given(self.rng, "male"), family, family)
        mother = ParentName(self.names.given(self.rng, "female"), family, self.names.surname(self.rng, family))
        given = self.names.given(self.rng, sex)
        return self.person(sex, given, family, born, parents=(father, mother), municipality=municipality)

    def person(
        self,
        sex: Sex,
        given: str,
        family: str,
        born: date,
        *,
        parents: tuple[Person | ParentName, Person | ParentName],
        municipality: str,
    ) -> Person:
        """Return a newborn of `municipality`, entered in its books."""
        person = Person(
            personal_number=next(self.numbers),
            given_name=given,
            family_name=family,
            birth_family_name=family,
            sex=sex,
            birthdate=born,
            birthplace=gazetteer().birthplace(self.rng, municipality),
            father=parents[0],
            mother=parents[1],
            entry=self.registrar.birth(municipality, born.year),
            cyrillic=self.names.cyrillic,
        )
        self.kin.people.append(person)
        return person

    def home(self, municipality: str) -> Dwelling:
        """Return an empty home in `municipality`."""
        self.kin.dwellings.append(gazetteer().dwelling(self.rng, next(self.homes), municipality))
        return self.kin.dwellings[-1]

    def _sex(self) -> Sex:
        return "male" if self.chance(0.515) else "female"

    def _seat(self, person: Person) -> str:
        return person.home.municipality if person.home else self.municipality

    def _wishes(self, mother: Person) -> tuple[int, ...]:
        return (2, 3, 3, 4, 4, 5, 6) if mother.age(self.day) > 55 else (1, 2, 2, 3, 3, 4)  # noqa: PLR2004


def _last(marriage: Marriage, children: list[Person]) -> date:
    """Return the day after which the marriage may end."""
    return children[-1].birthdate if children else marriage.married_on + timedelta(days=1)
