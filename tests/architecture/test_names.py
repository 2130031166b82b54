"""Names say what a thing is for, and the map in README is the tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from tests.architecture.tree import PACKAGES, ROOT, everything, none, templates

_EMPTY_WORDS = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "base", "misc"}
# The page that all pages extend has this name in every Jinja project.
_KNOWN = {"templates/base.html", "templates/standin/base.html"}

# What is in the checkout and no part of the house: made by tools, or found nowhere but at its author's.
_NOT_OURS = re.compile(r"\..*|node_modules|dist|__pycache__")
_ENTRY = re.compile(r"^(?P<indent>[ │├└─]*)`?(?P<path>[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*/)`?(?=\s|$)")
_HEADING = re.compile(r"^#+ .*\bmap\b", re.IGNORECASE)


def empty_names(paths: Iterable[str]) -> list[str]:
    """Return every module, package or template whose name says nothing."""
    return sorted({path for path in paths if path not in _KNOWN and _words(path) & _EMPTY_WORDS})


def _words(path: str) -> set[str]:
    return {PurePosixPath(part).stem.strip("_") for part in PurePosixPath(path).parts}


def mapped(readme: str) -> set[str]:
    """Return the folders that README's map names: the first fenced block under a heading with the word "map".

    A line begins with a folder and its slash; what is indented below it lies in it.
    """
    folders: set[str] = set()
    above: list[tuple[int, str]] = []
    for line in _map_lines(readme.splitlines()):
        if not (entry := _ENTRY.match(line)):
            continue
        depth = len(entry["indent"])
        above = [(indent, path) for indent, path in above if indent < depth]
        path = (above[-1][1] if above else "") + entry["path"]
        above.append((depth, path))
        folders.add(path.rstrip("/"))
    return folders


def _map_lines(lines: list[str]) -> list[str]:
    start = next((number for number, line in enumerate(lines) if _HEADING.match(line)), len(lines))
    fences = [number for number, line in enumerate(lines) if number > start and line.startswith("```")]
    return lines[fences[0] + 1 : fences[1]] if len(fences) > 1 else []


def rooms(root: Path) -> set[str]:
    """Return what the map must show: every top-level folder, and every package right below one of ours."""
    tops = {path.name for path in root.iterdir() if path.is_dir() and not _NOT_OURS.fullmatch(path.name)}
    inner = {
        f"{package}/{path.name}"
        for package in PACKAGES
        for path in (root / package).glob("*/")
        if path.is_dir() and any(path.glob("*.py"))
    }
    return tops | inner


def off_the_map(readme: str, root: Path) -> list[str]:
    """Return how map and tree differ."""
    shown = mapped(readme)
    if not shown:
        return ["README has no map: a fenced block under a heading with the word map"]
    return [
        *(f"README's map lacks {path}/" for path in sorted(rooms(root) - shown)),
        *(f"README's map shows {path}/, which is not there" for path in sorted(shown) if not (root / path).is_dir()),
    ]


def test_names_say_what_a_thing_is_for() -> None:
    none(empty_names([*(source.path for source in everything()), *(path for path, _text in templates())]))


def test_the_map_is_the_tree() -> None:
    none(off_the_map((ROOT / "README.md").read_text("utf-8"), ROOT))


def test_a_name_that_says_nothing_is_seen() -> None:
    planted = ["portal/utils.py", "services/common/text.py", "templates/pages/base.html", "eid/_helpers.py"]
    assert empty_names(planted) == sorted(planted)
    assert not empty_names(["templates/base.html", "portal/database.py"])


def _plant(root: Path, folders: Mapping[str, str]) -> None:
    for path, module in folders.items():
        (root / path).mkdir(parents=True)
        if module:
            (root / path / module).touch()


def test_a_map_that_lies_is_seen(tmp_path: Path) -> None:
    _plant(tmp_path, {"portal/pages": "home.py", "portal/migrations": "", "docs": "", ".local": "", "eid/provider": ""})
    true = "# Portal\n## Map\nText\n```\nportal/   the door\n  pages/  what people see\neid/\ndocs/ more\n```\n"
    assert mapped(true) == {"portal", "portal/pages", "eid", "docs"}
    assert not off_the_map(true, tmp_path)
    assert off_the_map(true.replace("  pages/", "  rooms/"), tmp_path) == [
        "README's map lacks portal/pages/",
        "README's map shows portal/rooms/, which is not there",
    ]
    assert off_the_map(true.replace("docs/ more\n", ""), tmp_path) == ["README's map lacks docs/"]
    assert off_the_map("# Portal\n", tmp_path)
