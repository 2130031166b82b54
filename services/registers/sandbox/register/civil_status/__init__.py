"""Civil status: who is born, married and dead, and whose child each is. Kept by the Civil Registration Agency."""

from __future__ import annotations

from pathlib import Path

from i18n.text import _
from services.registers.sandbox.definition import Case, Event, Register, Service, Table, Writing
from services.registers.sandbox.register.civil_status import generator, store
from services.registers.sandbox.register.civil_status.taken import Name

REGISTER = Register(
    code="civil-status",
    name=_("Central Civil Status Register"),
    member="ARC",
    tables=(
        Table("person", generator.PERSON),
        Table("marriage", generator.MARRIAGE),
        Table("name_change", generator.NAME_CHANGE),
    ),
    services=(
        Service("person", store.PERSON, generator.entry),
        Service("children", store.CHILDREN),
        Service("parents", store.PARENTS),
        Service("family", store.FAMILY),
        Service("marriages", store.MARRIAGES),
        Service("names", store.NAMES),
    ),
    writings=(Writing("name", Name, store.rename),),
    fill=generator.fill,
    schema=Path(__file__).with_name("schema.sql"),
    cases=(
        Case("both_scripts", _("Names in Latin and in Cyrillic script"), store.BOTH_SCRIPTS),
        Case("minor", _("Under 18 years"), store.MINOR),
        Case("deceased", _("Deceased"), store.DECEASED),
        Case("name_change", _("Bears another name than before, by request"), store.NAME_CHANGED),
        Case("born_abroad", _("Born abroad"), store.BORN_ABROAD),
    ),
    events=(
        Event("birth", store.BIRTH),
        Event("sixteen", store.SIXTEEN),
        Event("sixty_five", store.SIXTY_FIVE),
    ),
)
