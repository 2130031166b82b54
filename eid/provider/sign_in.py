"""The sign-in pages: who is it, then her PIN. She reads who asks and what they will learn before she gives it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from uuid_utils.compat import uuid7

from eid.provider import authorization, store
from eid.provider.browser import SIGNED_IN, AnyRequest, Browser, cookie, form
from eid.provider.client import Client, origin
from eid.provider.desk import AtDesk, Desk, Now
from eid.provider.errors import Gone
from eid.provider.parameters import Parameters
from eid.provider.people import Enrolled
from eid.provider.pin import Tried, try_pin
from eid.provider.request import Interaction, Session
from eid.provider.secret import digest, new_token
from eid.provider.store import Connection
from eid.provider.tokens import subject
from i18n.text import Language, Sayable, _, n_

_log = structlog.get_logger("eid.sign_in")
_ANOTHER = "another"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in under way in the browser that began it, and whoever asks."""

    desk: Desk
    connection: Connection
    browser: Browser
    interaction: Interaction
    client: Client
    now: datetime

    @property
    def address(self) -> str:
        """The address of its first page."""
        return f"/sign-in/{self.interaction.id}"

    @property
    def language(self) -> Language:
        """The language of its pages, which their addresses carry."""
        return self.browser.language

    def to(self, page: str) -> Redirect:
        """Lead to a page of this sign-in, in the same language."""
        return Redirect(f"{self.address}{page}?language={self.language}", status_code=303)

    @property
    def act(self) -> str:
        """What its forms are sealed for."""
        return f"sign-in {self.interaction.id}"

    def key_of(self, person: Enrolled) -> str:
        """Return what stands for a person on this page: it tells nothing, and means nothing on another."""
        return self.desk.secret.mark("choice", str(self.interaction.id), str(person.id))[:22]

    def page(self, template: str, *, switch: str = "", status: int = 200, **context: object) -> Response[Any]:
        """Return a page of this sign-in, whose forms may lead back to the client."""
        return self.desk.pages.page(
            template,
            self.language,
            switch=switch or self.address,
            forms_lead_to=[origin(self.interaction.request.redirect_uri)],
            status=status,
            client=self.client.name.say(self.language),
            asks_email="email" in self.interaction.request.scope.split(),
            address=self.address,
            seal=self.browser.seal_of(self.act),
            **context,
        )


async def found(request: AnyRequest, desk: Desk, connection: Connection, interaction_id: UUID, now: datetime) -> SignIn:
    """Return the sign-in that this browser began, not yet ended; Gone for any other."""
    browser = Browser(request, desk)
    interaction = await store.find_interaction(connection, interaction_id, to_act=request.method == "POST")
    if interaction is None or interaction.expires_at <= now or interaction.browser_hash != digest(browser.token):
        raise Gone
    client = await store.find_client(connection, interaction.request.client_id)
    if client is None:
        raise Gone
    return SignIn(desk, connection, browser, interaction, client, now)


@get("/sign-in/{interaction_id:uuid}")
async def who(request: AnyRequest, desk: AtDesk, now: Now, interaction_id: FromPath[UUID]) -> Response[Any]:
    """Ask who it is, in the language of the switch."""
    async with desk.transaction() as connection:
        sign_in = await found(request, desk, connection, interaction_id, now)
        return _finished(sign_in) or await _who(sign_in, {}, {})


@post("/sign-in/{interaction_id:uuid}", status_code=200)
async def choose(request: AnyRequest, desk: AtDesk, now: Now, interaction_id: FromPath[UUID]) -> Response[Any]:
    """Take who she says she is: one of the list by its key, anyone by her personal number."""
    async with desk.transaction() as connection:
        sign_in = await found(request, desk, connection, interaction_id, now)
        sent = await form(request, sign_in.browser, sign_in.act)
        return _finished(sign_in) or await _choose(sign_in, sent)


