"""Facts are shown in the reader's language, and kept as JSON without loss."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from i18n.text import LANGUAGES, Language, Wording
from services.registers import holding, label, municipality, record
from services.registers.errors import RegisterUnreachable, refusal
from services.registers.facts import FACTS, REGISTERS, Answer, Fact, Need, item_rows, rows

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
MESSAGE = UUID("019aaf11-0000-7000-8000-000000000001")
MILICA: dict[str, Any] = {
    "personal_number": "1204583176",
    "given_name": "Milica",
    "family_name": "Jovanović",
    "given_name_cyrl": "Милица",
    "family_name_cyrl": "Јовановић",
    "birth_family_name": "Petković",
    "birthdate": "1993-06-28",
    "birth_municipality": "gracanice",
    "birth_place": "Gračanica",
    "birth_country": "XK",
    "sex": "female",
    "citizenship": "XK",
    "father": {"given_name": "Dušan", "family_name": "Petković"},
    "mother": {"given_name": "Gordana", "family_name": "Petković", "birth_family_name": "Ristić"},
    "marital_status": "married",
    "entry": {"municipality": "gracanice", "book": "1", "page": 65, "number": 129, "year": 1993},
}
GOLF: dict[str, Any] = {
    "plate": "01-350-BP",
    "vin": "WVWZZZ1K1HA271828",
    "make": "Volkswagen",
    "model": "Golf",
    "year": 2017,
    "fuel": "diesel",
    "engine_cc": 1598,
    "first_registered": "2020-11-23",
    "registration_valid_until": "2026-12-17",
    "inspection_valid_until": "2027-09-29",
    "insurance_valid_until": "2026-12-17",
}


def fact(name: str, value: object) -> Fact:
    return Fact(name, "1204583176", value, FACTS[name].register.code, NOW, MESSAGE)


def test_a_fact_survives_json() -> None:
    kept = fact("person", MILICA)
    assert msgspec.json.decode(msgspec.json.encode(kept), type=Fact) == kept


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("sq", {"Data e lindjes": "28.06.1993", "Komuna e lindjes": "Graçanicë", "Statusi martesor": "e martuar"}),
        ("sr", {"Datum rođenja": "28.06.1993", "Opština rođenja": "Gračanica", "Bračni status": "udata"}),
        ("en", {"Date of birth": "28 June 1993", "Municipality of birth": "Gračanica", "Marital status": "married"}),
    ],
)
def test_a_persons_entry_is_shown_in_the_readers_language(language: Language, shown: dict[str, str]) -> None:
    assert shown.items() <= dict(rows(fact("person", MILICA), language)).items()


def test_a_mothers_name_at_birth_stands_beside_her_name() -> None:
    assert dict(rows(fact("person", MILICA), "sr"))["Majka"] == "Gordana Petković (rođena Ristić)"


def test_a_country_is_said_by_its_name() -> None:
    assert dict(rows(fact("person", MILICA), "sr"))["Državljanstvo"] == "Kosovo"
    assert dict(rows(fact("person", MILICA | {"birth_country": "DE"}), "sq"))["Shteti i lindjes"] == "Gjermani"


def test_what_is_not_recorded_is_not_shown() -> None:
    abroad = MILICA | {"birth_municipality": None}
    assert "Opština rođenja" not in dict(rows(fact("person", abroad), "sr"))
    assert "Datum smrti" not in dict(rows(fact("person", MILICA), "sr"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "value"), [("children", []), ("address", None), ("vehicles", [])])
def test_nothing_recorded_is_said_in_words(name: str, value: object, language: Language) -> None:
    ((title, said),) = rows(fact(name, value), language)
    assert (title, said) == (FACTS[name].label.say(language), label.NOTHING[name].say(language))


def test_a_vehicle_is_one_row_in_a_list_and_every_field_by_itself() -> None:
    assert rows(fact("vehicles", [GOLF]), "sq") == [("01-350-BP", "Volkswagen Golf, 2017, 1598 cm³")]
    every = dict(item_rows("vehicles", GOLF, "sr"))
    assert every["Tehnički pregled važi do"] == "29.09.2027"
    assert every["Gorivo"] == "dizel"
    assert len(every) == len(GOLF)


def test_a_child_is_named_with_the_day_of_birth() -> None:
    luka = {"given_name": "Luka", "family_name": "Jovanović", "birthdate": "2019-04-03", "sex": "male"}
    assert rows(fact("children", [luka]), "en") == [("Child", "Luka Jovanović, 3 April 2019")]


def test_in_a_list_each_value_bears_its_name_and_a_marriage_is_called_by_the_spouse() -> None:
    wed = {"given_name": "Nexhat", "family_name": "Kryeziu", "married_on": "1978-11-28", "ended_on": "2020-11-27"}
    said = "Nexhat Kryeziu; Data e martesës: 28.11.1978; Përfunduar më: 27.11.2020"
    assert rows(fact("marriages", [wed]), "sq") == [("Bashkëshorti / bashkëshortja", said)]
    pension = {"kind": "basic_age", "number": "R9", "since": "2020-07-30", "monthly_cents": 12000}
    ((which, said),) = rows(fact("pensions", [pension]), "sr")
    assert (which, said) == ("osnovna starosna penzija", "Broj: R9; Od: 30.07.2020; Mesečno: 120,00\N{NO-BREAK SPACE}€")


def test_a_business_says_who_owns_it_and_who_may_act_for_it_how() -> None:
    owner = {"given_name": "Arta", "family_name": "Krasniqi", "share_percent": 60}
    director = {"personal_number": "1176042318", "given_name": "Arta", "family_name": "Krasniqi", "role": "director"}
    acting = [director | {"alone": True}, director | {"given_name": "Driton", "alone": False}]
    said = dict(item_rows("registration", {"owners": [owner], "representatives": acting}, "en"))
    assert said["Owners"] == "Arta Krasniqi 60 %"
    assert said["Who may act for it"] == "Arta Krasniqi (alone), Driton Krasniqi (only together with others)"
    assert "1176042318" not in str(said)
    one = {"represents": True, "alone": False}
    assert dict(item_rows("businesses", one, "sr"))["Možete da ga zastupate"] == "da, zajedno sa drugima"


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("person", record.Person),
        ("children", record.Child),
        ("address", record.Address),
        ("vehicles", record.Vehicle),
        ("registration", holding.Registration),
        ("business_tax", holding.BusinessTax),
    ],
)
def test_every_field_of_every_fact_has_a_label(name: str, shape: type) -> None:
    recorded = {field.name for field in msgspec.structs.fields(shape)}
    assert {field.path.split(".")[0] for field in label.FIELDS[name]} == recorded


def test_every_word_is_said_in_three_languages() -> None:
    wordings = [field.label for fields in label.FIELDS.values() for field in fields]
    wordings += [register.name for register in REGISTERS.values()] + [source.label for source in FACTS.values()]
    for one in wordings:
        assert one.sq
        assert one.sr
        assert one.en


def test_there_are_38_municipalities_in_7_regions_each_with_its_plates() -> None:
    every = municipality.all_of_them()
    assert len(every) == 38
    assert len({one.region for one in every.values()}) == len({one.plate_code for one in every.values()}) == 7
    assert municipality.name("peje") == Wording("Pejë", "Peć", "Peja")
    assert municipality.region("mitrovice-veri").sr == "Mitrovica"


def test_a_silent_register_is_named_to_the_person_in_her_language() -> None:
    need = Need("address", Wording("a", "b", "c"), "Ligji")
    why = refusal([Answer(need, MESSAGE, NOW, "ok"), Answer(need, MESSAGE, NOW, "unreachable")])
    assert isinstance(why, RegisterUnreachable)
    assert why.sentence.say("sq").startswith("Regjistri i adresave për momentin nuk përgjigjet.")
    assert why.sentence.say("sr").startswith("Registar adresa trenutno ne odgovara.")
    assert refusal([Answer(need, MESSAGE, NOW, "ok")]) is None
