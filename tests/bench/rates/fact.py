"""Facts fetched a second through the gateway by one process of ours, the stand-in and its PostgreSQL included.

Each question is signed, recorded by the register in the statement that reads, answered with a signature and checked.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import uvloop

from eid.service_token import Minter
from portal import postgres
from portal.demo.plan import Plan
from portal.pages.my_data import LAW, PURPOSE
from portal.parties import REGISTERS_CLIENT, US
from services.registers.client import Client
from services.registers.facts import FACTS, Need
from services.registers.gateway import Gateway
from services.registers.signature import Signer
from services.registers.wire import new_session
from tests.bench import registry
from tests.bench.rate import Rate, of, timed
from tests.bench.stage import KEPT

_AIM, _LONGEST = 1000.0, 50.0
_SECONDS = 5.0
_AT_ONCE = 16
_PEOPLE = 200


def measure() -> list[Rate]:
    """Return how many facts a second one process fetches."""
    with postgres.running(KEPT / "postgres") as server, registry.raised(server, KEPT) as plan:
        return [uvloop.run(_fetched(plan))]


async def _fetched(plan: Plan) -> Rate:
    """Ask every fact of many people in turn, sixteen at once, and return the rate."""
    numbers = await registry.people(plan, _PEOPLE)
    questions = itertools.cycle([(Need(name, PURPOSE, LAW), number) for number in numbers for name in FACTS])
    key = plan.keys.private_key("PORTAL_REGISTERS_KEY")
    times: list[float] = []
    async with new_session() as http:
        token = Minter(key, US).token
        url, signer = plan.address("registers"), Signer(key)
        gateway = Gateway(Client(url, token, REGISTERS_CLIENT, http, signer, demand_signatures=True))
        began = time.perf_counter()
        await _ask(gateway, questions, began + 1.0, [])  # connections and keys
        gc.freeze()  # as the portal does when it starts
        began = time.perf_counter()
        await _ask(gateway, questions, began + _SECONDS, times)
        took = time.perf_counter() - began
    return of("fact through the gateway, from the stand-in", times, took, aim=_AIM, p99=_LONGEST)


async def _ask(gateway: Gateway, questions: Iterator[tuple[Need, str]], until: float, times: list[float]) -> None:
    async def ask() -> None:
        need, number = next(questions)
        (answer,) = await gateway.ask([need], number, f"XK{number}", None, datetime.now(UTC))
        assert answer.outcome == "ok", f"{need.name}: {answer.outcome}"

    await asyncio.gather(*(timed(ask, until, times) for _each in range(_AT_ONCE)))
