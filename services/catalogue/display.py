"""Writes a value of a register or an answer as people read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from i18n.format import day, money
from i18n.text import LOCALES, Language, Text, _
from services.catalogue.service import Format

NOTHING = "–"

_SEX = {"female": _("Female"), "male": _("Male")}
_MARITAL_STATUS = {
    "single": _("Single"),
    "married": _("Married"),
    "divorced": _("Divorced"),
    "widowed": _("Widowed"),
}


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


def _municipality(value: object, language: Language) -> str:
    from services.registers import municipality

    return municipality.name(str(value)).say(language)


def _country(value: object, language: Language) -> str:
    return LOCALES[language].territories[str(value)]


_WAYS: Mapping[Format, Callable[[object, Language], str]] = {
    "text": lambda value, _language: str(value),
    "date": _date,
    "money": _money,
    "municipality": _municipality,
    "country": _country,
    "sex": lambda value, language: _SEX[str(value)].say(language),
    "marital_status": lambda value, language: _MARITAL_STATUS[str(value)].say(language),
}
