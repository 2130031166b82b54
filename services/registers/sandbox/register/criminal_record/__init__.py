"""The central criminal record: convictions, until they are deleted. Kept by the Kosovo Judicial Council."""

from __future__ import annotations

from pathlib import Path

from i18n.text import _
from services.registers.sandbox.definition import Case, Register, Service, Table
from services.registers.sandbox.register.criminal_record import generator, store

REGISTER = Register(
    code="criminal-record",
    name=_("Central Criminal Record"),
    member="KGJK",
    tables=(Table("conviction", generator.CONVICTION),),
    services=(Service("record", store.RECORD, generator.record),),
    fill=generator.fill,
    schema=Path(__file__).with_name("schema.sql"),
    cases=(
        Case("convicted", _("Has a conviction on record"), store.CONVICTED),
        Case("deleted_conviction", _("Had a conviction that was deleted"), store.DELETED),
        Case("mistaken_identity", _("A conviction of another person under this personal number"), store.MISTAKEN),
    ),
)
