"""A clerk's program at a counter: it asks people on their phones (CIBA), and never answers for them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from eid.provider.tokens import peek
from tests.journeys.people import Person
from tests.journeys.processes import process
from tests.parties import Demo
from tests.rooms.eid.calls import signed_form
from tests.rooms.eid.parties import RelyingParty, Running

_CIBA = "urn:openid:params:grant-type:ciba"


@dataclass(frozen=True)
class Counter:
    """The program, as the demo's eID knows it."""

    eid: Running
    party: RelyingParty

    @classmethod
    def opened(cls, demo: Demo, folder: Path) -> Self:
        """Return the program, registered by the eID's own command."""
        environment = process(demo, "eid").environ()
        eid = Running(demo.addresses["eid"], "eid.provider", environment, folder / "eid.log")
        party = RelyingParty("counter")
        party.register(
            eid, grant_types=["authorization_code", _CIBA], backchannel_token_delivery_mode="poll", scope="openid"
        )
        return cls(eid, party)

    async def asks(self, person: Person, message: str) -> dict[str, Any]:
        """Ask a person who she is; return the name of the question and the code that the clerk's screen shows."""
        answer = await self._post("ciba", scope="openid", login_hint=person.number, binding_message=message)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def hears(self, question: dict[str, Any]) -> dict[str, Any]:
        """Return who she is, or the error in place of it."""
        answer = await self._post("token", grant_type=_CIBA, auth_req_id=question["auth_req_id"])
        told = answer.json()
        return peek(told["id_token"])[1] if "id_token" in told else told

    async def _post(self, path: str, **said: str) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False, timeout=20) as http:
            return await http.post(f"{self.eid.url}/oauth2/{path}", data=signed_form(self.eid, self.party, **said))
