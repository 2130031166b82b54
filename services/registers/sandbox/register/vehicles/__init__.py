"""Vehicles and driving licences. Kept by the Civil Registration Agency."""

from __future__ import annotations

from pathlib import Path

from i18n.text import _
from services.registers.sandbox.definition import Case, Event, Register, Service, Table, Writing, one
from services.registers.sandbox.register.vehicles import generator, store, taken

REGISTER = Register(
    code="vehicles",
    name=_("Register of vehicles"),
    member="ARC",
    tables=(
        Table("vehicle", generator.VEHICLE, holder="owner"),
        Table("driving_licence", generator.LICENCE, holder="personal_number"),
    ),
    services=(Service("vehicles", store.VEHICLES), Service("licence", store.LICENCE, one)),
    writings=(
        Writing("registration", taken.Registration, store.register),
        Writing("ownership", taken.Ownership, store.transfer),
        Writing("deregistration", taken.Deregistration, store.deregister),
    ),
    fill=generator.fill,
    schema=Path(__file__).with_name("schema.sql"),
    cases=(
        Case("lapsed_inspection", _("A vehicle whose inspection has lapsed"), store.LAPSED),
        Case("drives_without_licence", _("Owns a vehicle and holds no driving licence"), store.NO_LICENCE),
    ),
    events=(Event("inspection_due", store.INSPECTION_DUE),),
)
