"""What people type in `queries.csv`, and the service that each of them looks for."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from i18n.text import LANGUAGES, Language


def _queries() -> Iterator[tuple[Language, str, str]]:
    with Path(__file__).with_name("queries.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            yield next(each for each in LANGUAGES if each == row["language"]), row["typed"], row["service"]


QUERIES = tuple(_queries())
