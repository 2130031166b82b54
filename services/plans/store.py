"""The only SQL of plans."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.plans.plan import Plan

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy

_PLAN = "id, person_id, event, suggested, begun_at, closed_at"


async def add(connection: Connection, plan: Plan) -> bool:
    """Keep a plan; False when the person has an open one of the same life event."""
    return (
        await connection.execute(
            "INSERT INTO plan (id, person_id, event, suggested, begun_at) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT DO NOTHING",
            plan.id,
            plan.person_id,
            plan.event,
            list(plan.suggested),
            plan.begun_at,
        )
        == "INSERT 0 1"
    )


async def own(connection: Connection, plan_id: UUID, person_id: UUID) -> Plan | None:
    """Return a person's own plan."""
    row = await connection.fetchrow(
        f"SELECT {_PLAN} FROM plan WHERE id = $1 AND person_id = $2",  # noqa: S608 - the columns are ours
        plan_id,
        person_id,
    )
    return _plan(row) if row else None


async def open_of(connection: Connection, person_id: UUID) -> list[Plan]:
    """Return a person's plans that are not closed, the newest first; of each life event there is one."""
    rows = await connection.fetch(
        f"SELECT {_PLAN} FROM plan WHERE person_id = $1 AND closed_at IS NULL"  # noqa: S608 - the columns are ours
        " ORDER BY begun_at DESC, id",
        person_id,
    )
    return [_plan(row) for row in rows]


async def join(connection: Connection, plan_id: UUID, application_id: UUID) -> None:
    """Let an application belong to a plan; twice is once."""
    await connection.execute(
        "INSERT INTO plan_application (plan_id, application_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        plan_id,
        application_id,
    )


async def members(connection: Connection, plan_id: UUID) -> list[UUID]:
    """Return the applications of a plan, in the order in which they were begun."""
    rows = await connection.fetch(
        "SELECT application_id FROM plan_application WHERE plan_id = $1 ORDER BY application_id", plan_id
    )
    return [row["application_id"] for row in rows]


async def close(connection: Connection, plan_id: UUID, now: datetime) -> None:
    """Close a plan; closed again, it stays closed since then."""
    await connection.execute("UPDATE plan SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL", plan_id, now)


def _plan(row: asyncpg.Record) -> Plan:
    values: dict[str, Any] = dict(row) | {"suggested": tuple(row["suggested"])}
    return Plan(**values)
