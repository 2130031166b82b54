"""Education: who learns where, and which diplomas were awarded. Kept by the Ministry of Education (MASHTI)."""

from __future__ import annotations

from pathlib import Path

from i18n.text import _
from services.registers.sandbox.definition import Case, Register, Service, Table, one
from services.registers.sandbox.register.education import generator, store

REGISTER = Register(
    code="education",
    name=_("Register of education"),
    member="MASHTI",
    tables=(Table("enrolment", generator.ENROLMENT), Table("diploma", generator.DIPLOMA)),
    services=(Service("enrolment", store.ENROLMENT, one), Service("diplomas", store.DIPLOMAS)),
    fill=generator.fill,
    schema=Path(__file__).with_name("schema.sql"),
    cases=(
        Case("not_enrolled", _("Of school age and enrolled nowhere"), store.NOT_ENROLLED),
        Case("student", _("Enrolled at a university"), store.STUDENT),
        Case("two_schools", _("Two records: enrolled in two schools"), store.TWO_SCHOOLS),
    ),
)
