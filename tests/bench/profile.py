"""What the portal's time goes to, by py-spy: for each figure, the functions in which its worker was found most."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.bench import load, stage, statements
from tests.bench.load import Request
from tests.bench.stage import Stage
from tests.parties import Running

SECONDS = 6
_SHOWN = 25


def report(raised: Stage) -> str:
    """Return the profile of each figure in turn."""
    loads: dict[str, Sequence[Request]] = {
        "home, anonymous": [Request("GET", "/sq")],
        "My applications": raised.reading(),
        "submit and decide": raised.sending(statements.UNUSED, stage.CROWD),
    }
    return "\n\n".join(f"{name}\n{_profile(raised.portal, requests)}" for name, requests in loads.items())


def _profile(server: Running, requests: Sequence[Request]) -> str:
    with tempfile.NamedTemporaryFile(prefix="bench-", suffix=".raw") as file:
        program = Path(sys.executable).with_name("py-spy")
        options = ["--format", "raw", "--rate", "500", "--nonblocking", "--gil", "--duration", str(SECONDS - 2)]
        spy = subprocess.Popen(
            [program, "record", *options, "--pid", str(server.process.pid), "--output", file.name],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        load.run(server, requests, SECONDS)
        _said, error = spy.communicate(timeout=30)
        stacks = Path(file.name).read_text()
    return top(stacks.splitlines()) if spy.returncode == 0 else f"py-spy could not look: {error.strip()}"


def top(stacks: Iterable[str]) -> str:
    """Return where the samples of py-spy's raw stacks fell: the function itself, and it with all that it calls."""
    own, whole = Counter[str](), Counter[str]()
    for line in stacks:
        stack, _space, count = line.rpartition(" ")
        frames = [re.sub(r":\d+\)$", ")", frame) for frame in stack.split(";")]
        own[frames[-1]] += int(count)
        for frame in set(frames):
            whole[frame] += int(count)
    total = own.total() or 1
    rows = [f"  {own[frame] / total:6.1%} {count / total:6.1%}  {frame}" for frame, count in whole.most_common(_SHOWN)]
    itself = [f"  {count / total:6.1%}         {frame}" for frame, count in own.most_common(_SHOWN)]
    return "\n".join(["  itself  with all it calls", *rows, "  itself", *itself])
