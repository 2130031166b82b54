"""Facts that a silent register still owes an application: which they are, and how they are fetched later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from i18n.text import Wording
from services.registers.facts import Answer
from services.registers.gateway import Gateway


@dataclass(frozen=True, slots=True)
class Pending:
    """A fact that was asked for at `since` and not answered; `about` is a personal number. It is a need like any."""

    name: str
    about: str
    purpose: Wording
    legal_basis: Wording | str
    since: datetime


def pending(answers: Iterable[Answer], about: str) -> tuple[Pending, ...]:
    """Return what the registers still owe after these answers about a person; a register's no is an answer."""
    return tuple(
        Pending(answer.need.name, about, answer.need.purpose, answer.need.legal_basis, answer.at)
        for answer in answers
        if answer.outcome == "unreachable"
    )


async def fetch(
    gateway: Gateway, owed: Sequence[Pending], asker: str, issue: str, now: datetime
) -> dict[str, list[Answer]]:
    """Return how each fact fared now, by the personal number that it is about; record them as read, as always."""
    people = {one.about: [each for each in owed if each.about == one.about] for one in owed}
    return {about: await gateway.ask(needs, about, asker, issue, now) for about, needs in people.items()}
