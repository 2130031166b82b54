"""The front end is really built: on a machine without Node.js, and by many at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from portal import assets

_BUILD = "import sys; from pathlib import Path; from portal.assets.build import build; build(*map(Path, sys.argv[1:]))"


def _builder(folder: Path, path: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _BUILD, str(folder / "assets"), str(folder / "node")]
    return subprocess.Popen(command, env=os.environ | {"PATH": path}, stderr=subprocess.PIPE, text=True)


def test_a_machine_without_nodejs_builds_the_same_front_end(tmp_path: Path) -> None:
    # The packaged npm starts no other program, so an empty PATH shows that nothing of the machine's is used.
    builder = _builder(tmp_path, str(tmp_path))
    _said, complaints = builder.communicate(timeout=120)
    assert (builder.returncode, complaints) == (0, "")
    assert assets.is_current(tmp_path / "assets")
    assert (tmp_path / "assets" / "fonts" / "NotoSans_400Regular.ttf").exists()


def test_eight_builders_at_once_leave_one_whole_front_end(tmp_path: Path) -> None:
    builders = [_builder(tmp_path, os.environ["PATH"]) for _number in range(8)]
    assert [builder.communicate(timeout=180)[1] for builder in builders] == [""] * 8
    assert [builder.returncode for builder in builders] == [0] * 8
    manifest = json.loads((tmp_path / "assets" / "manifest.json").read_text())
    assert all(
        (tmp_path / "assets" / (name + ending)).stat().st_size
        for name in manifest.values()
        for ending in ("", ".br", ".gz")
    )
    assert assets.is_current(tmp_path / "assets")


def test_a_wrong_style_sheet_is_said_and_nothing_is_published(tmp_path: Path) -> None:
    broken = tmp_path / "broken.scss"
    broken.write_text("p { color: ")
    compile_it = (
        "import sys; from portal.assets import build; build._STYLES = (sys.argv[3],);"
        "build.build(*map(build.Path, sys.argv[1:3]))"
    )
    arguments = [str(tmp_path / "assets"), str(assets.NODE), str(broken.with_suffix(""))]
    done = subprocess.run([sys.executable, "-c", compile_it, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "The front end was not built: node ended with" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "assets" / "manifest.json").exists()
