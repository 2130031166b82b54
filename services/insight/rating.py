"""How people rate a service: once for each finished application, kept apart from person and application."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from msgspec import Struct

from i18n.format import KOSOVO
from i18n.refusal import Invalid
from i18n.text import Sayable, _, n_
from services.applications import casework
from services.applications.form import clean
from services.insight import store
from services.insight.store import Connection

SCORES = ("1", "2", "3", "4", "5")
COMMENT_LENGTH = 1000
SHOWN_FROM = 10  # fewer ratings would tell little, and perhaps who gave them


class Average(Struct, frozen=True):
    """The mean score of a service, one decimal, and how many ratings it rests on."""

    score: float
    count: int


class Month(Struct, frozen=True):
    """The ratings of one month: its first day, the mean score, how many."""

    month: date
    score: float
    count: int


async def rate(  # noqa: PLR0917 - an act names all that it takes
    connection: Connection, application_id: UUID, person_id: UUID, score: str, comment: str, now: datetime
) -> None:
    """Keep a rating of one's own finished application.

    Raises Invalid for a score that is not 1 to 5 or a comment over 1,000 characters, NotFound for a stranger,
    AlreadyRated the second time, Refused before the application is finished.
    """
    said = _said(score, comment)
    application = await casework.mark_rated(connection, application_id, person_id, now)
    month = now.astimezone(KOSOVO).date().replace(day=1)
    # The id is random: one in order of time would tell when it was given, and so by whom.
    await store.add(connection, uuid4(), application, month=month, score=int(score.strip()), comment=said or None)


async def average(connection: Connection, service_id: str) -> Average | None:
    """Return what people think of a service; None as long as fewer than ten have said it."""
    points, ratings = await store.totals(connection, service_id)
    return Average(round(points / ratings, 1), ratings) if ratings >= SHOWN_FROM else None


async def months(connection: Connection, service_id: str, since: date) -> list[Month]:
    """Return the service's months since a day that have enough ratings to be shown, oldest first."""
    found = await store.months(connection, service_id, since)
    return [
        Month(month, round(points / ratings, 1), ratings) for month, points, ratings in found if ratings >= SHOWN_FROM
    ]


def _said(score: str, comment: str) -> str:
    """Return the comment as it is kept; Invalid names every field that cannot be taken."""
    said = clean(comment, lines=True)
    errors: dict[str, Sayable] = {}
    if score.strip() not in SCORES:
        errors["score"] = _("Choose how satisfied you are.")
    if len(said) > COMMENT_LENGTH:
        errors["comment"] = n_(
            "The comment may have at most %(count)s character. Shorten it.",
            "The comment may have at most %(count)s characters. Shorten it.",
            COMMENT_LENGTH,
        )
    if errors:
        raise Invalid(errors)
    return said
