"""The company that an application is made for: which, what is known of it, and how it is named."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from i18n.text import LANGUAGES, Wording, _
from services.applications.application import Application
from services.catalogue import company
from services.catalogue.service import FactNeed, Service
from services.registers.facts import Fact

_PARTY = "COM/"  # the class of companies among X-Road's parties


class Company(Struct, frozen=True):
    """A company by its number in the register of businesses, and its name."""

    number: str
    name: str

    @property
    def written(self) -> str:
        """Its name with its number, as documents and signatures state it."""
        return f"{self.name} ({self.number})"

    @property
    def party(self) -> str:
        """Its name among X-Road's parties, by which facts are kept of it: `COM/810123456`."""
        return f"{_PARTY}{self.number}"


def of(application: Application, service: Service) -> Company | None:
    """Return the company that was chosen, as the register of businesses names it; None where nobody acts for one.

    Whatever was typed while that register was silent is none before it has told that it is one of the applicant's.
    """
    question = company.question(service)
    number = application.answers.get(question.id) if question else None
    held: list[dict[str, Any]] = (
        next((fact.value for fact in application.facts if fact.name == company.FACT), None) or []
    )
    return next((Company(one["number"], one["name"]) for one in held if one[company.KEY] == number), None)


def party(application: Application, service: Service) -> str | None:
    """Return the chosen company as X-Road names it."""
    chosen = of(application, service)
    return chosen.party if chosen else None


def is_party(about: str) -> bool:
    """Tell whether a fact is about a company and not about a person."""
    return about.startswith(_PARTY)


def asked_of(about: str, asker: str) -> str:
    """Return of whom a register is asked: about a company, of the person with the number `asker`, who acts for it."""
    return asker if is_party(about) else about


def held(application: Application, service: Service) -> dict[str, Any]:
    """Return what the registers said of the chosen company, by the name of the fact."""
    chosen = party(application, service)
    return {fact.name: fact.value for fact in application.facts if fact.about == chosen}


def still_meant(application: Application, service: Service) -> tuple[Fact, ...]:
    """Return the application's facts without those about a company that is no longer chosen."""
    chosen = party(application, service)
    return tuple(fact for fact in application.facts if not is_party(fact.about) or fact.about == chosen)


def purpose(need: FactNeed, service: Service, application: Application | None) -> Wording:
    """Return what a fact is read for, with the company on whose behalf, where one is chosen."""
    acted_for = of(application, service) if application else None
    if acted_for is None:
        return need.purpose
    said = (
        _("%(purpose)s On behalf of %(company)s.", purpose=need.purpose.say(one), company=acted_for.written).say(one)
        for one in LANGUAGES
    )
    return Wording(*said)
