"""The office's memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.applications.application import Application
from services.applications.member import Colleague, Post
from services.applications.office.message import Message
from services.applications.store import Connection, any_of, several


async def posts(connection: Connection, personal_number: str) -> list[Post]:
    """Return where someone works."""
    rows = await connection.fetch(
        "SELECT institution, municipality, role FROM office_member WHERE personal_number = $1 ORDER BY institution",
        personal_number,
    )
    return [Post(**dict(row)) for row in rows]


async def posts_of(connection: Connection, person_id: UUID) -> list[Post]:
    """Return where a person works."""
    number = await connection.fetchval("SELECT personal_number FROM person WHERE id = $1", person_id)
    return await posts(connection, number)


async def add_member(connection: Connection, personal_number: str, post: Post, since: date) -> None:
    """Let someone work at an institution from a day on, or change her post there."""
    await connection.execute(
        """
        INSERT INTO office_member (personal_number, institution, municipality, role, since)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (personal_number, institution) DO UPDATE SET municipality = $3, role = $4
        """,
        personal_number,
        post.institution,
        post.municipality,
        post.role,
        since,
    )


async def of_desk(
    connection: Connection, application_id: UUID, desks: list[str], but: UUID, *, lock: bool
) -> Application | None:
    """Return an application of one of these desks, when it is not the member's own."""
    is_theirs = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM application WHERE id = $1 AND desk = ANY($2) AND person_id <> $3)",
        application_id,
        desks,
        but,
    )
    return await any_of(connection, application_id, lock=lock) if is_theirs else None


async def all_of_desk(
    connection: Connection, ids: Sequence[UUID], desks: list[str], but: UUID, *, lock: bool
) -> list[Application]:
    """Return those of these applications that are of one of these desks, and not the member's own."""
    rows = await connection.fetch(
        "SELECT id FROM application WHERE id = ANY($1) AND desk = ANY($2) AND person_id <> $3", list(ids), desks, but
    )
    return await several(connection, [row["id"] for row in rows], lock=lock)


async def name_of(connection: Connection, person_id: UUID) -> str:
    """Return what someone is called."""
    return (await names_of(connection, [person_id]))[person_id]


async def names_of(connection: Connection, person_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return what these people are called."""
    rows = await connection.fetch(
        "SELECT id, given_name || ' ' || family_name AS name FROM person WHERE id = ANY($1)", list(person_ids)
    )
    return {row["id"]: row["name"] for row in rows}


async def colleagues(connection: Connection, post: Post, but: Sequence[UUID]) -> list[Colleague]:
    """Return who else works at a desk and has been here, by name, without some."""
    rows = await connection.fetch(
        """
        SELECT person.id AS person_id, person.given_name || ' ' || person.family_name AS name, member.role
        FROM office_member member JOIN person ON person.personal_number = member.personal_number
        WHERE member.institution = $1 AND member.municipality IS NOT DISTINCT FROM $2 AND person.id <> ALL($3)
        ORDER BY person.family_name, person.given_name, person.id LIMIT 200
        """,
        post.institution,
        post.municipality,
        list(but),
    )
    return [Colleague(**dict(row)) for row in rows]


async def say(connection: Connection, message: Message) -> None:
    """Keep a message for good."""
    await connection.execute(
        """
        INSERT INTO application_message (id, application_id, kind, author_id, text, questions, is_for, at, files)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::jsonb)
        """,
        message.id,
        message.application_id,
        message.kind,
        message.author_id,
        message.text,
        list(message.questions),
        message.is_for,
        message.at,
        msgspec.json.encode(message.files).decode(),
    )


async def messages(connection: Connection, application_id: UUID) -> list[Message]:
    """Return what was said about an application, first to last, with each author's name."""
    rows = await connection.fetch(
        """
        SELECT message.id, application_id, kind, author_id, text, questions, is_for, at, files::text,
            coalesce(person.given_name || ' ' || person.family_name, '') AS author
        FROM application_message message LEFT JOIN person ON person.id = author_id
        WHERE application_id = $1 ORDER BY message.id
        """,
        application_id,
    )
    return [msgspec.convert({**row, "files": msgspec.json.decode(row["files"])}, Message) for row in rows]


async def open_cases(  # noqa: PLR0917 - an opening is all of this
    connection: Connection, application_ids: Sequence[UUID], officer_id: UUID, day: date, reason: str, now: datetime
) -> list[UUID]:
    """Note that a member opens cases on a day, and why; return those that she had not opened yet."""
    rows = await connection.fetch(
        """
        INSERT INTO case_opening_event (application_id, officer_id, day, reason, at)
        SELECT id, $2, $3, $4, $5 FROM unnest($1::uuid[]) AS opened (id) ORDER BY id
        ON CONFLICT DO NOTHING RETURNING application_id
        """,
        list(application_ids),
        officer_id,
        day,
        reason,
        now,
    )
    return [row["application_id"] for row in rows]


async def is_open(connection: Connection, application_id: UUID, officer_id: UUID, day: date) -> bool:
    """Tell whether a member has opened a case on this day."""
    return await connection.fetchval(
        "SELECT EXISTS (SELECT FROM case_opening_event WHERE application_id = $1 AND officer_id = $2 AND day = $3)",
        application_id,
        officer_id,
        day,
    )


async def unopened(connection: Connection, application_ids: Sequence[UUID], officer_id: UUID, day: date) -> list[UUID]:
    """Return those of these applications that a member has not opened on this day."""
    rows = await connection.fetch(
        """
        SELECT id FROM unnest($1::uuid[]) AS asked (id) WHERE NOT EXISTS (
            SELECT FROM case_opening_event WHERE application_id = asked.id AND officer_id = $2 AND day = $3)
        """,
        list(application_ids),
        officer_id,
        day,
    )
    return [row["id"] for row in rows]


async def reason_of(connection: Connection, application_id: UUID, officer_id: UUID, day: date) -> str | None:
    """Return why a member opened a case on this day; None when she has not."""
    return await connection.fetchval(
        "SELECT reason FROM case_opening_event WHERE application_id = $1 AND officer_id = $2 AND day = $3",
        application_id,
        officer_id,
        day,
    )


async def silent(connection: Connection, today: date) -> list[UUID]:
    """Return what should have been decided before today where the law makes something of that, at most 1,000."""
    rows = await connection.fetch(
        """
        SELECT application.id FROM application JOIN definition USING (service_id)
        WHERE due_on < $1 AND state IN ('submitted', 'in_review', 'awaiting_opinion') AND desk IS NOT NULL
            AND definition.version = service_version AND body -> 'processing' ? 'silence'
        ORDER BY due_on LIMIT 1000
        """,
        today,
    )
    return [row["id"] for row in rows]


async def unanswered(connection: Connection, before: datetime) -> list[UUID]:
    """Return what was asked of its person before a time and not answered, at most 1,000."""
    rows = await connection.fetch(
        """
        SELECT id FROM application WHERE state = 'awaiting_citizen' AND updated_at < $1 ORDER BY updated_at LIMIT 1000
        """,
        before,
    )
    return [row["id"] for row in rows]
