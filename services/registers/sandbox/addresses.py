"""The register of addresses: where people live."""

from __future__ import annotations

from litestar import Response, get

from services.registers.sandbox import store
from services.registers.sandbox.answer import NOTHING_RECORDED, Asked, answer

_FIELDS = ("municipality", "settlement", "street", "number", "postal_code", "since")


@get("/r1/XK/GOV/ARC/addresses/address")
async def address(asked: Asked) -> Response[bytes]:
    """Return the person's address of residence, or null when none is recorded."""
    async with asked.pool.acquire() as connection:
        row = await store.address(connection, asked.message, asked.now)
    if row is not None and row["since"] is None:
        return answer(asked, "addresses", NOTHING_RECORDED)
    return answer(asked, "addresses", row and {name: row[name] for name in _FIELDS})