@get("/sign-in/{interaction_id:uuid}/pin")
async def ask_pin(request: AnyRequest, desk: AtDesk, now: Now, interaction_id: FromPath[UUID]) -> Response[Any]:
    """Ask for her PIN, or say that she is locked."""
    async with desk.transaction() as connection:
        sign_in = await found(request, desk, connection, interaction_id, now)
        person = await _person(sign_in)
        if person is None:
            return sign_in.to("")
        if person.tries_left(now, desk.lock_lasts) == 0:
            return _locked(sign_in, person)
        return _finished(sign_in) or _pin(sign_in, person, {})


@post("/sign-in/{interaction_id:uuid}/pin", status_code=200)
async def take_pin(request: AnyRequest, desk: AtDesk, now: Now, interaction_id: FromPath[UUID]) -> Response[Any]:
    """Take her PIN; when it is right, open the eID's session and answer the client."""
    async with desk.transaction() as connection:
        sign_in = await found(request, desk, connection, interaction_id, now)
        sent = await form(request, sign_in.browser, sign_in.act)
        person_id = sign_in.interaction.person_id
        if finished := _finished(sign_in):
            return finished
        if person_id is None:
            return sign_in.to("")
        return await _tried(sign_in, person_id, (sent.get("pin") or "").strip())


@post("/sign-in/{interaction_id:uuid}/cancellation", status_code=200)
async def cancel(request: AnyRequest, desk: AtDesk, now: Now, interaction_id: FromPath[UUID]) -> Response[Any]:
    """Tell the client that she does not want to sign in."""
    async with desk.transaction() as connection:
        sign_in = await found(request, desk, connection, interaction_id, now)
        await form(request, sign_in.browser, sign_in.act)
        if finished := _finished(sign_in):
            return finished
        await store.finish(connection, interaction_id, now)
        return Redirect(_refusal(sign_in, "access_denied", "The person did not sign in."), status_code=303)


async def _person(sign_in: SignIn) -> Enrolled | None:
    person_id = sign_in.interaction.person_id
    return await store.find_person(sign_in.connection, person_id) if person_id else None


async def _choose(sign_in: SignIn, sent: Parameters) -> Response[Any]:
    typed = {"person": sent.get("person") or "", "personal_number": sent.get("personal_number") or ""}
    chosen = await _chosen(sign_in, typed)
    if isinstance(chosen, dict):
        return await _who(sign_in, typed, chosen)
    await store.set_person(sign_in.connection, sign_in.interaction.id, chosen.id)
    return sign_in.to("/pin")


async def _chosen(sign_in: SignIn, typed: dict[str, str]) -> Enrolled | dict[str, Sayable]:
    """Return the person, or what is wrong with each field."""
    if typed["person"] not in {"", _ANOTHER}:
        people = await store.listed(sign_in.connection)
        chosen = next((person for person in people if sign_in.key_of(person) == typed["person"]), None)
        return chosen or {"person": _("Choose who you are, or enter your personal number.")}
    number = re.sub(r"\s", "", typed["personal_number"])
    if not number:
        field = "personal_number" if typed["person"] else "person"
        return {field: _("Choose who you are, or enter your personal number.")}
    if not re.fullmatch(r"[0-9]{10}", number):
        return {"personal_number": _("A personal number has 10 digits.")}
    sign_in.desk.failures.check(sign_in.browser.address, sign_in.now)
    person = await store.find_by_number(sign_in.connection, number)
    if person is None:
        sign_in.desk.failures.count(sign_in.browser.address, sign_in.now)
        return {"personal_number": _("Nobody is enrolled with this personal number. Check each digit.")}
    return person


