"""Albanian and Serbian use the state's own terms, in catalogues and in data: the table `terms.csv` says which.

A row: where the English has `english`, the Albanian has `sq` and the Serbian `sr_Latn`, and neither has its `never`.
A row without English holds for every text. All are regular expressions; the source is the project's glossary of
official pages and acts (A: seen on an official page in both languages, B: in one, C: our own).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
import yaml

from tests.architecture.messages import FOLDERS, catalogues, english, entries, forms
from tests.architecture.tree import PACKAGES, ROOT, none

_TABLE = Path(__file__).with_name("terms.csv")
_PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")


@dataclass(frozen=True)
class Said:
    """A text in one language, the English that it says, and where it stands."""

    place: str
    english: str
    words: str


def faults(said: Iterable[Said], folder: str, terms: Iterable[dict[str, str]]) -> list[str]:
    """Return every text that misses the term it should use, or has one that it never may."""
    rows = list(terms)
    found: list[str] = []
    for text in said:
        original = _PLACE.sub("", text.english)
        for row in rows:
            if row["english"] and not re.search(row["english"], original, re.IGNORECASE):
                continue
            wanted, never = row[folder], row[f"{folder}_never"]
            if wanted and not re.search(wanted, text.words, re.IGNORECASE):
                found.append(f"{text.place}: {text.words!r} lacks {wanted} ({row['source']})")
            if never and (wrong := re.search(never, text.words, re.IGNORECASE)):
                found.append(f"{text.place}: {text.words!r} says {wrong[0]!r} ({row['source']})")
    return found


def table() -> list[dict[str, str]]:
    """Return the rows of the table."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def said_in(folder: str) -> Iterator[Said]:
    """Yield every text of a language, from catalogues and from data."""
    for room, catalogue in catalogues(folder).items():
        for message in entries(catalogue):
            for form in forms(message):
                yield Said(f"{room}.po:{message.lineno}", " ".join(english(message)), form)
    key = folder.partition("_")[0]
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.yaml")):
            place = path.relative_to(ROOT).as_posix()
            yield from _in_data(yaml.safe_load(path.read_text("utf-8")), key, place)


def _in_data(node: object, key: str, place: str) -> Iterator[Said]:
    """Yield each {sq, sr, en} of a tree of data."""
    if isinstance(node, dict):
        held = cast("dict[str, object]", node)
        if isinstance(words := held.get(key), str) and isinstance(held.get("en"), str):
            yield Said(place, cast("str", held["en"]), words)
        for value in held.values():
            yield from _in_data(value, key, place)
    elif isinstance(node, list):
        for value in cast("list[object]", node):
            yield from _in_data(value, key, place)


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_state_is_given_its_own_words(folder: str) -> None:
    none(faults(said_in(folder), folder, table()))


def test_every_term_has_a_source() -> None:
    assert all(row["source"] for row in table())


@pytest.mark.parametrize(
    ("folder", "text", "words"),
    [
        ("sr_Latn", "The fee is 2 €", "Porez je 2 €"),
        ("sr_Latn", "Enter your personal number", "Unesite matični broj"),
        ("sr_Latn", "Try again", "Pokušajte za neko vrijeme"),
        ("sr_Latn", "Try again", "Покушајте поново"),
        ("sq", "The fee is 2 €", "Tatimi është 2 €"),
        ("sq", "This is a service", "Ky eshte një shërbim"),
    ],
)
def test_a_wrong_word_is_seen(folder: str, text: str, words: str) -> None:
    assert faults([Said("planted", text, words)], folder, table())


def test_a_tax_may_be_called_a_tax() -> None:
    assert not faults([Said("portal.po:1", "Property tax", "Porez na imovinu")], "sr_Latn", table())


def test_texts_in_data_are_read_too() -> None:
    data = {"fee": {"names": [{"sq": "Taksa", "sr": "Porez", "en": "Fee"}]}}
    assert list(_in_data(data, "sr", "a.yaml")) == [Said("a.yaml", "Fee", "Porez")]
