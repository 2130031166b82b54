"""What is written about the house is true, decisions are whole, and no exception outlives its cause."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from tests.architecture.tree import ROOT, Source, house, none

_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
# `portal/door.py` is a file of ours; `POST …/payment` and `<area>/<service>.yaml` are not.
_FILE = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.[a-z]{2,4})`")
_PARTS = ("Context", "Decision", "Consequences", "Alternatives")


def pages(root: Path) -> list[Path]:
    """Return what is written for people who work on the project."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")])


def broken(page: Path, root: Path) -> list[str]:
    """Return every link and every file that a page names and that is not there."""
    text = page.read_text("utf-8")
    links = [(page.parent / link, link) for link in _LINK.findall(text)]
    files = [(root / name, name) for name in _FILE.findall(text)]
    return [f"{page.relative_to(root)} names {name}" for path, name in links + files if not path.exists()]


def unfinished(text: str) -> list[str]:
    """Return the parts that a decision lacks."""
    lacking = [part for part in _PARTS if f"**{part}.**" not in text]
    return lacking if re.search(r"\*\*(What keeps it|Kept by)\.\*\*", text) else [*lacking, "What keeps it"]


def unlisted(index: str, names: Iterable[str]) -> list[str]:
    """Return how the index and the decisions differ."""
    return sorted(set(_LINK.findall(index)) ^ set(names))


def stale(names: Iterable[str], sources: Iterable[Source]) -> list[str]:
    """Return the names that vulture is told to pass over though the code has them no more."""
    text = "\n".join(source.text for source in sources)
    return [name for name in names if not re.search(rf"\b{re.escape(name)}\b", text)]


def test_links_and_files_are_there() -> None:
    none(fault for page in pages(ROOT) for fault in broken(page, ROOT))


def test_every_decision_is_whole_and_in_the_index() -> None:
    decisions = [path for path in pages(ROOT) if path.name[:4].isdigit()]
    none(f"{path.name} lacks {part}" for path in decisions for part in unfinished(path.read_text("utf-8")))
    index = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    none(unlisted(index, (path.name for path in decisions)))


def test_no_exception_outlives_its_cause() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    none(stale(settings["tool"]["vulture"]["ignore_names"], house()))


def test_what_is_not_true_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("[how](docs/how.md) and `portal/gone.py`, but [web](https://example.org) and `<area>/<id>.yaml`\n")
    assert broken(page, tmp_path) == ["README.md names docs/how.md", "README.md names portal/gone.py"]
    assert unfinished("**Context.** x **Decision.** x **Consequences.** x") == ["Alternatives", "What keeps it"]
    assert unlisted("- [1](0001-a.md)\n- [2](0002-b.md)", ["0001-a.md", "0003-c.md"]) == ["0002-b.md", "0003-c.md"]
    assert stale(["kept", "gone"], [Source("a.py", "kept: int\nforegone: int\n")]) == ["gone"]
