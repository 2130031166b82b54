"""`portal service new AREA/ID`: writes a definition that loads as it is, and says what to do with it."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

from portal.authoring.refusal import CannotTell, named
from services.catalogue import load

FIRST = Path(load.__file__).parent / "first.yaml"
_NAME = re.compile(r"([a-z]+)/([a-z][a-z0-9]*(?:-[a-z0-9]+)*)")
_MARK = re.compile("‹[^›]*›")
_NEXT = """Wrote {file}.

It loads as it is, and people would see it. What to do next:
1. Write the examples first: one that is let through, one for each rule that
   refuses, one for each fee.
2. {replace}
3. See what is wrong, by place, and how it reads:
   portal service check {file}
   portal service show {id}
4. docs/service-definition.md says what each part may hold; an editor that reads
   the first line of the file explains it while you write.
"""
_REPLACE = "Replace every text in ‹marks›, in all three languages."
_REREAD = "Read every text in all three languages: they still speak of\n   {source}."


def begin(name: str, source: str | None, folder: Path | None) -> str:
    """Write `<folder>/AREA/ID.yaml` and return what to do next; raise CannotTell where there is one already."""
    said = _NAME.fullmatch(name)
    if not said:
        raise CannotTell(f"{name} is not AREA/ID in small letters, such as civil/birth-extract.")
    area, service_id = said.groups()
    file = (folder or load.DEFINITIONS) / area / f"{service_id}.yaml"
    for there in file.parent.parent.glob(f"*/{service_id}.yaml"):
        raise CannotTell(f"{_short(there)} is there already; an id is given once in all areas.")
    text = _copied(source, area, service_id) if source else _first(area, service_id)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    replace = _REREAD.format(source=source) if source else _REPLACE
    return _NEXT.format(file=_short(file), id=service_id, replace=replace).rstrip()


def marked(file: Path) -> int:
    """Return how many texts of a file are still to be replaced."""
    return len(_MARK.findall(file.read_text(encoding="utf-8")))


def _first(area: str, service_id: str) -> str:
    return Template(FIRST.read_text(encoding="utf-8")).substitute(area=area, id=service_id)


def _copied(source: str, area: str, service_id: str) -> str:
    """Return another service's definition, its comments too, under the new name and in version 1."""
    other = named(source)
    text = (load.DEFINITIONS / other.area / f"{other.id}.yaml").read_text(encoding="utf-8")
    for part, value in (("id", service_id), ("version", "1"), ("area", area)):
        text = re.sub(rf"^{part}: .*$", f"{part}: {value}", text, count=1, flags=re.MULTILINE)
    text = re.sub(rf"^  kind: {re.escape(other.document.kind)}$", f"  kind: {service_id}", text, flags=re.MULTILINE)
    return text if text.startswith(_HINT) else f"{_HINT}\n{text}"


_HINT = "# yaml-language-server: $schema=../../definition.schema.json"


def _short(file: Path) -> Path:
    here = Path.cwd()
    return file.relative_to(here) if file.is_relative_to(here) else file
