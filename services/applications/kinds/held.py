"""What is chosen among what registers hold: one's children, one's family, one's vehicles, parcels, businesses.

While a register is silent it is written instead: a person by the first name, a vehicle by its plates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from i18n.text import Language, Sayable, Text, Wording, _
from services.applications.asking import SELF, children, is_unlisted
from services.applications.kinds.choosing import Chosen
from services.applications.kinds.kind import Data, Q, about, first, in_each
from services.applications.kinds.writing import within
from services.catalogue import listed
from services.catalogue.display import show
from services.catalogue.question import Asset, Child, Option, Relative
from services.catalogue.rules import Values

OTHER = "child"  # a child of whom only the first name can be typed, in the field `<id>-name`
_LONGEST_NAME = 100
_RELATION: Mapping[str, Text] = {"spouse": _("Spouse"), "child": _("Child"), "parent": _("Parent")}


class Held(Chosen[Q]):
    """One record, by its key."""

    def read(self, question: Q, typed: str, known: Values) -> str:
        """Return the key; what was written of it while the register is silent."""
        if is_unlisted(question, known):
            return within(typed, _LONGEST_NAME)
        return super().read(question, typed, known)


class Children(Held[Child]):
    """For myself or for my child."""

    def typed(self, question: Child, name: str, data: Data, known: Values) -> str:
        """Return whom, or the child's first name."""
        if _names_a_child(question, name, data, known):
            return first(data, f"{name}-name")
        return first(data, name)

    def lacking(self, question: Child, name: str, data: Data, known: Values) -> Sayable | Mapping[str, Sayable]:
        """Return what to say when it is open for whom."""
        if _names_a_child(question, name, data, known):
            return _("Write the first name of your child.")
        return super().lacking(question, name, data, known)

    def fields(self, question: Child, name: str, answer: Any, known: Values) -> dict[str, list[str]]:
        """Return whom, and the first name where that was written."""
        if answer != SELF and is_unlisted(question, known):
            return {name: [OTHER], f"{name}-name": [str(answer)]}
        return super().fields(question, name, answer, known)

    def options(self, question: Child, known: Values) -> list[Option]:
        """Return oneself and one's children."""
        return [
            Option(SELF, in_each(_("For myself").say)),
            *([Option(OTHER, in_each(_("For my child").say))] if is_unlisted(question, known) else []),
            *(Option(number, _name(one), _born(question, one)) for number, one in children(known).items()),
        ]


class Written(Held[Q]):
    """One record that is written by its name while the register is silent."""

    unlisted: ClassVar[Text] = _("Fill in “%(field)s”.")

    def lacking(self, question: Q, name: str, data: Data, known: Values) -> Sayable | Mapping[str, Sayable]:
        """Return the usual sentence where it has to be written: the definition's own says to choose."""
        return self.unlisted if is_unlisted(question, known) else super().lacking(question, name, data, known)


class Family(Written[Relative]):
    """One of the family."""

    def options(self, question: Relative, known: Values) -> list[Option]:
        """Return husband or wife, children, parents: name, what they are, when they were born."""
        found = listed.records(question, known["applicant"])
        return [Option(key, _name(one), _kin(question, one)) for key, one in found.items()]


class Assets(Written[Asset]):
    """One vehicle, parcel or business."""

    def options(self, question: Asset, known: Values) -> list[Option]:
        """Return the records as the definition says them."""
        return [_asset(question, key, one) for key, one in listed.records(question, known["applicant"]).items()]


def _names_a_child(question: Child, name: str, data: Data, known: Values) -> bool:
    return is_unlisted(question, known) and first(data, name) == OTHER


def _name(person: Mapping[str, Any]) -> Wording:
    name = f"{person['given_name']} {person['family_name']}"
    return Wording(name, name, name)


def _born(question: Child | Relative, person: Mapping[str, Any]) -> Wording:
    born = _("Born %(day)s")
    return in_each(
        lambda language: about(
            question, Text(born.message, values={"day": show(person["birthdate"], "date", language)})
        ).say(language)
    )


def _kin(question: Relative, person: Mapping[str, Any]) -> Wording:
    relation = _RELATION[person["relation"]]
    if not person["birthdate"]:
        return in_each(relation.say)
    return in_each(lambda language: f"{relation.say(language)}. {_born(question, person).say(language)}")


def _asset(question: Asset, key: str, record: Mapping[str, Any]) -> Option:
    def fill(words: Wording) -> Wording:
        def say(language: Language) -> str:
            shown = {name: show(value, question.formats.get(name, "text"), language) for name, value in record.items()}
            return words.say(language).format(**shown)

        return in_each(say)

    return Option(key, fill(question.title), fill(question.detail) if question.detail else None)
