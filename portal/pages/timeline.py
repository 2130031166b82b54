"""What happened to an application and what comes next, with when, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from i18n.format import day as written_day
from i18n.format import moment
from i18n.text import Language, Text, _, n_
from services.applications.application import Application, Event, State, Step
from services.catalogue.service import Service

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
    Step.TAKE: _("An officer has taken it"),
    Step.HAND_OVER: _("Handed over to another officer"),
    Step.ASK: _("The office asked something"),
    Step.REPLY: _("The question was answered"),
    Step.EXPIRE: _("Ended, not answered in time"),
    Step.ASK_OPINION: _("A second officer was asked for an opinion"),
    Step.OPINE: _("The second opinion was given"),
    Step.APPEAL: _("Appeal made"),
    Step.UPHOLD: _("The appeal was upheld: approved"),
    Step.DISMISS: _("The appeal was dismissed"),
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
_BY_OFFICER = _("Decision, by an officer")
_TO_REPLY = _("Answer to the office")
_TO_OPINE = _("Opinion of a second officer")
_TO_REVIEW = _("Decision on the appeal")
_TO_ISSUE = _("Document, issued and sealed")
# What is still to come from each state on; the first of it is what happens now.
_AHEAD: Mapping[State, tuple[Text, ...]] = {
    State.DRAFT: (_TO_SEND, _TO_DECIDE, _TO_ISSUE),
    State.AWAITING_FACTS: (_TO_ANSWER, _TO_DECIDE, _TO_ISSUE),
    State.AWAITING_SIGNATURE: (_TO_SIGN, _TO_DECIDE, _TO_ISSUE),
    State.AWAITING_PAYMENT: (_TO_PAY, _TO_DECIDE, _TO_ISSUE),
    State.SUBMITTED: (_TO_DECIDE, _TO_ISSUE),
    State.IN_REVIEW: (_TO_DECIDE, _TO_ISSUE),
    State.AWAITING_CITIZEN: (_TO_REPLY, _TO_DECIDE, _TO_ISSUE),
    State.AWAITING_OPINION: (_TO_OPINE, _TO_DECIDE, _TO_ISSUE),
    State.APPROVED: (_TO_ISSUE,),
    State.APPEALED: (_TO_REVIEW,),
}


def timeline(
    application: Application,
    events: Sequence[Event],
    service: Service,
    language: Language,
    recorded: Sequence[Item] = (),
) -> list[Item]:
    """Return the steps of an application, done and to come, as templates/ui/status.html takes them.

    `recorded` is what registers have recorded because of it.
    """
    return [*_past(events, language), *recorded, *_future(application, service, language)]


def _past(events: Sequence[Event], language: Language) -> Iterator[Item]:
    for event in events:
        if event.step in _DONE:
            text, when = _DONE[event.step].say(language), moment(event.at, language)
            yield {"text": text, "state": "done", "moment": when}


def _future(application: Application, service: Service, language: Language) -> Iterator[Item]:
    is_office = service.processing.decision != "rule"
    for place, step in enumerate(_AHEAD.get(application.state, ())):
        is_now, is_decision = place == 0, step is _TO_REVIEW or (step is _TO_DECIDE and is_office)
        when = _by(application, service, language) if is_decision else "" if is_now else _("at once").say(language)
        text = _BY_OFFICER if is_decision and step is _TO_DECIDE else step
        yield {"text": text.say(language), "state": "now" if is_now else "later", "moment": when}


def _by(application: Application, service: Service, language: Language) -> str:
    """Return by when an office decides: a day, or before it has all it needs so many working days."""
    if application.due_on is None:
        days = service.processing.days
        return n_("within %(days)s working day", "within %(days)s working days", days, days=days).say(language)
    if application.state is State.AWAITING_CITIZEN:
        return _("the time limit stands still until the answer").say(language)
    return _("by %(day)s", day=written_day(application.due_on, language)).say(language)
