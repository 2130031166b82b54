"""The 38 municipalities by the ids that facts, fees and addresses use."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from i18n.text import Wording


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality: its name, its region's name, and the two digits that plates of its region begin with."""

    id: str
    name: Wording
    region: Wording
    plate_code: str


@cache
def all_of_them() -> Mapping[str, Municipality]:
    """Return every municipality by id, in the order of the Albanian alphabet's letters A to Z."""
    with Path(__file__).with_name("municipalities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    names = {row["id"]: Wording(row["sq"], row["sr"], row["en"]) for row in rows}
    # A region bears the name of its largest town; that of Mitrovica is neither the southern nor the northern one.
    regions = {row["sq"]: names[row["id"]] for row in rows}
    regions["Mitrovicë"] = Wording("Mitrovicë", "Mitrovica", "Mitrovica")
    return {
        row["id"]: Municipality(row["id"], names[row["id"]], regions[row["region"]], row["plate_code"]) for row in rows
    }


def name(municipality_id: str) -> Wording:
    """Return the municipality's name; KeyError for an id that is none of the 38."""
    return all_of_them()[municipality_id].name


def region(municipality_id: str) -> Wording:
    """Return the name of the region that the municipality lies in."""
    return all_of_them()[municipality_id].region


def plate_code(municipality_id: str) -> str:
    """Return the two digits (`01` to `07`) that plates of the municipality's region begin with."""
    return all_of_them()[municipality_id].plate_code
