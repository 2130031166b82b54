"""Fills the registers with the invented population, from where the last seeding stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from services.registers.sandbox import store
from services.registers.sandbox.population.census import kins
from services.registers.sandbox.population.demo import demo
from services.registers.sandbox.population.person import Kin
from services.registers.sandbox.population.registrar import Registrar

_BATCH = 2_500


async def seed(
    connection: store.Connection, people: int, day: date, progress: Callable[[int], None] = lambda _living: None
) -> int:
    """Return how many live in the registers once there are at least `people`, in whole families.

    Kills between batches cost nothing: the next run goes on. A population that is large enough stays as it is, as of
    the day on which it began; only the demonstration's vehicles are renewed, so that each shows on `day` what it shall.
    """
    await store.lock_seeding(connection)
    stand = await store.seeding(connection)
    living, next_kin, as_of = (stand["living"], stand["next_kin"], stand["day"]) if stand else (0, 0, day)
    if stand and as_of != day:
        await store.renew_vehicles(connection, demo(day, Registrar()))
    batch: list[Kin] = []
    waiting = 0
    source = kins(as_of, await store.registrar(connection), next_kin)
    while living + waiting < people:
        batch.append(next(source))
        waiting += batch[-1].living
        if waiting >= _BATCH or living + waiting >= people:
            await store.add(connection, batch, as_of)
            living, waiting, batch = living + waiting, 0, []
            progress(living)
    return living
