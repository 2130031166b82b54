"""Finds a Chromium for the journeys and `pdfsig` for seals; `python -m tests.browser` installs what is missing.

The browser is that of PORTAL_CHROMIUM, else one on the PATH, else Playwright's. Nothing is skipped for want of one. The
build without a window of its own comes first: it draws the same pages for half the processor time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


class Missing(Exception):  # noqa: N818 - what is missing and what to do, as one sentence
    """A program that the tests need is not here and could not be installed."""


def launch_options() -> dict[str, Any]:
    """Return what Playwright's `launch` takes to start the browser that was found; raise Missing."""
    # Chromium's sandbox refuses root. The pages that it opens here are our own.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": str(chromium()), "args": arguments}


def chromium() -> Path:
    """Return the Chromium of this machine; raise Missing."""
    found = _chromium()
    if not found:
        raise Missing("No Chromium was found: set PORTAL_CHROMIUM to one, or run `python -m tests.browser`.")
    return found


def main() -> int:
    """Install what is missing; return 0, or 1 after a sentence that says what to do."""
    try:
        _ensure(_chromium, _install_chromium, "Set PORTAL_CHROMIUM to a Chromium, or install Debian's `chromium`.")
        _ensure(lambda: _on_path("pdfsig"), _install_poppler, "Install `poppler-utils`, which brings pdfsig.")
    except Missing as missing:
        print(missing, file=sys.stderr)  # noqa: T201 - a command line speaks
        return 1
    return 0


def _ensure(find: Callable[[], Path | None], install: Callable[[], None], otherwise: str) -> None:
    if not find():
        install()
    if not find():
        raise Missing(otherwise)


def _chromium() -> Path | None:
    if named := os.environ.get("PORTAL_CHROMIUM"):
        if not os.access(named, os.X_OK):
            raise Missing(f"PORTAL_CHROMIUM names {named}, which is not a program.")
        return Path(named)
    return next(filter(None, map(_on_path, _NAMES)), None) or _playwrights_own()


def _playwrights_own() -> Path | None:
    # In a process of its own: Playwright's plain interface refuses to run where an event loop does.
    ask = "from playwright.sync_api import sync_playwright as p\nwith p() as it: print(it.chromium.executable_path)"
    said = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout
    own = Path(said.strip())
    return own if _starts(own) else None


def _starts(browser: Path) -> bool:
    """Return whether a browser is there with the libraries that it needs."""
    if not browser.exists():
        return False
    return subprocess.run([browser, "--version"], capture_output=True, check=False).returncode == 0


def _on_path(name: str) -> Path | None:
    found = shutil.which(name)
    return Path(found) if found else None


def _install_chromium() -> None:
    _try(sys.executable, "-m", "playwright", "install", "chromium")
    for package in _NAMES[:2]:
        if not _chromium():
            _apt_install(package)


def _install_poppler() -> None:
    _apt_install("poppler-utils")


def _apt_install(package: str) -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _try("apt-get", "update", "-qq")
        _try("apt-get", "install", "-y", "-qq", "--no-install-recommends", package)


def _try(*command: str) -> None:
    print(f"  {' '.join(command)} …", flush=True)  # noqa: T201 - a command line speaks
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
