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
_SHOWN = 15


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
    """Return where the samples of py-spy's raw stacks fell: in whose code, and in which function."""
    whose, own = Counter[str](), Counter[str]()
    for line in stacks:
        stack, _space, count = line.rpartition(" ")
        frame = re.sub(r":\d+\)$", ")", stack.rpartition(";")[2])
        whose[_owner(frame)] += int(count)
        own[frame] += int(count)
    total = own.total() or 1
    return "\n".join(
        f"  {title}\n" + "\n".join(f"  {count / total:6.1%}  {name}" for name, count in counted.most_common(_SHOWN))
        for title, counted in (("in the code of", whose), ("in the function", own))
    )


def _owner(frame: str) -> str:
    """Return whose code a frame `function (path)` is: a package, or our templates."""
    path = frame.rpartition("(")[2].rstrip(")")
    return "templates" if path.endswith(".html") else path.partition("/")[0] or "the server itself"
