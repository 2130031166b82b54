"""Each kind of question reads what people write, says in words what it cannot take, and gives back what it kept."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from i18n.refusal import Invalid
from i18n.text import LANGUAGES
from services.applications import form
from services.catalogue.service import Section
from tests.unit.applications.people import ARTA, CHILD
from tests.unit.applications.test_form import KNOWN, W

OPTIONS = [{"value": value, "label": {"sq": value, "sr": value, "en": value.title()}} for value in ("a", "b", "c")]
KIN = {"among": ["spouse", "children", "parents"]}
HOUSEHOLD = {
    "entry": {"sq": "Anëtari", "sr": "Član", "en": "Member"},
    "least": 1,
    "most": 4,
    "questions": [
        {"kind": "text", "id": "name", "label": {"sq": "Emri", "sr": "Ime", "en": "Name"}, "max_length": 20},
        {"kind": "date", "id": "born", "label": {"sq": "Lindur", "sr": "Rođen", "en": "Born"}, "optional": True},
        {"kind": "money", "id": "income", "label": {"sq": "Të ardhurat", "sr": "Prihod", "en": "Income"}},
        {"kind": "many", "id": "marks", "label": W, "options": OPTIONS, "optional": True},
    ],
}


def asked(kind: str, **more: Any) -> Section:  # noqa: ANN401 - what a definition may say
    """Return a page that asks this alone, as `it`."""
    question = {"kind": kind, "id": "it", "label": W, **more}
    return msgspec.convert({"id": "page", "title": W, "questions": [question]}, Section)


def read(section: Section, *typed: str, **parts: str) -> Any:  # noqa: ANN401 - an answer
    """Return the answer that was typed, in the one field or in its parts."""
    data = {"it": list(typed)} if typed else {f"it-{name.replace('_', '-')}": [value] for name, value in parts.items()}
    return form.parse(section, data, KNOWN)["it"]


def refused(section: Section, *typed: str, **parts: str) -> dict[str, str]:
    """Return what is said in English; the sentences are whole in every language, and repeat nothing that was typed."""
    with pytest.raises(Invalid) as no:
        read(section, *typed, **parts)
    for sentence in no.value.fields.values():
        said = [sentence.say(language) for language in LANGUAGES]
        assert len(set(said)) == len(LANGUAGES)
        assert not any("%(" in words for words in said)
        assert not any(value in words for value in typed if len(value) > 3 for words in said)
    return {name: sentence.say("en") for name, sentence in no.value.fields.items()}


def said(section: Section, answer: Any) -> str:  # noqa: ANN401 - an answer
    return form.answer_text(section.questions[0], answer, KNOWN).say("en")


@pytest.mark.parametrize(
    ("kind", "more", "typed", "kept", "shown"),
    [
        ("number", {"unit": {"sq": "m²", "sr": "m²", "en": "m²"}}, "1 200,50", "1200.5", "1,200.5 m²"),
        ("number", {}, "1.200", "1200", "1,200"),
        ("number", {"decimals": 3}, "1.200", "1.2", "1.2"),
        ("number", {}, "1,200.25", "1200.25", "1,200.25"),
        ("number", {"decimals": 0}, "12 000", "12000", "12,000"),
        ("number", {"least": "-1.5"}, "-1,5", "-1.5", "-1.5"),
        ("number", {}, "-0", "0", "0"),
        ("money", {}, "12,50", 1250, "€12.50"),
        ("money", {}, "12.50", 1250, "€12.50"),
        ("money", {}, "1 200,50", 120050, "€1,200.50"),
        ("money", {}, "€ 1.200", 120000, "€1,200.00"),
        ("money", {}, "12,5 euro", 1250, "€12.50"),
        ("money", {}, "0", 0, "€0.00"),
        ("personal_number", {}, "117 604 2318", "1176042318", "1176042318"),
        ("personal_number", {}, "1234567890", "1234567890", "1234567890"),  # whatever its check digit
        ("business_number", {}, "810 457 219", "810457219", "810457219"),
        ("business_number", {}, "70123456", "70123456", "70123456"),
        ("plate", {}, "01234ab", "01-234-AB", "01-234-AB"),
        ("plate", {}, "01 - 234 - ab", "01-234-AB", "01-234-AB"),
        ("iban", {}, "xk05 1212 0123 4567 8906", "XK051212012345678906", "XK05 1212 0123 4567 8906"),
        ("iban", {}, "XK051000650230000067", "XK051000650230000067", "XK05 1000 6502 3000 0067"),
        ("iban", {"foreign": True}, "DE89370400440532013000", "DE89370400440532013000", "DE89 3704 0044 0532 0130 00"),
        ("phone", {}, "044 123 456", "+38344123456", "+383 44 123 456"),
        ("phone", {}, "+383 (0)38/200-123", "+38338200123", "+383 38 200 123"),
        ("phone", {}, "+41 79 123 45 67", "+41791234567", "+41 79 123 45 67"),
        ("email", {}, "Arta@Example.COM", "Arta@example.com", "Arta@example.com"),
    ],
)
def test_what_people_write_is_kept_in_one_form_and_shown_in_theirs(
    kind: str, more: dict[str, Any], typed: str, kept: object, shown: str
) -> None:
    page = asked(kind, **more)
    assert read(page, typed) == kept
    assert said(page, kept) == shown


@pytest.mark.parametrize(
    ("kind", "more", "typed", "says"),
    [
        ("number", {"decimals": 1}, "1,25", "at most 1 digit after the point"),
        ("number", {"decimals": 0}, "1.5", "as a whole number"),
        ("number", {"most": 10, "unit": {"sq": "ha", "sr": "ha", "en": "ha"}}, "10,01", "must be from 0 to 10 ha"),
        ("number", {}, "1.200.50", "as a number in digits"),
        ("number", {}, "1e3", "as a number in digits"),
        ("number", {}, "NaN", "as a number in digits"),
        ("number", {}, "٣", "as a number in digits"),
        ("money", {}, "12,50,5", "as an amount in euro"),
        ("money", {}, "dymbëdhjetë", "as an amount in euro"),
        ("money", {"most": 50000}, "500,01", "must be from €0.00 to €500.00"),
        ("money", {}, "-1", "must be from €0.00"),
        ("personal_number", {}, "117604231", "must have 10 digits"),
        ("personal_number", {}, "11760423188", "must have 10 digits"),
        ("business_number", {}, "8104572190", "must have 8 or 9 digits"),
        ("plate", {}, "08-234-AB", "as on the vehicle"),
        ("plate", {}, "01-234-ABC", "as on the vehicle"),
        ("iban", {}, "XK051000650230000060", "One of the characters"),  # a slip that a municipality's page prints
        ("iban", {}, "XK05121201234567890", "must be an account in Kosovo"),
        ("iban", {}, "DE89370400440532013000", "must be an account in Kosovo"),
        ("iban", {"foreign": True}, "DE88370400440532013000", "One of the characters"),
        ("phone", {}, "123", "must be a telephone number"),
        ("phone", {}, "call me", "must be a telephone number"),
        ("email", {}, "arta@", "must be an e-mail address"),
        ("email", {}, "arta example.com", "must be an e-mail address"),
    ],
)
def test_what_cannot_be_taken_is_told_with_what_to_do(kind: str, more: dict[str, Any], typed: str, says: str) -> None:
    assert says in refused(asked(kind, **more), typed)["it"]


def test_of_many_any_are_taken_in_the_order_of_the_options_and_counted() -> None:
    page = asked("many", options=OPTIONS, least=2, most=2)
    assert read(page, "c", "a") == ["a", "c"]
    assert said(page, ["a", "c"]) == "A; C"
    assert refused(page, "a")["it"] == "Choose at least 2 answers to “The question”."
    assert "at most 2 answers" in refused(page, "a", "b", "c")["it"]
    assert "one of the answers" in refused(page, "a", "z")["it"]
    assert refused(page)["it"] == "Choose at least one answer to “The question”."
    assert read(asked("many", options=OPTIONS, optional=True)) is None


def test_an_address_is_one_answer_of_three_fields_each_with_its_own_error() -> None:
    page = asked("address")
    typed = {"municipality": "prizren", "settlement": "Prizren", "street": "Remzi Ademi 4"}
    assert read(page, **typed) == typed
    assert said(page, typed) == "Remzi Ademi 4, Prizren, Prizren"
    assert refused(page, municipality="prizren") == {
        "it-settlement": "Write the settlement of “The question”: town or village.",
        "it-street": "Write the street and number of “The question”.",
    }
    assert list(refused(page)) == ["it", "it-settlement", "it-street"]
    assert list(refused(page, **{**typed, "municipality": "atlantis", "street": "x" * 201})) == ["it", "it-street"]


def test_one_of_the_family_is_chosen_by_what_registers_say_of_them() -> None:
    page, known = asked("relative", **KIN), _family()
    options = form.options(page.questions[0], known)
    assert [option.value for option in options] == ["spouse", CHILD, ARTA]
    assert [option.hint.say("en") for option in options if option.hint] == [
        "Spouse",
        "Child. Born 3 February 2018",
        "Parent. Born 14 May 1990",
    ]
    assert form.parse(page, {"it": [CHILD]}, known) == {"it": CHILD}
    assert form.answer_text(page.questions[0], "spouse", known).say("en") == "Luan Krasniqi"
    with pytest.raises(Invalid):
        form.parse(page, {"it": ["1133902755"]}, known)


def test_who_has_no_such_family_is_not_asked_and_a_silent_register_lets_the_name_be_written() -> None:
    page = asked("relative", **KIN)
    nobody: dict[str, Any] = {**KNOWN, "applicant": {"marriages": [], "children": [], "parents": []}}
    assert form.parse(page, {}, nobody) == {}
    assert form.parse(page, {"it": ["Leka"]}, KNOWN) == {"it": "Leka"}


def _family() -> dict[str, Any]:
    person = {"given_name": "Luan", "family_name": "Krasniqi"}
    former = {**person, "given_name": "Agron", "ended_on": "2012-01-01"}
    child = {**person, "given_name": "Leka", "personal_number": CHILD, "birthdate": "2018-02-03"}
    parent = {**person, "given_name": "Arta", "personal_number": ARTA, "birthdate": "1990-05-14"}
    held = {"marriages": [former, {**person, "ended_on": None}], "children": [child], "parents": [parent]}
    return {**KNOWN, "applicant": held}
