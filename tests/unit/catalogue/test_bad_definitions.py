"""What a definition asks and reckons is checked when it is read: each fault is refused with its place and reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from services.catalogue import bank, load
from services.catalogue.load import DefinitionError

REAL = Path(load.__file__).parent / "definitions"
MOVE, BUSINESS, HELP = "civil/residence-change", "business/individual-registration", "social/social-assistance"
RENEWAL = "vehicles/registration-renewal"
BUYING, NEWBORN = (
    "vehicles/vehicle-ownership-transfer",
    "civil/birth-registration-late",
)

Plant = Callable[[str, str, str], str]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Give a copy of a real definition with one thing changed, and how the loader refuses it."""

    def planted(name: str, old: str, new: str) -> str:
        text = (REAL / f"{name}.yaml").read_text(encoding="utf-8")
        assert old in text
        file = tmp_path / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(DefinitionError) as refused:
            load.read(tmp_path)
        assert str(file) in str(refused.value)
        return str(refused.value)

    return planted


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        # questions
        (MOVE, "- id: moved_on", "- id: since_when-on", "since_when-on is not written in small letters"),
        (MOVE, "- id: landlord_number", "- id: personal_number", "asks for personal_number, which a register holds"),
        (MOVE, "- id: new_address", "- id: address", "asks for address, which a register holds"),
        (MOVE, "kind: personal_number", "kind: passport_number", "questions[1].kind"),
        (MOVE, "latest: today", "latest: tomorrow", "questions[1].latest: tomorrow is neither a day nor today"),
        (MOVE, "latest: today", "earliest: '2026-02-01'\n        latest: '2026-01-01'", "there is no day"),
        (MOVE, "among: [spouse, parents]", "among: [spouse, children]", "chooses from the fact children"),
        (MOVE, "among: [spouse, parents]", "among: [cousins]", "among"),
        (MOVE, "chosen.relative.given_name", "chosen.relative.nickname", "names an unknown value: chosen.relative.n"),
        (BUSINESS, "        most: 3\n", "        least: 4\n        most: 3\n", "at least 4 and at most 3 cannot be"),
        (BUSINESS, "{value: food,", "{value: trade,", "options: must be two or more, and each another"),
        (BUSINESS, "decimals: 1", "decimals: 4", "decimals: must be from 0 to 3"),
        (BUSINESS, "most: 10000\n", "most: '-1'\n", "from 0 to -1 there is no number"),
        (BUSINESS, "most: 10000\n", "most: many\n", "from 0 to many there is no number"),
        (BUSINESS, "most: 500\n", "least: 600\n        most: 500\n", "from 600 to 500 there is no number"),
        (BUSINESS, "{sq: m², sr: m², en: m²}", "{sq: m², sr: m²}", "unit: the text is missing in `en`"),
        (HELP, "most: 8\n", "most: 80\n", "must have from 1 to 50 entries"),
        (
            HELP,
            "{sq: Personi, sr: Osoba, en: Person}",
            "{sq: Personi, en: Person}",
            "entry: the text is missing in `sr`",
        ),
        (HELP, "- id: member_number", "- id: member", "questions[1].id: member is asked twice"),
        (HELP, "kind: money", "kind: group", "questions[2].kind"),
        (HELP, "            kind: money\n", "            kind: money\n            show_if: 'true'\n", "asks always"),
        # files
        (BUYING, "        most: 6\n", "        most: 11\n", "questions[0].most: must be from 1 to 10"),
        (BUYING, "        most: 6\n", "        most: 0\n", "questions[0].most: must be from 1 to 10"),
        (BUYING, "        most: 6\n", "        megabytes: 21\n", "questions[0].megabytes: must be from 1 to 20"),
        (BUYING, "        most: 6\n", "        types: []\n", "questions[0].types: must be one or more"),
        (BUYING, "        most: 6\n", "        types: [pdf, pdf]\n", "types: must be one or more, and each another"),
        (BUYING, "        most: 6\n", "        types: [docx]\n", "questions[0].types"),
        (
            BUYING,
            "        most: 6\n",
            "        waived: contracts\n",
            "waived: names the fact contracts, which is not needed",
        ),
        (
            BUYING,
            "- id: contract\n        kind",
            "- id: vehicles\n        kind",
            "asks for vehicles, which a register holds",
        ),
        (
            BUYING,
            "- id: contract\n        kind",
            "- id: proof_of_enrolment\n        kind",
            "paper about enrolment, which a reg",
        ),
        (
            BUYING,
            "- id: contract\n        kind",
            "- id: diploma_copy\n        kind",
            "asks for a paper about diploma, which",
        ),
        (NEWBORN, "waived: births", "waived: insurance", "waived: names the fact insurance, which is not needed"),
        (NEWBORN, "          sr: Otpusna lista", "          hr: Otpusna lista", "label: the text is missing in `sr`"),
        (NEWBORN, "          sr: Tražimo je", "          hr: Tražimo je", "hint: the text is missing in `sr`"),
        # the bank
        (HELP, "- use: account", "- use: wallet", "$.sections[2].use: wallet does not stand in questions.yaml"),
        (
            HELP,
            "- use: account",
            "- {id: money, title: {sq: A, sr: B, en: C}, questions: [{use: purse}]}",
            "[0].use: purse",
        ),
        (HELP, "- use: account", "- {use: account, colour: red}", "unknown field `colour`"),
        # what is computed
        (
            HELP,
            "computed.income / computed.people",
            "computed.income / computed.heads",
            "unknown value: computed.heads",
        ),
        (
            HELP,
            "  people: >-\n",
            "  early: computed.people\n  people: >-\n",
            "$.computed.early: names an unknown value",
        ),
        (HELP, "total(answers.members.map", "sum(answers.members.map", "calls an unknown function: sum"),
        (HELP, "m, m.monthly)", "m, m.yearly)", "$.computed.income: names an unknown value: m.yearly"),
        (
            HELP,
            "value: string(computed.people)",
            "value: string(computed.peoples)",
            "names an unknown value: computed.p",
        ),
        (
            HELP,
            "    title: {sq: Të ardhurat,",
            "    show_if: computed.a_head > 0\n    title: {sq: Të ardhurat,",
            "$.sections[1].show_if: names an unknown value: computed.a_head",
        ),
        # across questions
        (HELP, "- at: sources", "- at: account", "$.sections[1].validation[0].at: account is no question of this page"),
        (HELP, "answers.own_income == 0 ||", "answers.own_income = 0 ||", "validation[0].rule: does not compile"),
        (HELP, "answers.own_income == 0 ||", "answers.phone == '' ||", "validation[0].rule: names an unknown value"),
        (
            HELP,
            "          sr: Izaberite odakle dolazi iznos",
            "          bs: Izaberite odakle",
            "message: the text is missing",
        ),
        # fees
        (
            MOVE,
            "p.kind == 'disability'",
            "p.sort == 'disability'",
            "exemptions[0].rule: names an unknown value: p.sort",
        ),
        (
            MOVE,
            "applicant.pensions.exists(p, p.kind",
            "answers.home == 'own' || true || (''",
            "unknown value: answers.home",
        ),
        (MOVE, "rule: applicant.pensions.exists(p,", "rule: applicant.pensions.exists(p", "does not compile"),
        (
            MOVE,
            "        sr: Prema registru primate inv",
            "        hr: Prema registru",
            "label: the text is missing in `sr`",
        ),
        (
            MOVE,
            "    - id: disability-pension\n",
            "    - id: disability-pension\n      cents: -1\n",
            "an amount is negative",
        ),
        (RENEWAL, "  kind: table\n", "  kind: rule\n  least: 1\n  most: 9\n", "$.fee"),
    ],
)
def test_a_bad_definition_is_refused(plant: Plant, name: str, old: str, new: str, says: str) -> None:
    assert says in plant(name, old, new)


