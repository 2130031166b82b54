"""Identity documents: identity cards from 16 on, and passports. Kept by the Civil Registration Agency."""

from __future__ import annotations

from pathlib import Path

from i18n.text import _
from services.registers.sandbox.definition import Case, Event, Register, Service, Table, Writing
from services.registers.sandbox.register.identity_documents import generator, store
from services.registers.sandbox.register.identity_documents.taken import Order

REGISTER = Register(
    code="identity-documents",
    name=_("Register of identity documents"),
    member="ARC",
    tables=(Table("identity_document", generator.DOCUMENT, holder="personal_number"),),
    services=(Service("documents", store.DOCUMENTS),),
    writings=(Writing("order", Order, store.order),),
    fill=generator.fill,
    schema=Path(__file__).with_name("schema.sql"),
    cases=(
        Case("no_document", _("Of age, without any identity document"), store.NO_DOCUMENT),
        Case("expired", _("Only documents that have run out"), store.EXPIRED),
        Case("lost", _("A document that was reported lost"), store.LOST),
    ),
    events=(Event("document_expiring", store.EXPIRING),),
)
