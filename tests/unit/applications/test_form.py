"""What people type is read kindly, and what cannot be taken comes back as sentences, all at once."""

from __future__ import annotations

import unicodedata
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.refusal import Invalid
from i18n.text import LANGUAGES
from services.applications import form, progress
from services.catalogue.service import Section
from tests.unit.applications.people import ARTA, BESNIK, BIRTH, CHILD, NOW, RENEWAL, RESIDENCE, draft, service

W = {"sq": "Pyetja", "sr": "Pitanje", "en": "The question"}
SECTION = msgspec.convert(
    {
        "id": "all",
        "title": W,
        "questions": [
            {"kind": "text", "id": "name", "label": W, "max_length": 10},
            {"kind": "long_text", "id": "story", "label": W, "max_length": 30, "optional": True},
            {
                "kind": "choice",
                "id": "colour",
                "label": W,
                "options": [{"value": "red", "label": W}, {"value": "other", "label": W}],
            },
            {"kind": "text", "id": "which", "label": W, "show_if": "answers.colour == 'other'"},
            {"kind": "yes_no", "id": "sure", "label": W},
            {"kind": "date", "id": "when", "label": W, "earliest": "2020-01-01", "latest": "today"},
            {"kind": "integer", "id": "count", "label": W, "least": 1, "most": 20000},
        ],
    },
    Section,
)
KNOWN: dict[str, Any] = {
    "applicant": {},
    "beneficiary": {},
    "answers": {"name": None, "story": None, "colour": None, "which": None, "sure": None, "when": None, "count": None},
    "chosen": {},
    "today": "2026-11-23",
}
GOOD = {
    "name": ["Arta"],
    "colour": ["red"],
    "sure": ["yes"],
    "when-day": ["3"],
    "when-month": ["2"],
    "when-year": ["2024"],
    "count": ["12"],
}


def read(**changed: list[str]) -> dict[str, Any]:
    return form.parse(SECTION, GOOD | {name.replace("_", "-"): value for name, value in changed.items()}, KNOWN)


def refused(**changed: list[str]) -> dict[str, str]:
    with pytest.raises(Invalid) as no:
        read(**changed)
    return {name: sentence.say("en") for name, sentence in no.value.fields.items()}


def test_a_well_filled_page_is_read_with_its_types() -> None:
    assert read() == {
        "name": "Arta",
        "story": None,
        "colour": "red",
        "sure": True,
        "when": "2024-02-03",
        "count": 12,
    }


def test_an_empty_page_names_every_field_at_once() -> None:
    with pytest.raises(Invalid) as no:
        form.parse(SECTION, {}, KNOWN)
    assert list(no.value.fields) == ["name", "colour", "sure", "when", "count"]


def test_a_question_that_opens_on_the_same_page_is_asked_with_the_others() -> None:
    assert list(refused(colour=["other"], name=[""])) == ["name", "which"]
    assert read(colour=["other"], which=["green"])["which"] == "green"
    assert "which" not in read(which=["green"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Arta  ", "Arta"),
        ("A\x00rta", "Arta"),
        ("Arta\ud800", "Arta"),
        ("A\r\nrta", "A rta"),
        ("Ze\u0308ri", "Z\u00ebri"),
        ("Arta\x1b[0m", "Arta [0m"),
    ],
)
def test_what_no_one_can_type_is_taken_out(typed: str, kept: str) -> None:
    assert read(name=[typed])["name"] == kept


def test_lines_stay_in_a_long_text() -> None:
    assert read(story=["one\r\ntwo\rthree"])["story"] == "one\ntwo\nthree"


def test_too_long_a_text_says_how_long_it_may_be() -> None:
    assert refused(name=["x" * 11])["name"] == "“The question” may have at most 10 characters. Shorten it."


@pytest.mark.parametrize("typed", ["green", "RED", "red\x00x", "0", "😀"])
def test_only_what_is_offered_can_be_chosen(typed: str) -> None:
    assert refused(colour=[typed])["colour"] == "Choose one of the answers to “The question”."


def test_of_a_repeated_field_the_first_counts() -> None:
    assert read(colour=["red", "other", "green"])["colour"] == "red"


@pytest.mark.parametrize(
    "typed", ["9223372036854775808", "1" * 5000, "-1", "0", "20001", "1e3", "1_0", "٣", "NaN", "0x10", "1.5"]
)
def test_a_number_out_of_bounds_or_shape_is_refused(typed: str) -> None:
    assert "count" in refused(count=[typed])


