"""What the registers say of the people in these tests, and drafts of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from msgspec.structs import replace

from services.applications.application import Application, State
from services.catalogue.load import catalogue
from services.catalogue.service import Service
from services.registers.facts import Fact

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ARTA, BESNIK, AGIM, DRITA, CHILD = "1176042318", "1133902755", "1086354124", "1158470620", "1260000017"

BIRTH, RESIDENCE, RENEWAL = "birth-extract", "residence-certificate", "registration-renewal"


def service(service_id: str) -> Service:
    """Return the real definition."""
    found = catalogue().get(service_id)
    assert found is not None
    return found


def person(number: str, given: str, family: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of it
    """Return a person's entry in civil status."""
    return {
        "personal_number": number,
        "given_name": given,
        "family_name": family,
        "birth_family_name": family,
        "birthdate": "1990-05-14",
        "birth_municipality": "prishtine",
        "birth_place": "Prishtinë",
        "birth_country": "XK",
        "sex": "female",
        "citizenship": "XK",
        "father": {"given_name": "Skender", "family_name": "Morina"},
        "mother": {"given_name": "Vjosa", "family_name": "Morina", "birth_family_name": "Hoti"},
        "marital_status": "married",
        "entry": {"municipality": "prishtine", "book": "IV", "page": 12, "number": 345, "year": 1990},
        **more,
    }


def address(municipality: str) -> dict[str, Any]:
    """Return an address."""
    return {
        "municipality": municipality,
        "settlement": "Qendra",
        "street": "Bill Clinton",
        "number": "33",
        "postal_code": "10000",
        "since": "2015-03-01",
    }


def vehicle(plate: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of it
    """Return a vehicle with everything valid."""
    return {
        "plate": plate,
        "vin": "WVWZZZ1KZAW000001",
        "make": "Volkswagen",
        "model": "Golf",
        "year": 2012,
        "fuel": "diesel",
        "engine_cc": 1598,
        "first_registered": "2012-06-01",
        "registration_valid_until": "2026-12-01",
        "inspection_valid_until": "2027-05-01",
        "insurance_valid_until": "2027-01-15",
        **more,
    }


LEKA = {
    "personal_number": CHILD,
    "given_name": "Leka",
    "family_name": "Krasniqi",
    "birthdate": "2018-02-03",
    "sex": "male",
}

# By person: what each register answers.
REGISTERS: Mapping[str, Mapping[str, Any]] = {
    ARTA: {
        "person": person(ARTA, "Arta", "Krasniqi", birth_family_name="Morina"),
        "children": [LEKA],
        "address": address("prishtine"),
        "vehicles": [vehicle("01-234-AB")],
    },
    CHILD: {
        "person": person(CHILD, "Leka", "Krasniqi", sex="male", marital_status="single"),
        "address": address("gjilan"),
    },
    BESNIK: {
        "person": person(BESNIK, "Besnik", "Gashi", sex="male"),
        "children": [],
        "address": address("prizren"),
        "vehicles": [
            vehicle("04-111-BG", engine_cc=1390),
            vehicle("04-777-EF", inspection_valid_until="2026-10-02"),
            vehicle("04-888-GH", insurance_valid_until="2026-11-22"),
        ],
    },
    AGIM: {"person": person(AGIM, "Agim", "Shala", sex="male"), "children": [], "address": None, "vehicles": []},
    DRITA: {"person": person(DRITA, "Drita", "Berisha"), "children": [], "address": address("peje"), "vehicles": []},
}


def fact(name: str, about: str, at: datetime = NOW) -> Fact:
    """Return what the registers answer now."""
    return Fact(name, about, REGISTERS[about][name], "civil-status", at, uuid4())


def draft(service_id: str, number: str, answers: Mapping[str, Any] | None = None, **more: Any) -> Application:  # noqa: ANN401 - any field of it
    """Return a draft of someone's, all facts about her and the child she chose fetched."""
    definition = service(service_id)
    answers = dict(answers or {})
    child = answers.get("whom") if answers.get("whom") not in (None, "self") else None
    subjects = {"applicant": number, "beneficiary": child or number}
    wanted = {(need.name, subjects[need.about]) for need in definition.facts}
    application = Application(
        id=uuid4(),
        reference="2026-0000-0000",
        service_id=service_id,
        service_version=definition.version,
        person_id=UUID(int=int(number)),
        channel="web",
        language="sq",
        state=State.DRAFT,
        answers=answers,
        beneficiary=child,
        facts=tuple(fact(name, about) for name, about in sorted(wanted)),
        revision=1,
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(application, **more)
