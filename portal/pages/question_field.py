"""A question of a definition as the control that a page shows for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from i18n.text import Language
from services.applications import asking, form
from services.applications.kinds import group
from services.applications.kinds.writing import PARTS
from services.catalogue import listed, question
from services.catalogue.question import ADDRESS, Address, Asset, Date, Group, Listed, Many, Money, Number, Question
from services.catalogue.rules import Values
from services.registers.facts import field_label

Data = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Control:
    """Which control a kind has: its macro in pages/parts/question.html, and what a line tells the browser of itself.

    `autocomplete` is said only where the person answers about herself.
    """

    name: str = "line"
    width: int = 0
    type: str = "text"
    inputmode: str | None = None
    autocomplete: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])


_RADIOS, _CAPITALS = Control("radios"), {"autocapitalize": "characters"}
CONTROLS: Mapping[type[Any], Control] = {
    question.Text: Control(),
    question.LongText: Control("lines"),
    question.Date: Control("date"),
    question.Integer: Control(width=10, inputmode="numeric"),
    question.Number: Control(width=10, inputmode="decimal"),
    question.Money: Control(width=10, inputmode="decimal"),
    question.Choice: _RADIOS,
    question.Many: Control("checkboxes"),
    question.YesNo: _RADIOS,
    question.PersonalNumber: Control(width=10, inputmode="numeric", autocomplete="off"),
    question.BusinessNumber: Control(width=10, inputmode="numeric", autocomplete="off"),
    question.Plate: Control(width=10, attributes=_CAPITALS),
    question.Iban: Control(width=30, attributes=_CAPITALS),
    question.Phone: Control(width=20, type="tel", autocomplete="tel"),
    question.Email: Control(width=30, type="email", autocomplete="email"),
    question.Address: Control("address"),
    question.Child: _RADIOS,
    question.Relative: _RADIOS,
    question.Asset: _RADIOS,
    question.Group: Control("group"),
    question.File: Control("files"),
}


def fields_of(questions: Iterable[Question], sent: Data, known: Values, language: Language) -> list[dict[str, Any]]:
    """Return questions as templates/pages/parts/question.html takes them, filled with what was sent."""
    return [_field(one, one.id, sent, known, language) for one in questions]


def _field(one: Question, name: str, sent: Data, known: Values, language: Language) -> dict[str, Any]:
    return {
        "question": one,
        "name": name,
        "control": CONTROLS[type(one)],
        "is_own": name == one.id,
        "at": "",  # where its page goes, if not to itself
        "prefix": "€" if isinstance(one, Money) else "",
        "suffix": one.unit.say(language) if isinstance(one, Number) and one.unit else "",
        "typed_as": _typed_as(one, known, language),
        "child_name": _first(sent, f"{name}-name"),
        "value": _value(one, name, sent),
        "options": _options(one, known, language),
        "rows": _rows(one, sent, known, language) if isinstance(one, Group) else [],
    }


def _value(one: Question, name: str, sent: Data) -> Any:  # noqa: ANN401 - text, all that is ticked, or a value by part
    if isinstance(one, Date | Address):
        parts = PARTS if isinstance(one, Date) else ADDRESS
        return {part: _first(sent, f"{name}-{part}") for part in parts}
    return list(sent.get(name) or ()) if isinstance(one, Many) else _first(sent, name)


def _options(one: Question, known: Values, language: Language) -> list[dict[str, str]]:
    return [
        {
            "value": option.value,
            "text": option.label.say(language),
            "hint": option.hint.say(language) if option.hint else "",
        }
        for option in form.options(one, known)
    ]


def _rows(one: Group, sent: Data, known: Values, language: Language) -> list[list[dict[str, Any]]]:
    """Return the fields of each entry."""
    return [
        [_field(each, group.field(one, row, each), sent, known, language) for each in one.questions]
        for row in group.rows(one, sent)
    ]


def _typed_as(one: Question, known: Values, language: Language) -> str:
    """Return what to type while the register that lists the choices is silent: "Plate"; "" where it is not."""
    if not isinstance(one, Listed) or not asking.is_unlisted(one, known):
        return ""
    return field_label(listed.facts(one)[0], one.key if isinstance(one, Asset) else "given_name", language)


def _first(sent: Data, name: str) -> str:
    return (sent.get(name) or [""])[0]
