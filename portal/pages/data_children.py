"""Who looked at my children's data: for a parent, as long as the civil register names her and the child is under 18.

The register is asked each time, and nothing of its answer is kept. What it told is itself a reading, which she sees in
her own record. In an address a child is named by a word that says nothing to anybody else.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from i18n.refusal import NotFound
from i18n.text import Wording
from portal.pages.data import WORDS, looks
from portal.pages.my_data import LAW
from portal.reading import about_herself
from portal.session import citizen
from portal.visit import Visit
from services.registers.errors import refusal
from services.registers.facts import Need

PURPOSE = Wording(
    "Ju shikuat kush i shikoi të dhënat e fëmijëve tuaj.",
    "Pogledali ste ko je gledao podatke vaše dece.",
    "You looked at who looked at your children's data.",
)
_NEED = Need("children", PURPOSE, LAW)
_LETTERS = 24  # of the word that stands for a child


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the person who is signed in; `key` stands for it in addresses, for this person only."""

    key: str
    number: str
    name: str
    birthdate: date


@get("/data/children", guards=[citizen])
async def children(request: Visit) -> Response[Any]:
    """List the person's children under 18, each with the way to who looked."""
    return request.page("data/children", section="data", children=await children_of(request))


@get("/data/children/{key:str}", guards=[citizen])
async def child(request: Visit, key: FromPath[str], after: FromQuery[UUID | None] = None) -> Response[Any]:
    """List every reading of a child's data, newest first; NotFound for what is no child of hers."""
    found = next((one for one in await children_of(request) if one.key == key), None)
    if found is None:
        raise NotFound
    return request.page("data/child", WORDS, section="data", child=found, **await looks(request, found.number, after))


async def children_of(request: Visit) -> list[Child]:
    """Return her children under 18 as the civil register names them now; Unreachable when it does not answer."""
    answers = await about_herself(request, [_NEED])
    if why := refusal(answers):
        raise why
    told: list[dict[str, Any]] = answers[0].fact.value if answers[0].fact else []
    return [_child(request, one) for one in told]


def _child(request: Visit, told: dict[str, Any]) -> Child:
    number = told["personal_number"]
    secret, text = request.settings.secret.encode(), f"child {request.person.person_id} {number}".encode()
    key = hmac.digest(secret, text, hashlib.sha256).hex()[:_LETTERS]
    name = f"{told['given_name']} {told['family_name']}"
    return Child(key, number, name, date.fromisoformat(told["birthdate"]))
