"""An application goes its way, and no other."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.refusal import Refused
from i18n.text import LANGUAGES
from services.applications.application import FINISHED, LIFE, Application, State, Step, new_reference
from tests.unit.applications.people import ARTA, BIRTH, NOW, draft

ONWARD = {step for (_state, step) in LIFE} - {Step.RATE, Step.READ_FACTS, Step.ANSWER, Step.APPEAL}


def test_arta_goes_from_draft_to_document() -> None:
    application = draft(BIRTH, ARTA)
    for step in (Step.ANSWER, Step.BILL, Step.PAY, Step.APPROVE, Step.ISSUE, Step.RATE):
        application = application.after(step, NOW)
    assert application.state is State.ISSUED
    assert application.revision == 7
    assert application.submitted_at == application.decided_at == application.issued_at == application.rated_at == NOW


def test_what_must_be_signed_goes_on_when_it_is_signed_and_can_be_changed_until_then() -> None:
    asked = draft(BIRTH, ARTA).after(Step.ASK_SIGNATURE, NOW)
    assert asked.submitted_at is None
    assert asked.after(Step.REOPEN, NOW).state is State.DRAFT
    assert asked.after(Step.LAPSE, NOW).state is State.WITHDRAWN
    signed = asked.after(Step.SIGN, NOW)
    assert signed.state is State.AWAITING_SIGNATURE
    assert signed.after(Step.BILL, NOW).submitted_at == NOW
    with pytest.raises(Refused, match="not_while_awaiting_signature"):
        signed.after(Step.PAY, NOW)


@given(steps=st.lists(st.sampled_from(Step), max_size=12))
def test_whatever_is_tried_only_what_the_life_allows_happens(steps: list[Step]) -> None:
    application = draft(BIRTH, ARTA)
    for hours, step in enumerate(steps):
        now = NOW + timedelta(hours=hours)
        before = application
        if (before.state, step) not in LIFE:
            with pytest.raises(Refused, match=f"not_while_{before.state}"):
                application.after(step, now)
            continue
        application = application.after(step, now)
        assert LIFE[before.state, step] is application.state
        assert application.revision == before.revision + 1
        assert application.updated_at == now
        _holds_true(application)


def _holds_true(application: Application) -> None:
    if application.state not in (State.DRAFT, State.AWAITING_SIGNATURE, State.WITHDRAWN):
        assert application.submitted_at is not None
    if application.state in (State.APPROVED, State.REFUSED, State.ISSUED):
        assert application.decided_at is not None
    if application.state is State.ISSUED:
        assert application.issued_at is not None


@pytest.mark.parametrize("state", sorted(FINISHED))
def test_what_is_finished_goes_nowhere(state: State) -> None:
    assert not any((state, step) in LIFE for step in ONWARD)


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_reached_and_says_why_not_in_every_language(state: State) -> None:
    assert state is State.DRAFT or state in LIFE.values()
    refused = next((step for step in Step if (state, step) not in LIFE), None)
    assert refused is not None
    with pytest.raises(Refused) as no:
        draft(BIRTH, ARTA, state=state).after(refused, NOW)
    said = {no.value.sentence.say(language) for language in LANGUAGES}
    assert len(said) == len(LANGUAGES)


def test_an_appeal_is_upheld_or_dismissed_and_then_it_is_over() -> None:
    appealed = draft(BIRTH, ARTA, state=State.REFUSED).after(Step.APPEAL, NOW).after(Step.TAKE, NOW)
    assert appealed.state is State.APPEALED
    assert appealed.after(Step.UPHOLD, NOW).after(Step.ISSUE, NOW).state is State.ISSUED
    dismissed = appealed.after(Step.DISMISS, NOW)
    for step in (Step.APPEAL, Step.UPHOLD, Step.APPROVE):
        with pytest.raises(Refused, match="not_while_dismissed"):
            dismissed.after(step, NOW)


def test_a_reference_can_be_read_aloud_and_tells_only_the_year() -> None:
    drawn = {new_reference(NOW) for _each in range(500)}
    assert len(drawn) == 500
    assert all(re.fullmatch(r"2026-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", one) for one in drawn)
