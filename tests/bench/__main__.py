"""Measures how fast the portal is, beside the ceiling of the same machine and server: `make bench`.

    python -m tests.bench [--check] [--rounds N] [--profile]

The pages are measured in pairs, ours and its ceiling in turn, on one worker at 16 connections; what has no ceiling is
counted by the second (`rates/`, one file each). `--check` exits with 1 when one falls short; `--profile` shows by
py-spy what the time goes to instead.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from tests.bench import figures, load, profile, rate, stage, statements
from tests.bench.figures import Figure, Measurement
from tests.bench.load import Request, Run
from tests.bench.rate import Rate
from tests.bench.stage import Stage
from tests.parties import Running

# Many short pairs, since other load on the machine comes and goes; wrk counts in whole seconds.
SECONDS = 2.0
ROUNDS = 4
_MOST = 5000  # submissions that are prepared for a run

Measured = Callable[[], Run]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and return 1 when `--check` finds a figure that falls short."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a figure falls short")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="pairs to measure for each figure")
    parser.add_argument("--profile", action="store_true", help="show by py-spy what the time goes to, instead")
    told = parser.parse_args(arguments)
    with stage.raised() as raised:
        if told.profile:
            _say(profile.report(raised))
            return 0
        heading = _heading()
        measured = Measurement(measure(raised, told.rounds), raised.worker())
    rates = list(rate.every())
    _say(f"{heading}\n\n{figures.table(measured)}\n\n{rate.table(rates)}\n")
    return verdict(measured, rates, check=told.check)


def verdict(measured: Measurement, rates: Sequence[Rate] = (), *, check: bool) -> int:
    """Say what falls short, and return the exit code: 1 when something does and `check` asks for it."""
    wanting = [*figures.shortfalls(measured), *(short for one in rates for short in one.wanting)]
    _say("\n".join(f"falls short: {each}" for each in wanting) or "nothing falls short")
    return 1 if check and wanting else 0


def measure(raised: Stage, rounds: int) -> list[Figure]:
    """Return every figure, each from so many pairs after one to warm up."""
    hello = Ceiling("hello", _of(raised.hello, [Request("GET", "/")]), 0.6)
    page = Ceiling("its page without I/O", _of(raised.page, raised.reading_from_memory()), 0.5)
    decisions = Decisions(raised)
    stated = Ceiling(f"its statements by {decisions.by}", decisions.stated, 0.25)
    return [
        figure("home, anonymous", _visit(raised, "/sq"), hello, rounds),
        figure("a service, anonymous", _visit(raised, "/sq/services/birth-extract"), hello, rounds),
        figure("My applications", _of(raised.portal, raised.reading()), page, rounds),
        figure("submit and decide", decisions.sent, stated, rounds),
    ]


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What a figure is measured against, and the share of it to be reached."""

    name: str
    measured: Measured
    aim: float


def figure(name: str, ours: Measured, ceiling: Ceiling, rounds: int) -> Figure:
    """Return a figure from pairs, ours and the ceiling in turn, after one pair to warm up."""
    pairs = [(ours(), ceiling.measured()) for _each in range(rounds + 1)][1:]
    return Figure(name, ceiling.name, ceiling.aim, [our for our, _its in pairs], [its for _our, its in pairs])


class Decisions:
    """Applications of the crowd, each sent once: to the portal, or as its statements to a copy of its database."""

    def __init__(self, raised: Stage) -> None:
        self._stage = raised
        self._program = statements.program()
        self.by = "pgbench" if self._program else "asyncpg, for want of pgbench"

    def sent(self) -> Run:
        """Return a run of submissions to the portal."""
        stage = self._stage
        return self._counted(stage.url, lambda first: load.run(stage.portal, stage.sending(first, _MOST), SECONDS))

    def stated(self) -> Run:
        """Return a run of the statements alone."""
        url, recorded = self._stage.statements_url, self._stage.statements
        if program := self._program:
            return self._counted(url, lambda first: statements.by_pgbench(program, url, recorded, first, SECONDS))
        return self._counted(url, lambda first: statements.by_asyncpg(url, recorded, first, SECONDS))

    def _counted(self, url: str, send: Callable[[int], Run]) -> Run:
        """Return the run that begins with those nobody has sent for; what answered and decided nothing has failed."""
        before, last = self._stage.decided(url)
        run = send(max(statements.UNUSED, last + 1))
        after, _last = self._stage.decided(url)
        return replace(run, failed=run.failed + max(0, run.answers - (after - before)))


def _visit(raised: Stage, path: str) -> Measured:
    return _of(raised.portal, [Request("GET", path)])


def _of(server: Running, requests: Sequence[Request]) -> Measured:
    return lambda: load.run(server, requests, SECONDS)


def _heading() -> str:
    """Say when and where this is; what else the machine does now takes from both halves of a pair."""
    load_now, cores = os.getloadavg()[0], os.cpu_count() or 1
    machine = f"{cores} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    busy = ": BUSY WITH OTHER WORK, so milliseconds mean little" if load_now > cores else ""
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {machine} · by {load.tool()} · load before {load_now:.1f}{busy}"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
