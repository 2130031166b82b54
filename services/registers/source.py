"""Where each fact comes from: which register keeps it, who keeps that register, and the shape of what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import msgspec

from i18n.text import Wording
from services.registers import holding, record


@dataclass(frozen=True, slots=True)
class Register:
    """A register: its code, its name in words, the institution that keeps it (id and name), its X-Road subsystem."""

    code: str
    name: Wording
    institution: str
    keeper: Wording
    subsystem: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from: the register, its service, the shape of what it answers; `many` when it is a list.

    A fact about a `company` is asked by a person who acts for it, and is answered with the company's number.
    """

    register: Register
    service: str
    label: Wording
    decoder: msgspec.json.Decoder[record.Envelope[Any]]
    many: bool = False
    of: Literal["person", "company"] = "person"

    @property
    def identifier(self) -> str:
        """Return the service's identifier in X-Road."""
        return f"{self.register.subsystem}/{self.service}"

    @property
    def path(self) -> str:
        """Return the service's address under the gateway, by the X-Road message protocol for REST."""
        return f"/r1/{self.identifier}"


_ARC = Wording("Agjencia e Regjistrimit Civil", "Agencija za civilnu registraciju", "Civil Registration Agency")
_ARBK = Wording(
    "Agjencia e Regjistrimit të Bizneseve", "Agencija za registraciju biznisa", "Business Registration Agency"
)
_ATK = Wording("Administrata Tatimore e Kosovës", "Poreska administracija Kosova", "Tax Administration of Kosovo")
_AKK = Wording("Agjencia Kadastrale e Kosovës", "Katastarska agencija Kosova", "Kosovo Cadastral Agency")
_MFPT = Wording(
    "Ministria e Financave, Punës dhe Transfereve",
    "Ministarstvo finansija, rada i transfera",
    "Ministry of Finance, Labour and Transfers",
)
_MASHTI = Wording(
    "Ministria e Arsimit, Shkencës, Teknologjisë dhe Inovacionit",
    "Ministarstvo obrazovanja, nauke, tehnologije i inovacija",
    "Ministry of Education, Science, Technology and Innovation",
)
_MSH = Wording("Ministria e Shëndetësisë", "Ministarstvo zdravlja", "Ministry of Health")
_KGJK = Wording("Këshilli Gjyqësor i Kosovës", "Sudski savet Kosova", "Kosovo Judicial Council")

CIVIL_STATUS = Register(
    "civil-status",
    Wording(
        "Regjistri Qendror i Gjendjes Civile", "Centralni registar civilnog stanja", "Central Civil Status Register"
    ),
    "arc",
    _ARC,
    "XK/GOV/ARC/civil-status",
)
ADDRESSES = Register(
    "addresses",
    Wording("Regjistri i adresave", "Registar adresa", "Register of addresses"),
    "arc",
    _ARC,
    "XK/GOV/ARC/addresses",
)
DOCUMENTS = Register(
    "identity-documents",
    Wording("Regjistri i dokumenteve të identitetit", "Registar ličnih dokumenata", "Register of identity documents"),
    "arc",
    _ARC,
    "XK/GOV/ARC/identity-documents",
)
VEHICLES = Register(
    "vehicles",
    Wording("Regjistri i automjeteve", "Registar vozila", "Register of vehicles"),
    "arc",
    _ARC,
    "XK/GOV/ARC/vehicles",
)
BUSINESSES = Register(
    "businesses",
    Wording("Regjistri i bizneseve", "Registar biznisa", "Register of businesses"),
    "arbk",
    _ARBK,
    "XK/GOV/ARBK/businesses",
)
TAX = Register("tax", Wording("Regjistri tatimor", "Poreski registar", "Tax register"), "atk", _ATK, "XK/GOV/ATK/tax")
CADASTRE = Register(
    "cadastre",
    Wording(
        "Regjistri i të Drejtave të Pronës së Paluajtshme",
        "Registar prava na nepokretnu imovinu",
        "Immovable Property Rights Register",
    ),
    "akk",
    _AKK,
    "XK/GOV/AKK/cadastre",
)
EMPLOYMENT = Register(
    "employment",
    Wording(
        "Regjistri i punësimit dhe i pensioneve", "Registar zaposlenja i penzija", "Register of employment and pensions"
    ),
    "mfpt",
    _MFPT,
    "XK/GOV/MFPT/employment",
)
EDUCATION = Register(
    "education",
    Wording("Regjistri i arsimit", "Registar obrazovanja", "Register of education"),
    "mashti",
    _MASHTI,
    "XK/GOV/MASHTI/education",
)
HEALTH = Register(
    "health",
    Wording("Sistemi i informacionit shëndetësor", "Zdravstveni informacioni sistem", "Health information system"),
    "msh",
    _MSH,
    "XK/GOV/MSH/health",
)
CRIMINAL_RECORD = Register(
    "criminal-record",
    Wording("Evidenca Qendrore Penale", "Centralna kaznena evidencija", "Central Criminal Record"),
    "kgjk",
    _KGJK,
    "XK/GOV/KGJK/criminal-record",
)
REGISTERS: Mapping[str, Register] = {
    one.code: one
    for one in (
        CIVIL_STATUS,
        ADDRESSES,
        DOCUMENTS,
        VEHICLES,
        BUSINESSES,
        TAX,
        CADASTRE,
        EMPLOYMENT,
        EDUCATION,
        HEALTH,
        CRIMINAL_RECORD,
    )
}

