"""For whom a person may act, as the registers say: a parent for her children under 18, a representative for a business.

Nobody asks a register while holding a connection to the database: `claim` says whom it wants to know of, the endpoint
asks (`fetch`), and begins anew.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
import structlog

from eid.provider.civil_register import CLIENT
from eid.provider.people import Enrolled
from eid.provider.settings import Settings

SCOPE = "representation"
_log = structlog.get_logger("eid.representation")
_ASKED_BY = "eid"
_KNOWN = timedelta(seconds=60)  # userinfo follows the token by a moment, and says the same
_SECONDS = 3.0
_MOST = 1000
_NOT_FOUND = 404

Rows = list[dict[str, Any]]
Representees = Rows | None  # None: the registers did not say


class RepresenteesWanted(Exception):  # noqa: N818 - a wish, fulfilled by whoever holds no connection
    """The registers must be asked for whom a person may act; nothing was done yet."""

    def __init__(self, person: Enrolled, client_id: str) -> None:
        super().__init__(client_id)
        self.person = person
        self.client_id = client_id


class Representation:
    """What the registers said lately. A register that is down stops nobody from signing in: the claim is left out."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.registers_url
        self._token = settings.registers_token
        self._known: OrderedDict[tuple[UUID, str], tuple[datetime, Representees]] = OrderedDict()

    def claim(self, person: Enrolled, client_id: str, scope: str, now: datetime) -> Mapping[str, Any]:
        """Return the claim `representee_list` when it was asked for; RepresenteesWanted when it is not known yet."""
        if SCOPE not in scope.split():
            return {}
        at, known = self._known.get((person.id, client_id), (None, None))
        if at is None or now - at >= _KNOWN:
            raise RepresenteesWanted(person, client_id)
        return {} if known is None else {"representee_list": known}

    async def fetch(self, wanted: RepresenteesWanted, now: datetime) -> None:
        """Ask the registers, saying who wants to know and why."""
        key = (wanted.person.id, wanted.client_id)
        self._known[key] = (now, await self._asked(wanted))
        self._known.move_to_end(key)
        while len(self._known) > _MOST:
            self._known.popitem(last=False)

    async def _asked(self, wanted: RepresenteesWanted) -> Representees:
        headers = {
            "Authorization": f"Bearer {self._token}",
            "X-Road-Client": CLIENT,
            "X-Road-UserId": _ASKED_BY,
            "X-Road-Issue": f"{SCOPE} for {wanted.client_id}"[:100],
            "X-Subject": wanted.person.personal_number,
        }
        try:
            async with asyncio.timeout(_SECONDS), httpx.AsyncClient(trust_env=False, headers=headers) as http:
                found = await asyncio.gather(*(self._rows(http, *question) for question in _QUESTIONS))
        except (httpx.HTTPError, TimeoutError, ValueError, KeyError, TypeError) as failure:
            _log.warning("representees_unknown", client=wanted.client_id, why=type(failure).__name__)
            return None
        return [one for rows in found for one in rows]

    async def _rows(self, http: httpx.AsyncClient, service: str, read: Callable[[dict[str, Any]], Any]) -> Rows:
        answer = await http.get(f"{self._url}/r1/{service}", headers={"X-Road-Id": str(uuid4())})
        if answer.status_code == _NOT_FOUND:
            return []  # a person whom this register does not have represents nobody
        answer.raise_for_status()
        return [read(row) for row in cast("Rows", answer.json()["data"])]


def _child(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "natural_person",
        "role": "parent",
        "personal_number": row["personal_number"],
        "given_name": row["given_name"],
        "family_name": row["family_name"],
        "birthdate": row["birthdate"],
    }


def _business(row: dict[str, Any]) -> dict[str, Any]:
    """Return a business; `alone` says whether the person may act for it without another."""
    return {
        "type": "legal_person",
        "role": row["role"],
        "business_number": row["number"],
        "name": row["name"],
        "alone": row["alone"],
    }


_QUESTIONS = (
    ("XK/GOV/ARC/civil-status/children", _child),
    ("XK/GOV/ARBK/businesses/representees", _business),
)
