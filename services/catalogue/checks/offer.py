"""Offers and reminders: their event, their rules, their words."""

from __future__ import annotations

from collections.abc import Iterator

from i18n.text import LANGUAGES
from services.catalogue import vocabulary
from services.catalogue.checks import expression
from services.catalogue.checks.problem import Problem, places, rule
from services.catalogue.offered import Offered
from services.catalogue.reminder import Reminder
from services.catalogue.rules import Shape
from services.catalogue.service import Service


def problems(service: Service) -> Iterator[Problem]:
    """Yield what is wrong with what a service is offered on."""
    for number, offered in enumerate(service.offers()):
        place = f"$.offered_on[{number}]"
        yield from offer(place, offered, expression.known(service, 0)["applicant"])
        for name in offered.answers.keys() - {question.id for question in service.questions()}:
            yield f"{place}.answers.{name}", "is no question of this service"
        for section in service.sections:
            asked = {question.id for question in section.questions if not question.optional and not question.show_if}
            left = sorted(asked - offered.answers.keys())
            if left and offered.answers.keys() & {question.id for question in section.questions}:
                yield f"{place}.answers", f"leaves {', '.join(left)} of the same page unanswered"


def reminder(told: Reminder) -> Iterator[Problem]:
    """Yield what is wrong with a reminder."""
    place = f"{told.id}.offered_on"
    yield from offer(place, told.offered_on)
    if told.offered_on.answers or told.offered_on.still:
        yield place, "a reminder begins no application: it has no answers and no `still`"


def offer(place: str, offered: Offered, applicant: Shape = None) -> Iterator[Problem]:
    """Yield what is wrong with an offer's event, rule and words; `applicant`: what `still` may name of facts."""
    if offered.event not in vocabulary.EVENTS:
        yield f"{place}.event", f"no register tells an event named {offered.event}"
        return
    known: dict[str, Shape] = {"about": vocabulary.EVENTS[offered.event], "today": None}
    if (offered.rule is None) != (offered.meaning is None):
        yield place, "a rule and its meaning in words come together"
    sources = {f"values.{name}": shown.value for name, shown in offered.values.items()}
    sources |= {f"answers.{name}": source for name, source in offered.answers.items()}
    sources |= {"rule": offered.rule} if offered.rule else {}
    for name, source in sources.items():
        yield from rule(f"{place}.{name}", source, known)
    if offered.still:
        yield from rule(f"{place}.still", offered.still, {**known, "applicant": applicant})
    for language in LANGUAGES:
        said = [text for text in (offered.because, offered.meaning) if text is not None]
        if odd := {name for text in said for name in places(text, language)} ^ set(offered.values):
            yield f"{place}.because.{language}", f"fills {', '.join(sorted(odd))} differently"
