"""What the fields are called that say what one lives by and owns: businesses, tax, land, work, pensions."""

from __future__ import annotations

from collections.abc import Mapping

from i18n.text import Language, Wording
from services.registers.field import Field, Item, Word, cents, day, municipality, unit, yes_no

_NUMBER = Wording("Numri", "Broj", "Number")
_SINCE = Wording("Që nga", "Od", "Since")
_UNTIL = Wording("Deri më", "Do", "Until")
_YEAR = Wording("Viti", "Godina", "Year")
_AMOUNT = Wording("Shuma", "Iznos", "Amount")
_MUNICIPALITY = Wording("Komuna", "Opština", "Municipality")
_SETTLEMENT = Wording("Vendbanimi", "Naselje", "Settlement")
_SHARE = Wording("Pjesa në pronësi", "Udeo u vlasništvu", "Share owned")

_FORMS = {
    "individual": Wording("biznes individual", "individualni biznis", "sole trader"),
    "limited": Wording("shoqëri me përgjegjësi të kufizuar", "društvo sa ograničenom odgovornošću", "limited company"),
    "joint_stock": Wording("shoqëri aksionare", "akcionarsko društvo", "joint-stock company"),
    "public": Wording("ndërmarrje publike", "javno preduzeće", "public enterprise"),
}
_ROLES = {
    "owner": Wording("pronar", "vlasnik", "owner"),
    "director": Wording("drejtor", "direktor", "director"),
    "representative": Wording("përfaqësues", "zastupnik", "representative"),
}
_USES = {
    "house": Wording("shtëpi", "kuća", "house"),
    "flat": Wording("banesë", "stan", "flat"),
    "field": Wording("arë", "njiva", "field"),
    "business": Wording("afarizëm", "poslovni prostor", "business"),
}
_ACQUIRED = {
    "purchase": Wording("blerje", "kupovina", "purchase"),
    "inheritance": Wording("trashëgimi", "nasleđe", "inheritance"),
    "privatisation": Wording("privatizim", "privatizacija", "privatisation"),
}
_POSITIONS = {
    "worker": Wording("punëtor", "radnik", "worker"),
    "specialist": Wording("specialist", "stručnjak", "specialist"),
    "manager": Wording("menaxher", "rukovodilac", "manager"),
    "official": Wording("zyrtar", "službenik", "official"),
}
_PENSIONS = {
    "basic_age": Wording("pension bazik i moshës", "osnovna starosna penzija", "basic age pension"),
    "contributory_age": Wording(
        "pension kontributpagues i moshës", "starosna penzija po doprinosima", "contributory age pension"
    ),
    "disability": Wording("pension i aftësisë së kufizuar", "invalidska penzija", "disability pension"),
    "family": Wording("pension familjar", "porodična penzija", "family pension"),
}
_TAXES = {
    "income": Wording("tatimi në të ardhura", "porez na dohodak", "income tax"),
    "value_added": Wording("tatimi mbi vlerën e shtuar", "porez na dodatu vrednost", "value added tax"),
    "property": Wording("tatimi në pronë", "porez na imovinu", "property tax"),
}
_SOURCES = {
    "employment": Wording("punësim", "zaposlenje", "employment"),
    "business": Wording("biznes", "delatnost", "business"),
}


def _acts(value: bool, item: Item, language: Language) -> str:  # noqa: FBT001 - the value is one
    return _ACTS[value, bool(item.get("alone"))].say(language)


def _owners(value: list[Item], _item: Item, _language: Language) -> str:
    return ", ".join(f"{_name(one)} {one['share_percent']} %" for one in value)


def _representatives(value: list[Item], _item: Item, language: Language) -> str:
    how = {True: _ALONE, False: _TOGETHER}
    return ", ".join(f"{_name(one)} ({how[one['alone']].say(language)})" for one in value)


def _name(one: Item) -> str:
    return f"{one['given_name']} {one['family_name']}"


