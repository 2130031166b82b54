"""How documents are called, and in which general words anyone reads that one is revoked."""

from __future__ import annotations

from typing import cast

from i18n.text import Language
from services.applications import decided
from services.applications import desk as desks
from services.catalogue.load import catalogue
from services.documents.document import REFUSED, Document
from services.documents.revocation.revocation import GROUNDS, Ground


def titled(kind: str, language: Language) -> str:
    """Return what a kind of document is called; the kind itself where no service issues it any more."""
    service = next((one for one in catalogue().all() if one.document.kind == kind.removesuffix(REFUSED)), None)
    if service is None:
        return kind
    title = decided.refusal_of(service.names) if kind.endswith(REFUSED) else service.document.title
    return title.say(language)


def why(document: Document, language: Language) -> str:
    """Return why it is revoked, in general words; "" where nobody said."""
    ground = GROUNDS.get(cast("Ground", document.revocation_ground or ""))
    return ground.say(language) if ground else ""


def by_whom(document: Document, language: Language) -> str:
    """Return which office revoked it."""
    return desks.name(document.revocation_desk or document.institution).say(language)
