"""The SQL by which the demonstration's people stay as they shall be shown."""

from __future__ import annotations

from services.registers.sandbox.definition import Connection
from services.registers.sandbox.population.world import World
from services.registers.sandbox.registry import registers
from services.registers.sandbox.writing.store import untouched


async def renew(connection: Connection, world: World) -> None:
    """Make the rows anew that count days from the day on which the demonstration is shown.

    Of whom a register was told to change something it keeps what it holds.
    """
    people = [person.personal_number for person in world.kin.people]
    async with connection.transaction():
        for register in registers().values():
            filled, left = register.fill(world), await untouched(connection, register.code, people)
            for table in register.tables:
                if table.holder is not None:
                    at = table.columns.index(table.holder)
                    rows = [row for row in filled[table.name] if row[at] in left]
                    await connection.execute(f"DELETE FROM {table.name} WHERE {table.holder} = ANY($1)", [*left])  # noqa: S608
                    await connection.copy_records_to_table(table.name, records=rows, columns=table.columns)
