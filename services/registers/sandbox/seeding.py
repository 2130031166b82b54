"""Fills the registers with the invented population, from where the last seeding stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from services.registers.sandbox import store
from services.registers.sandbox.population.census import kins
from services.registers.sandbox.population.demo import INDEX, demo
from services.registers.sandbox.population.registrar import Registrar
from services.registers.sandbox.population.world import FAULTS, World
from services.registers.sandbox.renewal import store as renewal

_BATCH = 2_500


async def seed(
    connection: store.Connection, people: int, day: date, progress: Callable[[int], None] = lambda _living: None
) -> int:
    """Return how many live in the registers once there are at least `people`, in whole families.

    Kills between batches cost nothing: the next run goes on. A population that is large enough stays as it is, as of
    the day on which it began; only what counts days for the demonstration's people is renewed, so that each shows on
    `day` what she shall.
    """
    await store.lock_seeding(connection)
    stand = await store.seeding(connection)
    living, next_kin, as_of = (stand["living"], stand["next_kin"], stand["day"]) if stand else (0, 0, day)
    if stand and as_of != day:
        await renewal.renew(connection, World(INDEX, demo(day, Registrar()), day))
    batch: list[World] = []
    waiting = 0
    source = enumerate(kins(as_of, await store.registrar(connection), next_kin), next_kin)
    while living + waiting < people:
        index, kin = next(source)
        batch.append(World(index, kin, as_of))
        waiting += len(batch[-1].living)
        if waiting >= _BATCH or living + waiting >= people:
            await store.add(connection, batch, gaps(batch), as_of)
            living, waiting, batch = living + waiting, 0, []
            progress(living)
    return living


def gaps(worlds: Sequence[World]) -> list[tuple[str, str]]:
    """Return who is missing in which register."""
    missing = [fault.split()[0] for fault in FAULTS if fault.endswith("not_found")]
    return [
        (register, world.afflicted.personal_number)
        for world in worlds
        for register in missing
        if world.shows(f"{register} not_found")
    ]