_ALONE = Wording("në mënyrë të pavarur", "samostalno", "alone")
_TOGETHER = Wording("vetëm bashkë me të tjerë", "samo zajedno sa drugima", "only together with others")
_ACTS = {
    (True, True): Wording("po, në mënyrë të pavarur", "da, samostalno", "yes, alone"),
    (True, False): Wording("po, bashkë me të tjerë", "da, zajedno sa drugima", "yes, together with others"),
    (False, False): Wording("jo", "ne", "no"),
}
_NUI = Wording("Numri unik identifikues", "Jedinstveni identifikacioni broj", "Unique identification number")
_BUSINESS = (
    Field("name", Wording("Biznesi", "Biznis", "Business")),
    Field("number", _NUI),
    Field("form", Wording("Forma", "Oblik", "Form"), Word(_FORMS)),
    Field(
        "activity.name", Wording("Veprimtaria", "Delatnost", "Activity"), lambda value, _item, language: value[language]
    ),
)
_REGISTERED = Field("registered_on", Wording("Regjistruar më", "Registrovan dana", "Registered on"), day)
_VAT = Field("vat", Wording("Deklarues i TVSH-së", "Obveznik PDV-a", "Declares VAT"), yes_no)
_TAX_STATUS = (
    Field("owed_cents", Wording("Borxhi gjithsej", "Ukupan dug", "Owed in all"), cents),
    Field(
        "attestation",
        Wording("Mund të jepet vërtetimi tatimor", "Poreska potvrda se može izdati", "A tax attestation can be given"),
        yes_no,
    ),
    Field("instalments", Wording("Paguan me këste", "Plaća na rate", "Pays in instalments"), yes_no),
    Field("as_of", Wording("Gjendja më", "Stanje na dan", "As of"), day),
)

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "businesses": (
        *_BUSINESS,
        Field("role", Wording("Roli juaj", "Vaša uloga", "Your role"), Word(_ROLES)),
        Field("represents", Wording("Mund ta përfaqësoni", "Možete da ga zastupate", "You may act for it"), _acts),
        Field("share_percent", _SHARE, unit("%")),
        Field("municipality", _MUNICIPALITY, municipality),
        Field("settlement", _SETTLEMENT),
        _REGISTERED,
        Field("closed_on", Wording("Mbyllur më", "Zatvoren dana", "Closed on"), day),
        _VAT,
    ),
    "registration": (
        *_BUSINESS,
        Field("municipality", _MUNICIPALITY, municipality),
        Field("settlement", _SETTLEMENT),
        Field("street", Wording("Rruga", "Ulica", "Street")),
        Field("house_number", Wording("Numri i shtëpisë", "Kućni broj", "House number")),
        Field("postal_code", Wording("Kodi postar", "Poštanski broj", "Postal code")),
        _REGISTERED,
        _VAT,
        Field("owners", Wording("Pronarët", "Vlasnici", "Owners"), _owners),
        Field("representatives", Wording("Përfaqësuesit", "Zastupnici", "Who may act for it"), _representatives),
    ),
    "tax_status": _TAX_STATUS,
    "business_tax": (Field("number", _NUI), *_TAX_STATUS),
    "income": (
        Field("year", _YEAR),
        Field("payer", Wording("Paguesi", "Isplatilac", "Payer")),
        Field("source", Wording("Burimi", "Izvor", "Source"), Word(_SOURCES)),
        Field("gross_cents", Wording("Bruto", "Bruto", "Gross"), cents),
        Field("tax_cents", Wording("Tatimi", "Porez", "Tax"), cents),
        Field(
            "contribution_cents", Wording("Kontributi pensional", "Penzijski doprinos", "Pension contribution"), cents
        ),
    ),
    "tax_debts": (
        Field("kind", Wording("Tatimi", "Porez", "Tax"), Word(_TAXES)),
        Field("amount_cents", _AMOUNT, cents),
        Field("since", _SINCE, day),
        Field("instalments", Wording("Me këste", "Na rate", "In instalments"), yes_no),
    ),
    "property_tax": (
        Field("number", Wording("Numri i faturës", "Broj računa", "Number of the bill")),
        Field("parcel", Wording("Parcela", "Parcela", "Parcel")),
        Field("year", _YEAR),
        Field("amount_cents", _AMOUNT, cents),
        Field("paid_cents", Wording("Paguar", "Plaćeno", "Paid"), cents),
        Field("second_due_on", Wording("Afati i fundit", "Poslednji rok", "Last day to pay"), day),
        Field("overdue", Wording("Vonesë", "Kašnjenje", "Overdue"), yes_no),
    ),
    "properties": (
        Field("number", Wording("Parcela", "Parcela", "Parcel")),
        Field("land_use", Wording("Shfrytëzimi", "Namena", "Use"), Word(_USES)),
        Field("municipality", _MUNICIPALITY, municipality),
        Field("settlement", _SETTLEMENT),
        Field("area_m2", Wording("Sipërfaqja", "Površina", "Area"), unit("m²")),
        Field("building_m2", Wording("Ndërtesa", "Objekat", "Building"), unit("m²")),
        Field("share_percent", _SHARE, unit("%")),
        Field("acquired_on", Wording("Fituar më", "Stečeno dana", "Acquired on"), day),
        Field("acquired_by", Wording("Fituar me", "Način sticanja", "Acquired by"), Word(_ACQUIRED)),
        Field("mortgaged", Wording("Me hipotekë", "Pod hipotekom", "Mortgaged"), yes_no),
        Field("value_cents", Wording("Vlera", "Vrednost", "Value"), cents),
    ),
    "employment": (
        Field("employer_name", Wording("Punëdhënësi", "Poslodavac", "Employer")),
        Field("position", Wording("Pozita", "Radno mesto", "Position"), Word(_POSITIONS)),
        Field("since", _SINCE, day),
        Field("until", _UNTIL, day),
        Field("gross_monthly_cents", Wording("Paga bruto në muaj", "Bruto mesečna plata", "Gross monthly pay"), cents),
    ),
    "jobseeker": (Field("registered_on", Wording("Punëkërkues që nga", "Traži posao od", "Seeking work since"), day),),
    "pensions": (
        Field("kind", Wording("Pensioni", "Penzija", "Pension"), Word(_PENSIONS)),
        Field("number", _NUMBER),
        Field("since", _SINCE, day),
        Field("monthly_cents", Wording("Në muaj", "Mesečno", "A month"), cents),
    ),
}
