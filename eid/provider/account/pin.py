"""A new PIN by the old one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, cast, get_args

from litestar import Response, get, post

from eid.provider.account.owner import ACT, Owner, owner_of, sign_in_first
from eid.provider.browser import AnyRequest, Browser, form
from eid.provider.desk import AtDesk, Now
from eid.provider.means import store as means_store
from eid.provider.means.code import MeansKind, Pin, state_of
from eid.provider.means.sentence import fault_of, wrong_pin
from eid.provider.means.trial import try_means
from eid.provider.parameters import Parameters
from eid.provider.people import hash_pin
from eid.provider.trail.log import note, note_try
from i18n.text import Sayable, Text, _

_WHICH: dict[tuple[MeansKind, Pin], Text] = {
    ("phone", "pin1"): _("PIN1 of the phone"),
    ("phone", "pin2"): _("PIN2 of the phone"),
    ("card", "pin1"): _("PIN1 of the card"),
    ("card", "pin2"): _("PIN2 of the card"),
}
_LOCKED = _("This PIN is locked, or its card or phone cannot be used. My eID says why.")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: `which` as kind-pin, the old PIN, and twice the new one."""

    which: str = ""
    old: str = ""
    new: str = ""
    again: str = ""

    @classmethod
    def read(cls, sent: Parameters) -> Typed:
        """Return what a form brought."""
        return cls(*((sent.get(name) or "").strip() for name in ("which", "old", "new", "again")))

    @property
    def meant(self) -> tuple[MeansKind, Pin] | None:
        """The PIN that is to be changed."""
        kind, _dash, pin = self.which.partition("-")
        is_one = kind in get_args(MeansKind) and pin in get_args(Pin)
        return cast("tuple[MeansKind, Pin]", (kind, pin)) if is_one else None


@get("/my/pin")
async def ask(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Ask for the old PIN and twice for the new one."""
    async with desk.transaction() as connection:
        owner = await owner_of(request, desk, connection, now)
        if owner is None:
            return await sign_in_first(request, desk, connection, now)
        return await _page(owner, Typed(), {})


@post("/my/pin", status_code=200)
async def change(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Try the old PIN; when it is right, the new one takes its place."""
    async with desk.transaction() as connection:
        owner = await owner_of(request, desk, connection, now)
        sent = await form(request, Browser(request, desk), ACT)
        if owner is None:
            return await sign_in_first(request, desk, connection, now)
        typed = Typed.read(sent)
        errors = _faults(typed) or await _change(owner, typed)
        return await _page(owner, typed, errors) if errors else owner.to("/my?done=pin")


HANDLERS = (ask, change)


def _faults(typed: Typed) -> dict[str, Sayable]:
    """Return what is wrong with what was typed, before a try of the old PIN is used up."""
    faults: dict[str, Sayable] = {}
    if typed.meant is None:
        faults["which"] = _("Choose which PIN you want to change.")
    if not typed.old:
        faults["old"] = _("Enter the PIN as it is now.")
    fault = fault_of(typed.meant[1] if typed.meant else "pin1", typed.new)
    if fault:
        faults["new"] = fault
    elif typed.new == typed.old:
        faults["new"] = _("The new PIN is the old one. Choose another one.")
    elif typed.again != typed.new:
        faults["again"] = _("The new PIN is not the same both times.")
    return faults


async def _change(owner: Owner, typed: Typed) -> dict[str, Sayable]:
    kind, pin = typed.meant or ("phone", "pin1")
    connection, desk, person_id, now = owner.connection, owner.desk, owner.person.id, owner.now
    where, address = owner.browser.where, owner.browser.address
    desk.failures.check(address, now)
    tried = await try_means(connection, desk, person_id, kind, pin, typed.old, now)
    if not tried.is_right:
        desk.failures.count(address, now)
        if tried.state in {"valid", "locked"}:
            await note_try(connection, person_id, tried.tries_left, means=kind, where=where, now=now)
        return {"old": wrong_pin(tried.tries_left) if tried.tries_left else _LOCKED}
    means = await means_store.find_means(connection, person_id, kind)
    if means:
        new_hash = await asyncio.to_thread(hash_pin, typed.new, desk.secret)
        await means_store.renew_code(connection, means.id, pin, new_hash)
        await note(connection, person_id, "pin_changed", means=kind, where=where, now=now)
    return {}


async def _page(owner: Owner, typed: Typed, errors: dict[str, Sayable]) -> Response[Any]:
    usable = [which for which in _WHICH if await _is_usable(owner, *which)]
    return owner.page(
        "pin",
        "/my/pin",
        status=422 if errors else 200,
        options=[{"value": "-".join(which), "text": _WHICH[which].say(owner.language)} for which in usable],
        which=typed.which,
        errors=owner.said(errors),
    )


async def _is_usable(owner: Owner, kind: MeansKind, pin: Pin) -> bool:
    means = await means_store.find_means(owner.connection, owner.person.id, kind)
    return state_of(means, pin, owner.now) == "valid"
