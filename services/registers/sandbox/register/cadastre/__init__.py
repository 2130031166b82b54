"""Land, buildings and who owns them. Kept by the Kosovo Cadastral Agency (AKK)."""

from __future__ import annotations

from pathlib import Path

from i18n.text import _
from services.registers.sandbox.definition import Case, Register, Service, Table
from services.registers.sandbox.register.cadastre import generator, store

REGISTER = Register(
    code="cadastre",
    name=_("Immovable Property Rights Register"),
    member="AKK",
    tables=(Table("parcel", generator.PARCEL), Table("ownership", generator.OWNERSHIP)),
    services=(Service("properties", store.PROPERTIES),),
    fill=generator.fill,
    schema=Path(__file__).with_name("schema.sql"),
    cases=(
        Case("joint_ownership", _("Owns land together with another"), store.JOINT),
        Case("mortgage", _("Owns land with a mortgage on it"), store.MORTGAGED),
        Case("dead_owner", _("Lives on land that is still written to someone deceased"), store.DEAD_OWNER),
    ),
)
