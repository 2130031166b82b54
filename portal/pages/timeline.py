"""What happened to an application and what comes next, with when, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from i18n.format import moment
from i18n.text import Language, Text, _
from services.applications.application import Application, Event, State, Step

Item = dict[str, str]

# What a person is told of; saving a draft and reading facts are no milestones.
_DONE: Mapping[Step, Text] = {
    Step.BEGIN: _("Begun"),
    Step.SIGN: _("Signed"),
    Step.REOPEN: _("Opened again to change an answer"),
    Step.LAPSE: _("Ended, not signed in time"),
    Step.DEFER: _("Sent, before a register had answered"),
    Step.HAND_BACK: _("The register has answered; your answer is needed"),
    Step.DISPUTE: _("You said that a register is wrong"),
    Step.SUBMIT: _("Sent"),
    Step.BILL: _("Sent"),
    Step.PAY: _("Fee paid"),
    Step.APPROVE: _("Decided: approved"),
    Step.REFUSE: _("Decided: refused"),
    Step.ISSUE: _("Document issued and sealed"),
    Step.WITHDRAW: _("Withdrawn"),
    Step.DISCARD: _("Withdrawn"),
}
_TO_SEND = _("To be sent")
_TO_ANSWER = _("The register's answer")
_TO_SIGN = _("To be signed")
_TO_PAY = _("Fee to be paid")
_TO_DECIDE = _("Decision, by rule")
_TO_ISSUE = _("Document, issued and sealed")
# What is still to come from each state on; the first of it is what happens now.
_AHEAD: Mapping[State, tuple[Text, ...]] = {
    State.DRAFT: (_TO_SEND, _TO_DECIDE, _TO_ISSUE),
    State.AWAITING_FACTS: (_TO_ANSWER, _TO_DECIDE, _TO_ISSUE),
    State.AWAITING_SIGNATURE: (_TO_SIGN, _TO_DECIDE, _TO_ISSUE),
    State.AWAITING_PAYMENT: (_TO_PAY, _TO_DECIDE, _TO_ISSUE),
    State.SUBMITTED: (_TO_DECIDE, _TO_ISSUE),
    State.APPROVED: (_TO_ISSUE,),
}


def timeline(application: Application, events: Sequence[Event], language: Language) -> list[Item]:
    """Return the steps of an application, done and to come, as templates/ui/status.html takes them."""
    return [*_past(events, language), *_future(application, language)]


def _past(events: Sequence[Event], language: Language) -> Iterator[Item]:
    for event in events:
        if event.step in _DONE:
            text, when = _DONE[event.step].say(language), moment(event.at, language)
            yield {"text": text, "state": "done", "moment": when}


def _future(application: Application, language: Language) -> Iterator[Item]:
    for place, step in enumerate(_AHEAD.get(application.state, ())):
        is_now = place == 0
        when = "" if is_now else _("at once").say(language)
        yield {"text": step.say(language), "state": "now" if is_now else "later", "moment": when}
