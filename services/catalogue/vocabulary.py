"""Which facts the registers hold and which fields each has: what a definition may need, and must not ask."""

from __future__ import annotations

from collections.abc import Mapping

from services.catalogue.rules import Shape

_PARENT: Shape = {"given_name": None, "family_name": None}
_RELATIVE: Shape = {
    "personal_number": None,
    "given_name": None,
    "family_name": None,
    "birthdate": None,
    "sex": None,
}

# The values themselves are described in services/registers/facts.py.
FACTS: Mapping[str, Shape] = {
    "person": {
        "personal_number": None,
        "given_name": None,
        "family_name": None,
        "given_name_cyrl": None,
        "family_name_cyrl": None,
        "birth_family_name": None,
        "birthdate": None,
        "birth_municipality": None,
        "birth_place": None,
        "birth_country": None,
        "sex": None,
        "citizenship": None,
        "father": _PARENT,
        "mother": {"given_name": None, "family_name": None, "birth_family_name": None},
        "marital_status": None,
        "entry": {"municipality": None, "book": None, "page": None, "number": None, "year": None},
    },
    "children": [_RELATIVE],
    "address": {
        "municipality": None,
        "settlement": None,
        "street": None,
        "number": None,
        "postal_code": None,
        "since": None,
    },
    "vehicles": [
        {
            "plate": None,
            "vin": None,
            "make": None,
            "model": None,
            "year": None,
            "fuel": None,
            "engine_cc": None,
            "first_registered": None,
            "registration_valid_until": None,
            "inspection_valid_until": None,
            "insurance_valid_until": None,
        },
    ],
}

# Fields whose names say too little alone to tell that a question asks for them.
_VAGUE = {"number", "year", "page", "book", "since", "model", "make", "entry", "father", "mother"}


def held() -> frozenset[str]:
    """Return the names of facts and fields that a register holds, which a question therefore must not ask."""
    return frozenset(FACTS) | frozenset(name for shape in FACTS.values() for name in _fields(shape)) - _VAGUE


def _fields(shape: Shape) -> set[str]:
    if isinstance(shape, list):
        return _fields(shape[0])
    if shape is None:
        return set()
    return set(shape).union(*(_fields(inner) for inner in shape.values()))
