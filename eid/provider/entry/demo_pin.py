"""The PIN of the demonstration: a sign-in at the lowest level, without card or phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from eid.provider import store
from eid.provider.browser import AnyRequest, form
from eid.provider.desk import AtDesk, Now
from eid.provider.errors import Gone
from eid.provider.means.sentence import wrong_pin
from eid.provider.people import Enrolled
from eid.provider.pin import Tried, try_pin
from eid.provider.sign_in import SignIn, finished, found, person_of, proven
from eid.provider.trail.log import note_try
from i18n.text import Sayable, _


@get("/sign-in/{interaction_id:uuid}/pin")
async def ask_pin(request: AnyRequest, desk: AtDesk, now: Now, interaction_id: FromPath[UUID]) -> Response[Any]:
    """Ask for her PIN, or say that she is locked."""
    async with desk.transaction() as connection:
        sign_in = await found(request, desk, connection, interaction_id, now)
        person = await person_of(sign_in)
        if person is None or "pin" not in sign_in.offers:
            return sign_in.to("")
        if person.tries_left(now, desk.lock_lasts) == 0:
            return _locked(sign_in, person)
        return finished(sign_in) or _pin(sign_in, person, {})


@post("/sign-in/{interaction_id:uuid}/pin", status_code=200)
async def take_pin(request: AnyRequest, desk: AtDesk, now: Now, interaction_id: FromPath[UUID]) -> Response[Any]:
    """Take her PIN; when it is right, open the eID's session and answer the client."""
    async with desk.transaction() as connection:
        sign_in = await found(request, desk, connection, interaction_id, now)
        sent = await form(request, sign_in.browser, sign_in.act)
        if answered := finished(sign_in):
            return answered
        person = await person_of(sign_in)
        if person is None or "pin" not in sign_in.offers:
            return sign_in.to("")
        return await _tried(sign_in, person, (sent.get("pin") or "").strip())


def _pin(sign_in: SignIn, person: Enrolled, errors: dict[str, Sayable]) -> Response[Any]:
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


async def _tried(sign_in: SignIn, person: Enrolled, pin: str) -> Response[Any]:
    desk, now = sign_in.desk, sign_in.now
    if not pin:
        return _pin(sign_in, person, {"pin": _("Enter your PIN.")})
    desk.failures.check(sign_in.browser.address, now)
    tried = await try_pin(desk, sign_in.connection, person.id, pin, now)
    if tried is None:
        raise Gone
    if not tried.is_right:
        return await _wrong(sign_in, tried)
    return await proven(sign_in, tried.person, sign_in.offers["pin"], now)


async def _wrong(sign_in: SignIn, tried: Tried) -> Response[Any]:
    browser, now, left = sign_in.browser, sign_in.now, tried.tries_left
    sign_in.desk.failures.count(browser.address, now)
    await note_try(sign_in.connection, tried.person.id, left, means="pin", where=browser.where, now=now)
    if left == 0:
        person = await store.find_person(sign_in.connection, tried.person.id)
        return _locked(sign_in, person or tried.person)
    return _pin(sign_in, tried.person, {"pin": wrong_pin(left)})
