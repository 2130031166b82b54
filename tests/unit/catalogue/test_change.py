"""What changed between two versions of a definition is told by place, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.catalogue import load
from services.catalogue.change import NOTHING, Change, Moved, changes

BIRTH, RESIDENCE, BUSINESS = "civil/birth-extract", "civil/residence-certificate", "business/individual-registration"


def _changed(folder: Path, name: str, old: str, new: str) -> list[Change | Moved]:
    text = (load.DEFINITIONS / f"{name}.yaml").read_text("utf-8")
    assert old in text
    file = folder / "changed.yaml"
    file.write_text(text.replace(old, new, 1), "utf-8")
    return changes(load.read_shape(load.DEFINITIONS / f"{name}.yaml"), load.read_shape(file))


@pytest.mark.parametrize(
    ("name", "old", "new", "change"),
    [
        (BIRTH, "version: 2", "version: 2 # the same", None),
        (BIRTH, "cents: 100", "cents: 150", Change("$.fee.cents", 100, 150)),
        (BIRTH, "sr: Ekstrakt rođenja", "sr: Izvod", Change("$.names.sr", "Ekstrakt rođenja", "Izvod")),
        (
            BIRTH,
            "assurance: substantial",
            "assurance: substantial\nsignature: none",
            Change("$.signature", NOTHING, "none"),
        ),
        (BIRTH, "channels: [web]", "channels: [web, kiosk]", Change("$.channels", ["web"], ["web", "kiosk"])),
        (
            RESIDENCE,
            "show_if: answers.purpose == 'other'",
            "show_if: answers.purpose != null",
            Change(
                "$.sections[purpose-other].show_if",
                "answers.purpose == 'other'",
                "answers.purpose != null",
            ),
        ),
        (
            BIRTH,
            "en: Citizenship}\n          value: beneficiary.person.citizenship",
            "en: Citizenship}\n          value: beneficiary.person.birth_country",
            Change(
                "$.document.sections[The person].rows[Citizenship].value",
                "beneficiary.person.citizenship",
                "beneficiary.person.birth_country",
            ),
        ),
    ],
)
def test_a_change_is_told_by_its_place(tmp_path: Path, name: str, old: str, new: str, change: Change | None) -> None:
    assert _changed(tmp_path, name, old, new) == ([] if change is None else [change])


def test_what_is_put_in_between_moves_nothing_else(tmp_path: Path) -> None:
    rows = "        - label: {sq: Emri, sr: Ime, en: First name}\n"
    new = "        - label: {sq: Shënim, sr: Napomena, en: Note}\n          value: today\n"
    (added,) = _changed(tmp_path, BIRTH, rows, new + rows)
    assert isinstance(added, Change)
    assert (added.place, added.before) == ("$.document.sections[The person].rows[Note]", NOTHING)


def test_another_order_is_told(tmp_path: Path) -> None:
    food = (load.DEFINITIONS / f"{BUSINESS}.yaml").read_text("utf-8")
    options = [line for line in food.splitlines(keepends=True) if line.strip().startswith("- {value: ")][:2]
    (moved,) = _changed(tmp_path, BUSINESS, "".join(options), "".join(reversed(options)))
    assert isinstance(moved, Moved)
    assert moved.place.endswith(".options")
