"""Reads the definitions into the catalogue, and refuses one that is not whole, naming file, place and reason."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

import msgspec

from i18n.text import Language, Wording
from services.catalogue import bank, bundle, check, search, source
from services.catalogue.bundle import Bundles
from services.catalogue.checks import offer
from services.catalogue.checks.problem import Problem
from services.catalogue.offered import Offered
from services.catalogue.reminder import Reminder
from services.catalogue.service import Institution, LifeEvent, Service

_HERE = Path(__file__).parent
DEFINITIONS = _HERE / "definitions"
_Entry = TypeVar("_Entry", Institution, LifeEvent, Reminder)


class DefinitionError(Exception):
    """Definitions that cannot be served: one line a problem, `file: place: reason`."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Catalogue:
    """The services that are given now; the older versions that applications began with are in the database."""

    def __init__(
        self,
        services: Iterable[Service],
        events: Iterable[LifeEvent] = (),
        reminders: Iterable[Reminder] = (),
        institutions: Mapping[str, Institution] | None = None,
    ) -> None:
        self._services = {service.id: service for service in services}
        self._events = tuple(events)
        self.reminders = {reminder.id: reminder for reminder in reminders}
        self._institutions = institutions or {}
        self._index = search.Index(self._services.values(), self._events)

    def all(self) -> tuple[Service, ...]:
        """Return every service that is given now, by area and id."""
        return tuple(sorted(self._services.values(), key=lambda service: (service.area, service.id)))

    def get(self, service_id: str, version: int | None = None) -> Service | None:
        """Return the service as it is now; None when there is none, or when it is of another version than asked."""
        service = self._services.get(service_id)
        return service if service is not None and version in {None, service.version} else None

    def institution(self, institution_id: str) -> Wording:
        """Return the name of an institution; its id where it gives no service any more."""
        named = self._institutions.get(institution_id)
        return named.names if named else Wording(institution_id, institution_id, institution_id)

    def name(self, service_id: str) -> Wording:
        """Return the name of a service; its id where it is not given any more."""
        service = self._services.get(service_id)
        return service.names if service else Wording(service_id, service_id, service_id)

    def life_events(self) -> tuple[tuple[LifeEvent, tuple[Service, ...]], ...]:
        """Return each life event that has services, with them."""
        found = (
            (event, tuple(service for service in self.all() if event.id in service.life_events))
            for event in self._events
        )
        return tuple((event, services) for event, services in found if services)

    def foremost(self, used: Iterable[str], most: int) -> list[Service]:
        """Return so many services: first those `used`, most first, then the first of each life event."""
        first = [services[0].id for _event, services in self.life_events()]
        found = [self._services[each] for each in dict.fromkeys([*used, *first]) if each in self._services]
        return found[:most]

    def offered_on(self, kind: str) -> tuple[tuple[Service, Offered], ...]:
        """Return the services that are offered on a kind of event, each with how."""
        found = ((service, offered) for service in self.all() for offered in service.offers())
        return tuple((service, offered) for service, offered in found if offered.event == kind)

    def search(self, query: str, language: Language) -> search.Found:
        """Return the services that the words fit, best first: any case, script and language."""
        return self._index.find(query, language)


@cache
def catalogue() -> Catalogue:
    """Return the project's own definitions."""
    return read(DEFINITIONS)


@cache
def bundles() -> Bundles:
    """Return which services are begun together, by life event."""
    return read_bundles(_HERE / "bundles.yaml")


@cache
def institutions() -> Mapping[str, Institution]:
    """Return the institutions that give services, by their ids."""
    return _entries(_HERE / "institutions.yaml", Institution)


@cache
def life_events() -> Mapping[str, LifeEvent]:
    """Return what happens in a life, by ids."""
    return _entries(_HERE / "life_events.yaml", LifeEvent)


@cache
def questions() -> bank.Bank:
    """Return the questions and pages that definitions use by their ids."""
    path = _HERE / "questions.yaml"
    with _readable(path):
        data = source.read(path)
        _refuse(path, check.languages(data))
        return bank.read(data)


