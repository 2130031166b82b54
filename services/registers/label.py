"""How every field of every fact is called, and how its value is written, in each language."""

from __future__ import annotations

from collections.abc import Mapping

from i18n.text import Language, Wording
from services.registers import label_credential, label_livelihood
from services.registers.field import Field, Item
from services.registers.field import country as _country
from services.registers.field import day as _day
from services.registers.field import municipality as _municipality


def _sex(value: str, _item: Item, language: Language) -> str:
    return _SEX[value].say(language)


def _marital_status(value: str, item: Item, language: Language) -> str:
    return _MARITAL_STATUS[value, item["sex"]].say(language)


def _fuel(value: str, _item: Item, language: Language) -> str:
    return _FUEL[value].say(language)


def _engine(value: int, _item: Item, _language: Language) -> str:
    return f"{value} cm³"


def _parent(value: Item, _item: Item, language: Language) -> str:
    name = f"{value['given_name']} {value['family_name']}"
    born = value.get("birth_family_name", value["family_name"])
    return name if born == value["family_name"] else f"{name} ({_BORN_AS.say(language)} {born})"


_BORN_AS = Wording("e lindur", "rođena", "born")
_SEX = {"female": Wording("femër", "ženski", "female"), "male": Wording("mashkull", "muški", "male")}
_MARITAL_STATUS = {
    ("single", "female"): Wording("beqare", "neudata", "single"),
    ("single", "male"): Wording("beqar", "neoženjen", "single"),
    ("married", "female"): Wording("e martuar", "udata", "married"),
    ("married", "male"): Wording("i martuar", "oženjen", "married"),
    ("divorced", "female"): Wording("e divorcuar", "razvedena", "divorced"),
    ("divorced", "male"): Wording("i divorcuar", "razveden", "divorced"),
    ("widowed", "female"): Wording("e ve", "udovica", "widowed"),
    ("widowed", "male"): Wording("i ve", "udovac", "widowed"),
}
_FUEL = {
    "petrol": Wording("benzinë", "benzin", "petrol"),
    "diesel": Wording("naftë", "dizel", "diesel"),
    "lpg": Wording("gaz", "gas", "gas"),
    "hybrid": Wording("hibrid", "hibrid", "hybrid"),
    "electric": Wording("elektrik", "električni", "electric"),
}

_PERSONAL_NUMBER = Wording("Numri personal", "Lični broj", "Personal number")
_GIVEN_NAME = Wording("Emri", "Ime", "First name")
_FAMILY_NAME = Wording("Mbiemri", "Prezime", "Last name")
_BIRTHDATE = Wording("Data e lindjes", "Datum rođenja", "Date of birth")
_SEX_LABEL = Wording("Gjinia", "Pol", "Sex")
_MUNICIPALITY = Wording("Komuna", "Opština", "Municipality")

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "person": (
        Field("personal_number", _PERSONAL_NUMBER),
        Field("given_name", _GIVEN_NAME),
        Field("family_name", _FAMILY_NAME),
        Field("given_name_cyrl", Wording("Emri në cirilicë", "Ime na ćirilici", "First name in Cyrillic")),
        Field("family_name_cyrl", Wording("Mbiemri në cirilicë", "Prezime na ćirilici", "Last name in Cyrillic")),
        Field("birth_family_name", Wording("Mbiemri i lindjes", "Prezime po rođenju", "Last name at birth")),
        Field("birthdate", _BIRTHDATE, _day),
        Field("birth_place", Wording("Vendi i lindjes", "Mesto rođenja", "Place of birth")),
        Field(
            "birth_municipality",
            Wording("Komuna e lindjes", "Opština rođenja", "Municipality of birth"),
            _municipality,
        ),
        Field("birth_country", Wording("Shteti i lindjes", "Država rođenja", "Country of birth"), _country),
        Field("sex", _SEX_LABEL, _sex),
        Field("citizenship", Wording("Shtetësia", "Državljanstvo", "Citizenship"), _country),
        Field("marital_status", Wording("Statusi martesor", "Bračni status", "Marital status"), _marital_status),
        Field("father", Wording("Babai", "Otac", "Father"), _parent),
        Field("mother", Wording("Nëna", "Majka", "Mother"), _parent),
        Field("died_on", Wording("Data e vdekjes", "Datum smrti", "Date of death"), _day),
        Field(
            "entry.municipality",
            Wording("Komuna e regjistrimit", "Opština upisa", "Municipality of the entry"),
            _municipality,
        ),
        Field("entry.book", Wording("Libri amzë", "Matična knjiga", "Registry book")),
        Field("entry.page", Wording("Faqja", "Strana", "Page")),
        Field("entry.number", Wording("Numri rendor", "Redni broj", "Entry number")),
        Field("entry.year", Wording("Viti i regjistrimit", "Godina upisa", "Year of the entry")),
    ),
    "children": (
        Field("personal_number", _PERSONAL_NUMBER),
        Field("given_name", _GIVEN_NAME),
        Field("family_name", _FAMILY_NAME),
        Field("birthdate", _BIRTHDATE, _day),
        Field("sex", _SEX_LABEL, _sex),
    ),
    "parents": (
        Field("personal_number", _PERSONAL_NUMBER),
        Field("given_name", _GIVEN_NAME),
        Field("family_name", _FAMILY_NAME),
        Field("birthdate", _BIRTHDATE, _day),
        Field("sex", _SEX_LABEL, _sex),
    ),
    "address": (
        Field("municipality", _MUNICIPALITY, _municipality),
        Field("settlement", Wording("Vendbanimi", "Naselje", "Settlement")),
        Field("street", Wording("Rruga", "Ulica", "Street")),
        Field("number", Wording("Numri", "Broj", "Number")),
        Field("postal_code", Wording("Kodi postar", "Poštanski broj", "Postal code")),
        Field("since", Wording("Që nga", "Od", "Since"), _day),
        Field("confirmed_on", Wording("Konfirmuar së fundi më", "Poslednji put potvrđeno", "Last confirmed on"), _day),
    ),
    "vehicles": (
        Field("plate", Wording("Targa", "Registarske tablice", "Licence plates")),
        Field("make", Wording("Marka", "Marka", "Make")),
        Field("model", Wording("Modeli", "Model", "Model")),
        Field("year", Wording("Viti i prodhimit", "Godina proizvodnje", "Year of manufacture")),
        Field("vin", Wording("Numri i shasisë", "Broj šasije", "Chassis number")),
        Field("fuel", Wording("Lënda djegëse", "Gorivo", "Fuel"), _fuel),
        Field("engine_cc", Wording("Vëllimi i motorit", "Zapremina motora", "Engine size"), _engine),
        Field("first_registered", Wording("Regjistrimi i parë", "Prva registracija", "First registration"), _day),
        Field(
            "registration_valid_until",
            Wording("Regjistrimi vlen deri më", "Registracija važi do", "Registration valid until"),
            _day,
        ),
        Field(
            "inspection_valid_until",
            Wording("Kontrolli teknik vlen deri më", "Tehnički pregled važi do", "Technical inspection valid until"),
            _day,
        ),
        Field(
            "insurance_valid_until",
            Wording("Sigurimi vlen deri më", "Osiguranje važi do", "Insurance valid until"),
            _day,
        ),
    ),
    **label_credential.FIELDS,
    **label_livelihood.FIELDS,
}

