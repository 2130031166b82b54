"""A sign-in under way: in which browser, for whom, and how it ends. Its pages are in `means/`.

She reads who asks and what they will learn before she gives a PIN.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from litestar import Response, post
from litestar.params import FromPath
from litestar.response import Redirect
from uuid_utils.compat import uuid7

from eid.provider import authorization, store
from eid.provider.backchannel.store import end_session
from eid.provider.browser import SIGNED_IN, AnyRequest, Browser, cookie, form
from eid.provider.client import Client, origin
from eid.provider.desk import AtDesk, Desk, Now
from eid.provider.errors import Gone
from eid.provider.means import store as means_store
from eid.provider.means.code import state_of
from eid.provider.means.offer import MeansName, Offer, offered
from eid.provider.people import Enrolled
from eid.provider.request import Interaction, Level, Session
from eid.provider.secret import digest, new_token
from eid.provider.store import Connection
from eid.provider.tokens import subject
from eid.provider.trail.log import note_sign_in
from i18n.text import Language

_log = structlog.get_logger("eid.sign_in")


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

    @property
    def level(self) -> Level:
        """The least that the client takes."""
        return self.interaction.request.acr

    @property
    def offers(self) -> dict[MeansName, Offer]:
        """The means that reach the level asked for, each with the least that it takes."""
        return offered(self.level)

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
            asks=self.interaction.request.scope.split(),
            address=self.address,
            seal=self.browser.seal_of(self.act),
            **context,
        )


async def found(request: AnyRequest, desk: Desk, connection: Connection, interaction_id: UUID, now: datetime) -> SignIn:
    """Return the sign-in that this browser began, not yet ended, for one request at a time; Gone for any other."""
    browser = Browser(request, desk)
    interaction = await store.find_interaction(connection, interaction_id, to_act=True)
    if interaction is None or interaction.expires_at <= now or interaction.browser_hash != digest(browser.token):
        raise Gone
    client = await store.find_client(connection, interaction.request.client_id)
    if client is None:
        raise Gone
    return SignIn(desk, connection, browser, interaction, client, now)


@post("/sign-in/{interaction_id:uuid}/cancellation", status_code=200)
async def cancel(request: AnyRequest, desk: AtDesk, now: Now, interaction_id: FromPath[UUID]) -> Response[Any]:
    """Tell the client that she does not want to sign in, or cannot at the level that it needs."""
    async with desk.transaction() as connection:
        sign_in = await found(request, desk, connection, interaction_id, now)
        sent = await form(request, sign_in.browser, sign_in.act)
        if answered := finished(sign_in):
            return answered
        await close(sign_in)
        if sent.get("answer") == "unmet" and not await usable(sign_in):
            return refusal(sign_in, "unmet_authentication_requirements", f"No means of hers reaches {sign_in.level}.")
        return refusal(sign_in, "access_denied", "The person did not sign in.")


async def person_of(sign_in: SignIn) -> Enrolled | None:
    """Return who she says she is, once she has said it."""
    person_id = sign_in.interaction.person_id
    return await store.find_person(sign_in.connection, person_id) if person_id else None


async def usable(sign_in: SignIn) -> list[Offer]:
    """Return the means by which the person can sign in now, at the level asked for."""
    person = await person_of(sign_in)
    return [offer for offer in sign_in.offers.values() if person and await _is_usable(sign_in, person, offer)]


async def _is_usable(sign_in: SignIn, person: Enrolled, offer: Offer) -> bool:
    if offer.means == "pin" or offer.pin is None:
        return person.tries_left(sign_in.now, sign_in.desk.lock_lasts) > 0
    means = await means_store.find_means(sign_in.connection, person.id, offer.means)
    return state_of(means, offer.pin, sign_in.now) == "valid"


def finished(sign_in: SignIn) -> Response[Any] | None:
    """Return the page for whoever comes back to a sign-in that was answered: a double click, the back button."""
    if sign_in.interaction.finished_at is None:
        return None
    return sign_in.page("finished", way_back=sign_in.client.client_uri, status=409)


async def close(sign_in: SignIn) -> None:
    """End it, and take back what waits for it on a phone."""
    await store.finish(sign_in.connection, sign_in.interaction.id, sign_in.now)
    await withdraw(sign_in)


async def withdraw(sign_in: SignIn) -> None:
    """Take back what waits for it on a phone; what was answered there stays as it is."""
    if sign_in.interaction.approval_id:
        await means_store.answer_approval(sign_in.connection, sign_in.interaction.approval_id, "refused", sign_in.now)


async def proven(sign_in: SignIn, person: Enrolled, offer: Offer, at: datetime) -> Response[Any]:
    """Open the eID's session for a person who proved herself at that time, and answer the client."""
    desk, connection, asked, now = sign_in.desk, sign_in.connection, sign_in.interaction.request, sign_in.now
    await close(sign_in)
    if asked.same_person not in {None, person.id} or asked.hinted_subject not in {
        None,
        subject(desk.secret, sign_in.client, person),
    }:
        return refusal(sign_in, "login_required", "Another person signed in.")
    session_id = await _continued(sign_in, person)
    session, token = Session(session_id, person.id, offer.acr, list(offer.amr), at, now), new_token()
    await store.open_session(connection, session, digest(token))
    await note_sign_in(
        connection, session, sign_in.browser.where, client_id=asked.client_id, means=offer.means, now=now
    )
    where = await authorization.grant(desk, connection, asked, session, now, client=sign_in.client)
    _log.info("signed_in", client=asked.client_id, acr=offer.acr, means=offer.means)
    return Redirect(where, status_code=303, cookies=[cookie(desk, SIGNED_IN, token)])


def refusal(sign_in: SignIn, error: str, description: str) -> Redirect:
    """Lead back to the client with an error."""
    asked = sign_in.interaction.request
    where = authorization.answer(
        sign_in.desk,
        asked.redirect_uri,
        asked.state,
        client=sign_in.client,
        error=error,
        error_description=description,
    )
    return Redirect(where, status_code=303)


async def _continued(sign_in: SignIn, person: Enrolled) -> UUID:
    """Return which session this becomes: the browser's own when the same person proves herself anew, else a new one.

    Services then know her by the same `sid` after a step-up; its cookie is a new one each time (no fixation). The
    session of another person ends, and the services that she used are told.
    """
    old = sign_in.browser.session
    session = await store.find_session(sign_in.connection, digest(old)) if old else None
    if session and session.person_id == person.id and session.is_live(sign_in.now):
        return session.id
    if session:
        await end_session(sign_in.connection, session.id, sign_in.now)
    return uuid7()
