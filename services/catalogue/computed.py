"""Values that a definition computes once and names in its rules as `computed.<name>`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.catalogue.rules import Values, look, names


def reckoned(values: Values, computations: Mapping[str, str]) -> Values:
    """Return the values with what is computed of them, in order; null where something that it needs is not there."""
    found: dict[str, Any] = {}
    known = {**values, "computed": found}
    for name, source in computations.items():
        found[name] = look(source, known)
    return known


def leans_on(source: str, computations: Mapping[str, str]) -> frozenset[str]:
    """Return the questions whose answers an expression reads, itself or through what is computed."""
    read: set[str] = set()
    for path in names(source):
        root, first, *_fields = [*path.split("."), ""]
        if root in ("answers", "chosen"):
            read.add(first)
        elif root == "computed" and first in computations:
            read |= leans_on(computations[first], computations)
    return frozenset(read)
