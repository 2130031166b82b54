"""Files that a person attaches: kept apart as they come, and named by the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeGuard, cast

from i18n.format import size
from i18n.text import Text, Wording, _, n_
from services.applications.kinds.kind import Data, Kind, Unfit, in_each
from services.catalogue.display import NOTHING
from services.catalogue.question import File
from services.catalogue.rules import Values

Named = dict[str, Any]  # what an answer says of a file: id, name, type, size, sha256


class Files(Kind[File]):
    """One file or a few. Nothing that a browser says of them counts: `known` has under "attached" what we keep."""

    empty: ClassVar[Text] = _("Attach a file to “%(field)s”.")

    def typed(self, question: File, name: str, data: Data, known: Values) -> list[Named]:
        """Return what is attached by now."""
        return list(known.get("attached", {}).get(question.id, ()))

    def read(self, question: File, typed: list[Named], known: Values) -> list[Named]:
        """Return it; Unfit where a newer version of the service takes fewer, or no such ones."""
        if any(one["type"] not in question.types for one in typed):
            raise Unfit(_("A file of “%(field)s” is of a kind that is not taken here. Take it away."))
        if question.most is not None and len(typed) > question.most:
            raise Unfit(_too_many(question.most))
        return typed

    def fields(self, question: File, name: str, answer: Any, known: Values) -> dict[str, list[str]]:
        """Return nothing: a browser cannot send a file that it was not given again."""
        return {}

    def say(self, question: File, answer: Any, known: Values) -> Wording:
        """Return each name with its size, a line each."""
        named: list[Named] = answer or []
        return in_each(
            lambda language: "\n".join(f"{one['name']} ({size(one['size'], language)})" for one in named) or NOTHING
        )


def files(answers: Mapping[str, Any]) -> dict[str, list[Named]]:
    """Return, of all answers, those that name files."""
    return {name: answer for name, answer in answers.items() if are_files(answer)}


def are_files(answer: object) -> TypeGuard[list[Named]]:
    """Tell whether an answer names files, whatever question it was given to."""
    named = cast("list[object]", answer) if isinstance(answer, list) else []
    return bool(named) and all(isinstance(one, dict) and "sha256" in one for one in named)


def _too_many(most: int) -> Text:
    return n_(
        "“%(field)s” takes at most %(count)s file. Take some away.",
        "“%(field)s” takes at most %(count)s files. Take some away.",
        most,
    )
