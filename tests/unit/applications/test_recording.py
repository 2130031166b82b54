"""What registers are told follows from the application; what lacks something never leaves."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from services.applications import recording
from services.applications.application import Application
from services.registers.posting.posting import Posting
from tests.unit.applications.people import ARTA, NOW, draft, service

MOVED: dict[str, Any] = {
    "new_address": {"municipality": "prizren", "settlement": "Prizren", "street": "Remzi Ademi 4"},
    "moved_on": "2026-11-01",
    "home": "own",
}


def moving(answers: dict[str, Any]) -> Application:
    return replace(draft("birth-extract", ARTA), service_id="residence-change", answers=answers)


def told(application: Application, after: Any = "decision") -> list[Posting]:  # noqa: ANN401 - a literal
    return list(recording.postings(application, service(application.service_id), ARTA, after, NOW))


def test_a_move_is_told_to_the_register_of_addresses_about_who_moved() -> None:
    (one,) = told(moving(MOVED))
    assert (one.target, one.subject, one.desk, one.state) == ("addresses/residence", ARTA, "arc", "waiting")
    assert one.body == {
        "municipality": "prizren",
        "settlement": "Prizren",
        "street": "Remzi Ademi 4",
        "since": "2026-11-01",
    }


def test_nothing_is_told_before_its_time() -> None:
    assert told(moving(MOVED), "payment") == []
    assert told(draft("birth-extract", ARTA)) == []


@pytest.mark.parametrize(("rule", "count"), [("answers.home == 'own'", 1), ("answers.home == 'rented'", 0)])
def test_it_is_told_only_where_it_applies(rule: str, count: int) -> None:
    moved, known = moving(MOVED), service("residence-change")
    only = replace(known, recorded_in=tuple(replace(one, only_if=rule) for one in known.records()))
    assert len(list(recording.postings(moved, only, ARTA, "decision", NOW))) == count
    assert known.records()[0].only_if is UNSET


def test_what_lacks_something_is_kept_for_the_office_and_never_told() -> None:
    (one,) = told(moving({"home": "own"}))
    assert (one.state, one.why, one.settled_at, one.tries) == ("refused", "malformed", NOW, 0)
