"""What people do with cases: question a look, say that a register is wrong, answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from i18n.refusal import Invalid, NotFound
from i18n.text import _
from services.cases import case, store
from services.cases.case import OUTCOMES, Case, Kind, Outcome
from services.cases.errors import AlreadyAnswered, WrongOutcome
from services.cases.store import Connection

PAGE = 20
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


async def ask(  # noqa: PLR0917 - a question is all of this
    connection: Connection,
    person_id: UUID,
    institution: str,
    register: str,
    fact: str,
    text: str,
    now: datetime,
    *,
    read_id: UUID | None = None,
    about: str | None = None,
) -> Case:
    """Return the new case, or the one that asks the same already; Invalid for a text that cannot be taken.

    With `read_id` it questions that look; without, it says that what the register holds is wrong. `about` is the
    personal number of the person's child, where it is about her, or a company, where she acts for one.
    """
    kind: Kind = "access" if read_id else "correction"
    asked = Case(
        id=uuid7(),
        reference=case.new_reference(kind, now),
        kind=kind,
        person_id=person_id,
        institution=institution,
        read_id=read_id,
        register=register,
        fact=fact,
        about=about,
        text=_written(text),
        asked_at=now,
        answer_by=case.answer_by(now),
    )
    return await store.add(connection, asked)


async def of(connection: Connection, person_id: UUID, after: UUID | None) -> list[Case]:
    """Return a page of a person's cases, newest first."""
    return await store.of(connection, person_id, after, PAGE)


async def find(connection: Connection, case_id: UUID, person_id: UUID) -> Case:
    """Return a case of this person's; NotFound for a stranger."""
    found = await store.own(connection, case_id, person_id)
    if found is None:
        raise NotFound
    return found


async def questioned(connection: Connection, person_id: UUID, reads: list[UUID]) -> Mapping[UUID, UUID]:
    """Return which of these looks the person has questioned, each with its case."""
    return await store.about_reads(connection, person_id, reads)


async def waiting(connection: Connection, limit: int = 100) -> list[Case]:
    """Return open cases, in the order in which they are due."""
    return await store.waiting(connection, limit)


async def answer(connection: Connection, reference: str, outcome: Outcome, text: str, now: datetime) -> Case:
    """Return the case, answered; NotFound, AlreadyAnswered, or WrongOutcome for its kind. The person is told after."""
    found = await store.referred(connection, reference)
    if found is None:
        raise NotFound
    if not found.is_open:
        raise AlreadyAnswered
    if outcome not in OUTCOMES[found.kind]:
        raise WrongOutcome
    await store.answer(connection, found.id, outcome, _written(text), now)
    return found


def _written(text: str) -> str:
    """Return what was written, trimmed; Invalid when it is nothing, too much, or no text."""
    trimmed = text.replace("\r\n", "\n").strip()
    if not trimmed:
        raise Invalid({"text": _("Write what you want to know, or what is wrong.")})
    if len(trimmed) > case.LONGEST:
        sentence = _("Write at most %(most)s characters; it is %(length)s now.", most=case.LONGEST, length=len(trimmed))
        raise Invalid({"text": sentence})
    if _UNWRITABLE.search(trimmed):
        raise Invalid({"text": _("The text holds a character that cannot be written. Please type it again.")})
    return trimmed
