"""A public service, said as data: what one file under `definitions/` may contain, and nothing more.

Expressions are CEL (see `rules.py`). They may name
    applicant.<fact>     what the registers say of the person who asks
    beneficiary.<fact>   what they say of the person it is about: the applicant or the chosen child
    company.<fact>       what they say of the business that she acts for, once it is chosen
    answers.<question>   what was typed; null until then
    chosen.<question>    the whole record (vehicle…) behind an asset question; null until then
    today                the day, "YYYY-MM-DD"; days compare as text does
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from i18n.text import Wording
from services.catalogue.example import Example
from services.catalogue.offered import Offered
from services.catalogue.processing import Processing
from services.catalogue.shown import Format, Shown
from services.catalogue.signature import Signature, Signers

Assurance = Literal["low", "substantial", "high"]
Audience = Literal["person", "parent", "company"]
Confidence = Literal["A", "B", "C"]  # A official source read, B press or code read, C from memory or a demo value
Role = Literal["applicant", "beneficiary", "company"]


class Institution(Struct, frozen=True, forbid_unknown_fields=True):
    """Who gives the service; `id` also names the institution's seal. From `institutions.yaml`."""

    id: str
    names: Wording


class LifeEvent(Struct, frozen=True, forbid_unknown_fields=True):
    """What happens in a life that makes people need services; its id also names its drawing (`life_events.yaml`)."""

    id: str
    names: Wording
    summary: Wording


class LegalBasis(Struct, frozen=True, forbid_unknown_fields=True):
    """A law or by-law, as it is cited, and where it can be read."""

    cite: Wording
    url: str | None = None


class FixedFee(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="fixed", kw_only=True):
    """The same for everyone; 0 cents is free of charge."""

    cents: int
    confidence: Confidence
    note: Wording | None = None


class FeeRow(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a fee table: the key that the rule gives, what people read, and the amount."""

    key: str
    label: Wording
    cents: int


class TableFee(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="table", kw_only=True):
    """The row whose key the CEL expression `by` gives."""

    by: str
    rows: tuple[FeeRow, ...]
    confidence: Confidence
    note: Wording | None = None


class MunicipalFee(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="municipality", kw_only=True):
    """What the municipality set, whose id the CEL expression `by` gives; `otherwise` where it set nothing."""

    by: str
    cents: dict[str, int]
    otherwise: int
    confidence: Confidence
    note: Wording | None = None


Fee = FixedFee | TableFee | MunicipalFee


class FactNeed(Struct, frozen=True, forbid_unknown_fields=True):
    """A register's fact that the service needs, about whom, why, and by which law; only where `only_if` holds."""

    name: str
    about: Role
    purpose: Wording
    legal_basis: Wording
    only_if: str | UnsetType = UNSET  # left out, it changes nothing of a definition that was kept without it


class Asked(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", kw_only=True, cache_hash=True):
    """What every question has. `missing` is said instead of the usual sentence when it is left empty."""

    id: str
    label: Wording
    hint: Wording | None = None
    missing: Wording | None = None
    optional: bool = False
    show_if: str | None = None


class Text(Asked, frozen=True, tag="text"):
    """One line."""

    max_length: int = 200


class LongText(Asked, frozen=True, tag="long_text"):
    """Some lines."""

    max_length: int = 2000


class Option(Struct, frozen=True, forbid_unknown_fields=True, cache_hash=True):
    """One thing to choose; `value` is what is kept."""

    value: str
    label: Wording
    hint: Wording | None = None


class Choice(Asked, frozen=True, tag="choice"):
    """One of a few."""

    options: tuple[Option, ...]


class YesNo(Asked, frozen=True, tag="yes_no"):
    """Kept as true or false."""


class Date(Asked, frozen=True, tag="date"):
    """A day, kept as "YYYY-MM-DD"; the bounds are days or `today`."""

    earliest: str | None = None
    latest: str | None = None


class Integer(Asked, frozen=True, tag="integer"):
    """A whole number."""

    least: int = 0
    most: int = 2**31 - 1


class Child(Asked, frozen=True, tag="child"):
    """For myself or for my child under 18: kept as "self" or the child's personal number; names the beneficiary.

    Not asked of a person who has no such child.
    """


class Asset(Asked, frozen=True, tag="asset"):
    """One record of a list fact about the applicant, kept as the record's `key` field.

    `title` and `detail` are read with the record's fields in `{braces}`; `formats` says how a field is written.
    """

    fact: str
    key: str
    title: Wording
    detail: Wording | None = None
    formats: dict[str, Format] = {}

    def __hash__(self) -> int:
        """Hash by what tells questions apart; `formats` is a dict."""
        return hash((self.id, self.fact, self.key, self.title, self.detail))


Question = Text | LongText | Choice | YesNo | Date | Integer | Child | Asset


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """One page: a question, or a few that belong together."""

    id: str
    title: Wording
    questions: tuple[Question, ...]
    show_if: str | None = None


class Eligibility(Struct, frozen=True, forbid_unknown_fields=True):
    """A rule that must hold, and what is said when it does not; `{name}` in the message is filled from `values`."""

    id: str
    rule: str
    message: Wording
    values: dict[str, Shown] = {}


class Row(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the document; left out when `show_if` is false."""

    label: Wording
    value: str
    format: Format = "text"
    show_if: str | None = None


class DocumentSection(Struct, frozen=True, forbid_unknown_fields=True):
    """Lines of the document that belong together."""

    title: Wording
    rows: tuple[Row, ...]


class Document(Struct, frozen=True, forbid_unknown_fields=True):
    """What is issued."""

    kind: str
    title: Wording
    sections: tuple[DocumentSection, ...]
    note: Wording | None = None


class Service(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One public service. Texts are whole in every language; amounts are euro cents; days are working days."""

    id: str
    version: int
    area: str
    names: Wording
    summary: Wording  # what it is, in one sentence
    help: Wording  # who may ask and what to know
    gives: Wording  # what one leaves with
    search_words: tuple[Wording, ...] = ()
    institution: Institution
    life_events: tuple[str, ...]
    audience: tuple[Audience, ...]
    legal_basis: tuple[LegalBasis, ...]
    source: tuple[str, ...]
    confidence: Confidence
    channels: tuple[Literal["web", "counter", "kiosk"], ...]
    fee: Fee
    processing: Processing
    assurance: Assurance
    # Left out where nobody signs, so that a definition kept before there were signatures is still the same one.
    signature: Signers | Signature | UnsetType = UNSET
    offered_on: tuple[Offered, ...] | UnsetType = UNSET  # left out likewise where nothing offers it
    facts: tuple[FactNeed, ...]
    sections: tuple[Section, ...]
    eligibility: tuple[Eligibility, ...]
    document: Document
    examples: tuple[Example, ...]

    def section(self, section_id: str) -> Section | None:
        """Return the section of that id."""
        return next((section for section in self.sections if section.id == section_id), None)

    def signing(self) -> Signature:
        """Return who signs an application, and when."""
        if isinstance(self.signature, Signature):
            return self.signature
        return Signature("none" if isinstance(self.signature, UnsetType) else self.signature)

    def offers(self) -> tuple[Offered, ...]:
        """Return the events on which it is offered."""
        return () if isinstance(self.offered_on, UnsetType) else self.offered_on

    def questions(self) -> Iterator[Question]:
        """Yield every question, in the order asked."""
        for section in self.sections:
            yield from section.questions
