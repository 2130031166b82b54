"""A person sees what happened to her application, when, and what comes next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from i18n.text import LANGUAGES
from portal.pages.timeline import timeline
from services.applications.application import Application, Event, State, Step
from tests.unit.applications.people import ARTA, BIRTH, NOW, draft, service

# The walk of an application, and the state in which each step leaves it.
PAID = (
    (Step.BEGIN, State.DRAFT),
    (Step.READ_FACTS, State.DRAFT),
    (Step.ANSWER, State.DRAFT),
    (Step.BILL, State.AWAITING_PAYMENT),
    (Step.PAY, State.SUBMITTED),
    (Step.APPROVE, State.APPROVED),
    (Step.ISSUE, State.ISSUED),
)


def _told(walk: tuple[tuple[Step, State], ...]) -> list[tuple[str, str, str]]:
    application: Application = replace(draft(BIRTH, ARTA), state=walk[-1][1])
    events = [
        Event(place, step, state, "citizen", NOW + timedelta(minutes=place))
        for place, (step, state) in enumerate(walk, 1)
    ]
    return [
        (item["text"], item["state"], item["moment"]) for item in timeline(application, events, service(BIRTH), "en")
    ]


def test_a_draft_is_begun_and_to_be_sent() -> None:
    assert _told(PAID[:3]) == [
        ("Begun", "done", "23 November 2026 10:01"),
        ("To be sent", "now", ""),
        ("Decision, by rule", "later", "at once"),
        ("Document, issued and sealed", "later", "at once"),
    ]


def test_what_is_sent_waits_for_its_fee() -> None:
    assert [(text, state) for text, state, _when in _told(PAID[:4])] == [
        ("Begun", "done"),
        ("Sent", "done"),
        ("Fee to be paid", "now"),
        ("Decision, by rule", "later"),
        ("Document, issued and sealed", "later"),
    ]


def test_what_is_approved_waits_for_its_document() -> None:
    assert _told(PAID[:6])[-2:] == [
        ("Decided: approved", "done", "23 November 2026 10:06"),
        ("Document, issued and sealed", "now", ""),
    ]


@pytest.mark.parametrize(
    "walk",
    [
        PAID,
        (*PAID[:5], (Step.REFUSE, State.REFUSED)),
        (*PAID[:4], (Step.WITHDRAW, State.WITHDRAWN)),
        (PAID[0], (Step.DISCARD, State.WITHDRAWN)),
    ],
)
def test_of_what_is_over_nothing_more_is_promised(walk: tuple[tuple[Step, State], ...]) -> None:
    assert {state for _text, state, _when in _told(walk)} == {"done"}


def test_it_is_told_in_every_language() -> None:
    application = draft(BIRTH, ARTA)
    told = {
        language: tuple(item["text"] for item in timeline(application, [], service(BIRTH), language))
        for language in LANGUAGES
    }
    assert len(set(told.values())) == len(LANGUAGES)
