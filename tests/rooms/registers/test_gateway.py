"""The gateway gets facts from the real registers."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime

import aiohttp
import asyncpg
import pytest

from services.registers.client import Client
from services.registers.errors import NotRecorded, RegisterUnreachable
from services.registers.facts import FACTS
from services.registers.gateway import Gateway

from .conftest import PORTAL, SIGNER, Registers, serving
from .people import ADDRESS, AGIM, ARTA, NEEDS, fetched, to


async def test_all_that_a_service_needs_comes_in_the_order_of_the_needs(gateway: Gateway, now: datetime) -> None:
    facts = await fetched(gateway, NEEDS, now)
    assert [fact.name for fact in facts] == list(FACTS)
    assert {fact.about for fact in facts} == {ARTA}
    assert {fact.fetched_at for fact in facts} == {now}
    assert len({fact.message_id for fact in facts}) == len(facts)
    said = {fact.name: fact.value for fact in facts}
    person, children, address, vehicles = (said[name] for name in ("person", "children", "address", "vehicles"))
    assert person["birthdate"] == "1990-05-14"
    assert [child["given_name"] for child in children] == ["Lis", "Era"]
    assert address["municipality"] == "prishtine"
    assert len(vehicles) == 1


async def test_facts_are_plain_json(gateway: Gateway, now: datetime) -> None:
    for fact in await fetched(gateway, NEEDS, now):
        assert json.loads(json.dumps(fact.value)) == fact.value


async def test_every_fact_of_a_hundred_people_is_of_the_agreed_shape(
    registers: Registers, gateway: Gateway, now: datetime
) -> None:
    connection = await asyncpg.connect(registers.database_url)
    numbers = [row[0] for row in await connection.fetch("SELECT personal_number FROM registers.person")]
    await connection.close()
    assert len(numbers) > 300
    for number in numbers[::3]:
        await gateway.fetch(NEEDS, number, "XK", None, now)


async def test_an_address_that_is_not_recorded_is_a_fact_too(gateway: Gateway, now: datetime) -> None:
    (fact,) = await gateway.fetch(ADDRESS, AGIM, f"XK{AGIM}", None, now, about="applicant")
    assert (fact.value, fact.about) == (None, "applicant")


async def test_a_person_whom_the_register_does_not_know_is_told_so(gateway: Gateway, now: datetime) -> None:
    with pytest.raises(NotRecorded) as told:
        await gateway.fetch(ADDRESS, "9999999999", f"XK{ARTA}", None, now)
    assert told.value.sentence.say("sr").startswith("Registar adresa nema podataka")
    assert [one.outcome for one in told.value.answers] == ["refused"]


async def test_a_wrong_token_reads_nothing(registers: Registers, http: aiohttp.ClientSession, now: datetime) -> None:
    with pytest.raises(RegisterUnreachable):
        await fetched(Gateway(Client(registers.url, "not the token", PORTAL, http, SIGNER)), ADDRESS, now)


async def test_a_register_killed_in_the_middle_is_back_with_all_it_recorded(
    registers: Registers, http: aiohttp.ClientSession, now: datetime
) -> None:
    with serving(registers.database_url) as first:
        gateway = to(first.url, http)
        assert await fetched(gateway, ADDRESS, now)
        first.process.kill()
        first.process.wait()
        await asyncio.sleep(1)  # its worker goes with it
        with pytest.raises(RegisterUnreachable):
            await fetched(gateway, ADDRESS, now)
    with serving(registers.database_url) as second:
        assert await fetched(to(second.url, http), ADDRESS, now)
