"""Which registers there are: every package below `register/`, in the order of their names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from services.registers.sandbox import register
from services.registers.sandbox.definition import Register, Service, Writing


@cache
def registers() -> Mapping[str, Register]:
    """Return every register by its code."""
    found = [import_module(f"{register.__name__}.{each.name}").REGISTER for each in iter_modules(register.__path__)]
    return {one.code: one for one in found}


@cache
def services() -> Mapping[str, tuple[Register, Service]]:
    """Return every service by its identifier in X-Road, with the register that offers it."""
    return {f"{one.subsystem}/{each.code}": (one, each) for one in registers().values() for each in one.services}


@cache
def writings() -> Mapping[str, tuple[Register, Writing]]:
    """Return everything that a register lets itself be told, likewise."""
    return {f"{one.subsystem}/{each.code}": (one, each) for one in registers().values() for each in one.writings}
