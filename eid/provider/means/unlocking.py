"""A new PIN by the PUK, for a phone (`/phone/unlocking`) and a card (`/card/unlocking`); and the card as it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from eid.provider import store as people
from eid.provider.browser import AnyRequest, form
from eid.provider.desk import AtDesk, Desk, Now
from eid.provider.means import store
from eid.provider.means.code import MeansKind, Pin, State, state_of
from eid.provider.means.holder import Holder, holder_of, whose
from eid.provider.means.sentence import PIN_NAMES, fault_of, obstacle, wrong_puk
from eid.provider.means.trial import Trial, Unlocking, unlock
from eid.provider.parameters import Parameters
from eid.provider.store import Connection
from eid.provider.trail.entry import Event, Outcome
from eid.provider.trail.log import note
from i18n.text import Sayable, _

_PINS: tuple[Pin, Pin] = ("pin1", "pin2")


@get("/card")
async def card(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Show a card as its reader would: number, validity, and how many tries each PIN has left."""
    async with desk.transaction() as connection:
        holder = await holder_of(request, desk, connection, now)
        if holder.person is None:
            return await whose(holder, "/card")
        found = await store.find_means(connection, holder.person.id, "card")
        states: dict[Pin, State] = {pin: state_of(found, pin, now) for pin in _PINS}
        why = {pin: obstacle("card", state) for pin, state in states.items() if state != "valid"}
        names = {name: said.say(holder.language) for name, said in PIN_NAMES.items()}
        return holder.page("means_card_state", "/card", "card", card=found, obstacles=why, names=names)


@get(["/phone/unlocking", "/card/unlocking"])
async def ask_puk(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Ask for the PUK and a new PIN."""
    async with desk.transaction() as connection:
        kind, back = _kind(request), _back(request)
        holder = await _holder(request, desk, connection, back, now)
        if holder.person is None:
            return await whose(holder, _here(kind, back))
        return await _page(holder, kind, back, {}, "pin1")


@post(["/phone/unlocking", "/card/unlocking"], status_code=200)
async def take_puk(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Try the PUK; when it is right, the PIN is the new one."""
    async with desk.transaction() as connection:
        kind, back = _kind(request), _back(request)
        holder = await _holder(request, desk, connection, back, now)
        sent = await form(request, holder.browser, f"{kind} unlocking")
        if holder.person is None:
            return await whose(holder, _here(kind, back))
        return await _unlock(holder, kind, back, sent)


@get(["/phone/unlocked", "/card/unlocked"])
async def unlocked(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Say that the PIN is the new one, and lead back."""
    async with desk.transaction() as connection:
        kind, back = _kind(request), _back(request)
        holder = await _holder(request, desk, connection, back, now)
        name = PIN_NAMES["pin2" if request.query_params.get("which") == "pin2" else "pin1"]
        way_back = f"/sign-in/{back}/{kind}" if back else f"/{kind}"
        return holder.page("means_unlocked", f"/{kind}", kind, name=name, way_back=way_back)


def _kind(request: AnyRequest) -> MeansKind:
    return "card" if request.url.path.startswith("/card") else "phone"


def _back(request: AnyRequest) -> UUID | None:
    """Return the sign-in that led here, if one did."""
    try:
        return UUID(request.query_params.get("back", ""))
    except ValueError:
        return None


def _here(kind: MeansKind, back: UUID | None) -> str:
    return f"/{kind}/unlocking{f'?back={back}' if back else ''}"


async def _holder(request: AnyRequest, desk: Desk, connection: Connection, back: UUID | None, now: datetime) -> Holder:
    """Return whose it is: hers whose sign-in led here, in the browser that began it, else of whom this one plays."""
    holder = await holder_of(request, desk, connection, now)
    interaction = await people.find_interaction(connection, back) if back else None
    if interaction and interaction.person_id and interaction.browser_hash == holder.browser_hash:
        return replace(holder, person=await people.find_person(connection, interaction.person_id))
    return holder


async def _unlock(holder: Holder, kind: MeansKind, back: UUID | None, sent: Parameters) -> Response[Any]:
    pin: Pin = "pin2" if sent.get("which") == "pin2" else "pin1"
    typed = Unlocking(kind, pin, (sent.get("puk") or "").strip(), (sent.get("new_pin") or "").strip())
    if errors := _faults(typed, (sent.get("again") or "").strip()):
        return await _page(holder, kind, back, errors, pin)
    desk, address, now = holder.desk, holder.browser.address, holder.now
    desk.failures.check(address, now)
    tried = await unlock(holder.connection, desk, holder.person.id if holder.person else UUID(int=0), typed, now)
    await _note(holder, kind, tried)
    if tried.is_right:
        return holder.to(f"/{kind}/unlocked?which={pin}{f'&back={back}' if back else ''}")
    desk.failures.count(address, now)
    return await _page(holder, kind, back, {"puk": wrong_puk(tried.tries_left)}, pin)


async def _note(holder: Holder, kind: MeansKind, tried: Trial) -> None:
    event: Event = "pin_changed" if tried.is_right else "puk"
    outcome: Outcome = "done" if tried.is_right else "wrong" if tried.tries_left else "locked"
    if holder.person:
        where, now = holder.browser.where, holder.now
        await note(holder.connection, holder.person.id, event, outcome=outcome, means=kind, where=where, now=now)


def _faults(typed: Unlocking, again: str) -> dict[str, Sayable]:
    """Return what is wrong with what was typed, before any try of the PUK is used up."""
    faults: dict[str, Sayable] = {}
    if not typed.puk:
        faults["puk"] = _("Enter the PUK.")
    if fault := fault_of(typed.pin, typed.new_pin):
        faults["new_pin"] = fault
    elif again != typed.new_pin:
        faults["again"] = _("The new PIN is not the same both times.")
    return faults


async def _page(
    holder: Holder, kind: MeansKind, back: UUID | None, errors: dict[str, Sayable], pin: Pin
) -> Response[Any]:
    means = await store.find_means(holder.connection, holder.person.id, kind) if holder.person else None
    states: list[State] = [state_of(means, each, holder.now) for each in _PINS]
    here = _here(kind, back)
    if not {"valid", "locked"} & {*states}:
        why = obstacle(kind, states[0])
        return holder.page("means_obstacle", here, kind, status=403, obstacle=why)
    return holder.page(
        "means_unlocking",
        here,
        f"{kind} unlocking",
        status=422 if errors else 200,
        kind=kind,
        pins=[{"value": each, "text": PIN_NAMES[each].say(holder.language)} for each in _PINS],
        which=pin,
        way_back=f"/sign-in/{back}" if back else f"/{kind}",
        errors=holder.said(errors),
    )
