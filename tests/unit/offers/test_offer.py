"""Which offers follow from an event, by which rule, in which words; a phone as people type it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from i18n.refusal import Invalid
from i18n.text import LANGUAGES, Language
from services.catalogue.load import Catalogue, catalogue
from services.offers import offer as offers
from services.offers.preference import Preference, chosen, written
from services.registers.event import KINDS, Event

NOBODY, AT = UUID(int=0), datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = AT.date()
CHILD = {"child": "1249061588", "given_name": "Sofija"}
OWN = {"child": None, "given_name": None}
BORN = {"child": "1249061588", "given_name": "Sofija", "born_on": "2026-11-14"}
CAR = {"plate": "01-234-AB", "make": "Opel", "model": "Astra", "valid_until": "2026-12-20"}
CARD = {"kind": "identity_card", "valid_until": "2027-01-22"}


def told(kind: str, about: Mapping[str, object], day: date = TODAY) -> Event:
    return Event(1, day, kind, "1176042318", about)


@pytest.mark.parametrize(
    ("kind", "about", "today", "follows"),
    [
        ("birth", BORN, TODAY, ["birth-extract"]),
        ("birth", BORN | {"born_on": "2025-11-23"}, TODAY, []),
        ("birth", BORN | {"born_on": "2025-11-24"}, TODAY, ["birth-extract"]),
        ("inspection_due", CAR, TODAY, ["registration-renewal"]),
        ("inspection_due", CAR, date(2026, 12, 20), ["registration-renewal"]),
        ("inspection_due", CAR, date(2026, 12, 21), []),
        ("document_expiring", CARD | OWN, TODAY, ["identity-card"]),
        ("document_expiring", CARD | CHILD, TODAY, ["childs-identity-card-expiring"]),
        ("document_expiring", CARD | OWN | {"kind": "passport"}, TODAY, ["passport"]),
        ("document_expiring", CARD | CHILD | {"kind": "passport"}, TODAY, ["child-passport"]),
        ("document_expiring", CARD | OWN | {"kind": "laissez_passer"}, TODAY, []),
        ("sixteen", {"birthdate": "2010-11-23"} | OWN, TODAY, ["identity-card"]),
        ("sixteen", {"birthdate": "2010-11-24"} | OWN, TODAY, []),
        ("sixteen", {"birthdate": "2010-11-23"} | CHILD, TODAY, ["child-is-sixteen"]),
        ("sixty_five", {"birthdate": "1961-11-23"} | OWN, TODAY, ["sixty-five"]),
        ("sixty_five", {"birthdate": "1961-11-24"} | OWN, TODAY, []),
        ("business_registered", {"name": "Dru", "registered_on": "2026-11-20"}, TODAY, ["new-business"]),
    ],
)
def test_what_follows_from_an_event(kind: str, about: Mapping[str, object], today: date, follows: list[str]) -> None:
    assert [one.id for one in offers.following(told(kind, about), catalogue(), today)] == follows


def test_every_kind_of_event_leads_somewhere() -> None:
    book = catalogue()
    led = {terms.event for service in book.all() for terms in service.offers()}
    assert led | {one.offered_on.event for one in book.reminders.values()} == set(KINDS)


def test_a_service_takes_the_place_of_a_reminder() -> None:
    book = catalogue()
    event = told("document_expiring", CARD | CHILD | {"kind": "passport"})
    assert [one.id for one in offers.following(event, book, TODAY)] == ["child-passport"]
    without = Catalogue([one for one in book.all() if one.id != "child-passport"], (), book.reminders.values())
    assert offers.following(event, without, TODAY) == []


def test_what_happened_long_ago_leads_nowhere() -> None:
    assert offers.following(told("birth", BORN, TODAY - offers.KEPT - timedelta(days=1)), catalogue(), TODAY) == []
    assert offers.following(told("birth", BORN, TODAY - offers.KEPT), catalogue(), TODAY)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "about", "names"),
    [
        ("birth", BORN, ["Sofija"]),
        ("inspection_due", CAR, ["01-234-AB", "Opel Astra"]),
        ("document_expiring", CARD | OWN, []),
        ("document_expiring", CARD | CHILD, ["Sofija"]),
        ("sixteen", {"birthdate": "2010-11-23"} | CHILD, ["Sofija"]),
        ("business_registered", {"name": "Dru", "registered_on": "2026-11-20"}, ["Dru"]),
    ],
)
def test_it_is_said_why_with_the_names_and_days_of_the_event(
    kind: str, about: Mapping[str, object], names: list[str], language: Language
) -> None:
    (thing,) = offers.following(told(kind, about), catalogue(), TODAY)
    kept = offers.Offer(
        id=NOBODY,
        personal_number="1176042318",
        kind=kind,
        day=TODAY,
        about=about,
        service_id=thing.id if catalogue().get(thing.id) else None,
        reminder_id=None if catalogue().get(thing.id) else thing.id,
        made_at=AT,
    )
    found = offers.terms(kept, catalogue())
    assert found
    standing = offers.standing(*found, kept, TODAY, None)
    said = standing.because.say(language)
    assert all(name in said for name in names)
    assert ("2026" in said) or ("2027" in said) or ("2010" in said)
    assert "{" not in said
    assert "None" not in said


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("044 123 456", "+38344123456"),
        ("+383 (0)44 123 456", "+38344123456"),
        ("+383 49 123-456", "+38349123456"),
        ("00383/45/123456", "+38345123456"),
        ("+41 79 123 45 67", "+41791234567"),
        ("038 123 456", None),  # a landline
        ("044 123", None),
        ("112", None),
        ("+383 44 1234567", None),
        ("", None),
        ("0\u0664\u0664 123 456", None),
        ("044 123 456\n", "+38344123456"),
    ],
)
def test_a_mobile_number_is_taken_as_people_write_it(typed: str, phone: str | None) -> None:
    assert written(typed) == phone


def test_what_is_chosen_is_taken_or_said_what_is_wrong() -> None:
    nothing = {"by_email": "", "by_sms": "", "phone": "", "refuses": ""}
    assert chosen(nothing, None, sends_sms=True) == Preference()
    assert chosen(nothing | {"phone": "044 123 456"}, None, sends_sms=True) == Preference()
    both = nothing | {"by_email": "yes", "by_sms": "yes", "phone": "044 123 456"}
    assert chosen(both, "a@example.org", sends_sms=True) == Preference(by_email=True, by_sms=True, phone="+38344123456")
    assert chosen(both, "a@example.org", sends_sms=False) == Preference(by_email=True)
    assert chosen(both | {"refuses": "yes", "phone": "12"}, None, sends_sms=True) == Preference(refuses=True)
    with pytest.raises(Invalid) as invalid:
        chosen(both | {"phone": "12"}, None, sends_sms=True)
    assert invalid.value.fields.keys() == {"by_email", "phone"}