async def _who(sign_in: SignIn, typed: dict[str, str], errors: dict[str, Sayable]) -> Response[Any]:
    language = sign_in.language
    options = [
        {
            "value": sign_in.key_of(person),
            "text": person.name,
            "hint": person.shows.say(language) if person.shows else "",
        }
        for person in await store.listed(sign_in.connection)
    ]
    return sign_in.page(
        "who",
        options=options,
        another=_ANOTHER,
        typed=typed,
        errors={name: sentence.say(language) for name, sentence in errors.items()},
        status=422 if errors else 200,
    )


def _pin(sign_in: SignIn, person: Enrolled | None, errors: dict[str, Sayable]) -> Response[Any]:
    if person is None:
        raise Gone
    language = sign_in.language
    return sign_in.page(
        "pin",
        switch=f"{sign_in.address}/pin",
        person=person.shown_as,
        errors={name: sentence.say(language) for name, sentence in errors.items()},
        status=422 if errors else 200,
    )


def _locked(sign_in: SignIn, person: Enrolled) -> Response[Any]:
    until = person.locked_at + sign_in.desk.lock_lasts if person.locked_at else sign_in.now
    return sign_in.page("locked", switch=f"{sign_in.address}/pin", person=person.shown_as, until=until, status=403)


def _finished(sign_in: SignIn) -> Response[Any] | None:
    """Return the page for whoever comes back to a sign-in that was answered: a double click, the back button."""
    if sign_in.interaction.finished_at is None:
        return None
    return sign_in.page("finished", way_back=sign_in.client.client_uri, status=409)


async def _tried(sign_in: SignIn, person_id: UUID, pin: str) -> Response[Any]:
    desk, now = sign_in.desk, sign_in.now
    if not pin:
        return _pin(sign_in, await _person(sign_in), {"pin": _("Enter your PIN.")})
    desk.failures.check(sign_in.browser.address, now)
    tried = await try_pin(desk, sign_in.connection, person_id, pin, now)
    if tried is None:
        raise Gone
    if not tried.is_right:
        return await _wrong(sign_in, tried)
    return await _right(sign_in, tried.person)


async def _wrong(sign_in: SignIn, tried: Tried) -> Response[Any]:
    left = tried.tries_left
    sign_in.desk.failures.count(sign_in.browser.address, sign_in.now)
    if left == 0:
        person = await store.find_person(sign_in.connection, tried.person.id)
        return _locked(sign_in, person or tried.person)
    sentence = n_(
        "This PIN is wrong. You have %(count)s try left.", "This PIN is wrong. You have %(count)s tries left.", left
    )
    return _pin(sign_in, tried.person, {"pin": sentence})


async def _right(sign_in: SignIn, person: Enrolled) -> Response[Any]:
    desk, connection, asked, now = sign_in.desk, sign_in.connection, sign_in.interaction.request, sign_in.now
    await store.finish(connection, sign_in.interaction.id, now)
    if asked.hinted_subject not in {None, subject(desk.secret, sign_in.client, person)}:
        return Redirect(_refusal(sign_in, "login_required", "Another person signed in."), status_code=303)
    await _end_old_session(sign_in)
    session, token = Session(uuid7(), person.id, "substantial", ["pin"], now, now), new_token()
    await store.open_session(connection, session, digest(token))
    where = await authorization.grant(desk, connection, asked, session, now, client=sign_in.client)
    _log.info("signed_in", client=asked.client_id)
    return Redirect(where, status_code=303, cookies=[cookie(desk, SIGNED_IN, token)])


async def _end_old_session(sign_in: SignIn) -> None:
    """End the session that the browser had: it has one at a time, and each has a new name (no fixation)."""
    old = sign_in.browser.session
    session = await store.find_session(sign_in.connection, digest(old)) if old else None
    if session:
        await store.end_session(sign_in.connection, session.id)


def _refusal(sign_in: SignIn, error: str, description: str) -> str:
    asked = sign_in.interaction.request
    return authorization.answer(
        sign_in.desk,
        asked.redirect_uri,
        asked.state,
        client=sign_in.client,
        error=error,
        error_description=description,
    )
