"""The services are whole, and a definition that is not is refused with file, place and reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from i18n.text import LANGUAGES
from services.catalogue import load, service
from services.catalogue.load import DefinitionError, catalogue

REAL = Path(load.__file__).parent / "definitions"
BIRTH, RESIDENCE, RENEWAL = "civil/birth-extract", "civil/residence-certificate", "vehicles/registration-renewal"
PARKING = "municipality/resident-parking-permit"
COMPANY, TAX = "business/business-certificate", "tax/tax-attestation"

Plant = Callable[..., DefinitionError]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Give a copy of a real definition with one thing changed, and how the loader refuses it."""

    def planted(name: str, old: str, new: str, *, count: int = 1) -> DefinitionError:
        text = (REAL / f"{name}.yaml").read_text(encoding="utf-8")
        assert old in text
        file = tmp_path / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace(old, new, count), encoding="utf-8")
        with pytest.raises(DefinitionError) as refused:
            load.read(tmp_path)
        assert str(file) in str(refused.value)
        return refused.value

    return planted


def test_the_state_gives_its_services_and_each_has_a_life_event() -> None:
    assert {one.id for one in catalogue().all()} >= {
        *("birth-extract", "residence-certificate", "child-passport", "registration-renewal"),
        *("business-certificate", "tax-attestation"),
    }
    shown = {one.id for _event, services in catalogue().life_events() for one in services}
    assert shown == {one.id for one in catalogue().all()}


def test_a_definition_is_the_same_after_it_was_kept_as_json() -> None:
    for one in catalogue().all():
        assert msgspec.json.decode(msgspec.json.encode(one), type=service.Service) == one


def test_a_service_is_found_in_its_present_version_only() -> None:
    one = catalogue().all()[0]
    assert catalogue().get(one.id) == catalogue().get(one.id, one.version) == one
    assert catalogue().get(one.id, one.version + 1) is None
    assert catalogue().get("nothing") is None


