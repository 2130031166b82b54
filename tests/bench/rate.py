"""Figures without a ceiling: how many acts a second, against a number that was asked for."""

from __future__ import annotations

import importlib
import pkgutil
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.bench import rates


@dataclass(frozen=True, slots=True)
class Rate:
    """So many acts a second; milliseconds until half and 99 % of them were done; `aim` is the least that will do.

    `work` is the milliseconds of a processor that one act took, which hardly depend on what else the machine does: an
    aim of so many a second and core is reached by it too.
    """

    name: str
    per_second: float
    p50: float
    p99: float
    aim: float | None = None
    longest_p99: float | None = None
    work: float | None = None

    @property
    def wanting(self) -> list[str]:
        """A sentence for each way in which it falls short."""
        by_work = 1000 / self.work if self.work else 0.0
        slow = self.aim is not None and max(self.per_second, by_work) < self.aim
        late = self.longest_p99 is not None and self.p99 > self.longest_p99
        found: list[str] = []
        if slow:
            found.append(f"{self.name}: {self.per_second:,.0f} a second, at least {self.aim:,.0f}")
        if late:
            found.append(f"{self.name}: p99 {self.p99:.1f} ms, at most {self.longest_p99:.0f} ms")
        return found


def every() -> Iterator[Rate]:
    """Yield the rates of each module of `rates/`, measured one after the other: to add a figure is to add a file."""
    for found in pkgutil.iter_modules(rates.__path__):
        measure: Callable[[], Sequence[Rate]] = importlib.import_module(f"{rates.__name__}.{found.name}").measure
        yield from measure()


def of(
    name: str,
    times: Sequence[float],
    took: float,
    *,
    aim: float | None = None,
    p99: float | None = None,
    worked: float | None = None,
) -> Rate:
    """Return the rate of acts that lasted `times`, in `took` seconds all together and `worked` ones of a processor."""
    cuts = statistics.quantiles(times, n=100) if len(times) > 1 else [0.0] * 99
    work = worked / len(times) * 1000 if worked else None
    return Rate(name, len(times) / took, cuts[49] * 1000, cuts[98] * 1000, aim, p99, work)


async def timed(act: Callable[[], Awaitable[object]], until: float, times: list[float]) -> None:
    """Do an act again and again until the time (of `time.perf_counter`) is over, and note how long each took."""
    while (began := time.perf_counter()) < until:
        await act()
        times.append(time.perf_counter() - began)


def table(measured: Sequence[Rate]) -> str:
    """Return the rates as a table in Markdown."""
    rows = [("", "per second", "p50 ms", "p99 ms", "work ms", "aim")]
    for one in measured:
        aim = f"≥ {one.aim:,.0f}" if one.aim else ""
        work = f"{one.work:.1f}" if one.work else "–"
        rows.append((one.name, f"{one.per_second:,.0f}", f"{one.p50:.1f}", f"{one.p99:.1f}", work, aim))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| "
        + " | ".join(cell.rjust(width) if at else cell.ljust(width) for at, (cell, width) in enumerate(pairs))
        + " |"
        for pairs in (list(zip(row, widths, strict=True)) for row in rows)
    ]
    rule = "|" + "|".join("-" * (width + 1) + (":" if at else "-") for at, width in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])
