"""Builds the front end: installs what `package-lock.json` names, compiles, copies a whitelist, writes the manifest.

Nothing of a third party lies in git. Files carry their content's hash, so a new build never changes a published file;
the manifest is replaced last and at once, so a reader sees the old front end or the new one, never half of each.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import brotli

from portal.assets import BUILT, LOCK, NODE, SOURCES, fingerprint, is_current
from portal.assets.node import NoNode, Toolchain, find

# Logical name → where its bytes come from, below node_modules.
_TAKEN = {
    "govuk-frontend.js": "govuk-frontend/dist/govuk/govuk-frontend.min.js",
    "htmx.js": "htmx.org/dist/htmx.min.js",
}
_OURS = ("mark.svg", "eid.svg", "payments.svg", "registers.svg", "icons.svg")  # drawn by us
_STYLES = ("portal", "standin")
_FONTS = ("400Regular", "400Regular_Italic", "600SemiBold", "700Bold")
_SOURCE_MAP = re.compile(rb"\s*//# sourceMappingURL=\S+\s*$")


def ensure(directory: Path = BUILT) -> None:
    """Build into `directory` unless what lies there is current. Ends the program with one sentence when it cannot."""
    if not is_current(directory):
        build(directory)


def build(directory: Path = BUILT, node: Path = NODE) -> None:
    """Build into `directory`, installing into `node`; builders that come at once find the first one's work done."""
    wanted = fingerprint()
    try:
        with _alone(node) as waited:
            if waited and is_current(directory):
                return
            tools = find()
            _publish(_compile(_installed(node, tools), tools), directory, wanted)
    except NoNode as missing:
        sys.exit(str(missing))


@contextmanager
def _alone(node: Path) -> Generator[bool]:
    """Hold the right to build, and tell whether another had it first; the kernel drops it with the process."""
    node.mkdir(parents=True, exist_ok=True)
    with (node / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            waited = False
        except BlockingIOError:
            fcntl.flock(lock, fcntl.LOCK_EX)
            waited = True
        yield waited


def _installed(node: Path, tools: Toolchain) -> Path:
    """Return node_modules as the lock file says, inside `node`."""
    stamp = node / "node_modules" / ".lock.sha256"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not (stamp.exists() and stamp.read_text("ascii") == wanted):
        for name in ("package.json", "package-lock.json"):
            shutil.copy(LOCK.with_name(name), node / name)
        flags = ("--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--omit=optional", "--silent")
        tools.npm(["ci", *flags], node)
        stamp.write_text(wanted, "ascii")
    return node.absolute() / "node_modules"


def _compile(modules: Path, tools: Toolchain) -> Mapping[str, bytes]:
    """Return logical name → bytes of every file, in an order in which a file comes before those that name it."""
    files = {name: (SOURCES / name).read_bytes() for name in _OURS}
    for name, source in _TAKEN.items():
        files[name] = _SOURCE_MAP.sub(b"", (modules / source).read_bytes())
    files["portal.js"] = (SOURCES / "portal.js").read_bytes()
    for style in _STYLES:
        options = (f"--load-path={modules}", "--style=compressed", "--no-source-map", "--no-charset", "--quiet-deps")
        sass = str(modules / "sass" / "sass.js")
        files[f"{style}.css"] = tools.node([sass, *options, str(SOURCES / f"{style}.scss")], modules)
    for weight in _FONTS:
        files[f"fonts/NotoSans_{weight}.ttf"] = _font(modules, weight)
    return files


def _font(modules: Path, weight: str) -> bytes:
    """Return a TrueType file of Noto Sans (SIL OFL 1.1); documents are set in it, pages are not."""
    return (modules / "@expo-google-fonts" / "noto-sans" / weight / f"NotoSans_{weight}.ttf").read_bytes()


def _publish(files: Mapping[str, bytes], directory: Path, made_from: str) -> None:
    """Write every file, then the manifest."""
    names: dict[str, str] = {}
    for name, content in files.items():
        if name.startswith("fonts/"):
            _write(directory / name, content)
            continue
        linked = _link(content, names)
        stem, _dot, ending = name.rpartition(".")
        names[name] = f"{stem}.{hashlib.sha256(linked).hexdigest()[:12]}.{ending}"
        _write(directory / names[name], linked)
        _write(directory / f"{names[name]}.br", brotli.compress(linked, mode=brotli.MODE_TEXT, quality=11))
        _write(directory / f"{names[name]}.gz", gzip.compress(linked, 9, mtime=0))
    _write(directory / "manifest.json", json.dumps(names, indent=1).encode())
    _write(directory / "sources.sha256", made_from.encode())


def _link(content: bytes, names: Mapping[str, str]) -> bytes:
    """Return `content` with each `./logical-name` in it turned into `./name-with-hash`."""
    for name, hashed in names.items():
        content = content.replace(f'"./{name}'.encode(), f'"./{hashed}'.encode())
    return content


def _write(path: Path, content: bytes) -> None:
    """Put a whole file in place at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)
