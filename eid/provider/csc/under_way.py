"""A request for a signature under way: in the browser that brought it, with all that its pages show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.response import Redirect

from eid.provider import store as people
from eid.provider.browser import AnyRequest, Browser
from eid.provider.client import Client, origin
from eid.provider.desk import Desk
from eid.provider.errors import Gone
from eid.provider.people import Enrolled
from eid.provider.request import Authorization, ToSign
from eid.provider.secret import digest
from eid.provider.signing import store
from eid.provider.signing.activation import first_digits
from eid.provider.signing.credential import Credential, find_credential
from eid.provider.store import Connection
from i18n.text import Language


@dataclass(frozen=True, slots=True)
class Signing:
    """A request for a signature in the browser that brought it, and whoever asks."""

    id: UUID
    desk: Desk
    connection: Connection
    browser: Browser
    request: Authorization
    to_sign: ToSign
    credential: Credential
    person: Enrolled
    client: Client
    approval_id: UUID | None
    is_finished: bool
    now: datetime

    @property
    def address(self) -> str:
        """The address of its first page."""
        return f"/signature/{self.id}"

    @property
    def language(self) -> Language:
        """The language of its pages, which their addresses carry."""
        return self.browser.language

    @property
    def act(self) -> str:
        """What its forms are sealed for."""
        return f"signature {self.id}"

    def to(self, page: str = "") -> Redirect:
        """Lead to a page of this request, in the same language."""
        return Redirect(f"{self.address}{page}?language={self.language}", status_code=303)

    def page(self, template: str, *, here: str = "", status: int = 200, **context: object) -> Response[Any]:
        """Return a page of this request, whose forms may lead back to the client."""
        return self.desk.pages.page(
            template,
            self.language,
            switch=self.address + here,
            forms_lead_to=[origin(self.request.redirect_uri)],
            status=status,
            client=self.client.name.say(self.language),
            address=self.address,
            seal=self.browser.seal_of(self.act),
            person=self.person.shown_as,
            description=self.to_sign.description,
            digits=[first_digits(bytes.fromhex(one)) for one in self.to_sign.hashes],
            **context,
        )


async def found(request: AnyRequest, desk: Desk, connection: Connection, request_id: UUID, now: datetime) -> Signing:
    """Return the request that this browser brought, not yet over; Gone for any other."""
    browser = Browser(request, desk)
    row = await store.find_request(connection, request_id, to_act=request.method == "POST")
    if row is None or row["expires_at"] <= now or row["browser_hash"] != digest(browser.token):
        raise Gone
    asked = Authorization.from_json(row["request"])
    credential = await find_credential(connection, row["credential_id"])
    client = await people.find_client(connection, asked.client_id)
    person = await people.find_person(connection, credential.person_id) if credential else None
    if credential is None or client is None or person is None or asked.to_sign is None:
        raise Gone
    return Signing(
        id=request_id,
        desk=desk,
        connection=connection,
        browser=browser,
        request=asked,
        to_sign=asked.to_sign,
        credential=credential,
        person=person,
        client=client,
        approval_id=row["approval_id"],
        is_finished=row["finished_at"] is not None,
        now=now,
    )
