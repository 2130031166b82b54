"""What a life event's services have in common is told by one file, and a bad one is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from services.catalogue import load
from services.catalogue.load import DefinitionError, bundles, catalogue

REAL = Path(load.__file__).parent / "bundles.yaml"
TODAY = date(2026, 11, 23)
PENSION = {"since": "2020-07-29"}
NEWBORN, PUPIL = {"birthdate": "2026-11-14"}, {"birthdate": "2016-03-12"}


def ticked(event: str, **applicant: object) -> set[str]:
    bundle = bundles().of(event)
    assert bundle
    return set(bundle.ticked(applicant, TODAY))


def test_each_of_eight_life_events_has_a_bundle_of_services() -> None:
    assert {bundle.event for bundle in bundles().bundles} == {
        *("birth", "moving-house", "marriage", "starting-a-business"),
        *("buying-a-vehicle", "death", "retirement", "studying"),
    }
    assert all(len(bundle.services) > 2 for bundle in bundles().bundles)
    assert bundles().of("driving") is None


def test_what_the_registers_say_ticks_what_applies() -> None:
    mother, father = {"sex": "female"}, {"sex": "male"}
    allowances = {"child-allowance", "maternity-payment"}
    assert ticked("birth", person=mother, children=[NEWBORN, PUPIL]) == {"birth-certificate", *allowances}
    assert ticked("birth", person=father, children=[NEWBORN]) == {"birth-certificate"}
    assert ticked("birth", person=mother, children=[PUPIL]) == set()
    old = {"birthdate": "1955-07-29"}
    assert ticked("retirement", person=old, pensions=[]) == {"basic-pension"}
    assert ticked("retirement", person=old, pensions=[PENSION]) == {
        "pension-attestation",
        "health-insurance-confirmation",
    }
    widow = [{"ended_by": "death"}]
    assert "family-pension" in ticked("death", marriages=widow, pensions=[])
    assert "family-pension" not in ticked("death", marriages=widow, pensions=[PENSION])
    assert ticked("moving-house", address=None, properties=[], vehicles=[{"plate": "01-234-AB"}]) == set()


def test_a_silent_register_ticks_nothing() -> None:
    assert ticked("birth", person={"sex": "female"}) == set()
    assert all(ticked(bundle.event) == set() for bundle in bundles().bundles)


def test_only_what_the_rules_read_is_asked_of_the_registers() -> None:
    birth = bundles().of("birth")
    assert birth
    assert birth.needs() == ["children", "person"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("service: child-passport", "service: child-pass", "services[4].service: there is no service child-pass"),
        ("event: studying", "event: idling", "event: idling does not stand in life_events.yaml"),
        ("applicant.person.sex == 'female'", "applicant.people.sex == 'female'", "unknown value: applicant.people.sex"),
        ("one.birthdate, today) < 1)", "one.birthdate, today) <)", "does not compile"),
        ("size(applicant.businesses) > 0", "applicant.registration != null", "unknown value: applicant.registration"),
        ("    en: Who are they for?\n", "", "$.questions.whom: the text is missing in `en`"),
        (
            "service: birth-extract\n      - service: child-passport",
            "service: birth-extract\n        tick: 'true'",
            "together",
        ),
    ],
)
def test_a_bad_bundle_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = REAL.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "bundles.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        load.read_bundles(file)
    assert says in str(refused.value)


def test_what_is_asked_once_is_asked_by_several_services() -> None:
    for name in bundles().questions:
        asking = [service.id for service in catalogue().all() if any(one.id == name for one in service.questions())]
        assert len(asking) > 1, name
