"""Who puts registers out of order, by the operator's interface of their stand-in."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from portal.demo.plan import Plan
from services.registers.facts import REGISTERS


class Operator:
    """Puts registers out of order and mends them."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def breaks(self, register: str, kind: str) -> None:
        """Put a register out of order."""
        assert self._http.put(f"/{register}", json={"kind": kind, "seconds": 5}).is_success

    def mends(self) -> None:
        """Let every register work."""
        for register in REGISTERS:
            self._http.delete(f"/{register}")


@pytest.fixture
def operator(town: Plan) -> Iterator[Operator]:
    """Give who can break the registers; all are whole again after the test."""
    with httpx.Client(base_url=f"{town.address('registers')}/operator/api/faults", trust_env=False) as http:
        operator = Operator(http)
        yield operator
        operator.mends()
