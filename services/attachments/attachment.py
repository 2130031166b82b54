"""A file that somebody attached to an application: what is known of it, how it is called, what may be attached."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from i18n.text import Text, _, n_
from services.catalogue.question import File, FileType

# `waiting`: not scanned yet; `harmful`: the scanner found something in it, so it is not kept.
Standing = Literal["waiting", "clean", "harmful"]
Problem = Literal[
    "empty", "too_large", "other_type", "damaged", "locked", "too_much", "harmful", "too_many", "too_many_in_all"
]
MEDIA: Mapping[FileType, str] = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
ENDINGS: Mapping[FileType, tuple[str, ...]] = {"pdf": (".pdf",), "jpeg": (".jpg", ".jpeg"), "png": (".png",)}
MEGABYTE = 1_000_000  # bytes
_LONGEST = 80  # letters of a name, without its ending


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file. `sha256` is the digest of its content, `size` its bytes.

    `located`: it is a photo that says where it was taken.
    """

    id: UUID
    application_id: UUID
    question: str
    name: str
    type: FileType
    size: int
    sha256: bytes
    located: bool
    attached_at: datetime
    standing: Standing

    @property
    def media_type(self) -> str:
        """Return the type as the web names it."""
        return MEDIA[self.type]

    def named(self) -> dict[str, Any]:
        """Return what the answer of its question says of it."""
        return {
            "id": str(self.id),
            "name": self.name,
            "type": self.type,
            "size": self.size,
            "sha256": self.sha256.hex(),
        }


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be attached: bytes of a file, files of a question, files of an application."""

    size: int
    of_question: int
    of_application: int

    def of(self, question: File) -> Limits:
        """Return what holds for a question, which may say so itself."""
        size = question.megabytes * MEGABYTE if question.megabytes else self.size
        return Limits(size, question.most or self.of_question, self.of_application)


def shown_name(given: str, kind: FileType) -> str:
    """Return a file's name as it is shown: without folders and what no one sees, with the ending of what it is."""
    name = bare_name(given)
    ending = next((one for one in ENDINGS[kind] if name.lower().endswith(one)), "")
    stem = name[: len(name) - len(ending)].strip(" .")[:_LONGEST] or "file"
    return stem + (ending or ENDINGS[kind][0])


def bare_name(given: str) -> str:
    """Return a name as it was given, without folders and what no one sees; such signs could make it read otherwise."""
    bare = unicodedata.normalize("NFC", re.split(r"[/\\]", given)[-1])
    seen = "".join(letter if unicodedata.category(letter)[0] not in "CZ" else " " for letter in bare)
    return re.sub(r"\s+", " ", seen).strip(" .")[: _LONGEST + 5]


def taken_here(question: File, limits: Limits) -> Text:
    """Return in a sentence what a question takes, within its limits."""
    return n_(
        "%(types)s, at most %(count)s file of up to %(most)s MB.",
        "%(types)s, at most %(count)s files of up to %(most)s MB each.",
        limits.of_question,
        types=accepted(question.types),
        most=limits.size // MEGABYTE,
    )


def accepted(types: tuple[FileType, ...]) -> str:
    """Return the types as people call them: `PDF, JPEG, PNG`."""
    return ", ".join(one.upper() for one in types)


def media_types(types: tuple[FileType, ...]) -> str:
    """Return the types as a browser's file control takes them."""
    return ",".join(MEDIA[one] for one in types)


def why_not(problem: Problem, name: str, question: File, limits: Limits) -> Text:
    """Return in a sentence why a file of that name was not attached to a question, whose limits are given."""
    if problem == "too_many":
        return n_(
            "“%(name)s” was not attached: at most %(count)s file is taken here.",
            "“%(name)s” was not attached: at most %(count)s files are taken here.",
            limits.of_question,
            name=name,
        )
    if problem == "too_many_in_all":
        return n_(
            "“%(name)s” was not attached: an application takes at most %(count)s file in all.",
            "“%(name)s” was not attached: an application takes at most %(count)s files in all.",
            limits.of_application,
            name=name,
        )
    if problem == "too_large":
        return _(
            "“%(name)s” is larger than %(most)s MB. Choose a smaller one, such as a photo of lower quality.",
            name=name,
            most=limits.size // MEGABYTE,
        )
    if problem == "other_type":
        kinds = accepted(question.types)
        return _(
            "“%(name)s” is no file of these types, whatever its name says: %(types)s. Choose another file.",
            name=name,
            types=kinds,
        )
    return {
        "empty": _("“%(name)s” is empty. Choose another.", name=name),
        "damaged": _("“%(name)s” is damaged and cannot be opened. Make the file again and attach that.", name=name),
        "locked": _("“%(name)s” is locked with a password. Save it without one and attach that.", name=name),
        "too_much": _("“%(name)s” takes too much to open: it has too many pages or pixels.", name=name),
        "harmful": _("“%(name)s” holds harmful software, so it was not taken. Check your device.", name=name),
    }[problem]
