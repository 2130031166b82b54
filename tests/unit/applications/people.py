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
CERTIFICATE, TAX = "business-certificate", "tax-attestation"
SHOP, TOGETHER = "810457219", "812640957"  # businesses: Arta directs the one alone, and the other with Besnik


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


def business(number: str, name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of it
    """Return a business, as the register of businesses tells one of its directors."""
    return {
        "number": number,
        "name": name,
        "form": "limited",
        "activity": {"code": "74.10", "name": {"sq": "Dizajni", "sr": "Dizajn", "en": "Design"}},
        "registered_on": "2022-09-01",
        "closed_on": None,
        "vat": True,
        "municipality": "prishtine",
        "settlement": "Prishtinë",
        "role": "director",
        "share_percent": 60,
        "represents": True,
        "alone": True,
        **more,
    }


def registration(number: str, name: str, *acting: tuple[str, str, bool]) -> dict[str, Any]:
    """Return a business as it is registered, with who may act for it: number, name, whether alone."""
    told = {**business(number, name), "street": "Mark Isaku", "house_number": "14", "postal_code": "10000"}
    people = [
        {
            "personal_number": person_number,
            "given_name": named.split()[0],
            "family_name": named.split()[1],
            "role": "director",
            "alone": alone,
        }
        for person_number, named, alone in acting
    ]
    return (
        told
        | {"owners": [{"given_name": "Arta", "family_name": "Krasniqi", "share_percent": 100}]}
        | {"representatives": people}
    )


def tax(owed_cents: int = 0, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of it
    """Return a tax status: an attestation is given to who owes nothing."""
    said = {"owed_cents": owed_cents, "attestation": not owed_cents, "instalments": False, "as_of": "2026-11-23"}
    return said | more


# By person and company: what each register answers.
REGISTERS: Mapping[str, Mapping[str, Any]] = {
    ARTA: {
        "person": person(ARTA, "Arta", "Krasniqi", birth_family_name="Morina"),
        "children": [LEKA],
        "address": address("prishtine"),
        "vehicles": [vehicle("01-234-AB")],
        "businesses": [business(SHOP, "Krasniqi Dizajn SH.P.K."), business(TOGETHER, "Ura SH.P.K.", alone=False)],
        "tax_status": tax(),
    },
    f"COM/{SHOP}": {
        "registration": registration(SHOP, "Krasniqi Dizajn SH.P.K.", (ARTA, "Arta Krasniqi", True)),
        "business_tax": tax(number=SHOP),
    },
    f"COM/{TOGETHER}": {
        "registration": registration(
            TOGETHER, "Ura SH.P.K.", (ARTA, "Arta Krasniqi", False), (BESNIK, "Besnik Gashi", False)
        ),
        "business_tax": tax(120_000, number=TOGETHER),
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
    DRITA: {
        "person": person(DRITA, "Drita", "Berisha"),
        "parents": [],
        "marriages": [],
        "pensions": [{"number": "R1", "kind": "disability", "since": "2020-01-01", "monthly_cents": 9000}],
        "children": [],
        "address": address("peje"),
        "vehicles": [],
        "businesses": [],
        "tax_status": tax(45_000),
    },
}


def fact(name: str, about: str, at: datetime = NOW) -> Fact:
    """Return what the registers answer now."""
    return Fact(name, about, REGISTERS[about][name], "civil-status", at, uuid4())


def draft(service_id: str, number: str, answers: Mapping[str, Any] | None = None, **more: Any) -> Application:  # noqa: ANN401 - any field of it
    """Return a draft of someone's, all facts about her and the child or company that she chose fetched."""
    definition = service(service_id)
    answers = dict(answers or {})
    child = answers.get("whom") if answers.get("whom") not in (None, "self") else None
    acted_for = f"COM/{answers['business']}" if "business" in answers else None
    subjects = {"applicant": number, "beneficiary": child or number, "company": acted_for}
    wanted = {(need.name, about) for need in definition.facts if (about := subjects[need.about])}
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
