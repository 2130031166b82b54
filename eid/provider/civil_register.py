"""Asks the civil register who a person is, over the Government Gateway (X-Road message protocol for REST)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Any, Self, cast
from uuid import uuid4

import httpx

from eid.provider.errors import CannotStart
from eid.provider.settings import Settings

CLIENT = "XK/GOV/ASHI/eid"
_SERVICE = "/r1/XK/GOV/ARC/civil-status/person"
_PAUSE = 0.5
_NOT_FOUND = 404
_DENIED = "Server.ServerProxy.AccessDenied"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the eID takes from the civil register: how a person is called, and when she was born."""

    given_name: str
    family_name: str
    birthdate: date


class CivilRegister:
    """The civil register behind the gateway. Use it as a context; it waits for registers that are starting."""

    def __init__(self, settings: Settings, patience: float = 20.0) -> None:
        self._patience = patience  # seconds, for registers that are starting too
        self._url = settings.registers_url
        self._http = httpx.AsyncClient(
            timeout=5.0,
            trust_env=False,
            headers={"Authorization": f"Bearer {settings.registers_token}", "X-Road-Client": CLIENT},
        )

    async def __aenter__(self) -> Self:
        """Return itself: connections open at first use."""
        return self

    async def __aexit__(self, *_fault: object) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def person(self, personal_number: str, asked_by: str) -> Entry | None:
        """Return a living person's entry, None when there is none; CannotStart when nobody answers."""
        try:
            async with asyncio.timeout(self._patience):
                return await self._patiently(personal_number, asked_by)
        except TimeoutError as silence:
            raise CannotStart(
                f"The registers at {self._url} do not answer: start them, or correct EID_REGISTERS_URL."
            ) from silence

    async def _patiently(self, personal_number: str, asked_by: str) -> Entry | None:
        headers = {"X-Road-Id": str(uuid4()), "X-Road-UserId": asked_by, "X-Subject": personal_number}
        while True:
            try:
                answer = await self._http.get(f"{self._url}{_SERVICE}", headers=headers)
            except httpx.HTTPError:
                await asyncio.sleep(_PAUSE)
                continue
            if answer.status_code == _NOT_FOUND:
                return None
            if answer.is_success:
                return _entry(answer)
            if answer.headers.get("x-road-error") == _DENIED:
                raise CannotStart(
                    f"The registers at {self._url} do not let the eID ask {_SERVICE.removeprefix('/r1/')}."
                )
            if answer.status_code < 500:  # noqa: PLR2004 - a refusal does not pass with time
                raise CannotStart(f"The registers at {self._url} refuse the eID: check EID_REGISTERS_TOKEN.")
            await asyncio.sleep(_PAUSE)


def _entry(answer: httpx.Response) -> Entry | None:
    try:
        person = cast("dict[str, Any]", answer.json()["data"])
        if person.get("died_on"):
            return None
        return Entry(person["given_name"], person["family_name"], date.fromisoformat(person["birthdate"]))
    except (ValueError, KeyError, TypeError) as wrong:
        raise CannotStart("The registers answered something else than a person: check EID_REGISTERS_URL.") from wrong
