"""A request as the pages meet it: who stands at the door, in which language, and the way to every answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request, Response
from litestar.datastructures import FormMultiDict, State
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException
from litestar.response import Redirect

from eid.signature import Signatory
from i18n.refusal import Invalid
from i18n.text import Language, Sayable
from portal import store
from portal.database import Database
from portal.parties import Parties
from portal.render import render
from portal.representation import wants_data
from portal.settings import Settings
from portal.store import Session
from services.applications.member import Member
from services.registers.seal import AuditKey

Fields = dict[str, list[str]]
MOST_FIELDS = 1000


class Visit(Request[Any, Any, State]):
    """One request. `person` is there on every route of the guard `citizen`."""

    @property
    def language(self) -> Language:
        """The language of the page, from its address."""
        return self.scope["state"]["language"]

    @property
    def path(self) -> str:
        """The page's address without its language."""
        return self.scope["state"]["path"]

    @property
    def reference(self) -> str:
        """What names this request in the log and on an error page."""
        return self.scope["state"]["reference"]

    @property
    def wants_data(self) -> bool:
        """Whether a machine asks for the data behind a page."""
        return wants_data(self.scope["headers"])

    @property
    def session(self) -> Session | None:  # type: ignore[override]  # Litestar's own sessions are not used
        """The session of this browser, if it is signed in."""
        return self.scope["state"]["session"]

    @property
    def person(self) -> Session:
        """The person who is signed in."""
        return self.scope["state"]["session"]

    @property
    def member(self) -> Member:
        """The person who is signed in, with her posts, on every route of the guard `officer`."""
        return self.scope["state"]["member"]

    @property
    def database(self) -> Database:
        """The portal's memory."""
        return self.app.state.database

    @property
    def parties(self) -> Parties:
        """The outside parties."""
        return self.app.state.parties

    @property
    def signatory(self) -> Signatory:
        """Who prepares sheets for signatures."""
        return self.app.state.signatory

    @property
    def settings(self) -> Settings:
        """What the portal was told."""
        return self.app.state.settings

    @property
    def audit_key(self) -> AuditKey:
        """What marks the record of who looked."""
        return self.app.state.audit_key

    async def form(self) -> FormMultiDict:
        """Return the form that was sent; ClientException (400) for one that cannot be read.

        Read here where Litestar would keep the last thousand forms of everyone in memory, whatever their size.
        """
        state = self.scope["state"]
        if "form" not in state:
            try:
                is_typed = self.content_type[0] == RequestEncodingType.URL_ENCODED
                state["form"] = _pairs(await self.body()) if is_typed else await super().form()
            except (ValueError, LookupError) as unreadable:  # no UTF-8, an unknown charset, too many fields
                raise ClientException from unreadable
        return state["form"]

    async def fields(self) -> Fields:
        """Return the text fields of the form that was sent, each with all its values."""
        form = await self.form()
        return {name: [value for value in form.getall(name) if isinstance(value, str)] for name in form}

    async def first(self, *names: str) -> dict[str, str]:
        """Return the first value of each named field of the form that was sent, "" for one that was not."""
        fields = await self.fields()
        return {name: (fields.get(name) or [""])[0] for name in names}

    def page(
        self,
        template: str,
        context: Mapping[str, Any] | None = None,
        *,
        block: str | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **more: Any,  # noqa: ANN401 - what the template names
    ) -> Response[Any]:
        """Return a page of templates/pages, or for htmx its block, with `context` and `more`."""
        name = f"pages/{template}.html"
        return render(self, name, block=block, status_code=status, headers=headers, **(context or {}), **more)

    async def typed(self, path: str) -> Fields | None:
        """Return, once, what a lost session could not take of the form that is sent to `path`; None when nothing."""
        typed = self.person.typed
        if typed is None or typed["path"] != path:
            return None
        async with self.database.transaction() as connection:
            await store.forget_typed(connection, self.person.token_hash)
        return typed["form"]

    def because(self, code: str) -> None:
        """Say for the log why this request is refused."""
        self.scope["state"]["code"] = code

    def to(self, path: str) -> Redirect:
        """Send the browser to a page of ours, in its language, with GET."""
        return Redirect(f"/{self.language}{path}", status_code=303)

    def errors(self, invalid: Invalid | dict[str, Sayable]) -> dict[str, str]:
        """Return each wrong field with its sentence in the reader's language."""
        fields = invalid.fields if isinstance(invalid, Invalid) else invalid
        return {field: sentence.say(self.language) for field, sentence in fields.items()}


def _pairs(body: bytes) -> FormMultiDict:
    return FormMultiDict(parse_qsl(body.decode("latin-1"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
