"""Whose phone or card this browser plays (DEMO): chosen freely, since only her PINs and her PUK open anything."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from eid.provider import store
from eid.provider.browser import AnyRequest, Browser, cookie, cookie_name, form
from eid.provider.desk import AtDesk, Desk, Now
from eid.provider.means.person import ANOTHER, Choice, chosen, options
from eid.provider.people import Enrolled
from eid.provider.secret import digest
from eid.provider.store import Connection
from i18n.text import Language, Sayable

_HOLDER = "holder"
_HELD_SECONDS = 12 * 3600
_ACT = "holder"
_OURS = re.compile(r"/(phone|card)(/[A-Za-z0-9_-]+){0,2}(\?back=[0-9a-f-]{36})?")


@dataclass(frozen=True, slots=True)
class Holder:
    """A browser that plays a phone or a card: `person` whose it is, None as long as nobody has said."""

    desk: Desk
    connection: Connection
    browser: Browser
    person: Enrolled | None
    now: datetime

    @property
    def language(self) -> Language:
        """The language of its pages, which their addresses carry."""
        return self.browser.language

    @property
    def browser_hash(self) -> bytes:
        """What a request on a phone keeps of the browser that began it."""
        return digest(self.browser.token)

    def key_of(self, person: Enrolled) -> str:
        """Return what stands for a person in this browser: it tells nothing, and means nothing in another."""
        return self.desk.secret.mark("holder choice", self.browser.token, str(person.id))[:22]

    def said(self, errors: dict[str, Sayable]) -> dict[str, str]:
        """Return what is wrong with each field in the reader's language."""
        return {name: sentence.say(self.language) for name, sentence in errors.items()}

    def page(self, template: str, here: str, act: str, *, status: int = 200, **context: object) -> Response[Any]:
        """Return a page whose forms are sealed for `act`; it keeps for the browser what it plays."""
        page = self.desk.pages.page(
            template,
            self.language,
            switch=here,
            forms_lead_to=(),
            status=status,
            here=here,
            seal=self.browser.seal_of(act),
            holder=self.person.shown_as if self.person else "",
            **context,
        )
        return self._kept(page)

    def to(self, path: str) -> Response[Any]:
        """Lead to a page of ours, in the same language."""
        where = f"{path}{'&' if '?' in path else '?'}language={self.language}"
        return self._kept(Redirect(where, status_code=303))

    def _kept(self, answer: Response[Any]) -> Response[Any]:
        answer.set_cookie(self.browser.bound_cookie())
        if self.person:
            sealed = self.desk.secret.seal(_HOLDER, str(self.person.id))
            answer.set_cookie(cookie(self.desk, _HOLDER, sealed, _HELD_SECONDS))
        return answer


async def holder_of(request: AnyRequest, desk: Desk, connection: Connection, now: datetime) -> Holder:
    """Return what this browser plays."""
    sealed = request.cookies.get(cookie_name(desk, _HOLDER))
    person_id = desk.secret.unseal(_HOLDER, sealed) if sealed else None
    person = await store.find_person(connection, UUID(person_id)) if person_id else None
    return Holder(desk, connection, Browser(request, desk), person, now)


@get(["/phone/owner", "/card/owner"])
async def ask_owner(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Ask whose phone or card this is, when it is to be another one."""
    async with desk.transaction() as connection:
        onward = request.url.path.removesuffix("/owner")
        return await whose(await holder_of(request, desk, connection, now), onward)


@post("/phone/owner", status_code=200)
async def take_owner(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Take whose phone or card this is, and go on to what was wanted of it."""
    async with desk.transaction() as connection:
        holder = await holder_of(request, desk, connection, now)
        sent = await form(request, holder.browser, _ACT)
        choice, onward = Choice.read(sent), sent.get("onward") or ""
        onward = onward if _OURS.fullmatch(onward) else "/phone"
        person = await chosen(connection, choice, holder.key_of, (desk, holder.browser), now)
        if isinstance(person, dict):
            return await whose(holder, onward, choice, person)
        return replace(holder, person=person).to(onward)


async def whose(
    holder: Holder, onward: str, choice: Choice | None = None, errors: dict[str, Sayable] | None = None
) -> Response[Any]:
    """Return the page that asks whose phone or card this is, and goes `onward` from there."""
    return holder.page(
        "means_holder",
        "/card/owner" if onward.startswith("/card") else "/phone/owner",
        _ACT,
        status=422 if errors else 200,
        people=await options(holder.connection, holder.key_of, holder.language),
        another=ANOTHER,
        onward=onward,
        is_card=onward.startswith("/card"),
        choice=choice or Choice(),
        errors=holder.said(errors or {}),
    )
