"""The queue's memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.applications.member import Member
from services.applications.queue.wanted import MOST_COUNTED, MOST_NAMED, Figures, Key, Line, Wanted, Whose
from services.applications.store import Connection

_LINE = """application.id, application.reference, application.service_id, application.state::text, application.desk,
    application.due_on, application.officer_id"""
# As the indexes of migration 0034 have it.
_OPEN = "state IN ('submitted', 'in_review', 'awaiting_citizen', 'awaiting_opinion', 'appealed')"
_WAITING = "state IN ('submitted', 'in_review', 'awaiting_opinion', 'appealed')"
_COUNTED = {
    "waiting": "",
    "overdue": "AND due_on < $3",
    "mine": "AND officer_id = $2",
    "free": "AND officer_id IS NULL",
}
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
    key = wanted.after or Key(date.min, UUID(int=0))
    values: list[object] = [list(wanted.desks), wanted.member_id, key.due_on, key.id, limit]
    rows = await connection.fetch(
        f"""
        SELECT open.*, officer.given_name || ' ' || officer.family_name AS officer,
            {_LAST.format("open")} AS has_message
        FROM unnest($1::text[]) AS mine (desk)
        CROSS JOIN LATERAL (
            SELECT {_LINE} FROM application
            WHERE application.desk = mine.desk AND {_OPEN} AND (due_on, id) > ($3::date, $4::uuid) AND person_id <> $2
                {_filters(wanted, values)}
            ORDER BY due_on, id LIMIT $5
        ) open
        LEFT JOIN person officer ON officer.id = open.officer_id
        ORDER BY open.due_on, open.id LIMIT $5
        """,  # noqa: S608 - our own columns and conditions
        *values,
    )
    return [msgspec.convert(dict(row), Line) for row in rows]


def _filters(wanted: Wanted, values: list[object]) -> str:
    """Return the conditions that are asked for alone, so that each is found by its index; their values are added."""
    whose: Mapping[Whose, str] = {
        "mine": "AND officer_id = $2",
        "free": "AND officer_id IS NULL",
        "overdue": "AND due_on < {} AND state <> 'awaiting_citizen'",
    }
    asked = (
        ("AND state = {}::application_state", wanted.state),
        ("AND service_id = {}", wanted.service_id),
        (whose.get(wanted.whose, ""), wanted.today if wanted.whose == "overdue" else None),
    )
    said: list[str] = []
    for condition, value in asked:
        if value is not None:
            values.append(value)
        if value is not None or "{}" not in condition:
            said.append(condition.format(f"${len(values)}"))
    return " ".join(said)


async def figures(connection: Connection, wanted: Wanted) -> Figures:
    """Return how many wait for the office at these desks; what waits for its person does not."""
    counted = ", ".join(
        f"""(
            SELECT count(*) FROM (
                SELECT FROM unnest($1::text[]) AS mine (desk) CROSS JOIN LATERAL (
                    SELECT FROM application
                    WHERE application.desk = mine.desk AND {_WAITING} AND person_id <> $2 {which}
                    LIMIT {MOST_COUNTED}
                ) at_one LIMIT {MOST_COUNTED}
            ) of_all
        ) AS {name}"""  # noqa: S608 - our own conditions
        for name, which in _COUNTED.items()
    )
    row = await connection.fetchrow(f"SELECT {counted}", list(wanted.desks), wanted.member_id, wanted.today)
    return msgspec.convert(dict(row or {}), Figures)


async def services(connection: Connection, desks: Sequence[str]) -> list[str]:
    """Return the services of which something is open at these desks, each found from the one before it."""
    rows = await connection.fetch(
        f"""
        SELECT DISTINCT service_id FROM unnest($1::text[]) AS mine (desk)
        CROSS JOIN LATERAL (
            WITH RECURSIVE found AS (
                (SELECT service_id FROM application WHERE desk = mine.desk AND {_OPEN} ORDER BY service_id LIMIT 1)
                UNION ALL
                SELECT (
                    SELECT next.service_id FROM application next
                    WHERE next.desk = mine.desk AND next.{_OPEN} AND next.service_id > found.service_id
                    ORDER BY next.service_id LIMIT 1
                ) FROM found WHERE found.service_id IS NOT NULL
            )
            SELECT service_id FROM found WHERE service_id IS NOT NULL
        ) open
        """,  # noqa: S608 - our own condition
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
    lines, _more = await _of(connection, member, "person.personal_number = $4", [personal_number], limit)
    return lines


async def of_name(connection: Connection, member: Member, names: Sequence[str], limit: int) -> tuple[list[Line], bool]:
    """Return the applications at her desks of whose name begins so, in either order, newest first.

    Beside it whether more people than `MOST_NAMED` are called so: the others' are not among them.
    """
    first, last = names[0] + "%", names[-1] + "%"
    either = f"({_FAMILY} LIKE $4 AND {_GIVEN} LIKE $5) OR ({_FAMILY} LIKE $5 AND {_GIVEN} LIKE $4)"
    if len(names) == 1:
        either = f"{_FAMILY} LIKE $4 OR {_GIVEN} LIKE $5"
    return await _of(connection, member, either, [first, last], limit)


async def _of(
    connection: Connection, member: Member, whose: str, values: list[str], limit: int
) -> tuple[list[Line], bool]:
    rows = await connection.fetch(
        f"""
        WITH named AS MATERIALIZED (SELECT id FROM person WHERE {whose} LIMIT {MOST_NAMED} + 1)
        SELECT {_LINE}, officer.given_name || ' ' || officer.family_name AS officer,
            {_LAST.format("application")} AS has_message, called.more
        FROM (SELECT count(*) > {MOST_NAMED} AS more FROM named) called
        LEFT JOIN (
            SELECT theirs.* FROM named CROSS JOIN LATERAL (
                SELECT * FROM application WHERE person_id = named.id AND desk = ANY($1) AND person_id <> $2
                ORDER BY id DESC LIMIT $3
            ) theirs ORDER BY theirs.id DESC LIMIT $3
        ) application ON true
        LEFT JOIN person officer ON officer.id = application.officer_id
        ORDER BY application.id DESC
        """,  # noqa: S608 - our own columns and conditions
        member.desks,
        member.person_id,
        limit,
        *values,
    )
    lines = [{name: value for name, value in row.items() if name != "more"} for row in rows if row["id"]]
    return [msgspec.convert(line, Line) for line in lines], rows[0]["more"]


async def following(connection: Connection, member: Member, but: UUID) -> UUID | None:
    """Return what the member works on next: of what is hers or nobody's yet, what is due first; never `but`."""
    return await connection.fetchval(
        """
        SELECT open.id FROM unnest($1::text[]) AS mine (desk)
        CROSS JOIN LATERAL (
            SELECT id, due_on FROM application
            WHERE desk = mine.desk AND person_id <> $2 AND id <> $3
                AND state IN ('submitted', 'in_review', 'appealed')
                AND (state = 'submitted' OR officer_id = $2
                    OR (state = 'appealed' AND officer_id IS NULL AND NOT EXISTS (
                        SELECT FROM application_message said WHERE said.application_id = application.id
                            AND author_id = $2 AND kind IN ('decision', 'opinion'))))
            ORDER BY due_on, id LIMIT 1
        ) open
        ORDER BY open.due_on, open.id LIMIT 1
        """,
        member.desks,
        member.person_id,
        but,
    )
