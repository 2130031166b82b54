"""Searches a second among a thousand services, by what people type: one after the other, in one process."""

from __future__ import annotations

import time

from tests.bench.rate import Rate, of
from tests.unit.catalogue.many import crowded
from tests.unit.catalogue.queries import QUERIES

_ROUNDS = 20
_AIM, _LONGEST_P99 = 200.0, 20.0  # milliseconds


def measure() -> list[Rate]:
    """Return how many queries of the table are answered a second, errors and unknown words included."""
    index = crowded()
    times: list[float] = []
    began = time.perf_counter()
    for _round in range(_ROUNDS):
        for language, typed, _service in QUERIES:
            asked = time.perf_counter()
            index.find(typed, language)
            times.append(time.perf_counter() - asked)
    took = time.perf_counter() - began
    return [of("search among a thousand services", times, took, aim=_AIM, p99=_LONGEST_P99)]
