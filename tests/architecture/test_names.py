"""Names say what a thing is for, and the map in README is the tree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from tests.architecture.tree import ROOT, everything, none, templates

_EMPTY_WORDS = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "base", "misc"}
# The page that all pages extend has this name in every Jinja project.
_KNOWN = {"templates/base.html", "templates/standin/base.html"}

# Packages that several rooms or parties live in.
_SHARED = ("services", "eid", "payments")

# What is in the checkout and no part of the house: made by tools or for them.
_NOT_OURS = re.compile(r"\..*|node_modules|dist|typings|__pycache__")
_ROW = re.compile(r"^\| `(?P<folder>[\w/]+)/` \|(?P<text>.*)\|$")
_WITHIN = re.compile(r"`([\w]+)/`")


def empty_names(paths: Iterable[str]) -> list[str]:
    """Return every module, package or template whose name says nothing."""
    return sorted({path for path in paths if path not in _KNOWN and _words(path) & _EMPTY_WORDS})


def _words(path: str) -> set[str]:
    return {PurePosixPath(part).stem.strip("_") for part in PurePosixPath(path).parts}


def mapped(readme: str) -> set[str]:
    """Return the folders that README's map names: in each row the first, and in its text those within it."""
    rows = [row for line in readme.splitlines() if (row := _ROW.match(line))]
    within = {f"{row['folder']}/{name}" for row in rows for name in _WITHIN.findall(row["text"])}
    return {row["folder"] for row in rows} | within


def rooms(root: Path) -> set[str]:
    """Return what the map must show: every top-level folder, and every room and stand-in."""
    tops = {path.name for path in root.iterdir() if path.is_dir() and not _NOT_OURS.fullmatch(path.name)}
    inner = {f"{package}/{path.name}" for package in _SHARED for path in (root / package).iterdir() if _is_room(path)}
    return (tops | inner) - {"services"}  # its rooms stand for it


def _is_room(path: Path) -> bool:
    return (path / "__init__.py").exists()


def off_the_map(readme: str, root: Path) -> list[str]:
    """Return how map and tree differ."""
    shown = mapped(readme)
    return [
        *(f"README's map lacks {path}/" for path in sorted(rooms(root) - shown)),
        *(f"README's map shows {path}/, which is not there" for path in sorted(shown) if not (root / path).is_dir()),
    ]


def test_names_say_what_a_thing_is_for() -> None:
    paths = [*(source.path for source in everything()), *(path for path, _text in templates())]
    assert {"portal/app.py", "i18n/text.py", "tests/conftest.py", "templates/base.html"} <= set(paths)
    none(empty_names(paths))


def test_the_map_is_the_tree() -> None:
    none(off_the_map((ROOT / "README.md").read_text("utf-8"), ROOT))


def test_a_name_that_says_nothing_is_seen() -> None:
    planted = ["portal/utils.py", "services/common/text.py", "templates/pages/base.html", "eid/_helpers.py"]
    assert empty_names(planted) == sorted(planted)
    assert not empty_names(["templates/base.html", "portal/database.py"])


def test_a_map_that_lies_is_seen(tmp_path: Path) -> None:
    for folder in ("services/catalogue", "eid/provider", "payments", "docs", ".local"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "__init__.py").touch()
    true = "| `services/catalogue/` | a |\n| `eid/` | `provider/` is b |\n| `payments/` | c |\n| `docs/` | d |\n"
    assert not off_the_map(true, tmp_path)
    assert off_the_map(true.replace("`provider/`", "`issuer/`"), tmp_path) == [
        "README's map lacks eid/provider/",
        "README's map shows eid/issuer/, which is not there",
    ]
    assert off_the_map(true.replace("| `docs/` | d |\n", ""), tmp_path) == ["README's map lacks docs/"]
    assert off_the_map("# Portal\n", tmp_path)
