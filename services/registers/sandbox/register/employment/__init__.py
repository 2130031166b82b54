"""Employment, search of work, and pensions. Kept by the Ministry of Finance, Labour and Transfers."""

from __future__ import annotations

from pathlib import Path

from i18n.text import _
from services.registers.sandbox.definition import Case, Register, Service, Table, Writing, one
from services.registers.sandbox.register.employment import generator, store
from services.registers.sandbox.register.employment.taken import Search

REGISTER = Register(
    code="employment",
    name=_("Register of employment and pensions"),
    member="MFPT",
    tables=(
        Table("employment", generator.EMPLOYMENT),
        Table("jobseeker", generator.JOBSEEKER),
        Table("pension", generator.PENSION),
    ),
    services=(
        Service("employment", store.EMPLOYMENT),
        Service("jobseeker", store.JOBSEEKER, one),
        Service("pensions", store.PENSIONS),
    ),
    writings=(Writing("search", Search, store.seek),),
    fill=generator.fill,
    schema=Path(__file__).with_name("schema.sql"),
    cases=(
        Case("two_jobs", _("Two employers at the same time, because one never reported the end"), store.TWO_JOBS),
        Case("jobseeker", _("Registered as looking for work"), store.SEEKS),
        Case("pensioner", _("Draws a pension"), store.DRAWS),
        Case("pension_not_claimed", _("Older than 65 and draws no pension"), store.NOT_CLAIMED),
    ),
)
