"""`portal service list` and `show`: services in words, for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from textwrap import wrap

from i18n.format import money
from i18n.text import Language, Sayable, Text, _, n_
from services.catalogue.fee import Fee, FixedFee, MunicipalFee, TableFee
from services.catalogue.processing import Decision, Processing
from services.catalogue.question import Group
from services.catalogue.service import Audience, Service
from services.catalogue.signature import Signers
from services.registers import municipality
from services.registers.facts import FACTS

_WIDTH = 80
_KEY = 20  # the column where values begin
_NAME = 38  # the column where names begin in the list

_DECIDES: Mapping[Decision, Text] = {
    "rule": _("The rules, without an officer"),
    "officer": _("An officer"),
    "two_steps": _("An officer, with the opinion of a second one"),
}
_SIGNS: Mapping[Signers, Text] = {
    "none": _("Nobody"),
    "citizen": _("Whoever applies"),
    "all_parents": _("Every living parent"),
    "company": _("Whoever may act for the company"),
}
_FOR: Mapping[Audience, Text] = {
    "person": _("For yourself"),
    "parent": _("For your child under 18"),
    "company": _("For a business that you represent"),
}


def listed(services: Iterable[Service], language: Language) -> str:
    """Return a line for each service, area by area: its id, who decides, its name."""
    lines: list[str] = []
    for area, members in groupby(services, key=lambda service: service.area):
        lines += ["", area] if lines else [area]
        for one in members:
            lines += _row(f"  {one.id}", f"{one.names.say(language)} ({one.processing.decision})", _NAME)
    return "\n".join(lines)


def shown(service: Service, language: Language) -> str:
    """Return what somebody reviews of a definition: what it is, who decides, by when, its fee, and so on."""
    lines = [service.names.say(language), f"{service.area}/{service.id}, version {service.version}", ""]
    lines += [*wrap(service.summary.say(language), _WIDTH), "", *wrap(service.help.say(language), _WIDTH), ""]
    for key, value in _glance(service, language):
        lines += _row(key.say(language), value, _KEY)
    for title, entries in (
        (_("What the state already knows and will fetch"), _facts(service, language)),
        (_("What it will still ask you"), _questions(service, language)),
        (_("Conditions"), _conditions(service, language)),
        (_("What you get"), _document(service, language)),
        (_("Legal basis"), (law.cite.say(language) for law in service.legal_basis)),
    ):
        lines += ["", title.say(language)]
        for entry in entries:
            lines += wrap(entry, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    return "\n".join(lines)


def _row(key: str, value: str, column: int) -> list[str]:
    """Return a key and its value beside it, on as many lines as it takes."""
    first, *others = wrap(value, _WIDTH - column) or [""]
    beside = [f"{key:{column}}{first}"] if len(key) < column else [key, " " * column + first]
    return [*beside, *(" " * column + line for line in others)]


def _glance(service: Service, language: Language) -> Iterator[tuple[Text, str]]:
    signing = service.signing()
    only_if = f" ({signing.only_if})" if signing.only_if else ""
    yield _("Who gives it"), service.institution.names.say(language)
    yield _("Who it is for"), " · ".join(_FOR[one].say(language) for one in service.audience)
    yield _("Who decides"), _DECIDES[service.processing.decision].say(language)
    yield _("How long it takes"), "; ".join(word.say(language) for word in _time(service.processing))
    yield _("Who signs"), _SIGNS[signing.by].say(language) + only_if
    yield _("Fee"), "; ".join(_fee(service.fee, language))


def _time(processing: Processing) -> Iterator[Text]:
    days = processing.days
    yield n_("%(num)d working day", "%(num)d working days", days, num=days) if days else _("At once")
    if processing.silence == "approval":
        yield _("who hears nothing by then has it approved")
    if processing.silence == "refusal":
        yield _("who hears nothing by then has it refused")


def _fee(fee: Fee, language: Language) -> Iterator[str]:
    """Yield each amount with whom it is for."""
    for label, cents in _amounts(fee):
        yield f"{label.say(language)}: {_amount(cents, language)}" if label else _amount(cents, language)
    if not isinstance(fee, FixedFee | TableFee | MunicipalFee):
        least, most = money(fee.least, language), money(fee.most, language)
        yield _("%(least)s to %(most)s", least=least, most=most).say(language)
        yield fee.label.say(language)
    for one in fee.exempt():
        yield f"{one.label.say(language)}: {_amount(one.cents, language)}"


def _amounts(fee: Fee) -> Iterator[tuple[Sayable | None, int]]:
    if isinstance(fee, FixedFee):
        yield None, fee.cents
    if isinstance(fee, TableFee):
        yield from ((row.label, row.cents) for row in fee.rows)
    if isinstance(fee, MunicipalFee):
        yield from ((municipality.name(one), cents) for one, cents in fee.cents.items())
        yield _("Other municipalities"), fee.otherwise


def _amount(cents: int, language: Language) -> str:
    return money(cents, language) if cents else _("Free of charge").say(language)


def _facts(service: Service, language: Language) -> Iterator[str]:
    for need in service.facts:
        register = FACTS[need.name].register.name.say(language)
        only_if = f" [{need.only_if}]" if need.only_if else ""
        yield f"{need.about}.{need.name}{only_if}: {register}. {need.purpose.say(language)}"


def _questions(service: Service, language: Language) -> Iterator[str]:
    if not service.sections:
        yield _("Nothing. Everything is already known.").say(language)
    for section in service.sections:
        for question in section.questions:
            conditions = [rule for rule in (section.show_if, question.show_if) if rule]
            show_if = f" [{' && '.join(conditions)}]" if conditions else ""
            yield f"{question.id}, {question.__struct_config__.tag}{show_if}: {question.label.say(language)}"
            if isinstance(question, Group):
                yield from (f"  {question.id}.{one.id}: {one.label.say(language)}" for one in question.questions)


def _conditions(service: Service, language: Language) -> Iterator[str]:
    for one in service.eligibility:
        yield f"{one.id} [{one.rule}]: {one.message.say(language)}"


def _document(service: Service, language: Language) -> Iterator[str]:
    yield service.gives.say(language)
    yield service.document.title.say(language)
    for section in service.document.sections:
        yield f"{section.title.say(language)}: {', '.join(row.label.say(language) for row in section.rows)}"
