"""The words for who looked: on the page, in files, on paper."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from i18n.text import Language, Sayable, Text, Wording, _
from services.applications import desk as desks
from services.catalogue.load import catalogue
from services.registers.facts import Source
from services.registers.field import Field
from services.registers.label import FIELDS as FACT_FIELDS
from services.registers.looked_at import LOOKED_AT
from services.registers.posting.target import TARGETS, Target
from services.registers.read import Channel, Ending, Kind, Read, Reader

TITLE = _("Who looked at my data")
KINDS: Mapping[Kind, Text] = {
    "citizen": _("a citizen"),
    "clerk": _("a clerk at a counter"),
    "officer": _("an officer"),
    "system": _("the portal by itself"),
}
CHANNELS: Mapping[Channel, Text] = {
    "portal": _("through this portal"),
    "counter": _("at a counter"),
    "worker": _("by the portal, later"),
}
OUTCOMES: Mapping[Ending, Text] = {
    "ok": _("the register answered"),
    "refused": _("the register holds no such person"),
    "unreachable": _("the register gave no answer"),
    "denied": _("refused: nothing was read"),
}
# Recorded by its name, since it was chosen and not typed.
USUAL_REASONS: Mapping[str, Text] = {
    "deciding": _("I work on this application"),
    "answering": _("I answer for a document that was issued"),
}
# What a register said to what it was told.
CHANGES: Mapping[Ending, Text] = {
    "ok": _("the register recorded it"),
    "refused": _("the register did not record it"),
}
# What was read or changed, by the name that the record has for it: its label, its register, its fields.
SOURCES: Mapping[str, Source | Target] = {**LOOKED_AT, **TARGETS}
FIELDS: Mapping[str, tuple[Field, ...]] = {**FACT_FIELDS, **{name: one.fields for name, one in TARGETS.items()}}
_HEAD = (_("When"), _("What"), _("Who"), _("Why, and by which law"), _("How it ended"))


def ending(read: Read) -> Text:
    """Return how a look ended, or a change."""
    return CHANGES[read.outcome] if read.act == "change" else OUTCOMES[read.outcome]


def reader(read: Read, person_id: UUID, names: Mapping[UUID, str] | None = None, *, at_child: bool = False) -> Text:
    """Return who looked, as `person_id` reads it: oneself, an office by its name, another citizen by initials at most.

    `at_child`: it was at a child of hers, and the other citizen may well be its other parent.
    """
    by = read.reader
    if by.person_id == person_id:
        return _("you")
    if by.kind in {"clerk", "officer"}:
        return _("%(kind)s: %(office)s", kind=KINDS[by.kind], office=office(by))
    if read.act == "change" and by.institution:
        return _("the portal, for: %(office)s", office=catalogue().institution(by.institution))
    if by.kind != "citizen":
        return KINDS["system"]
    initials = (names or {}).get(by.person_id, "–") if by.person_id else "–"
    if at_child:
        return _("another citizen (%(initials)s), for an application that concerns your child", initials=initials)
    return _("another citizen (%(initials)s), for an application that concerns you", initials=initials)


def office(by: Reader) -> Sayable:
    """Return what the office is called that an officer or a clerk looked for; a name that was kept as such stays."""
    return desks.name(by.role or by.institution or "–")


def reason(by: Reader) -> Sayable:
    """Return the reason that was given, as typed, or the usual one in the language of whoever reads it."""
    typed = by.reason or ""
    return USUAL_REASONS.get(typed, Wording(typed, typed, typed))


def head(language: Language) -> tuple[str, ...]:
    """Return the headings of the columns on paper."""
    return tuple(word.say(language) for word in _HEAD)
