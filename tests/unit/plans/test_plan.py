"""What the applications of a plan share, what they cost in all, and which waits for the person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from msgspec.structs import replace

from services.applications import progress
from services.applications.application import Application, State
from services.catalogue.load import bundles, catalogue
from services.plans.plan import Item, shared, total, upcoming
from services.registers.facts import Fact

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = progress.day(NOW)
MILICA, SOFIJA = "1204583176", "1000000009"
CHILD = {"personal_number": SOFIJA, "given_name": "Sofija", "family_name": "Jovanović", "birthdate": "2026-11-14"}
PARCEL = {"number": "P-1", "municipality": "prishtine", "settlement": "Prishtinë"}


def item(service_id: str, state: State = State.DRAFT, **answers: object) -> Item:
    service = catalogue().get(service_id)
    assert service
    application = Application(
        id=uuid4(),
        reference="2026-0000-0000",
        service_id=service.id,
        service_version=service.version,
        person_id=uuid4(),
        channel="web",
        language="sr",
        state=state,
        answers={},
        facts=tuple(_fact(name, value) for name, value in (("children", [CHILD]), ("properties", [PARCEL]))),
        revision=1,
        created_at=NOW,
        updated_at=NOW,
    )
    return Item(progress.with_answers(application, service, dict(answers), TODAY), service)


def _fact(name: str, value: Any) -> Fact:  # noqa: ANN401 - JSON
    return Fact(name, MILICA, value, "civil-status", NOW, uuid4())


def pages(*items: Item) -> list[tuple[str, int, bool]]:
    return [(one.section.id, len(one.items), one.done) for one in shared(items, bundles().questions, TODAY)]


def test_for_whom_it_is_is_asked_once_and_the_account_as_soon_as_it_is_known_to_be_needed() -> None:
    allowance, maternity = item("child-allowance"), item("maternity-payment")
    assert pages(allowance, maternity, item("apostille")) == [("whom", 2, False)]
    both = (item("child-allowance", whom=SOFIJA), item("maternity-payment", whom=SOFIJA))
    assert pages(*both) == [("whom", 2, True), ("account", 2, False)]
    assert pages(both[0], maternity) == [("whom", 2, False)]


def test_what_one_service_asks_alone_or_among_other_things_is_left_to_it() -> None:
    assert pages(item("child-allowance"), item("name-change")) == []
    assert pages(item("name-correction"), item("record-correction")) == []


def test_what_was_sent_shares_nothing_any_more() -> None:
    assert pages(item("child-allowance"), item("maternity-payment", State.SUBMITTED)) == []


def test_a_shared_question_is_said_in_words_for_all() -> None:
    (page,) = shared([item("child-allowance"), item("maternity-payment")], bundles().questions, TODAY)
    (question,) = page.questions(bundles().questions)
    assert (question.id, question.label.say("sr")) == ("whom", "Za koga su?")


def test_the_total_says_whether_it_is_all() -> None:
    free, paid, open_yet = item("child-allowance"), item("apostille"), item("plan-copy")
    assert total([free, paid], TODAY) == (1000, True)
    assert total([free, paid, open_yet], TODAY) == (1000, False)
    assert total([free, paid, item("plan-copy", property="P-1")], TODAY) == (1500, True)
    assert total([], TODAY) == (0, True)


def test_what_waits_for_her_comes_next() -> None:
    sent, mine = item("apostille", State.SUBMITTED), item("child-allowance")
    assert upcoming([sent, mine]) is mine
    assert upcoming([sent]) is None
    asked = Item(replace(sent.application, state=State.AWAITING_CITIZEN), sent.service)
    assert upcoming([asked, mine]) is asked
