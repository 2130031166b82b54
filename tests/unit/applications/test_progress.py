"""The portal knows what to fetch, what to ask next, what it costs and what stops someone, and asks nothing twice."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from msgspec.structs import replace

from i18n.text import LANGUAGES
from services.applications import progress
from services.applications.application import State
from services.catalogue.rules import Unavailable
from tests.unit.applications.people import (
    AGIM,
    ARTA,
    BESNIK,
    BIRTH,
    CHILD,
    DRITA,
    NOW,
    RENEWAL,
    RESIDENCE,
    draft,
    fact,
    service,
    vehicle,
)

TODAY = progress.day(NOW)


def pages(service_id: str, number: str, answers: dict[str, object] | None = None) -> list[tuple[str, bool, bool]]:
    found = progress.pages(draft(service_id, number, answers), service(service_id), TODAY)
    return [(page.section_id, page.done, page.current) for page in found]


def test_arta_is_asked_whom_it_is_for_and_drita_who_has_no_child_is_not() -> None:
    assert pages(BIRTH, ARTA) == [("whom", False, True)]
    assert pages(BIRTH, DRITA) == []


def test_one_page_follows_another_and_the_last_only_when_it_is_needed() -> None:
    assert pages(RESIDENCE, ARTA) == [("whom", False, True), ("purpose", False, False)]
    assert pages(RESIDENCE, ARTA, {"whom": "self", "purpose": "bank"}) == [
        ("whom", True, False),
        ("purpose", True, False),
    ]
    assert pages(RESIDENCE, ARTA, {"whom": "self", "purpose": "other"}) == [
        ("whom", True, False),
        ("purpose", True, False),
        ("purpose-other", False, True),
    ]


def test_a_vehicle_that_was_sold_meanwhile_is_asked_again() -> None:
    assert pages(RENEWAL, BESNIK, {"vehicle": "04-111-BG"}) == [("vehicle", True, False)]
    assert pages(RENEWAL, BESNIK, {"vehicle": "01-999-ZZ"}) == [("vehicle", False, True)]


def test_a_child_that_is_no_longer_hers_is_asked_again() -> None:
    assert pages(BIRTH, ARTA, {"whom": CHILD}) == [("whom", True, False)]
    assert pages(BIRTH, ARTA, {"whom": BESNIK}) == [("whom", False, True)]


def test_only_what_is_needed_is_fetched_and_only_once_it_is_known_about_whom() -> None:
    definition = service(RESIDENCE)
    first = progress.needs(definition, ARTA, NOW)
    assert [(need.name, need.about) for need in first] == [("children", ARTA)]
    begun = draft(RESIDENCE, ARTA, facts=(fact("children", ARTA),))
    assert progress.needs(definition, ARTA, NOW, begun) == []
    chosen = progress.with_answers(begun, definition, {"whom": CHILD}, TODAY)
    assert [(need.name, need.about) for need in progress.needs(definition, ARTA, NOW, chosen)] == [
        ("person", CHILD),
        ("address", CHILD),
    ]
    for need in progress.needs(definition, ARTA, NOW, chosen):
        assert all(need.purpose.say(language) for language in LANGUAGES)


def test_who_has_no_child_needs_no_answer_before_her_facts_are_fetched() -> None:
    begun = draft(RESIDENCE, DRITA, facts=(fact("children", DRITA),))
    needed = progress.needs(service(RESIDENCE), DRITA, NOW, begun)
    assert [(need.name, need.about) for need in needed] == [("person", DRITA), ("address", DRITA)]


def test_facts_hold_for_a_day() -> None:
    whole = draft(BIRTH, ARTA, {"whom": "self"})
    assert progress.needs(service(BIRTH), ARTA, NOW, whole) == []
    assert not progress.owed(service(BIRTH), whole, NOW + timedelta(hours=23))
    assert progress.owed(service(BIRTH), whole, NOW + timedelta(hours=25))


def test_what_was_sent_in_time_does_not_grow_old_while_a_register_is_silent() -> None:
    sent = replace(draft(BIRTH, ARTA, {"whom": "self"}), state=State.AWAITING_FACTS, submitted_at=NOW)
    assert not progress.owed(service(BIRTH), sent, NOW + timedelta(days=9))


def test_a_rule_waits_for_the_register_that_it_reads() -> None:
    whole = draft(RESIDENCE, AGIM, {"whom": "self", "purpose": "bank"})
    silent = replace(whole, facts=tuple(fact for fact in whole.facts if fact.name != "address"))
    assert all(page.done for page in progress.pages(silent, service(RESIDENCE), TODAY))
    assert progress.stop(silent, service(RESIDENCE), TODAY) is None
    assert [need.name for need in progress.owed(service(RESIDENCE), silent, NOW)] == ["address"]


@pytest.mark.parametrize(
    ("typed", "kept"), [("leka", CHILD), ("LEKA ", CHILD), (CHILD, CHILD), ("Dion", None), ("", None)]
)
def test_the_child_that_was_typed_is_the_one_that_the_register_then_names(typed: str, kept: str | None) -> None:
    whole = draft(BIRTH, ARTA)
    blind = replace(whole, facts=tuple(fact for fact in whole.facts if fact.name != "children"))
    blind = progress.with_answers(blind, service(BIRTH), {"whom": typed}, TODAY)
    assert blind.beneficiary is None
    assert progress.settled(blind, service(BIRTH), TODAY) == blind
    seen = progress.settled(replace(blind, facts=whole.facts), service(BIRTH), TODAY)
    assert (seen.beneficiary, seen.answers.get("whom")) == (kept, kept)


@pytest.mark.parametrize(("typed", "kept"), [("01 234 ab", "01-234-AB"), ("99-999-ZZ", None)])
def test_the_plate_that_was_typed_is_read_as_people_write_it(typed: str, kept: str | None) -> None:
    whole = draft(RENEWAL, ARTA, {"vehicle": typed})
    cars = tuple(
        dataclasses.replace(fact, value=[vehicle("01-234-AB"), vehicle("01-567-CD")])
        if fact.name == "vehicles"
        else fact
        for fact in whole.facts
    )
    settled = progress.settled(replace(whole, facts=cars), service(RENEWAL), TODAY)
    assert settled.answers.get("vehicle") == kept


def test_what_was_called_wrong_stays_so_until_the_register_says_something_else() -> None:
    (old, *_others) = draft(BIRTH, ARTA).facts
    marked = dataclasses.replace(old, disputed="C-2026-00000001")
    (same,) = progress.merged([marked], [old])
    assert same.disputed == "C-2026-00000001"
    (other,) = progress.merged([marked], [dataclasses.replace(old, value={"changed": True})])
    assert other.disputed is None


def test_what_is_known_of_a_child_goes_when_another_person_is_meant() -> None:
    for_child = draft(BIRTH, ARTA, {"whom": CHILD})
    for_herself = progress.with_answers(for_child, service(BIRTH), {"whom": "self"}, TODAY)
    assert for_herself.beneficiary is None
    assert {fact.about for fact in for_herself.facts} == {ARTA}


def test_an_answer_goes_with_its_question() -> None:
    before = draft(RESIDENCE, ARTA, {"whom": "self", "purpose": "other", "purpose_other": "A library card"})
    after = progress.with_answers(before, service(RESIDENCE), {**before.answers, "purpose": "bank"}, TODAY)
    assert after.answers == {"whom": "self", "purpose": "bank"}


@pytest.mark.parametrize(
    ("service_id", "number", "answers", "cents"),
    [
        (BIRTH, ARTA, {"whom": "self"}, 100),
        (RESIDENCE, ARTA, {"whom": "self", "purpose": "bank"}, 0),
        (RESIDENCE, ARTA, {"whom": CHILD, "purpose": "bank"}, 200),
        (RESIDENCE, BESNIK, {"purpose": "court"}, 200),
        (RENEWAL, BESNIK, {"vehicle": "04-111-BG"}, 4000),
        (RENEWAL, ARTA, {"vehicle": "01-234-AB"}, 6000),
    ],
)
def test_the_fee_follows_the_facts(service_id: str, number: str, answers: dict[str, object], cents: int) -> None:
    assert progress.fee(draft(service_id, number, answers), service(service_id), TODAY) == cents


def test_a_fee_that_cannot_be_known_yet_is_said_so() -> None:
    with pytest.raises(Unavailable):
        progress.fee(draft(RENEWAL, BESNIK), service(RENEWAL), TODAY)


def test_a_fee_that_was_set_stays() -> None:
    assert progress.fee(draft(BIRTH, ARTA, fee_cents=70), service(BIRTH), TODAY) == 70


def test_nothing_stops_arta() -> None:
    for service_id, answers in (
        (BIRTH, {"whom": "self"}),
        (RESIDENCE, {"whom": "self", "purpose": "bank"}),
        (RENEWAL, {"vehicle": "01-234-AB"}),
    ):
        assert progress.stop(draft(service_id, ARTA, answers), service(service_id), TODAY) is None
        assert progress.stop(draft(service_id, ARTA), service(service_id), TODAY) is None


def test_besnik_reads_which_plate_and_since_when_the_inspection_has_lapsed() -> None:
    stop = progress.stop(draft(RENEWAL, BESNIK, {"vehicle": "04-777-EF"}), service(RENEWAL), TODAY)
    assert stop is not None
    assert stop.rule == "inspection-valid"
    assert "04-777-EF" in stop.message.sq
    assert "02.10.2026" in stop.message.sq
    assert "02.10.2026" in stop.message.sr
    assert "2 October 2026" in stop.message.en


def test_a_lapsed_insurance_stops_too() -> None:
    stop = progress.stop(draft(RENEWAL, BESNIK, {"vehicle": "04-888-GH"}), service(RENEWAL), TODAY)
    assert stop is not None
    assert stop.rule == "insurance-valid"


def test_drita_without_a_vehicle_reads_so_before_any_question() -> None:
    application = draft(RENEWAL, DRITA)
    stop = progress.stop(application, service(RENEWAL), TODAY)
    assert stop is not None
    assert stop.rule == "owns-a-vehicle"
    assert progress.pages(application, service(RENEWAL), TODAY) == []


def test_agim_without_an_address_reads_what_to_do_before_he_says_what_for() -> None:
    stop = progress.stop(draft(RESIDENCE, AGIM), service(RESIDENCE), TODAY)
    assert stop is not None
    assert stop.rule == "address-recorded"
    assert "Agim Shala" in stop.message.sr


def test_without_any_fact_nothing_crashes_and_nothing_is_promised() -> None:
    for service_id in (BIRTH, RESIDENCE, RENEWAL):
        bare = replace(draft(service_id, ARTA), facts=())
        progress.pages(bare, service(service_id), TODAY)
        assert progress.stop(bare, service(service_id), TODAY) is None
        assert progress.owed(service(service_id), bare, NOW)
