"""Every way in which a register can fail is survived, and said in words, within three seconds and a little."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import timedelta

import aiohttp
import pytest
from structlog.testing import capture_logs

from i18n.refusal import Unreachable
from services.registers import gateway as room
from services.registers import tracker
from services.registers.breaker import LIMIT, PAUSE
from services.registers.errors import RegisterUnreachable
from services.registers.read import Read, Reader

from .conftest import Behaviour, answer, envelope, free_port, misbehaving
from .people import ADDRESS, ARTA, HOME, MILICA, NEEDS, NOW, PERSON, fetched, to


async def html(_headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
    await answer(writer, b"<!doctype html><h1>Welcome</h1>", kind="text/html")


async def html_called_json(_headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
    await answer(writer, b"<!doctype html><h1>Welcome</h1>")


async def html_404(_headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
    await answer(writer, b"<!doctype html><h1>Not here</h1>", status="404 Not Found", kind="text/html")


async def gateways_own_404(_headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
    body = json.dumps({"type": "Server.Register.UnknownPerson", "message": "", "detail": ""}).encode()
    await answer(writer, body, status="404 Not Found", more="X-Road-Error: Server.ServerProxy.Odd\r\n")


async def broken_register(_headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
    await answer(writer, b'{"type":"Server.ServerProxy.ServiceFailed","message":"","detail":""}', status="500 No")


async def lists_in_lists(_headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
    await answer(writer, b'{"more":' + b"[" * 200_000 + b"]" * 200_000 + b"}")


async def redirect(_headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
    await answer(writer, b"{}", status="302 Found", more="Location: http://127.0.0.1:1/\r\n")


async def hang(_headers: dict[str, str], _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def late(headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(4)
    await good(headers, writer)


async def drip(_headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n")
    for _ in range(600):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.1)


async def flood(_headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    for _ in range(64):
        writer.write(b" " * 1_000_000)
        await writer.drain()


async def close_at_once(_headers: dict[str, str], _writer: asyncio.StreamWriter) -> None:
    return


async def good(headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
    await answer(writer, envelope(headers, HOME))


def saying(data: object, **changed: object) -> Behaviour:
    async def behave(headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        await answer(writer, envelope(headers, data, **changed))

    return behave


FAULTS: dict[str, Behaviour] = {
    "a web page": html,
    "a web page that is called JSON": html_called_json,
    "a web page saying 404": html_404,
    "a 404 of the gateway's own": gateways_own_404,
    "an error": broken_register,
    "a redirect": redirect,
    "a closed connection": close_at_once,
    "more than anyone can take": flood,
    "lists in lists without end": lists_in_lists,
    "another person's record": saying(HOME, subject=MILICA),
    "the answer to another message": saying(HOME, message_id="019aaf11-0000-7000-8000-000000000001"),
    "another register's answer": saying(HOME, register="vehicles"),
    "a list for an address": saying([HOME]),
    "an address without a street": saying({name: HOME[name] for name in HOME if name != "street"}),
    "a municipality that does not exist": saying(HOME | {"municipality": "atlantis"}),
    "a NUL in a street": saying(HOME | {"street": "Haxhi\x00Zeka"}),
    "a day that does not exist": saying(HOME | {"since": "2020-02-30"}),
    "a number for a street": saying(HOME | {"street": 7}),
    "a time without its zone": saying(HOME, recorded_at="2026-11-23T09:30:00"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_register_that_sends(fault: str, http: aiohttp.ClientSession) -> None:
    async with misbehaving(FAULTS[fault]) as url:
        with capture_logs() as logs, pytest.raises(Unreachable) as told:
            await fetched(to(url, http), ADDRESS)
    assert told.value.sentence.say("en").startswith("The Register of addresses does not answer at the moment.")
    assert ARTA not in str(logs)
    assert MILICA not in str(logs)
    assert [entry["register"] for entry in logs] == ["addresses"]


async def test_another_persons_entry_is_refused_even_in_her_own_envelope(http: aiohttp.ClientSession) -> None:
    entry = {
        "personal_number": MILICA,
        "given_name": "Milica",
        "family_name": "Jovanović",
        "birth_family_name": "Petković",
        "birthdate": "1993-06-28",
        "birth_municipality": None,
        "birth_place": "Wien",
        "birth_country": "AT",
        "sex": "female",
        "citizenship": "XK",
        "father": {"given_name": "Dušan", "family_name": "Petković"},
        "mother": {"given_name": "Gordana", "family_name": "Petković", "birth_family_name": "Ristić"},
        "marital_status": "married",
        "entry": {"municipality": "gracanice", "book": "1", "page": 65, "number": 129, "year": 1993},
    }
    async with misbehaving(saying(entry)) as url:
        with pytest.raises(RegisterUnreachable):
            await fetched(to(url, http), PERSON)
    async with misbehaving(saying(entry | {"personal_number": ARTA})) as url:
        (fact,) = await fetched(to(url, http), PERSON)
    assert fact.value["given_name"] == "Milica"


@pytest.mark.parametrize("behaviour", [hang, late, drip])
async def test_a_register_that_is_slow_costs_three_seconds_and_no_more(
    behaviour: Behaviour, http: aiohttp.ClientSession
) -> None:
    async with misbehaving(behaviour) as url:
        begun = time.monotonic()
        with pytest.raises(RegisterUnreachable):
            await fetched(to(url, http), ADDRESS)
        assert 2.5 < time.monotonic() - begun < 4


async def test_a_register_that_is_not_there_is_named_at_once(http: aiohttp.ClientSession) -> None:
    begun = time.monotonic()
    with pytest.raises(RegisterUnreachable) as told:
        await fetched(to(f"http://127.0.0.1:{free_port()}", http), ADDRESS)
    assert time.monotonic() - begun < 1
    assert told.value.code == "register_unreachable"


async def test_a_connection_that_broke_once_is_tried_once_more(http: aiohttp.ClientSession) -> None:
    async with misbehaving(close_at_once, good) as url:
        (fact,) = await fetched(to(url, http), ADDRESS)
    assert fact.value == HOME


async def test_a_field_that_nobody_asked_for_never_enters(http: aiohttp.ClientSession) -> None:
    async with misbehaving(saying(HOME | {"landlord": "Isa Shala"})) as url:
        (fact,) = await fetched(to(url, http), ADDRESS)
    assert fact.value == HOME


async def test_one_silent_register_keeps_nothing_of_the_others_back(http: aiohttp.ClientSession) -> None:
    async def only_addresses(headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        await (good if "addresses" in headers["path"] else broken_register)(headers, writer)

    async with misbehaving(only_addresses) as url:
        with pytest.raises(RegisterUnreachable) as told:
            await fetched(to(url, http), NEEDS)
        outcomes = {one.need.name: one.outcome for one in told.value.answers}
    assert outcomes == {need.name: "ok" if need.name == "address" else "unreachable" for need in NEEDS}
    assert told.value.sentence.say("en").startswith("The Central Civil Status Register")


async def test_a_register_that_keeps_failing_is_left_alone_until_it_may_be_back(http: aiohttp.ClientSession) -> None:
    asked = 0

    async def counted(headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await (broken_register if asked <= LIMIT else good)(headers, writer)

    async with misbehaving(counted) as url:
        gateway = to(url, http)
        looks: list[Read] = []
        for _ in range(LIMIT + 3):
            with pytest.raises(RegisterUnreachable) as told:
                await fetched(gateway, ADDRESS)
            looks += tracker.reads(told.value.answers, ARTA, Reader("system"), None, "worker")
        assert asked == LIMIT
        assert len(looks) == LIMIT, "a question that never left is no look at her data"
        for later in (NOW + PAUSE, NOW + PAUSE + timedelta(seconds=1)):
            (fact,) = await fetched(gateway, ADDRESS, later)
            assert fact.value == HOME
    assert asked == LIMIT + 2


async def test_no_more_than_so_many_ask_one_register_at_once(http: aiohttp.ClientSession) -> None:
    now_asking = most = 0

    async def counted(headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        nonlocal now_asking, most
        now_asking += 1
        most = max(most, now_asking)
        await asyncio.sleep(0.05)
        await good(headers, writer)
        now_asking -= 1

    async with misbehaving(counted) as url:
        gateway = to(url, http)
        await asyncio.gather(*(fetched(gateway, ADDRESS) for _ in range(3 * room.AT_ONCE)))
    assert room.AT_ONCE / 2 < most <= room.AT_ONCE + 1
