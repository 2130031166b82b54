"""Businesses, their owners, and who may act for them. Kept by the Kosovo Business Registration Agency (ARBK)."""

from __future__ import annotations

from pathlib import Path

from i18n.text import _
from services.registers.sandbox.definition import Case, Event, Register, Service, Table, Writing
from services.registers.sandbox.register.businesses import generator, store
from services.registers.sandbox.register.businesses.taken import Closing, Founding

REGISTER = Register(
    code="businesses",
    name=_("Register of businesses"),
    member="ARBK",
    tables=(Table("business", generator.BUSINESS), Table("business_member", generator.MEMBER)),
    services=(
        Service("businesses", store.BUSINESSES, generator.worded),
        Service("representees", store.REPRESENTEES),
        Service("business", store.BUSINESS, generator.worded_one),
    ),
    writings=(Writing("founding", Founding, store.found), Writing("closing", Closing, store.close)),
    fill=generator.fill,
    schema=Path(__file__).with_name("schema.sql"),
    cases=(
        Case("represents_alone", _("May act alone for a company"), store.ALONE),
        Case("represents_jointly", _("May act for a company only with another"), store.JOINTLY),
        Case("closed_business", _("Had a business that has closed"), store.CLOSED),
    ),
    events=(Event("business_registered", store.REGISTERED),),
)
