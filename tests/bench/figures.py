"""The figures of a measurement beside their ceilings, and whether they are good enough."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.bench.load import Run

LONGEST_P99 = 50.0  # milliseconds, at 16 connections
LARGEST_WORKER = 150.0  # MB of resident memory


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured, pair by pair: ours and its ceiling in turn, so that other load on the machine hits both.

    `aim` is the share of the ceiling to be reached.
    """

    name: str
    ceiling_name: str
    aim: float
    ours: Sequence[Run]
    ceiling: Sequence[Run]

    @property
    def share(self) -> float:
        """The median, over the pairs, of our rate as a share of the ceiling's."""
        return statistics.median(our.rate / its.rate for our, its in zip(self.ours, self.ceiling, strict=True))


@dataclass(frozen=True, slots=True)
class Measurement:
    """All figures of one run, and the worker's resident memory in MB after them."""

    figures: Sequence[Figure]
    worker: float


def shortfalls(measured: Measurement) -> list[str]:
    """Return a sentence for everything that is slower or larger than it should be."""
    found: list[str] = []
    for figure in measured.figures:
        p99 = _median(run.p99 for run in figure.ours)
        failed = sum(run.failed for run in (*figure.ours, *figure.ceiling))
        if figure.share < figure.aim:
            found.append(f"{figure.name}: {figure.share:.0%} of {figure.ceiling_name}, at least {figure.aim:.0%}")
        if p99 > LONGEST_P99:
            found.append(f"{figure.name}: p99 {p99:.1f} ms, at most {LONGEST_P99:.0f} ms")
        if failed:
            found.append(f"{figure.name}: {failed} requests failed")
    if measured.worker > LARGEST_WORKER:
        found.append(f"the worker: {measured.worker:.0f} MB, at most {LARGEST_WORKER:.0f} MB")
    return found


def table(measured: Measurement) -> str:
    """Return the figures as a table in Markdown."""
    rows = [("", "per second", "p50 ms", "p99 ms", "work µs", "share", "aim")]
    for figure in measured.figures:
        rows.append((figure.name, *_said(figure.ours), f"{figure.share:.0%}", f"≥ {figure.aim:.0%}"))
        rows.append((f"↳ ceiling: {figure.ceiling_name}", *_said(figure.ceiling), "", ""))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["| " + " | ".join(_padded(row, widths)) + " |" for row in rows]
    rule = "|" + "|".join("-" * (width + 1) + (":" if column else "-") for column, width in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:], "", f"Worker: {measured.worker:.0f} MB resident."])


def _said(runs: Sequence[Run]) -> tuple[str, str, str, str]:
    work = [run.work for run in runs if run.work is not None]
    return (
        f"{_median(run.rate for run in runs):,.0f}",
        f"{_median(run.p50 for run in runs):.1f}",
        f"{_median(run.p99 for run in runs):.1f}",
        f"{_median(work):,.0f}" if work else "–",
    )


def _padded(row: Sequence[str], widths: Sequence[int]) -> Iterable[str]:
    """Pad words to the right and numbers to the left."""
    return (
        cell.ljust(width) if column == 0 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)
