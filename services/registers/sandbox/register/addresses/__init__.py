"""Addresses: where people live, since when, and when that was last confirmed. Kept by the Civil Registration Agency."""

from __future__ import annotations

from pathlib import Path

from i18n.text import _
from services.registers.sandbox.definition import Case, Register, Service, Table, Writing, one
from services.registers.sandbox.register.addresses import generator, store
from services.registers.sandbox.register.addresses.taken import Residence

REGISTER = Register(
    code="addresses",
    name=_("Register of addresses"),
    member="ARC",
    tables=(Table("dwelling", generator.DWELLING), Table("residence", generator.RESIDENCE)),
    services=(Service("address", store.ADDRESS, one), Service("household", store.HOUSEHOLD)),
    writings=(Writing("residence", Residence, store.move),),
    fill=generator.fill,
    schema=Path(__file__).with_name("schema.sql"),
    cases=(
        Case("no_address", _("No address is recorded"), store.NO_ADDRESS),
        Case("stale", _("An address that was last confirmed more than eight years ago"), store.STALE),
        Case("two_records", _("Two records of the same person"), store.TWO_RECORDS),
        Case(
            "contradiction",
            _("Civil status says another municipality than the register of addresses"),
            store.CONTRADICTION,
        ),
    ),
)