_NO_REPRESENTATIVE = Wording(
    "Nuk jeni të shënuar si përfaqësues",
    "Niste upisani kao zastupnik",
    "You are not recorded as one who may act for it",
)
NOTHING: Mapping[str, Wording] = {
    "person": Wording("Nuk ka të dhëna", "Nema podataka", "Nothing is recorded"),
    "children": Wording("Asnjë i regjistruar", "Nijedno nije upisano", "None recorded"),
    "parents": Wording("Asnjë i regjistruar", "Nijedan nije upisan", "None recorded"),
    "address": Wording("Nuk ka adresë të regjistruar", "Nema upisane adrese", "No address is recorded"),
    "vehicles": Wording("Asnjë i regjistruar", "Nijedno nije upisano", "None recorded"),
    "registration": _NO_REPRESENTATIVE,
    "business_tax": _NO_REPRESENTATIVE,
}
_NOTHING = Wording("Asgjë e regjistruar", "Ništa nije upisano", "Nothing is recorded")
_ENOUGH = 4  # fields of an item, where a row must do
_SPOUSE = Wording("Bashkëshorti / bashkëshortja", "Supružnik", "Spouse")
_KIN = {
    "children": Wording("Fëmija", "Dete", "Child"),
    "parents": Wording("Prindi", "Roditelj", "Parent"),
}


def nothing(name: str, language: Language) -> str:
    """Return the words for a fact of which nothing is recorded."""
    return NOTHING.get(name, _NOTHING).say(language)


def summary(name: str, item: Item, language: Language) -> tuple[str, str]:
    """Return one item of a list as a row: what it is, and enough to know which."""
    if name in _KIN:
        born = _day(item["birthdate"], item, language)
        return _KIN[name].say(language), f"{item['given_name']} {item['family_name']}, {born}"
    if name == "vehicles":
        engine = _engine(item["engine_cc"], item, language)
        return item["plate"], f"{item['make']} {item['model']}, {item['year']}, {engine}"
    words = said(name, item, language)
    if name == "marriages":  # of the one whose name stands in two fields
        return _SPOUSE.say(language), _written([words[0][1] + " " + words[1][1]], words[2 : _ENOUGH + 1])
    return words[0][1], _written([], words[1:_ENOUGH])


def said(name: str, item: Item, language: Language) -> list[tuple[str, str]]:
    """Return every recorded field of one person, child, address or vehicle as (label, value)."""
    return [
        (field.label.say(language), field.say(value, item, language))
        for field in FIELDS[name]
        if (value := field.of(item)) is not None
    ]


def _written(first: list[str], rest: list[tuple[str, str]]) -> str:
    return "; ".join([*first, *(f"{label}: {value}" for label, value in rest)])
