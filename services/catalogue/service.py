"""A public service, said as data: what one file under `definitions/` may contain, and nothing more.

Expressions are CEL (see `rules.py`). They may name
    applicant.<fact>     what the registers say of the person who asks
    beneficiary.<fact>   what they say of the person it is about: the applicant or the chosen child
    company.<fact>       what they say of the business that she acts for, once it is chosen
    answers.<question>   what was typed; null until then
    chosen.<question>    the whole record (vehicle, relative…) behind a question that chooses one; null until then
    computed.<name>      what the definition itself computes; null while something that it needs is not there
    today                the day, "YYYY-MM-DD"; days compare as text does
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from i18n.text import Wording
from services.catalogue.example import Example
from services.catalogue.fee import Confidence, Fee
from services.catalogue.issued import Valid, Variant
from services.catalogue.offered import Offered
from services.catalogue.processing import Processing
from services.catalogue.question import Question
from services.catalogue.recorded import Recorded
from services.catalogue.shown import Format, Shown
from services.catalogue.signature import Signature, Signers

Assurance = Literal["low", "substantial", "high"]
Audience = Literal["person", "parent", "company"]
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


class FactNeed(Struct, frozen=True, forbid_unknown_fields=True):
    """A register's fact that the service needs, about whom, why, and by which law; only where `only_if` holds."""

    name: str
    about: Role
    purpose: Wording
    legal_basis: Wording
    only_if: str | UnsetType = UNSET  # left out, it changes nothing of a definition that was kept without it


class Validation(Struct, frozen=True, forbid_unknown_fields=True):
    """What several answers must fulfil together: unless the rule is false, else the message is said `at` a question."""

    at: str
    rule: str
    message: Wording


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """One page: a question, or a few that belong together; `validation` is looked at when the page is sent."""

    id: str
    title: Wording
    questions: tuple[Question, ...]
    show_if: str | None = None
    validation: tuple[Validation, ...] | UnsetType = UNSET  # left out, as below

    def validations(self) -> tuple[Validation, ...]:
        """Return what its answers must fulfil together."""
        return () if isinstance(self.validation, UnsetType) else self.validation


class Eligibility(Struct, frozen=True, forbid_unknown_fields=True):
    """A rule that must hold, and what is said when it does not; `{name}` in the message is filled from `values`.

    `ask`: the rule as a question whose yes means that it holds, for whoever has not signed in yet. Left out, what the
    rule reads is asked instead, where that can be asked simply.
    """

    id: str
    rule: str
    message: Wording
    values: dict[str, Shown] = {}
    ask: Wording | UnsetType = UNSET


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
    """What is issued; without a `variant` it is an extract where a rule decides, and a decision where officers do."""

    kind: str
    title: Wording
    sections: tuple[DocumentSection, ...]
    note: Wording | None = None
    variant: Variant | UnsetType = UNSET
    valid: Valid | UnsetType = UNSET
    conditions: tuple[Wording, ...] | UnsetType = UNSET  # of a permit


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
    recorded_in: tuple[Recorded, ...] | UnsetType = UNSET  # left out likewise where no register is told
    facts: tuple[FactNeed, ...]
    computed: dict[str, str] | UnsetType = UNSET  # left out likewise; an expression may name those before it
    sections: tuple[Section, ...]
    eligibility: tuple[Eligibility, ...]
    document: Document
    examples: tuple[Example, ...]

    def section(self, section_id: str) -> Section | None:
        """Return the section of that id."""
        return next((section for section in self.sections if section.id == section_id), None)

    def variant(self) -> Variant:
        """Return how its document is laid out."""
        if not isinstance(self.document.variant, UnsetType):
            return self.document.variant
        return "extract" if self.processing.decision == "rule" else "decision"

    def signing(self) -> Signature:
        """Return who signs an application, and when."""
        if isinstance(self.signature, Signature):
            return self.signature
        return Signature("none" if isinstance(self.signature, UnsetType) else self.signature)

    def offers(self) -> tuple[Offered, ...]:
        """Return the events on which it is offered."""
        return () if isinstance(self.offered_on, UnsetType) else self.offered_on

    def records(self) -> tuple[Recorded, ...]:
        """Return what registers are told, and after what."""
        return () if isinstance(self.recorded_in, UnsetType) else self.recorded_in

    def computations(self) -> Mapping[str, str]:
        """Return what is computed, in order: an expression by its name."""
        return {} if isinstance(self.computed, UnsetType) else self.computed

    def questions(self) -> Iterator[Question]:
        """Yield every question, in the order asked."""
        for section in self.sections:
            yield from section.questions
