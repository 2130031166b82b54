"""How anything says no: few kinds, each with a stable code and a sentence for the reader.

Refusal
├── NotFound      nothing here that this person may see                    404
├── Refused       understood, and not allowed by a rule                    409
├── Invalid       what was typed cannot be taken; names every field        422
└── Unreachable   an outside party did not answer as agreed; try again     503

Rooms raise these, or subclass them in their own `errors.py`. Nothing else is caught.
"""

from __future__ import annotations

from collections.abc import Mapping

from i18n.text import Sayable, _


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A no with a stable `code` (for logs and clients) and a `sentence` (for people)."""

    def __init__(self, code: str, sentence: Sayable) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


class NotFound(Refusal):
    """There is nothing here that this person may see."""

    def __init__(self, code: str = "not_found") -> None:
        super().__init__(code, _("There is nothing at this address, or it is not yours to see."))


class Refused(Refusal):
    """A rule does not allow this; the sentence says which and what to do instead."""


class Invalid(Refusal):
    """What was typed cannot be taken: `fields` maps each field's name to its sentence."""

    def __init__(self, fields: Mapping[str, Sayable], code: str = "invalid") -> None:
        super().__init__(code, _("There is a problem"))
        self.fields = fields


class Unreachable(Refusal):
    """An outside party did not answer as agreed. Nothing was lost; the same request may be sent again."""
