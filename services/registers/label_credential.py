"""What the fields are called that say who one is and what one may: documents, licence, school, health, courts."""

from __future__ import annotations

from collections.abc import Mapping

from i18n.text import Wording
from services.registers.field import Field, Word, day, municipality, unit, yes_no

_NUMBER = Wording("Numri", "Broj", "Number")
_ISSUED_ON = Wording("Lëshuar më", "Izdato dana", "Issued on")
_VALID_UNTIL = Wording("Vlen deri më", "Važi do", "Valid until")
_ISSUED_IN = Wording("Lëshuar në", "Izdato u", "Issued in")
_STATUS = Wording("Gjendja", "Stanje", "Status")
_SINCE = Wording("Që nga", "Od", "Since")
_LEVEL = Wording("Niveli", "Nivo", "Level")
_GIVEN_NAME = Wording("Emri", "Ime", "First name")
_FAMILY_NAME = Wording("Mbiemri", "Prezime", "Last name")
_MUNICIPALITY = Wording("Komuna", "Opština", "Municipality")

_STATUSES = {
    "valid": Wording("i vlefshëm", "važeći", "valid"),
    "expired": Wording("i skaduar", "istekao", "expired"),
    "lost": Wording("i humbur", "izgubljen", "lost"),
    "being_made": Wording("në përgatitje", "u izradi", "being made"),
    "insured": Wording("i siguruar", "osiguran", "insured"),
    "lapsed": Wording("i pasiguruar", "neosiguran", "no longer insured"),
}
_KINDS = {
    "identity_card": Wording("letërnjoftim", "lična karta", "identity card"),
    "passport": Wording("pasaportë", "pasoš", "passport"),
}
_LEVELS = {
    "preschool": Wording("parashkollor", "predškolsko", "preschool"),
    "primary": Wording("fillor", "osnovno, niži razredi", "primary"),
    "lower_secondary": Wording("i mesëm i ulët", "osnovno, viši razredi", "lower secondary"),
    "upper_secondary": Wording("i mesëm i lartë", "srednje", "upper secondary"),
    "university": Wording("universitar", "univerzitetsko", "university"),
    "bachelor": Wording("bachelor", "osnovne studije", "bachelor"),
}
_FIELDS_OF_STUDY = {
    "general": Wording("e përgjithshme", "opšta", "general"),
    "economics": Wording("ekonomi", "ekonomija", "economics"),
    "law": Wording("drejtësi", "pravo", "law"),
    "medicine": Wording("mjekësi", "medicina", "medicine"),
    "computing": Wording("informatikë", "informatika", "computing"),
    "education": Wording("edukim", "obrazovanje", "education"),
    "engineering": Wording("inxhinieri", "tehnika", "engineering"),
    "agriculture": Wording("bujqësi", "poljoprivreda", "agriculture"),
}
_ENDED_BY = {"divorce": Wording("shkurorëzimi", "razvod", "divorce"), "death": Wording("vdekja", "smrt", "death")}
_REASONS = {
    "request": Wording("me kërkesë", "na zahtev", "by request"),
    "marriage": Wording("me martesë", "sklapanjem braka", "by marriage"),
}
_CATEGORIES = {
    "child": Wording("fëmijë", "dete", "child"),
    "employee": Wording("i punësuar", "zaposleno lice", "employee"),
    "pensioner": Wording("pensionist", "penzioner", "pensioner"),
    "other": Wording("tjetër", "ostalo", "other"),
}

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "marriages": (
        Field("given_name", _GIVEN_NAME),
        Field("family_name", _FAMILY_NAME),
        Field("married_on", Wording("Data e martesës", "Datum sklapanja braka", "Date of marriage"), day),
        Field("ended_on", Wording("Përfunduar më", "Brak prestao", "Ended on"), day),
        Field("ended_by", Wording("Përfunduar me", "Razlog prestanka", "Ended by"), Word(_ENDED_BY)),
        Field(
            "entry_municipality",
            Wording("Komuna e regjistrimit", "Opština upisa", "Municipality of the entry"),
            municipality,
        ),
    ),
    "names": (
        Field("changed_on", Wording("Ndryshuar më", "Promenjeno dana", "Changed on"), day),
        Field("old_given_name", Wording("Emri i mëparshëm", "Ranije ime", "Earlier first name")),
        Field("old_family_name", Wording("Mbiemri i mëparshëm", "Ranije prezime", "Earlier last name")),
        Field("reason", Wording("Arsyeja", "Razlog", "Reason"), Word(_REASONS)),
    ),
    "documents": (
        Field("kind", Wording("Dokumenti", "Dokument", "Document"), Word(_KINDS)),
        Field("number", _NUMBER),
        Field("issued_on", _ISSUED_ON, day),
        Field("valid_until", _VALID_UNTIL, day),
        Field("issued_in", _ISSUED_IN, municipality),
        Field("status", _STATUS, Word(_STATUSES)),
    ),
    "licence": (
        Field("number", _NUMBER),
        Field(
            "categories",
            Wording("Kategoritë", "Kategorije", "Categories"),
            lambda value, _item, _language: ", ".join(value),
        ),
        Field("issued_on", _ISSUED_ON, day),
        Field("valid_until", _VALID_UNTIL, day),
        Field("issued_in", _ISSUED_IN, municipality),
        Field("penalty_points", Wording("Pikët negative", "Kazneni poeni", "Penalty points")),
        Field("status", _STATUS, Word(_STATUSES)),
    ),
    "enrolment": (
        Field("school", Wording("Shkolla", "Škola", "School")),
        Field("municipality", _MUNICIPALITY, municipality),
        Field("level", _LEVEL, Word(_LEVELS)),
        Field("grade", Wording("Klasa", "Razred", "Grade")),
        Field("school_year", Wording("Viti shkollor", "Školska godina", "School year")),
    ),
    "diplomas": (
        Field("field", Wording("Fusha", "Oblast", "Field"), Word(_FIELDS_OF_STUDY)),
        Field("level", _LEVEL, Word(_LEVELS)),
        Field("institution", Wording("Institucioni", "Ustanova", "Institution")),
        Field("awarded_on", Wording("Dhënë më", "Stečeno dana", "Awarded on"), day),
        Field("number", _NUMBER),
    ),
    "convictions": (
        Field("convicted", Wording("I dënuar", "Osuđivano lice", "Convicted"), yes_no),
        Field("as_of", Wording("Gjendja më", "Stanje na dan", "As of"), day),
        Field(
            "convictions",
            Wording("Dënimet", "Osude", "Convictions"),
            lambda value, _item, _language: (
                "; ".join(f"{one['case_number']} ({one['convicted_as']})" for one in value) or "–"
            ),
        ),
    ),
    "insurance": (
        Field("number", _NUMBER),
        Field("category", Wording("Kategoria", "Kategorija", "Category"), Word(_CATEGORIES)),
        Field("since", _SINCE, day),
        Field("valid_until", _VALID_UNTIL, day),
        Field("status", _STATUS, Word(_STATUSES)),
    ),
    "births": (
        Field("born_on", Wording("Data e lindjes", "Datum rođenja", "Date of birth"), day),
        Field("hospital", Wording("Spitali", "Bolnica", "Hospital")),
        Field("municipality", _MUNICIPALITY, municipality),
        Field("weight_g", Wording("Pesha", "Težina", "Weight"), unit("g")),
        Field("number", _NUMBER),
    ),
}