def read(folder: Path, reminders: Path = _HERE / "reminders.yaml") -> Catalogue:
    """Return the definitions in `<folder>/<area>/<id>.yaml`; raise DefinitionError with every problem of all files."""
    told = _entries(reminders, Reminder)
    problems = [f"{reminders}: {place}: {reason}" for one in told.values() for place, reason in offer.reminder(one)]
    services, refused = _services(sorted(folder.glob("*/*.yaml")))
    if problems := [*problems, *refused]:
        raise DefinitionError(problems)
    return Catalogue(services, life_events().values(), told.values(), institutions())


def read_files(paths: Iterable[Path]) -> tuple[Service, ...]:
    """Return the definitions in these files alone; raise DefinitionError with every problem of all of them."""
    services, problems = _services(paths)
    if problems:
        raise DefinitionError(problems)
    return services


def read_shape(path: Path) -> Service:
    """Return what a file defines, whatever it is called and whether its rules hold; DefinitionError for another shape.

    Questions and pages of the bank stand in place.
    """
    with _readable(path):
        data, lacking = bank.with_bank(source.read(path), questions())
        record = _with_institution(data)
        _refuse(path, [*lacking, *check.languages(data), *_nobody(record)])
        return msgspec.convert(record, Service)


def read_bundles(path: Path) -> Bundles:
    """Return the bundles that a file tells; raise DefinitionError with every problem."""
    with _readable(path):
        data = source.read(path)
        _refuse(path, check.languages(data))
        book = msgspec.convert(data, Bundles)
    services = {service.id for service in catalogue().all()}
    _refuse(path, bundle.problems(book, services, {event.id for event, _services in catalogue().life_events()}))
    return book


def _services(paths: Iterable[Path]) -> tuple[tuple[Service, ...], list[str]]:
    """Return what is sound, and every problem of the rest."""
    services: dict[str, Service] = {}
    problems: list[str] = []
    for path in paths:
        try:
            service = _service(path)
        except DefinitionError as error:
            problems += error.problems
            continue
        if service.id in services:
            problems.append(f"{path}: $.id: {service.id} is also in area {services[service.id].area}")
        services[service.id] = service
    return tuple(services.values()), problems


def _service(path: Path) -> Service:
    service = read_shape(path)
    if (path.stem, path.parent.name) != (service.id, service.area):
        _refuse(path, [("$.id", "the file must be named <area>/<id>.yaml")])
    _refuse(path, check.problems(service, set(life_events())))
    return service


@contextmanager
def _readable(path: Path) -> Generator[None]:
    """Turn what a file's text or shape lacks into a DefinitionError that names file, place and reason."""
    try:
        yield
    except source.Unreadable as error:
        raise DefinitionError([f"{path}: {error}"]) from None
    except OSError as error:
        raise DefinitionError([f"{path}: $: {error.strerror}"]) from None
    except msgspec.ValidationError as error:
        reason, _at, place = str(error).rpartition(" - at `")
        raise DefinitionError([f"{path}: {place.rstrip('`') or '$'}: {reason or error}"]) from None


def _refuse(path: Path, problems: Iterable[Problem]) -> None:
    found = [f"{path}: {place}: {reason}" for place, reason in problems]
    if found:
        raise DefinitionError(found)


def _with_institution(data: object) -> object:
    """Return the data with its institution's names, which are written once, in institutions.yaml."""
    if not isinstance(data, dict):
        return data
    record = cast("dict[str, object]", data)
    named = institutions().get(str(record.get("institution")))
    return {**record, "institution": msgspec.to_builtins(named)} if named else record


def _nobody(data: object) -> Generator[Problem]:
    """Yield that no institution bears the id in its place, and which there are."""
    given = cast("dict[str, object]", data).get("institution") if isinstance(data, dict) else None
    if isinstance(given, str):
        yield "$.institution", f"{given} does not stand in institutions.yaml, which has {', '.join(institutions())}"


def _entries(path: Path, kind: type[_Entry]) -> dict[str, _Entry]:
    with _readable(path):
        data = source.read(path)
        _refuse(path, check.languages(data))
        entries = msgspec.convert(data, tuple[kind, ...])
    return {entry.id: entry for entry in entries}
