"""Choosing a person: one of the demo's list by a key that tells nothing, anyone by her personal number."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from eid.provider import store
from eid.provider.browser import Browser
from eid.provider.desk import Desk
from eid.provider.parameters import Parameters
from eid.provider.people import Enrolled
from eid.provider.store import Connection
from i18n.text import Language, Sayable, _

ANOTHER = "another"
KeyOf: TypeAlias = Callable[[Enrolled], str]
_NEITHER = _("Choose who you are, or enter your personal number.")


@dataclass(frozen=True, slots=True)
class Choice:
    """What was typed to say who one is."""

    person: str = ""
    personal_number: str = ""

    @classmethod
    def read(cls, sent: Parameters) -> Choice:
        """Return what a form brought."""
        return cls(sent.get("person") or "", sent.get("personal_number") or "")


async def options(connection: Connection, key_of: KeyOf, language: Language) -> list[dict[str, str]]:
    """Return the list to choose from, as radio buttons take it."""
    people = [
        {"value": key_of(person), "text": person.name, "hint": person.shows.say(language) if person.shows else ""}
        for person in await store.listed(connection)
    ]
    return [*people, {"value": ANOTHER, "text": _("Another person").say(language), "hint": ""}]


async def chosen(
    connection: Connection, choice: Choice, key_of: KeyOf, caller: tuple[Desk, Browser], now: datetime
) -> Enrolled | dict[str, Sayable]:
    """Return the person, or what is wrong with each field; whoever tries numbers is counted."""
    if choice.person not in {"", ANOTHER}:
        people = await store.listed(connection)
        return next((person for person in people if key_of(person) == choice.person), {"person": _NEITHER})
    number = re.sub(r"\s", "", choice.personal_number)
    if not number:
        return {"personal_number" if choice.person else "person": _NEITHER}
    if not re.fullmatch(r"[0-9]{10}", number):
        return {"personal_number": _("A personal number has 10 digits.")}
    desk, browser = caller
    desk.failures.check(browser.address, now)
    if person := await store.find_by_number(connection, number):
        return person
    desk.failures.count(browser.address, now)
    return {"personal_number": _("Nobody is enrolled with this personal number. Check each digit.")}
