"""The applications' memory: the room's only SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy

from i18n.format import KOSOVO
from services.applications.application import Application, Event, Summary
from services.applications.duration import Duration
from services.catalogue.service import Service

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy

# jsonb goes as text both ways, so that a codec on the caller's pool changes nothing.
_SELECT = """SELECT id, reference, service_id, service_version, person_id, channel, language, state::text,
    answers::text, facts::text, beneficiary, fee_cents, payment_id, document_id, refusal::text, revision,
    created_at, updated_at, submitted_at, decided_at, issued_at, rated_at, desk, due_on, officer_id FROM application"""
_JSON = ("answers", "facts", "refusal")
_ADD_EVENTS = """
    INSERT INTO application_event (application_id, revision, step, state, actor, at, detail)
    SELECT saved.id, event.revision, event.step::application_step, event.state::application_state, event.actor,
        event.at, event.detail
    FROM saved, unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::text[])
        AS event (revision, step, state, actor, at, detail)
"""
# The sums that services/insight reads. Each in several parts, so that decisions of one service need not wait in line.
_COUNT = """
    , counted AS (
        INSERT INTO decision_rollup AS kept (service_id, day, days, seconds, part, decisions)
        SELECT $23, $24::date, $25, $26, get_byte(uuid_send(saved.id), 15) % 16, 1 FROM saved
        ON CONFLICT (service_id, day, days, seconds, part) DO UPDATE SET decisions = kept.decisions + 1
    )
"""


async def draft_of(connection: Connection, person_id: UUID, service_id: str) -> Application | None:
    """Return the person's live draft of the service, locked."""
    return await _one(connection, "person_id = $1 AND service_id = $2 AND state = 'draft'", person_id, service_id)


async def own(connection: Connection, application_id: UUID, person_id: UUID, *, lock: bool) -> Application | None:
    """Return the person's own application, locked for a change or only read."""
    return await _one(connection, "id = $1 AND person_id = $2", application_id, person_id, lock=lock)


async def any_of(connection: Connection, application_id: UUID, *, lock: bool) -> Application | None:
    """Return an application, whoever's it is: for the payment and the worker, never for a page."""
    return await _one(connection, "id = $1", application_id, lock=lock)


async def several(connection: Connection, ids: Sequence[UUID], *, lock: bool = False) -> list[Application]:
    """Return these applications, whosever they are: by their references, locked in the order of their ids."""
    order = "id FOR UPDATE" if lock else "reference"
    rows = await connection.fetch(f"{_SELECT} WHERE id = ANY($1) ORDER BY {order}", list(ids))
    return [_application(row) for row in rows]


async def approved_before(connection: Connection, before: datetime) -> list[UUID]:
    """Return the applications that were approved before a time and have no document yet, oldest first, at most 100."""
    rows = await connection.fetch(
        "SELECT id FROM application WHERE state = 'approved' AND decided_at < $1 ORDER BY decided_at LIMIT 100", before
    )
    return [row["id"] for row in rows]


async def awaiting_facts(connection: Connection, before: datetime) -> list[UUID]:
    """Return the applications that waited for a register already before a time, oldest first, at most 1,000."""
    rows = await connection.fetch(
        """
        SELECT id FROM application WHERE state = 'awaiting_facts' AND submitted_at < $1 ORDER BY submitted_at LIMIT 1000
        """,
        before,
    )
    return [row["id"] for row in rows]


async def add(connection: Connection, application: Application, service: Service, first: Event) -> bool:
    """Keep a new application, its event and its definition; False when draft or reference are there already."""
    status = await connection.execute(
        """
        WITH kept AS (
            INSERT INTO definition (service_id, version, body) VALUES ($3, $4, $16::text::jsonb)
            ON CONFLICT (service_id, version) DO NOTHING
        ), added AS (
            INSERT INTO application (id, reference, service_id, service_version, person_id, channel, language, state,
                answers, facts, beneficiary, revision, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::application_state, $9::text::jsonb, $10::text::jsonb, $11,
                $12, $13, $13)
            ON CONFLICT DO NOTHING
            RETURNING id
        )
        INSERT INTO application_event (application_id, revision, step, state, actor, at)
        SELECT id, $12, $14::text::application_step, $8::text::application_state, $15, $13 FROM added
        """,
        application.id,
        application.reference,
        application.service_id,
        application.service_version,
        application.person_id,
        application.channel,
        application.language,
        application.state,
        _json(application.answers),
        _json(application.facts),
        application.beneficiary,
        application.revision,
        application.created_at,
        first.step,
        first.actor,
        _json(service),
    )
    return status == "INSERT 0 1"


async def save_draft(connection: Connection, application: Application, revision: int, events: Sequence[Event]) -> bool:
    """Keep a draft's new content and its events; False when `revision` is no longer the kept one."""
    status = await connection.execute(
        """
        WITH saved AS (
            UPDATE application SET state = $9::text::application_state, answers = $10::text::jsonb,
                facts = $11::text::jsonb, beneficiary = $12, revision = $13, updated_at = $14, service_version = $15
            WHERE id = $1 AND revision = $2
            RETURNING id
        )
        """  # noqa: S608 - two constants
        + _ADD_EVENTS,
        application.id,
        revision,
        *_columns(events),
        application.state,
        _json(application.answers),
        _json(application.facts),
        application.beneficiary,
        application.revision,
        application.updated_at,
        application.service_version,
    )
    return status == f"INSERT 0 {len(events)}"


