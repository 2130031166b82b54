"""Knows what the front end is built from, where it lies built, and under which addresses it is served."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(__file__).resolve().parent
LOCK = ROOT / "package-lock.json"
BUILT = ROOT / ".local" / "assets"
NODE = ROOT / ".local" / "node"
PREFIX = "/assets/"


def manifest(directory: Path = BUILT) -> Mapping[str, str]:
    """Return logical name → file name with its content's hash, as `build` left it in `directory`.

    Raises FileNotFoundError when nothing was built there.
    """
    names: dict[str, str] = json.loads((directory / "manifest.json").read_text("utf-8"))
    return names


def urls(directory: Path = BUILT) -> Mapping[str, str]:
    """Return logical name → address, for templates: `{{ assets["portal.css"] }}`."""
    return {name: PREFIX + file for name, file in manifest(directory).items()}


def is_current(directory: Path = BUILT) -> bool:
    """Tell whether what lies in `directory` was built from the lock file and sources as they are now."""
    try:
        manifest(directory)
        return (directory / "sources.sha256").read_text("ascii") == fingerprint()
    except (FileNotFoundError, ValueError):
        return False


def fingerprint() -> str:
    """Return one hash over everything that a build reads: content tells what a file's age cannot."""
    digest = hashlib.sha256()
    for path in (LOCK, *sorted(p for p in SOURCES.rglob("*") if p.is_file() and "__pycache__" not in p.parts)):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
