"""Asks the registers' stand-in over HTTP as the portal would, without the portal's own gateway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from .conftest import PORTAL, TOKENS, Registers

ARTA, MILICA, BESNIK = "1176042318", "1204583176", "1133902755"
DRITA, EMINE, LUAN, AGIM = "1158470620", "1102736490", "1249061588", "1086354124"
SERVICES = {
    "civil-status": "XK/GOV/ARC/civil-status",
    "addresses": "XK/GOV/ARC/addresses",
    "identity-documents": "XK/GOV/ARC/identity-documents",
    "vehicles": "XK/GOV/ARC/vehicles",
    "businesses": "XK/GOV/ARBK/businesses",
    "tax": "XK/GOV/ATK/tax",
    "cadastre": "XK/GOV/AKK/cadastre",
    "employment": "XK/GOV/MFPT/employment",
    "education": "XK/GOV/MASHTI/education",
    "criminal-record": "XK/GOV/KGJK/criminal-record",
    "health": "XK/GOV/MSH/health",
}


# One for all: making one costs more than asking.
HTTP = httpx.Client(trust_env=False, timeout=15)


def headers(subject: str = ARTA, /, **changed: str | None) -> dict[str, str]:
    """Return a question's headers; `X_Road_Issue="…"` changes one, None leaves it out."""
    said: dict[str, str | None] = {
        "X-Road-Client": PORTAL,
        "X-Road-Id": str(uuid4()),
        "X-Road-UserId": f"XK{subject}",
        "X-Road-Issue": "A-2026-000001",
        "X-Subject": subject,
        "Authorization": f"Bearer {TOKENS[PORTAL]}",
    }
    said |= {name.replace("_", "-"): value for name, value in changed.items()}
    return {name: value for name, value in said.items() if value is not None}


def answer(registers: Registers, service: str, subject: str, **changed: str | None) -> httpx.Response:
    """Return the answer of a service, named as `tax/status`."""
    register, _slash, code = service.partition("/")
    url = f"{registers.url}/r1/{SERVICES[register]}/{code}"
    return HTTP.get(url, headers=headers(subject, **changed))


def data(registers: Registers, service: str, subject: str, **changed: str | None) -> Any:  # noqa: ANN401 - JSON
    """Return the data of an answer that is one."""
    response = answer(registers, service, subject, **changed)
    assert response.status_code == 200, response.text
    return response.json()["data"]


def examples(registers: Registers, case: str) -> Mapping[str, list[str]]:
    """Return whom the operator's API names for a case: personal numbers by register."""
    response = HTTP.get(f"{registers.url}/operator/api/examples", params={"case": case})
    assert response.status_code == 200, response.text
    found: dict[str, list[str]] = {}
    for one in response.json()["examples"]:
        found.setdefault(one["register"], []).append(one["personal_number"])
    return found


async def fetch(registers: Registers, statement: str, *values: object) -> list[asyncpg.Record]:
    """Return rows of the registers' database."""
    connection = await asyncpg.connect(registers.database_url, server_settings={"search_path": "registers"})
    try:
        return await connection.fetch(statement, *values)
    finally:
        await connection.close()
