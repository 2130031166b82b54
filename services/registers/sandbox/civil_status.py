"""The civil status register of the Civil Registration Agency: persons and their children."""

from __future__ import annotations

from datetime import date
from typing import Any

import asyncpg
from litestar import Response, get

from services.registers.sandbox import store
from services.registers.sandbox.answer import Asked, answer

_REGISTER = "civil-status"
_ADULT = 18
_SAME = (
    "personal_number",
    "given_name",
    "family_name",
    "birth_family_name",
    "birthdate",
    "birth_municipality",
    "birth_place",
    "birth_country",
    "sex",
    "citizenship",
    "marital_status",
)
_WHEN_RECORDED = ("given_name_cyrl", "family_name_cyrl", "died_on")
_CHILD = ("personal_number", "given_name", "family_name", "birthdate", "sex")


@get("/r1/XK/GOV/ARC/civil-status/person")
async def person(asked: Asked) -> Response[bytes]:
    """Return the person's entry as it stands."""
    async with asked.pool.acquire() as connection:
        row = await store.person(connection, asked.message, asked.now)
    return answer(asked, _REGISTER, row and _entry(row))


@get("/r1/XK/GOV/ARC/civil-status/children")
async def children(asked: Asked) -> Response[bytes]:
    """Return the living children under 18 whose mother or father the person is, oldest first."""
    async with asked.pool.acquire() as connection:
        rows = await store.children(connection, asked.message, asked.now, eighteen_years_before(asked.day))
    return answer(asked, _REGISTER, None if rows is None else [{name: row[name] for name in _CHILD} for row in rows])


@get("/r1/XK/GOV/ARC/civil-status/parents")
async def parents(asked: Asked) -> Response[bytes]:
    """Return the living parents whom the entry of a person's birth names and the register knows, the mother first."""
    async with asked.pool.acquire() as connection:
        rows = await store.parents(connection, asked.message, asked.now)
    return answer(asked, _REGISTER, None if rows is None else [{name: row[name] for name in _CHILD} for row in rows])


def eighteen_years_before(day: date) -> date:
    """Return the last birthdate of those who are grown on `day`."""
    leap_day = (day.month, day.day) == (2, 29)
    return date(day.year - _ADULT, day.month, 28 if leap_day else day.day)


def _entry(row: asyncpg.Record) -> dict[str, Any]:
    entry = {name: row[name] for name in _SAME} | {name: row[name] for name in _WHEN_RECORDED if row[name] is not None}
    entry["father"] = {"given_name": row["father_given_name"], "family_name": row["father_family_name"]}
    entry["mother"] = {
        "given_name": row["mother_given_name"],
        "family_name": row["mother_family_name"],
        "birth_family_name": row["mother_birth_family_name"],
    }
    entry["entry"] = {name: row[f"entry_{name}"] for name in ("municipality", "book", "page", "number", "year")}
    return entry
