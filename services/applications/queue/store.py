"""The queue's memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.applications.member import Member
from services.applications.queue.wanted import MOST_COUNTED, Figures, Line, Wanted
from services.applications.store import Connection

_LINE = """application.id, application.reference, application.service_id, application.state::text, application.desk,
    application.due_on, application.officer_id"""
# Whether its person has written since the office last wrote to her.
_LAST = """coalesce((
    SELECT kind = 'message' FROM application_message said
    WHERE said.application_id = {}.id AND kind IN ('message', 'answer', 'request') ORDER BY said.id DESC LIMIT 1
), false)"""
# A name as it is compared (see `names_in`): what the indexes person_by_family_name and person_by_given_name hold.
_FOLDED = "replace(translate(lower({}), 'ËÇČĆŠŽĐëçčćšžđ', 'ecccszdecccszd'), 'dj', 'd')"
_FAMILY, _GIVEN = _FOLDED.format("person.family_name"), _FOLDED.format("person.given_name")


async def page(connection: Connection, wanted: Wanted, limit: int) -> list[Line]:
    """Return what is wanted, those first that are due first."""
    rows = await connection.fetch(
        f"""
        SELECT open.*, officer.given_name || ' ' || officer.family_name AS officer,
            {_LAST.format("open")} AS has_message
        FROM unnest($1::text[]) AS mine (desk)
        CROSS JOIN LATERAL (
            SELECT {_LINE} FROM application
            WHERE application.desk = mine.desk AND state IN ('submitted', 'in_review', 'awaiting_citizen',
                'awaiting_opinion', 'appealed')
                AND (due_on, id) > ($5::date, $6::uuid)
                AND person_id <> $2 AND ($3::text IS NULL OR state::text = $3) AND ($4::text IS NULL OR service_id = $4)
                AND ($8 <> 'mine' OR officer_id = $2) AND ($8 <> 'free' OR officer_id IS NULL)
                AND ($8 <> 'overdue' OR (due_on < $9 AND state <> 'awaiting_citizen'))
            ORDER BY due_on, id LIMIT $7
        ) open
        LEFT JOIN person officer ON officer.id = open.officer_id
        ORDER BY open.due_on, open.id LIMIT $7
        """,  # noqa: S608 - our own columns
        list(wanted.desks),
        wanted.member_id,
        wanted.state,
        wanted.service_id,
        wanted.after.due_on if wanted.after else date.min,
        wanted.after.id if wanted.after else UUID(int=0),
        limit,
        wanted.whose,
        wanted.today,
    )
    return [msgspec.convert(dict(row), Line) for row in rows]


async def figures(connection: Connection, wanted: Wanted) -> Figures:
    """Return how many wait for the office at these desks; what waits for its person does not."""
    row = await connection.fetchrow(
        """
        SELECT count(*) AS waiting, count(*) FILTER (WHERE due_on < $3) AS overdue,
            count(*) FILTER (WHERE officer_id = $2) AS mine, count(*) FILTER (WHERE officer_id IS NULL) AS free
        FROM unnest($1::text[]) AS mine (desk)
        CROSS JOIN LATERAL (
            SELECT due_on, officer_id FROM application
            WHERE application.desk = mine.desk AND state IN ('submitted', 'in_review', 'awaiting_opinion', 'appealed')
                AND person_id <> $2
            ORDER BY due_on LIMIT $4
        ) open
        """,
        list(wanted.desks),
        wanted.member_id,
        wanted.today,
        MOST_COUNTED,
    )
    return msgspec.convert(dict(row or {}), Figures)


async def services(connection: Connection, desks: Sequence[str]) -> list[str]:
    """Return the services of which something is open at these desks."""
    rows = await connection.fetch(
        """
        SELECT DISTINCT service_id FROM application
        WHERE desk = ANY($1) AND state IN ('submitted', 'in_review', 'awaiting_citizen', 'awaiting_opinion', 'appealed')
        """,
        list(desks),
    )
    return sorted(row["service_id"] for row in rows)


async def referred(connection: Connection, member: Member, reference: str) -> UUID | None:
    """Return the application of a reference, when it is one of her desks' and not the member's own."""
    return await connection.fetchval(
        "SELECT id FROM application WHERE reference = $1 AND desk = ANY($2) AND person_id <> $3",
        reference,
        member.desks,
        member.person_id,
    )


async def of_number(connection: Connection, member: Member, personal_number: str, limit: int) -> list[Line]:
    """Return the applications at her desks of who has a personal number, newest first."""
    return await _of(connection, member, "person.personal_number = $3", [personal_number], limit)


async def of_name(connection: Connection, member: Member, names: Sequence[str], limit: int) -> list[Line]:
    """Return the applications at her desks of whose name begins so, in either order, newest first."""
    first, last = names[0] + "%", names[-1] + "%"
    either = f"({_FAMILY} LIKE $3 AND {_GIVEN} LIKE $4) OR ({_FAMILY} LIKE $4 AND {_GIVEN} LIKE $3)"
    if len(names) == 1:
        either = f"{_FAMILY} LIKE $3 OR {_GIVEN} LIKE $4"
    return await _of(connection, member, f"({either})", [first, last], limit)


async def _of(connection: Connection, member: Member, whose: str, values: list[str], limit: int) -> list[Line]:
    rows = await connection.fetch(
        f"""
        SELECT {_LINE}, officer.given_name || ' ' || officer.family_name AS officer,
            {_LAST.format("application")} AS has_message
        FROM person JOIN application ON application.person_id = person.id
        LEFT JOIN person officer ON officer.id = application.officer_id
        WHERE application.desk = ANY($1) AND application.person_id <> $2 AND {whose}
        ORDER BY application.id DESC LIMIT {limit:d}
        """,  # noqa: S608 - our own columns and conditions
        member.desks,
        member.person_id,
        *values,
    )
    return [msgspec.convert(dict(row), Line) for row in rows]


async def following(connection: Connection, member: Member, but: UUID) -> UUID | None:
    """Return what the member works on next: of what is hers or nobody's yet, what is due first; never `but`."""
    return await connection.fetchval(
        """
        SELECT id FROM application
        WHERE desk = ANY($1) AND person_id <> $2 AND id <> $3
            AND (state = 'submitted' OR (state IN ('in_review', 'appealed') AND officer_id = $2)
                OR (state = 'appealed' AND officer_id IS NULL AND NOT EXISTS (
                    SELECT FROM application_message said
                    WHERE said.application_id = application.id AND author_id = $2 AND kind IN ('decision', 'opinion'))))
        ORDER BY due_on, id LIMIT 1
        """,
        member.desks,
        member.person_id,
        but,
    )
