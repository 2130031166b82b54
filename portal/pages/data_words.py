"""The words for who looked: on the page, in files, on paper."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from i18n.text import Language, Sayable, Text, Wording, _
from services.applications import desk as desks
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
USUAL_REASONS: Mapping[str, Text] = {"deciding": _("I work on this application")}
_HEAD = (_("When"), _("What"), _("Who"), _("Why, and by which law"), _("How it ended"))


def reader(read: Read, person_id: UUID, names: Mapping[UUID, str] | None = None, *, at_child: bool = False) -> Text:
    """Return who looked, as `person_id` reads it: oneself, an office by its name, another citizen by initials at most.

    `at_child`: it was at a child of hers, and the other citizen may well be its other parent.
    """
    by = read.reader
    if by.person_id == person_id:
        return _("you")
    if by.kind in {"clerk", "officer"}:
        return _("%(kind)s: %(office)s", kind=KINDS[by.kind], office=office(by))
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