def test_a_document_is_an_extract_where_a_rule_decides_and_a_decision_where_officers_do_unless_it_says_otherwise() -> (
    None
):
    variants = {one.id: one.variant() for one in catalogue().all()}
    assert (variants["birth-extract"], variants["name-change"]) == ("extract", "decision")
    assert (variants["child-allowance"], variants["death-certificate"]) == ("decision", "extract")
    assert (variants["resident-parking-permit"], variants["passport"]) == ("permit", "receipt")
    for one in catalogue().all():
        assert one.document.title.en.startswith(("Decision", "Excerpt", "Answer")) == (
            variants[one.id] == "decision"
        ) or (one.id == "construction-permit-extension")


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (
            BIRTH,
            "  sr: Ekstrakt rođenja\n",
            "",
            "$.names: the text is missing in `sr`",
        ),
        (BIRTH, "  sq: Ekstrakti i lindjes\n", "  sq: ''\n", "$.names: the text is missing in `sq`"),
        (BIRTH, "  sq: Ekstrakti i lindjes\n", "  sq: Ekstrakti i lindjes\n  al: x\n", "`al` is not a language"),
        (
            BIRTH,
            "rule: beneficiary.person.birthdate != null",
            "rule: beneficiary.person.birthdate !=",
            "does not compile",
        ),
        (BIRTH, "beneficiary.person.entry != null", "beneficiary.person.entri != null", "beneficiary.person.entri"),
        (BIRTH, "value: beneficiary.person.given_name\n", "value: applicant.person.given_name\n", "applicant.person"),
        (BIRTH, "  - name: person\n", "  - name: horoscope\n", "no register holds a fact named horoscope"),
        (BIRTH, "  - name: children\n", "  - name: address\n", "chooses from the fact children"),
        (BIRTH, "fee_cents: 100", "fee_cents: 200", "costs 100 cents, not 200"),
        (BIRTH, "outcome: refused, reason: birth-recorded", "outcome: approved", "comes out refused by birth-recorded"),
        (BIRTH, "id: birth-extract", "id: birth", "$.id: the file must be named <area>/<id>.yaml"),
        (BIRTH, "life_events: [birth,", "life_events: [brith,", "brith does not stand in life_events.yaml"),
        (BIRTH, "confidence: A\nchannels", "confidence: X\nchannels", "$.confidence"),
        (BIRTH, "version: 2", "version: one", "$.version"),
        (BIRTH, "version: 2", "version: 2\nversion: 3", "line 6: version stands twice"),
        (BIRTH, "version: 2", "version: [2", "line"),
        (BIRTH, "version: 2", "version: 2\ncolour: red", "unknown field `colour`"),
        (BIRTH, "kind: child", "kind: grandchild", "$.sections[0].questions[0].kind"),
        (BIRTH, "institution: arc", "institution: nobody", "nobody does not stand in institutions.yaml, which has arc"),
        (BIRTH, "cents: 100,", "cents: -100,", "an amount is negative"),
        (BIRTH, "personit {name} ", "personit ", "message.sq: fills name"),
        (RESIDENCE, "- id: purpose_other", "- id: postal_code", "asks for postal_code, which a register holds"),
        (RESIDENCE, "- id: purpose_other", "- id: purpose", "purpose is asked twice"),
        (
            RESIDENCE,
            "show_if: answers.purpose == 'other'",
            "show_if: answers.purpose_other == 'x'",
            "answers.purpose_other",
        ),
        (RESIDENCE, "by: beneficiary.address.municipality", "by: beneficiary.address.town", "$.fee.by"),
        (RENEWAL, "key: plate", "key: number_plate", "vehicles has no field number_plate"),
        (RENEWAL, "Regjistrimi vlen deri më {registration_valid_until}", "Deri {until}", "vehicles has no field until"),
        (RENEWAL, "fact: vehicles", "fact: boats", "chooses from the fact boats"),
        (RENEWAL, "inspection_valid_until >= today\n", "inspection_valid_until >= tomorrow\n", "value: tomorrow"),
        (BIRTH, "event: birth", "event: wedding", "$.offered_on[0].event: no register tells an event named wedding"),
        (
            BIRTH,
            "years(about.born_on, today) < 1",
            "years(about.born_on, today <",
            "$.offered_on[0].rule: does not comp",
        ),
        (
            BIRTH,
            "years(about.born_on, today) < 1",
            "years(about.born, today) < 1",
            "names an unknown value: about.born",
        ),
        (BIRTH, "    rule: years(about.born_on, today) < 1\n", "", "a rule and its meaning in words come together"),
        (BIRTH, "se më {date} ka lindur", "se ka lindur", "$.offered_on[0].because.sq: fills date differently"),
        (
            BIRTH,
            "      sr: U Centralni registar civilnog",
            "      bs: U Centralni registar civilnog",
            "missing in `sr`",
        ),
        (BIRTH, "answers: {whom: about.child}", "answers: {who: about.child}", "answers.who: is no question of this"),
        (BIRTH, "answers: {whom: about.child}", "answers: {whom: about.kid}", "$.offered_on[0].answers.whom: names an"),
        (
            RENEWAL,
            "still: applicant.vehicles",
            "still: applicant.cars",
            "$.offered_on[0].still: names an unknown value",
        ),
        (RENEWAL, ">= today\n", ">= tomorrow\n", "names an unknown value: tomorrow"),
        (PARKING, "variant: permit", "variant: poster", "$.document.variant: Invalid enum value 'poster'"),
        (
            PARKING,
            "  valid: {since: today}\n",
            "",
            "$.document.valid: a permit says from when or until when it is valid",
        ),
        (PARKING, "valid: {since: today}", "valid: {}", "$.document.valid: needs since, until, or both"),
        (
            PARKING,
            "valid: {since: today}",
            "valid: {since: tomorrow}",
            "$.document.valid.since: names an unknown value",
        ),
        (PARKING, "variant: permit", "variant: extract", "$.document.conditions: only a permit has conditions"),
        (COMPANY, "about: company", "about: applicant", "$.facts[1].about: registration is a fact about a company"),
        (BIRTH, "about: beneficiary", "about: company", "$.facts[0].about: person is a fact about a person"),
        (COMPANY, "name: registration", "name: business_tax", "needs the fact registration about the company"),
        (COMPANY, "key: number", "key: name", "business chooses a company, which is kept by its number"),
        (COMPANY, "fact: businesses", "fact: vehicles", "needs a question that chooses from the fact businesses"),
        (COMPANY, "audience: [company]", "audience: [person]", "$.audience: is for companies exactly where"),
        (BIRTH, "audience: [person, parent]", "audience: [person, company]", "$.audience: is for companies exactly"),
        (COMPANY, "signers: company", "signers: citizen", "is signed by company, not citizen"),
        (COMPANY, "signature: company", "signature: {by: company, days: 0}", "$.signature.days: must be from 1 to 90"),
        (COMPANY, "company.registration != null", "company.registrations != null", "company.registrations"),
        (
            COMPANY,
            "rule: company.registration != null",
            "rule: company.registration.activity.code != ''",
            "$.eligibility[1].rule: nothing says in plain words what registration.activity.code is",
        ),
        (
            COMPANY,
            "rule: company.registration != null",
            "rule: company.registration != null\n    ask: {sq: A, en: B}",
            "$.eligibility[1].ask: the text is missing in `sr`",
        ),
        (TAX, "&for_herself size(applicant.businesses)", "&for_herself size(applicant.firms)", "$.facts[1].only_if"),
    ],
)
def test_a_bad_definition_is_refused(plant: Plant, name: str, old: str, new: str, says: str) -> None:
    assert says in str(plant(name, old, new))


