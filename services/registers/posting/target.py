"""What registers let themselves be told: which register, what, in which shape, and how each part of it is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from i18n.text import Wording
from services.registers import field, source
from services.registers.field import Field
from services.registers.record import Municipality, Text
from services.registers.source import Register

_Plate = Annotated[str, Meta(pattern=r"^ *0[1-7] ?-? ?[0-9]{3} ?-? ?[A-Za-z]{2} *\Z")]


class Residence(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a person lives now, and since when; the street with its number."""

    municipality: Municipality
    settlement: Text
    street: Text
    since: date


class Registration(Struct, frozen=True, forbid_unknown_fields=True):
    """Until when a vehicle is registered."""

    plate: _Plate
    valid_until: date


class Ownership(Struct, frozen=True, forbid_unknown_fields=True):
    """That a vehicle is the person's now, and who sold it."""

    plate: _Plate
    seller: Text


class Deregistration(Struct, frozen=True, forbid_unknown_fields=True):
    """That a vehicle is registered no more."""

    plate: _Plate
    reason: Text


class Founding(Struct, frozen=True, forbid_unknown_fields=True):
    """A business in the person's own name; `activity` is a code of NACE Rev. 2."""

    name: Text
    activity: Annotated[str, Meta(pattern=r"^[0-9]{2}\.[0-9]{2}\Z")]
    municipality: Municipality
    settlement: Text
    street: Text


class Closing(Struct, frozen=True, forbid_unknown_fields=True):
    """That a business closes, and when."""

    number: Annotated[str, Meta(pattern=r"^8[0-9]{8}\Z")]
    closed_on: date


class Name(Struct, frozen=True, forbid_unknown_fields=True):
    """The name that a person bears from now on."""

    given_name: Text
    family_name: Text


class Order(Struct, frozen=True, forbid_unknown_fields=True):
    """An identity card that is to be made; without a reason it is the first one."""

    municipality: Municipality
    reason: Literal["expiry", "data", "damage", "loss"] | None = None


class Payment(Struct, frozen=True, forbid_unknown_fields=True):
    """What was paid of a bill, in cents, and under which reference."""

    bill: Text
    amount_cents: Annotated[int, Meta(gt=0, le=10**12)]
    reference: Text


class Search(Struct, frozen=True, forbid_unknown_fields=True):
    """Since when a person looks for work."""

    since: date


@dataclass(frozen=True, slots=True)
class Target:
    """What a register lets itself be told: by which service of it, in which shape, and how that is called."""

    register: Register
    service: str
    label: Wording
    shape: type[Struct]
    fields: tuple[Field, ...]

    @property
    def identifier(self) -> str:
        """Return the service's identifier in X-Road."""
        return f"{self.register.subsystem}/{self.service}"

    @property
    def path(self) -> str:
        """Return the service's address under the gateway."""
        return f"/r1/{self.identifier}"


_MUNICIPALITY = Field("municipality", Wording("Komuna", "Opština", "Municipality"), field.municipality)
_SETTLEMENT = Field("settlement", Wording("Vendbanimi", "Naselje", "Settlement"))
_STREET = Field("street", Wording("Rruga dhe numri", "Ulica i broj", "Street and number"))
_PLATE = Field("plate", Wording("Targa", "Registarske tablice", "Licence plates"))
_SINCE = Field("since", Wording("Që nga", "Od", "Since"), field.day)
_REASON = Field("reason", Wording("Arsyeja", "Razlog", "Reason"))

_ALL = (
    Target(
        source.ADDRESSES,
        "residence",
        Wording("Adresa e re e vendbanimit", "Nova adresa prebivališta", "New address of residence"),
        Residence,
        (_MUNICIPALITY, _SETTLEMENT, _STREET, _SINCE),
    ),
    Target(
        source.VEHICLES,
        "registration",
        Wording("Vazhdimi i regjistrimit të automjetit", "Produženje registracije vozila", "Renewed registration"),
        Registration,
        (_PLATE, Field("valid_until", Wording("Vlen deri më", "Važi do", "Valid until"), field.day)),
    ),
    Target(
        source.VEHICLES,
        "ownership",
        Wording("Pronari i ri i automjetit", "Novi vlasnik vozila", "New owner of the vehicle"),
        Ownership,
        (_PLATE, Field("seller", Wording("Shitësi", "Prodavac", "The seller"))),
    ),
    Target(
        source.VEHICLES,
        "deregistration",
        Wording("Ç'regjistrimi i automjetit", "Odjava vozila", "Deregistration of the vehicle"),
        Deregistration,
        (_PLATE, _REASON),
    ),
    Target(
        source.BUSINESSES,
        "founding",
        Wording("Biznesi i ri", "Novi biznis", "The new business"),
        Founding,
        (
            Field("name", Wording("Emri i biznesit", "Naziv biznisa", "Name of the business")),
            Field("activity", Wording("Veprimtaria", "Delatnost", "Activity")),
            _MUNICIPALITY,
            _SETTLEMENT,
            _STREET,
        ),
    ),
    Target(
        source.BUSINESSES,
        "closing",
        Wording("Mbyllja e biznesit", "Zatvaranje biznisa", "Closing of the business"),
        Closing,
        (
            Field("number", Wording("Numri i biznesit", "Broj biznisa", "Business number")),
            Field("closed_on", Wording("Mbyllet më", "Zatvara se dana", "Closed on"), field.day),
        ),
    ),
    Target(
        source.CIVIL_STATUS,
        "name",
        Wording("Emri i ri", "Novo ime", "The new name"),
        Name,
        (
            Field("given_name", Wording("Emri", "Ime", "First name")),
            Field("family_name", Wording("Mbiemri", "Prezime", "Last name")),
        ),
    ),
    Target(
        source.DOCUMENTS,
        "order",
        Wording("Letërnjoftimi që po bëhet", "Lična karta koja se izrađuje", "The identity card that is being made"),
        Order,
        (_MUNICIPALITY, _REASON),
    ),
    Target(
        source.TAX,
        "payment",
        Wording("Pagesa e tatimit në pronë", "Uplata poreza na imovinu", "Payment of property tax"),
        Payment,
        (
            Field("bill", Wording("Fatura", "Račun", "The bill")),
            Field("amount_cents", Wording("Shuma", "Iznos", "Amount"), field.cents),
            Field("reference", Wording("Numri i referencës", "Referentni broj", "Reference number")),
        ),
    ),
    Target(
        source.EMPLOYMENT,
        "search",
        Wording("Kërkimi i punës", "Traženje posla", "Seeking work"),
        Search,
        (_SINCE,),
    ),
)
TARGETS: Mapping[str, Target] = {f"{one.register.code}/{one.service}": one for one in _ALL}
