"""What people do with plans: open one, choose its services, answer what they share, close it.

Every verb runs inside the caller's transaction and reaches nobody outside: facts are read before and between.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from i18n.refusal import NotFound
from i18n.text import Language
from services.applications import casework, form, progress
from services.applications.application import State
from services.catalogue.load import bundles, catalogue
from services.plans import plan as plans
from services.plans import store
from services.plans.errors import NothingChosen
from services.plans.plan import Item, Plan, Shared
from services.plans.store import Connection


async def begin(connection: Connection, person_id: UUID, event: str, suggested: Sequence[str], now: datetime) -> Plan:
    """Return a new plan, or the person's open one of this life event."""
    plan = Plan(uuid7(), person_id, event, tuple(suggested), now)
    if await store.add(connection, plan):
        return plan
    return next(one for one in await store.open_of(connection, person_id) if one.event == event)


async def find(connection: Connection, plan_id: UUID, person_id: UUID) -> Plan:
    """Return a person's own plan; NotFound for a stranger's, and where the life event is planned no more."""
    plan = await store.own(connection, plan_id, person_id)
    if plan is None or bundles().of(plan.event) is None:
        raise NotFound
    return plan


async def items(connection: Connection, plan: Plan) -> list[Item]:
    """Return the applications of a plan as they stand, without those that she threw away or took back."""
    found = [
        await casework.find(connection, application_id, plan.person_id)
        for application_id in await store.members(connection, plan.id)
    ]
    kept = [application for application in found if application.state is not State.WITHDRAWN]
    return [Item(application, await casework.service_of(connection, application)) for application in kept]


async def choose(
    connection: Connection, plan: Plan, chosen: Sequence[str], language: Language, now: datetime
) -> list[Item]:
    """Return all applications of the plan, a draft of each chosen service among them; those there were stay.

    Services that the bundle does not have are passed over; NothingChosen when none is left.
    """
    bundle = bundles().of(plan.event)
    offered = [one.service for one in bundle.services if one.service in chosen] if bundle else []
    begun = {item.service.id for item in await items(connection, plan)}
    if not offered and not begun:
        raise NothingChosen
    for service in (catalogue().get(service_id) for service_id in offered if service_id not in begun):
        if service is not None:
            draft = await casework.begin(connection, service, plan.person_id, "web", language, (), now)
            await store.join(connection, plan.id, draft.id)
    return await items(connection, plan)


async def page(connection: Connection, plan: Plan, section_id: str, now: datetime) -> Shared:
    """Return the shared page of that section; NotFound where the drafts of the plan share none such."""
    found = plans.shared(await items(connection, plan), bundles().questions, progress.day(now))
    for shared in found:
        if shared.section.id == section_id:
            return shared
    raise NotFound


async def answer(connection: Connection, plan: Plan, section_id: str, data: form.Data, now: datetime) -> None:
    """Keep the answers to a shared page in every draft that asks it, or in none: Invalid names what cannot be taken."""
    shared = await page(connection, plan, section_id, now)
    for item in shared.items:
        await casework.answer(connection, item.application.id, plan.person_id, section_id, data, now)


async def close(connection: Connection, plan: Plan, now: datetime) -> None:
    """Close the plan; its applications stay as they are."""
    if plan.closed_at is None:
        await store.close(connection, plan.id, now)