def test_a_question_for_files_says_which_paper_is_meant(plant: Plant) -> None:
    _before, hint, after = (
        (REAL / f"{BUYING}.yaml").read_text("utf-8").partition("        hint:\n          sq: Të gjitha")
    )
    hint += after.partition("        missing:")[0]
    assert "hint: is missing: it says which paper is meant" in plant(BUYING, hint, "")


@pytest.mark.parametrize(
    ("fee", "says"),
    [
        ("by: '200 + '", "$.fee.by: does not compile"),
        ("by: answers.rooms * 100", "$.fee.by: names an unknown value: answers.rooms"),
        ("by: '500', least: 900", "$.fee.least: is more than most"),
        ("by: '500', least: -5", "an amount is negative"),
        ("by: '500', label: {sq: A, sr: B}", "$.fee.label: the text is missing in `en`"),
    ],
)
def test_a_fee_by_a_rule_is_checked(plant: Plant, fee: str, says: str) -> None:
    whole = {"least": "0", "most": "800", "label": "{sq: A, sr: B, en: C}", "confidence": "C"}
    said = "".join(f", {key}: {value}" for key, value in whole.items() if f"{key}:" not in fee)
    assert says in plant(BUSINESS, "fee: {kind: fixed, cents: 0, confidence: A}", f"fee: {{kind: rule, {fee}{said}}}")


def test_what_stands_beside_use_counts_in_place_of_the_banks() -> None:
    held = bank.Bank({"phone": {"id": "phone", "kind": "phone", "optional": False}})
    data = {"sections": [{"id": "a", "questions": [{"use": "phone", "id": "mobile", "optional": True}]}]}
    found, problems = bank.with_bank(data, held)
    assert found == {"sections": [{"id": "a", "questions": [{"id": "mobile", "kind": "phone", "optional": True}]}]}
    assert problems == []
    assert data["sections"][0]["questions"] == [{"use": "phone", "id": "mobile", "optional": True}]


def test_everything_in_the_bank_is_used_by_some_definition() -> None:
    used = "".join(path.read_text("utf-8") for path in [*REAL.glob("*/*.yaml"), REAL.parent / "questions.yaml"])
    held = load.questions()
    assert [name for name in {*held.questions, *held.sections} if f"use: {name}" not in used] == []
