"""The register of vehicles: plates, makes, and until when each is registered, inspected and insured."""

from __future__ import annotations

from litestar import Response, get

from services.registers.sandbox import store
from services.registers.sandbox.answer import Asked, answer

_FIELDS = (
    "plate",
    "vin",
    "make",
    "model",
    "year",
    "fuel",
    "engine_cc",
    "first_registered",
    "registration_valid_until",
    "inspection_valid_until",
    "insurance_valid_until",
)


@get("/r1/XK/GOV/ARC/vehicles/vehicles")
async def vehicles(asked: Asked) -> Response[bytes]:
    """Return the vehicles that the person owns, by plate."""
    async with asked.pool.acquire() as connection:
        rows = await store.vehicles(connection, asked.message, asked.now)
    return answer(asked, "vehicles", None if rows is None else [{name: row[name] for name in _FIELDS} for row in rows])