async def save_facts(connection: Connection, application: Application) -> None:
    """Keep that the registers were read again and said the same; nothing else changes."""
    await connection.execute(
        "UPDATE application SET facts = $2::text::jsonb WHERE id = $1", application.id, _json(application.facts)
    )


async def save_answers(connection: Connection, application: Application) -> None:
    """Keep what was answered again; the step that says so is kept beside it."""
    await connection.execute(
        "UPDATE application SET answers = $2::text::jsonb WHERE id = $1", application.id, _json(application.answers)
    )


async def advance(
    connection: Connection,
    application: Application,
    revision: int,
    events: Sequence[Event],
    took: Duration | None = None,
) -> bool:
    """Keep how far an application came, and its events; False when `revision` is no longer the kept one.

    `took` is within what it was decided, by the step that did: counted in the same statement.
    """
    status = await connection.execute(
        """
        WITH saved AS (
            UPDATE application SET state = $9::text::application_state, fee_cents = $10, payment_id = $11,
                document_id = $12, refusal = $13::text::jsonb, revision = $14, updated_at = $15, submitted_at = $16,
                decided_at = $17, issued_at = $18, rated_at = $19, desk = $20, due_on = $21, officer_id = $22
            WHERE id = $1 AND revision = $2
            RETURNING id
        )
        """  # noqa: S608 - constants
        + (_COUNT if took else "")
        + _ADD_EVENTS,
        application.id,
        revision,
        *_columns(events),
        *_advanced(application),
        *(_counted(application, took) if took else ()),
    )
    return status == f"INSERT 0 {len(events)}"


async def page(connection: Connection, person_id: UUID, after: UUID | None, limit: int) -> list[Summary]:
    """Return the person's applications before `after`, newest first; discarded drafts are not among them."""
    rows = await connection.fetch(
        """
        SELECT id, reference, service_id, service_version, state::text, fee_cents, document_id, created_at, updated_at,
            submitted_at, rated_at,
            (SELECT said ->> 'name' || ' (' || (said ->> 'number') || ')'
             FROM jsonb_path_query_first(facts, '$[*] ? (@.name == "registration").value') AS said) AS company
        FROM application
        WHERE person_id = $1 AND ($2::uuid IS NULL OR id < $2)
            AND (fee_cents IS NOT NULL OR submitted_at IS NOT NULL OR state = 'draft')
        ORDER BY id DESC LIMIT $3
        """,
        person_id,
        after,
        limit,
    )
    return [msgspec.convert(dict(row), Summary) for row in rows]


async def events(connection: Connection, application_id: UUID) -> list[Event]:
    """Return what happened to an application, first to last."""
    rows = await connection.fetch(
        "SELECT revision, step::text, state::text, actor, at, detail FROM application_event WHERE application_id = $1"
        " ORDER BY revision",
        application_id,
    )
    return [msgspec.convert(dict(row), Event) for row in rows]


async def definition(connection: Connection, service_id: str, version: int) -> Service | None:
    """Return a definition as it was in that version."""
    body = await connection.fetchval(
        "SELECT body::text FROM definition WHERE service_id = $1 AND version = $2", service_id, version
    )
    return msgspec.json.decode(body, type=Service) if body else None


async def keep_definition(connection: Connection, service: Service) -> bool:
    """Keep a definition; False when applications began with another content of the same version."""
    status = await connection.execute(
        """
        INSERT INTO definition (service_id, version, body) VALUES ($1, $2, $3::text::jsonb)
        ON CONFLICT (service_id, version) DO UPDATE SET body = EXCLUDED.body
        WHERE definition.body = EXCLUDED.body
        OR NOT EXISTS (SELECT FROM application WHERE service_id = $1 AND service_version = $2)
        """,
        service.id,
        service.version,
        _json(service),
    )
    return status == "INSERT 0 1"


async def _one(connection: Connection, which: str, *values: object, lock: bool = True) -> Application | None:
    row = await connection.fetchrow(f"{_SELECT} WHERE {which} {'FOR UPDATE' if lock else ''}", *values)
    return _application(row) if row else None


def _advanced(application: Application) -> tuple[Any, ...]:
    return (
        application.state,
        application.fee_cents,
        application.payment_id,
        application.document_id,
        None if application.refusal is None else _json(application.refusal),
        application.revision,
        application.updated_at,
        application.submitted_at,
        application.decided_at,
        application.issued_at,
        application.rated_at,
        application.desk,
        application.due_on,
        application.officer_id,
    )


def _counted(application: Application, took: Duration) -> tuple[str, date, int, int]:
    day = (application.decided_at or application.updated_at).astimezone(KOSOVO).date()
    return application.service_id, day, took.days, took.seconds


def _columns(events: Sequence[Event]) -> tuple[list[Any], ...]:
    return (
        [event.revision for event in events],
        [str(event.step) for event in events],
        [str(event.state) for event in events],
        [event.actor for event in events],
        [event.at for event in events],
        [event.detail for event in events],
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _application(row: Any) -> Application:  # noqa: ANN401 - a record
    values: dict[str, Any] = dict(row)
    for column in _JSON:
        values[column] = None if values[column] is None else msgspec.json.decode(values[column])
    return msgspec.convert(values, Application)
