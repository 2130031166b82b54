"""A sign-in by card. No browser reads one here: the page says so, shows the card, and takes PIN1 itself (DEMO)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from eid.provider.browser import AnyRequest, form
from eid.provider.desk import AtDesk, Now
from eid.provider.entry.unusable import unusable
from eid.provider.means import store
from eid.provider.means.card import try_card
from eid.provider.means.code import Means, state_of
from eid.provider.means.sentence import enter, wrong_pin
from eid.provider.people import Enrolled
from eid.provider.sign_in import SignIn, finished, found, person_of, proven
from eid.provider.trail.log import note_try
from i18n.text import Sayable


@get("/sign-in/{interaction_id:uuid}/card")
async def ask_card(request: AnyRequest, desk: AtDesk, now: Now, interaction_id: FromPath[UUID]) -> Response[Any]:
    """Ask for PIN1 of her card, or say why the card cannot be used."""
    async with desk.transaction() as connection:
        sign_in = await found(request, desk, connection, interaction_id, now)
        person = await person_of(sign_in)
        if person is None:
            return sign_in.to("")
        return finished(sign_in) or await _card(sign_in, person, {})


@post("/sign-in/{interaction_id:uuid}/card", status_code=200)
async def take_card(request: AnyRequest, desk: AtDesk, now: Now, interaction_id: FromPath[UUID]) -> Response[Any]:
    """Take PIN1; when it is right, open the eID's session and answer the client."""
    async with desk.transaction() as connection:
        sign_in = await found(request, desk, connection, interaction_id, now)
        sent = await form(request, sign_in.browser, sign_in.act)
        person = await person_of(sign_in)
        if person is None:
            return sign_in.to("")
        return finished(sign_in) or await _tried(sign_in, person, (sent.get("pin") or "").strip())


async def _card(sign_in: SignIn, person: Enrolled, errors: dict[str, Sayable]) -> Response[Any]:
    card = await store.find_means(sign_in.connection, person.id, "card")
    state = state_of(card, "pin1", sign_in.now)
    if card is None or state != "valid":
        return await unusable(sign_in, person, "card", state)
    return _page(sign_in, person, card, errors)


def _page(sign_in: SignIn, person: Enrolled, card: Means, errors: dict[str, Sayable]) -> Response[Any]:
    return sign_in.page(
        "means_card",
        switch=f"{sign_in.address}/card",
        person=person.shown_as,
        card=card,
        errors={name: sentence.say(sign_in.language) for name, sentence in errors.items()},
        status=422 if errors else 200,
    )


async def _tried(sign_in: SignIn, person: Enrolled, pin: str) -> Response[Any]:
    if not pin:
        return await _card(sign_in, person, {"pin": enter("pin1")})
    desk, address, now = sign_in.desk, sign_in.browser.address, sign_in.now
    desk.failures.check(address, now)
    tried = await try_card(sign_in.connection, desk, person.id, "pin1", pin, now)
    if tried.is_right:
        return await proven(sign_in, person, sign_in.offers["card"], now)
    desk.failures.count(address, now)
    where = sign_in.browser.where
    await note_try(sign_in.connection, person.id, tried.tries_left, means="card", where=where, now=now)
    return await _card(sign_in, person, {"pin": wrong_pin(tried.tries_left)} if tried.state == "valid" else {})