def test_an_offer_that_answers_half_a_page_is_refused(plant: Plant) -> None:
    asked = "      - id: vehicle\n"
    colour = "      - {id: colour, kind: text, label: {sq: Ngjyra, sr: Boja, en: Colour}}\n"
    refused = plant(RENEWAL, asked, colour + asked)
    assert "$.offered_on[0].answers: leaves colour of the same page unanswered" in str(refused)


def test_the_front_page_begins_with_what_is_used_and_goes_on_with_what_happens_in_a_life() -> None:
    book = catalogue()
    first = [services[0].id for _event, services in book.life_events()]
    found = [service.id for service in book.foremost(["passport", "gone-for-good", first[1]], 4)]
    assert found == ["passport", first[1], first[0], first[2]]


def test_a_reminder_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    whole = (REAL.parent / "reminders.yaml").read_text(encoding="utf-8")
    file = tmp_path / "reminders.yaml"
    for old, new, says in (
        ("event: sixty_five", "event: seventy", "sixty-five.offered_on.event: no register tells"),
        (">= 65", ">=", "sixty-five.offered_on.rule: does not compile"),
        ("    sr: Poreska administracija Kosova\n", "", "the text is missing in `sr`"),
        ("  confidence: B\n", "  confidence: Z\n", "confidence"),
        ("    rule: about.kind", "    still: about.kind == ''\n    rule: about.kind", "begins no application"),
    ):
        assert old in whole
        file.write_text(whole.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(DefinitionError) as refused:
            load.read(REAL, file)
        assert says in str(refused.value)
        assert str(file) in str(refused.value)


def test_all_problems_are_told_at_once(plant: Plant) -> None:
    refused = plant(BIRTH, "beneficiary.person.", "beneficiary.persona.", count=99)
    assert len(refused.problems) > 10


def test_a_definition_without_an_example_is_refused(plant: Plant) -> None:
    text = (REAL / f"{BIRTH}.yaml").read_text(encoding="utf-8")
    examples = text[text.index("examples:") :]
    assert "$.examples: there is no worked example" in str(plant(BIRTH, examples, "examples: []\n"))


def test_an_id_is_given_once_in_all_areas(tmp_path: Path) -> None:
    text = (REAL / f"{BIRTH}.yaml").read_text(encoding="utf-8")
    for area in ("civil", "people"):
        (tmp_path / area).mkdir()
        (tmp_path / area / "birth-extract.yaml").write_text(text.replace("area: civil", f"area: {area}"), "utf-8")
    with pytest.raises(DefinitionError, match="birth-extract is also in area civil"):
        load.read(tmp_path)


def test_days_and_codes_in_yaml_stay_text(tmp_path: Path) -> None:
    from services.catalogue import source  # noqa: PLC0415 - only here

    file = tmp_path / "x.yaml"
    file.write_text("a: 2026-11-23\nb: no\nc: 012\nd: 12:30\ne: true\nf: 12\ng: null\nh: 1.5\n", encoding="utf-8")
    read = source.read(file)
    assert read == {"a": "2026-11-23", "b": "no", "c": "012", "d": "12:30", "e": True, "f": 12, "g": None, "h": "1.5"}


def test_a_fee_is_never_called_a_tax() -> None:
    for one in catalogue().all():
        said = msgspec.json.encode(one.fee).decode().lower()
        assert "porez" not in said
        assert "tatim" not in said
        for language in LANGUAGES:
            assert one.gives.say(language)
