"""What a definition reckons: fees by a rule, who pays less, what is computed, and what answers must fulfil together."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from i18n.refusal import Invalid
from i18n.text import LANGUAGES
from services.applications import form
from services.catalogue import computed, decision, fee, rules
from services.catalogue.rules import Unavailable
from services.catalogue.service import Section, Service
from tests.unit.applications.people import service

W = {"sq": "Pyetja", "sr": "Pitanje", "en": "The question"}
HELP, MOVE = service("social-assistance"), service("residence-change")


def fee_of(**said: Any) -> fee.Fee:  # noqa: ANN401 - what a definition may say
    return msgspec.convert({"confidence": "C", **said}, fee.Fee)  # type: ignore[arg-type] - a union


def costs(charge: fee.Fee, **applicant: Any) -> int:  # noqa: ANN401 - what registers say
    return decision.fee(replace(MOVE, fee=charge), case(MOVE, applicant, {}))


def case(definition: Service, applicant: dict[str, Any], answers: dict[str, Any]) -> rules.Values:
    return decision.case(
        definition, applicant=applicant, beneficiary={}, company={}, answers=answers, today=date(2026, 11, 23)
    )


BY_RULE: dict[str, Any] = {
    "kind": "rule",
    "by": "500 + 200 * (applicant.parcels - 1)",
    "label": W,
    "least": 500,
    "most": 2000,
}
FREE = {"id": "many", "rule": "applicant.parcels > 3", "label": W}
LESS = {"id": "few", "rule": "applicant.parcels > 2", "label": W, "cents": 50}


def test_a_fee_may_be_reckoned_by_a_rule_within_bounds() -> None:
    assert [costs(fee_of(**BY_RULE), parcels=parcels) for parcels in (1, 2, 20)] == [500, 700, 2000]
    for odd in ("'500'", "true", "5.5", "applicant.houses"):
        with pytest.raises(Unavailable):
            costs(fee_of(**BY_RULE | {"by": odd}), parcels=1)


@given(parcels=st.integers(0, 10**6))
def test_whatever_the_rule_gives_the_fee_is_whole_cents_within_its_bounds(parcels: int) -> None:
    cents = costs(fee_of(**BY_RULE), parcels=parcels)
    assert isinstance(cents, int)
    assert 500 <= cents <= 2000
    assert cents == max(500, min(2000, 500 + 200 * (parcels - 1)))


@given(parcels=st.integers(0, 10), kind=st.sampled_from(["fixed", "rule"]))
def test_the_first_exemption_that_holds_counts_whatever_the_kind_of_fee(parcels: int, kind: str) -> None:
    usual = BY_RULE if kind == "rule" else {"kind": "fixed", "cents": 300}
    charge = fee_of(**usual, exemptions=[FREE, LESS])
    held = decision.exemption(replace(MOVE, fee=charge), case(MOVE, {"parcels": parcels}, {}))
    assert (held.id if held else None) == ("many" if parcels > 3 else "few" if parcels > 2 else None)
    full = costs(fee_of(**usual), parcels=parcels)
    assert costs(charge, parcels=parcels) == (held.cents if held else full)
    assert {0, 50} <= set(charge.amounts())


def test_what_a_register_does_not_tell_exempts_nobody() -> None:
    charge = fee_of(kind="fixed", cents=300, exemptions=[FREE])
    assert costs(charge) == 300
    assert costs(charge, parcels=None) == 300


def test_a_fee_that_was_kept_before_there_were_exemptions_is_still_the_same() -> None:
    assert "exemptions" not in msgspec.to_builtins(fee_of(kind="fixed", cents=100))
    assert "computed" not in msgspec.to_builtins(MOVE)


# Computed -------------------------------------------------------------------------------------------------------------

FAMILY: dict[str, Any] = {
    "children": [{}, {}],
    "marriages": [{"ended_on": None}],
    "pensions": [{"monthly_cents": 6000}],
}


def test_what_is_computed_may_lean_on_what_was_computed_before() -> None:
    members = [{"member": "Shpresa", "member_number": "1086354124", "monthly": 4000}]
    found = case(HELP, FAMILY, {"own_income": 5000, "members": members})["computed"]
    assert found == {"people": 5, "income": 15000, "a_head": 3000}


def test_what_cannot_be_computed_yet_is_not_there_and_refuses_nobody_too_soon() -> None:
    values = case(HELP, FAMILY | {"address": {}}, {})
    assert values["computed"] == {"people": 4, "income": None, "a_head": None}
    assert decision.objection(HELP, values, complete=False) is None
    refused = decision.objection(HELP, values, complete=True)
    assert refused is not None
    assert refused.rule == "little-income"


@given(incomes=st.lists(st.integers(0, 10**6), max_size=8), own=st.integers(0, 10**6))
def test_sums_over_entries_are_exact(incomes: list[int], own: int) -> None:
    members = [{"member": "x", "member_number": "1", "monthly": income} for income in incomes] or None
    found = case(HELP, FAMILY, {"own_income": own, "members": members})["computed"]
    assert found["income"] == own + 6000 + sum(incomes)
    assert found["a_head"] == found["income"] // (4 + len(incomes))


def test_an_expression_leans_on_answers_through_what_is_computed() -> None:
    assert computed.leans_on("computed.a_head <= 6000", HELP.computations()) == {"own_income", "members"}
    assert computed.leans_on("answers.new_address.municipality", {}) == {"new_address"}
    assert computed.leans_on("chosen.vehicle.plate + today", {}) == {"vehicle"}


# Together -------------------------------------------------------------------------------------------------------------


def page(definition: Service, section_id: str) -> Section:
    found = definition.section(section_id)
    assert found is not None
    return found


def test_answers_that_do_not_fit_together_are_told_at_their_question_in_every_language() -> None:
    known = case(HELP, FAMILY, {})
    income = page(HELP, "income")
    assert form.parse(income, {"own_income": ["100"], "sources": ["work"]}, known)["own_income"] == 10000
    assert form.parse(income, {"own_income": ["0"]}, known) == {"own_income": 0, "sources": None}
    for data, at in (({"own_income": ["100"]}, "sources"), ({"own_income": ["0"], "sources": ["work"]}, "own_income")):
        with pytest.raises(Invalid) as no:
            form.parse(income, data, known)
        assert list(no.value.fields) == [at]
        assert len({no.value.fields[at].say(language) for language in LANGUAGES}) == 3


def test_what_is_wrong_alone_is_told_before_what_is_wrong_together() -> None:
    with pytest.raises(Invalid) as no:
        form.parse(page(HELP, "income"), {"own_income": ["much"], "sources": ["work"]}, case(HELP, FAMILY, {}))
    assert list(no.value.fields) == ["own_income"]
    assert "as an amount" in no.value.fields["own_income"].say("en")


def test_the_address_that_the_register_holds_is_no_new_one_and_nobody_moved_before_living_there() -> None:
    address = {"municipality": "prizren", "settlement": "Prizren", "street": "Remzi Ademi", "number": "4"}
    known = case(MOVE, {"address": address | {"since": "2015-03-01"}}, {})
    moved = {f"new_address-{part}": [address[part]] for part in ("municipality", "settlement")}
    moved |= {"new_address-street": ["Remzi Ademi 4"], "moved_on": ["1.3.2015"]}
    with pytest.raises(Invalid) as no:
        form.parse(page(MOVE, "moved"), moved, known)
    assert list(no.value.fields) == ["new_address"]
    with pytest.raises(Invalid) as no:
        form.parse(page(MOVE, "moved"), moved | {"new_address-street": ["Tjetra 1"], "moved_on": ["1.2.2015"]}, known)
    assert list(no.value.fields) == ["moved_on"]


def test_a_rule_over_several_answers_may_name_what_is_computed_of_them() -> None:
    rule = {"at": "b", "rule": "computed.sum <= 10", "message": W}
    questions = [{"kind": "integer", "id": name, "label": W} for name in ("a", "b")]
    section = msgspec.convert({"id": "x", "title": W, "questions": questions, "validation": [rule]}, Section)
    known: dict[str, Any] = {**case(MOVE, {}, {}), "answers": {}}
    sums = {"sum": "answers.a + answers.b"}
    assert form.parse(section, {"a": ["4"], "b": ["6"]}, known, sums) == {"a": 4, "b": 6}
    with pytest.raises(Invalid) as no:
        form.parse(section, {"a": ["5"], "b": ["6"]}, known, sums)
    assert list(no.value.fields) == ["b"]


# Conditions -----------------------------------------------------------------------------------------------------------

_SCALAR = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=8) | st.floats(allow_nan=False)
_ANSWER = _SCALAR | st.lists(_SCALAR, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), _SCALAR, max_size=2)
_RULES = sorted(
    {source for one in (HELP, MOVE) for source in one.computations().values()}
    | {validation.rule for one in (HELP, MOVE) for section in one.sections for validation in section.validations()}
    | {section.show_if for section in MOVE.sections if section.show_if}
)


@given(
    source=st.sampled_from(_RULES),
    answers=st.dictionaries(
        st.sampled_from(["own_income", "members", "sources", "home", "new_address", "moved_on"]), _ANSWER
    ),
)
def test_a_condition_is_true_or_not_whatever_was_answered(source: str, answers: dict[str, Any]) -> None:
    values = {"applicant": {}, "answers": answers, "computed": {}, "chosen": {}, "today": "2026-11-23"}
    assert rules.holds(source, values) in {True, False}