_Shape = Any  # a type, as msgspec takes it


def _source(register: Register, service: str, label: Wording, shape: _Shape, *, many: bool = False) -> Source:
    envelope: Any = record.Envelope
    return Source(register, service, label, msgspec.json.Decoder(envelope[shape]), many)


def _of_company(register: Register, service: str, label: Wording, shape: _Shape) -> Source:
    return replace(_source(register, service, label, shape), of="company")


FACTS: Mapping[str, Source] = {
    "person": _source(
        CIVIL_STATUS,
        "person",
        Wording("Të dhënat e gjendjes civile", "Podaci o civilnom stanju", "Civil status"),
        record.Person,
    ),
    "children": _source(
        CIVIL_STATUS,
        "children",
        Wording("Fëmijët nën 18 vjeç", "Deca mlađa od 18 godina", "Children under 18"),
        record.Children,
        many=True,
    ),
    "parents": _source(
        CIVIL_STATUS, "parents", Wording("Prindërit", "Roditelji", "Parents"), record.Parents, many=True
    ),
    "marriages": _source(
        CIVIL_STATUS, "marriages", Wording("Martesat", "Brakovi", "Marriages"), holding.Marriages, many=True
    ),
    "names": _source(
        CIVIL_STATUS, "names", Wording("Emrat e mëparshëm", "Ranija imena", "Earlier names"), holding.Names, many=True
    ),
    "address": _source(
        ADDRESSES,
        "address",
        Wording("Adresa e vendbanimit", "Adresa prebivališta", "Address of residence"),
        record.Address | None,
    ),
    "documents": _source(
        DOCUMENTS,
        "documents",
        Wording("Dokumentet e identitetit", "Lična dokumenta", "Identity documents"),
        holding.Documents,
        many=True,
    ),
    "vehicles": _source(VEHICLES, "vehicles", Wording("Automjetet", "Vozila", "Vehicles"), record.Vehicles, many=True),
    "licence": _source(
        VEHICLES, "licence", Wording("Patentë shoferi", "Vozačka dozvola", "Driving licence"), holding.Licence | None
    ),
    "businesses": _source(
        BUSINESSES, "businesses", Wording("Bizneset", "Biznisi", "Businesses"), holding.Businesses, many=True
    ),
    "registration": _of_company(
        BUSINESSES,
        "business",
        Wording("Regjistrimi i biznesit", "Registracija biznisa", "Registration of the business"),
        holding.Registration | None,
    ),
    "tax_status": _source(
        TAX, "status", Wording("Gjendja tatimore", "Poresko stanje", "Tax status"), holding.TaxStatus | None
    ),
    "business_tax": _of_company(
        TAX,
        "business-status",
        Wording("Gjendja tatimore e biznesit", "Poresko stanje biznisa", "Tax status of the business"),
        holding.BusinessTax | None,
    ),
    "income": _source(TAX, "income", Wording("Të ardhurat", "Prihodi", "Income"), holding.Incomes, many=True),
    "tax_debts": _source(
        TAX, "debts", Wording("Borxhet tatimore", "Poreski dugovi", "Tax debts"), holding.TaxDebts, many=True
    ),
    "property_tax": _source(
        TAX,
        "property-tax",
        Wording("Tatimi në pronë", "Porez na imovinu", "Property tax"),
        holding.PropertyTaxes,
        many=True,
    ),
    "properties": _source(
        CADASTRE,
        "properties",
        Wording("Pronat e paluajtshme", "Nepokretna imovina", "Land and buildings"),
        holding.Properties,
        many=True,
    ),
    "employment": _source(
        EMPLOYMENT, "employment", Wording("Punësimi", "Zaposlenje", "Employment"), holding.Employments, many=True
    ),
    "jobseeker": _source(
        EMPLOYMENT, "jobseeker", Wording("Kërkimi i punës", "Traženje posla", "Seeking work"), holding.Jobseeker | None
    ),
    "pensions": _source(
        EMPLOYMENT, "pensions", Wording("Pensionet", "Penzije", "Pensions"), holding.Pensions, many=True
    ),
    "enrolment": _source(
        EDUCATION,
        "enrolment",
        Wording("Regjistrimi në shkollë", "Upis u školu", "School enrolment"),
        holding.Enrolment | None,
    ),
    "diplomas": _source(EDUCATION, "diplomas", Wording("Diplomat", "Diplome", "Diplomas"), holding.Diplomas, many=True),
    "insurance": _source(
        HEALTH,
        "insurance",
        Wording("Sigurimi shëndetësor", "Zdravstveno osiguranje", "Health insurance"),
        holding.Insurance | None,
    ),
    "births": _source(
        HEALTH,
        "births",
        Wording("Lindjet e njoftuara nga spitali", "Rođenja koja je prijavila bolnica", "Births told by the hospital"),
        holding.Births,
        many=True,
    ),
    "convictions": _source(
        CRIMINAL_RECORD,
        "record",
        Wording("Evidenca penale", "Kaznena evidencija", "Criminal record"),
        holding.CriminalRecord,
    ),
}
