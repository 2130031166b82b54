"""Writes a value of a register or an answer as people read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import cast

from i18n.format import day, money
from i18n.text import Language, Text, _
from services.catalogue.shown import Format
from services.registers import label
from services.registers.field import Field

NOTHING = "–"

# How the registers' own words are said: sex, marital status, country, municipality; what a business is and does.
_PERSON = {field.path: field for field in label.FIELDS["person"]}
_BUSINESS = {field.path: field for field in label.FIELDS["registration"]}


def show(value: object, form: Format, language: Language) -> str:
    """Return the value in the language; a dash when there is none, the value as it is when it has no such form."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return yes_or_no(value).say(language)
    try:
        return _WAYS[form](value, language)
    except (KeyError, ValueError, TypeError):
        return str(value)


def yes_or_no(value: bool) -> Text:  # noqa: FBT001 - the answer itself
    """Return the answer as a word."""
    return _("Yes") if value else _("No")


def _date(value: object, language: Language) -> str:
    return day(date.fromisoformat(str(value)), language)


def _money(value: object, language: Language) -> str:
    return money(int(str(value)), language)


def _list(value: object, _language: Language) -> str:
    return "; ".join(str(one) for one in cast("list[object]", value))


def _as(field: Field) -> Callable[[object, Language], str]:
    """Return what says a value as the register's own field of that kind is said."""
    return lambda value, language: field.say(value, {}, language)


def _marital_status(value: object, language: Language) -> str:
    """Return the status of `married female`: in Albanian and Serbian the word depends on the sex."""
    status, _space, sex = str(value).partition(" ")
    return _PERSON["marital_status"].say(status, {"sex": sex}, language)


_WAYS: Mapping[Format, Callable[[object, Language], str]] = {
    "text": lambda value, _language: str(value),
    "date": _date,
    "money": _money,
    "list": _list,
    "municipality": _as(_PERSON["birth_municipality"]),
    "country": _as(_PERSON["citizenship"]),
    "sex": _as(_PERSON["sex"]),
    "marital_status": _marital_status,
    "business_form": _as(_BUSINESS["form"]),
    "activity": _as(_BUSINESS["activity.name"]),
}
