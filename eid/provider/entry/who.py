"""The first page of a sign-in: who is it, and by what means."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from eid.provider import store
from eid.provider.browser import AnyRequest, form
from eid.provider.desk import AtDesk, Now
from eid.provider.entry.waiting import ask_at_once
from eid.provider.means.offer import MeansName
from eid.provider.means.person import ANOTHER, Choice, chosen, options
from eid.provider.parameters import Parameters
from eid.provider.people import Enrolled
from eid.provider.sign_in import SignIn, finished, found
from i18n.text import Sayable


@get("/sign-in/{interaction_id:uuid}")
async def who(request: AnyRequest, desk: AtDesk, now: Now, interaction_id: FromPath[UUID]) -> Response[Any]:
    """Ask who it is and how she signs in, in the language of the switch."""
    async with desk.transaction() as connection:
        sign_in = await found(request, desk, connection, interaction_id, now)
        return finished(sign_in) or await _who(sign_in, Choice(await _hinted(sign_in)), {})


@post("/sign-in/{interaction_id:uuid}", status_code=200)
async def choose(request: AnyRequest, desk: AtDesk, now: Now, interaction_id: FromPath[UUID]) -> Response[Any]:
    """Take who she says she is and by what means; a phone is asked at once."""
    async with desk.transaction() as connection:
        sign_in = await found(request, desk, connection, interaction_id, now)
        sent = await form(request, sign_in.browser, sign_in.act)
        return finished(sign_in) or await _choose(sign_in, sent)


async def _choose(sign_in: SignIn, sent: Parameters) -> Response[Any]:
    means = _means(sign_in, sent.get("means"))
    choice = Choice.read(sent)
    person = await _same(sign_in) or await chosen(
        sign_in.connection, choice, sign_in.key_of, (sign_in.desk, sign_in.browser), sign_in.now
    )
    if isinstance(person, dict):
        return await _who(sign_in, choice, person, means)
    await store.set_person(sign_in.connection, sign_in.interaction.id, person.id)
    if means == "phone":
        await ask_at_once(sign_in, person)
    return sign_in.to(f"/{means}")


def _means(sign_in: SignIn, named: str | None) -> MeansName:
    """Return the means that was chosen, else the first that is offered."""
    offers = list(sign_in.offers)
    for means in offers:
        if means == named:
            return means
    return offers[0]


async def _same(sign_in: SignIn) -> Enrolled | None:
    """Return the one person who may sign in here: she is signed in already, and has to prove more."""
    same = sign_in.interaction.request.same_person
    return await store.find_person(sign_in.connection, same) if same else None


async def _hinted(sign_in: SignIn) -> str:
    """Return the key of whom the client expects, if she is on the list: who is not stays untold."""
    hinted = sign_in.interaction.request.hinted_person
    person = await store.find_person(sign_in.connection, hinted) if hinted else None
    return sign_in.key_of(person) if person and person.shows else ""


async def _who(
    sign_in: SignIn, choice: Choice, errors: dict[str, Sayable], means: MeansName | None = None
) -> Response[Any]:
    language, same = sign_in.language, await _same(sign_in)
    people = [] if same else await options(sign_in.connection, sign_in.key_of, language)
    return sign_in.page(
        "who",
        same=same.shown_as if same else "",
        people=people,
        another=ANOTHER,
        means=[{"value": offer.means, "text": offer.name.say(language)} for offer in sign_in.offers.values()],
        chosen_means=means or _means(sign_in, None),
        choice=choice,
        errors={name: sentence.say(language) for name, sentence in errors.items()},
        status=422 if errors else 200,
    )
