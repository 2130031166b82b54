"""Tax: income by year, what is owed, and property tax. Kept by the Tax Administration of Kosovo (ATK)."""

from __future__ import annotations

from pathlib import Path

from i18n.text import _
from services.registers.sandbox.definition import Case, Register, Service, Table, Writing, one
from services.registers.sandbox.register.tax import generator, store
from services.registers.sandbox.register.tax.taken import Payment

REGISTER = Register(
    code="tax",
    name=_("Tax register"),
    member="ATK",
    tables=(
        Table("income_year", generator.INCOME),
        Table("tax_debt", generator.DEBT),
        Table("business_tax_debt", generator.BUSINESS_DEBT),
        Table("property_tax_bill", generator.BILL),
    ),
    services=(
        Service("status", store.STATUS, one),
        Service("business-status", store.BUSINESS_STATUS, one),
        Service("income", store.INCOME),
        Service("debts", store.DEBTS),
        Service("property-tax", store.PROPERTY_TAX),
    ),
    writings=(Writing("payment", Payment, store.pay),),
    fill=generator.fill,
    schema=Path(__file__).with_name("schema.sql"),
    cases=(
        Case("tax_debt", _("Owes tax"), store.OWES),
        Case("instalments", _("Owes tax and pays it in agreed instalments"), store.INSTALMENTS),
        Case("business_tax_debt", _("Acts for a business that owes tax"), store.BUSINESS_OWES),
        Case("property_tax_unpaid", _("Has not paid the property tax"), store.UNPAID),
    ),
)
