"""Finds every message in code and templates, and every translation, as the tests and translators need them.

`python -m tests.architecture.messages portal` prints what the room `portal` still lacks, ready for its .po files.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
LOCALES = ROOT / "i18n" / "locales"
FOLDERS = ("sq", "sr_Latn")
_KEYWORDS = {"_": None, "n_": (1, 2), "gettext": None, "ngettext": (1, 2)}
_PYTHON = ("portal", "services", "eid", "payments", "i18n")


@dataclass(frozen=True)
class Used:
    """A message where it is used; `plural` None where it has one form."""

    message: str
    plural: str | None
    place: str


def used() -> Iterator[Used]:
    """Yield every message in code and templates."""
    for folder in _PYTHON:
        for path in (ROOT / folder).rglob("*.py"):
            yield from _of(path, "python")
    for path in (ROOT / "templates").rglob("*"):
        if path.suffix in {".html", ".txt"}:
            yield from _of(path, "jinja2.ext:babel_extract")


def _of(path: Path, method: str) -> Iterator[Used]:
    options = {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}
    with path.open("rb") as file:
        for line, found, _comments, _context in extract(method, file, keywords=_KEYWORDS, options=options):
            place = f"{path.relative_to(ROOT)}:{line}"
            if isinstance(found, str):
                yield Used(found, None, place)
            elif found[0]:
                yield Used(found[0], found[1] if len(found) > 1 else None, place)


def catalogues(folder: str) -> dict[str, Catalog]:
    """Return each room's catalogue of a language."""
    rooms: dict[str, Catalog] = {}
    for path in sorted((LOCALES / folder / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            rooms[path.stem] = read_po(file, locale=folder)
    return rooms


def entries(catalogue: Catalog) -> Iterator[Message]:
    """Yield a catalogue's messages, without its header."""
    return (message for message in catalogue if message.id)


def english(message: Message) -> tuple[str, ...]:
    """Return a message as it is in the code: one form, or singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def forms(message: Message) -> tuple[str, ...]:
    """Return a message's translations, one a plural form; "" where there is none yet."""
    said = (message.string,) if isinstance(message.string, str | None) else message.string
    return tuple(form or "" for form in said)


def translations(folder: str) -> dict[str, Message]:
    """Return every translated message of a language by its English; fuzzy and empty ones are none."""
    return {
        english(message)[0]: message
        for room in catalogues(folder).values()
        for message in entries(room)
        if not message.fuzzy and all(forms(message))
    }


def _main(prefixes: list[str]) -> None:
    for folder in FOLDERS:
        known = translations(folder)
        seen: set[str] = set()
        sys.stdout.write(f"# {folder}\n")
        for item in used():
            if item.message in known or item.message in seen or not item.place.startswith(tuple(prefixes)):
                continue
            seen.add(item.message)
            sys.stdout.write(f"{item.place}\t{item.message!r}" + (f"\t{item.plural!r}" if item.plural else "") + "\n")


if __name__ == "__main__":
    _main(sys.argv[1:] or [""])