@pytest.mark.parametrize(("typed", "kept"), [("12 000", 12000), ("12.000", 12000), ("12,000", 12000), ("+5", 5)])
def test_a_number_may_be_written_as_people_do(typed: str, kept: int) -> None:
    assert read(count=[typed])["count"] == kept


@pytest.mark.parametrize("typed", ["3.2.2024", "03/02/2024", "3 2 2024", "2024-02-03", "03.02.2024."])
def test_a_day_may_be_written_in_one_field(typed: str) -> None:
    data = {name: value for name, value in GOOD.items() if not name.startswith("when-")} | {"when": [typed]}
    assert form.parse(SECTION, data, KNOWN)["when"] == "2024-02-03"


@pytest.mark.parametrize("day", ["31", "0", "x", "1700000000", "99999999999999999999", "٣", "-3"])
def test_a_day_that_does_not_exist_is_refused(day: str) -> None:
    assert "must be a real day" in refused(when_day=[day])["when"]


def test_days_out_of_bounds_are_told_the_bound_in_ones_language() -> None:
    with pytest.raises(Invalid) as no:
        read(when_year=["2027"])
    sentence = no.value.fields["when"]
    assert "23 November 2026" in sentence.say("en")
    assert "23.11.2026" in sentence.say("sq")
    assert "2020" in refused(when_year=["2019"])["when"]


def test_what_was_kept_fills_the_page_as_it_was_typed() -> None:
    assert form.parse(SECTION, form.typed(SECTION, read(), KNOWN), KNOWN) == read()


TEXT = st.text(st.characters(), max_size=60) | st.text(st.characters(categories=["Cs", "Cc", "N"]), max_size=20)
NAMES = ["name", "story", "colour", "which", "sure", "when", "when-day", "when-month", "when-year", "count", "x"]


@given(
    data=st.dictionaries(
        st.sampled_from(NAMES),
        st.lists(TEXT | st.sampled_from(["red", "other", "yes", "no", "31", "2", "2024"]), max_size=3),
    )
)
def test_whatever_is_sent_the_answer_is_values_or_sentences(data: dict[str, list[str]]) -> None:
    try:
        answers = form.parse(SECTION, data, KNOWN)
    except Invalid as refused:
        no = refused
    else:
        _can_be_kept(answers)
        return
    assert no.fields
    for sentence in no.fields.values():
        assert not any("%(" in sentence.say(language) for language in LANGUAGES)


def _can_be_kept(answers: dict[str, Any]) -> None:
    kept = msgspec.json.encode(answers).decode()
    assert "\\u0000" not in kept
    assert all(unicodedata.is_normalized("NFC", value) for value in answers.values() if isinstance(value, str))


def test_arta_may_choose_herself_or_her_child_and_nobody_elses() -> None:
    definition = service(BIRTH)
    known = progress.values(draft(BIRTH, ARTA), definition, progress.day(NOW))
    whom = definition.sections[0]
    assert [option.value for option in form.options(whom.questions[0], known)] == ["self", CHILD]
    assert form.parse(whom, {"whom": [CHILD]}, known) == {"whom": CHILD}
    for typed in (BESNIK, "someone", ""):
        with pytest.raises(Invalid) as no:
            form.parse(whom, {"whom": [typed]}, known)
        assert typed == "" or typed not in no.value.fields["whom"].say("en")


def test_besnik_may_choose_his_own_vehicles_named_with_their_dates() -> None:
    definition = service(RENEWAL)
    known = progress.values(draft(RENEWAL, BESNIK), definition, progress.day(NOW))
    options = form.options(definition.sections[0].questions[0], known)
    assert [option.value for option in options] == ["04-111-BG", "04-777-EF", "04-888-GH"]
    assert options[0].label.say("sr") == "04-111-BG – Volkswagen Golf"
    assert options[0].hint
    assert options[0].hint.say("en") == "Registered until 1 December 2026"
    with pytest.raises(Invalid):
        form.parse(definition.sections[0], {"vehicle": ["01-234-AB"]}, known)


def test_answers_are_read_as_they_were_chosen() -> None:
    definition = service(RESIDENCE)
    purpose = definition.sections[1].questions[0]
    known = progress.values(draft(RESIDENCE, ARTA), definition, progress.day(NOW))
    assert form.answer_text(purpose, "school", known).say("sr") == "Škola ili univerzitet"
    assert form.answer_text(SECTION.questions[5], "2024-02-03", KNOWN).say("sq") == "03.02.2024"
    assert form.answer_text(SECTION.questions[4], True, KNOWN).say("en") == "Yes"  # noqa: FBT003 - an answer
