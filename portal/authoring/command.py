"""`portal service ACT`: does what is asked and prints what comes of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from portal.authoring import beginning, comparison, sheet
from portal.authoring.refusal import CannotTell, named
from services.catalogue import load, schema
from services.catalogue.load import DefinitionError, catalogue

Database = Callable[[], AbstractContextManager[str]]


def run(chosen: argparse.Namespace, database: Database) -> int:
    """Do what `portal service` was told and return its exit code; `database` starts the one that keeps versions."""
    try:
        said = comparison.between(chosen.between, database) if chosen.act == "diff" else _ACTS[chosen.act](chosen)
    except DefinitionError as refused:
        here = f"{Path.cwd()}/"
        print("\n".join(problem.removeprefix(here) for problem in refused.problems), file=sys.stderr)  # noqa: T201 - a command line speaks
        return 1
    except CannotTell as refused:
        print(refused, file=sys.stderr)  # noqa: T201 - as above
        return 1
    print(said)  # noqa: T201 - as above
    return 0


def _check(chosen: argparse.Namespace) -> str:
    """Say how many definitions are sound; raise DefinitionError with every problem of all of them."""
    if chosen.files:
        found = load.read_files(chosen.files)
    else:
        found = catalogue().all()
        load.bundles()
    files = chosen.files or sorted(load.DEFINITIONS.glob("*/*.yaml"))
    left = {file: count for file in files if (count := beginning.marked(file))}
    marked = [f"{file}: {count} texts are still in ‹marks›." for file, count in left.items()]
    count = "1 definition is" if len(found) == 1 else f"{len(found)} definitions are"
    return "\n".join([*marked, f"{count} sound."])


def _new(chosen: argparse.Namespace) -> str:
    return beginning.begin(chosen.name, chosen.source, chosen.folder)


def _list(chosen: argparse.Namespace) -> str:
    """Return a line for each service; raise CannotTell where none is so."""
    found = [
        service
        for service in catalogue().all()
        if chosen.area in {None, service.area} and chosen.decision in {None, service.processing.decision}
    ]
    if not found:
        raise CannotTell(f"No service is so. The areas: {', '.join(sorted({one.area for one in catalogue().all()}))}.")
    return sheet.listed(found, chosen.language)


def _show(chosen: argparse.Namespace) -> str:
    return sheet.shown(named(chosen.id), chosen.language)


def _schema(chosen: argparse.Namespace) -> str:
    if not chosen.write:
        return schema.text().rstrip()
    schema.FILE.write_text(schema.text(), encoding="utf-8")
    return f"Wrote {schema.FILE}."


_ACTS: Mapping[str, Callable[[argparse.Namespace], str]] = {
    "check": _check,
    "new": _new,
    "list": _list,
    "show": _show,
    "schema": _schema,
}
