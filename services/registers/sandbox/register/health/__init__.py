"""Health: who is insured, and births that hospitals reported. Kept by the Ministry of Health."""

from __future__ import annotations

from pathlib import Path

from i18n.text import _
from services.registers.sandbox.definition import Case, Register, Service, Table, one
from services.registers.sandbox.register.health import generator, store

REGISTER = Register(
    code="health",
    name=_("Health information system"),
    member="MSH",
    tables=(Table("insured", generator.INSURED), Table("birth_notice", generator.BIRTH)),
    services=(Service("insurance", store.INSURANCE, one), Service("births", store.BIRTHS)),
    fill=generator.fill,
    schema=Path(__file__).with_name("schema.sql"),
    cases=(
        Case("two_records", _("Two records of the same person"), store.TWO_RECORDS),
        Case("uninsured", _("No health insurance is recorded"), store.UNINSURED),
        Case("recent_birth", _("Gave birth in the last twelve months"), store.RECENT_BIRTH),
    ),
)
