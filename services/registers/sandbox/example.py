"""Finds people of the invented population who show a case: something wrong in a register, or out of the ordinary."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from i18n.text import Text, _
from services.registers.sandbox import store
from services.registers.sandbox.definition import Case
from services.registers.sandbox.population.world import FAULTS
from services.registers.sandbox.registry import registers

NOT_FOUND = Case("not_found", _("Missing in a register that ought to know the person"), store.GAPS)


@cache
def cases() -> Mapping[str, Text]:
    """Return every case by its code, with what it is."""
    found = {case.code: case.said for register in registers().values() for case in register.cases}
    return {NOT_FOUND.code: NOT_FOUND.said, **found}


async def find(connection: store.Connection, case: str, count: int) -> list[dict[str, Any]]:
    """Return so many people of each register who show a case: `register`, number, name, birthdate."""
    found: list[dict[str, Any]] = []
    for register, select in _selects(case):
        rows = await store.examples(connection, select, count)
        found += [{"register": register, **dict(row)} for row in rows]
    return found


def _selects(case: str) -> list[tuple[str, str]]:
    if case == NOT_FOUND.code:
        return [
            (register, NOT_FOUND.select.format(register=register))
            for register in registers()
            if f"{register} {case}" in FAULTS
        ]
    return [(one.code, each.select) for one in registers().values() for each in one.cases if each.code == case]
