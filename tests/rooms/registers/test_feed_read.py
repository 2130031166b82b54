"""What registers tell is read in order, each event once and none left out, whoever stands between them and us."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from services.registers.feed import AT_ONCE, Batch, Feed
from services.registers.message import canonical
from services.registers.signature import Signer

from .asking import fetch
from .conftest import Behaviour, Registers, answer, misbehaving, new_key, portal_at
from .test_faults import FAULTS, hang, html

GATEWAY = Signer(new_key())
PUBLISHED = json.dumps({"keys": [GATEWAY.public()]}).encode()
SUBJECT = "1176042318"


def now() -> datetime:
    return datetime.now(UTC)


def to(url: str, http: aiohttp.ClientSession) -> Feed:
    return Feed(portal_at(url, http, strict=True))


def born(sequence: int, **changed: object) -> dict[str, object]:
    """Return an event as the feed has it."""
    about = {"child": "1249061588", "given_name": "Sofija", "born_on": "2026-11-14"}
    told = {"sequence": sequence, "day": "2026-11-14", "register": "civil-status", "kind": "birth"}
    return {**told, "subject": SUBJECT, "about": about, **changed}


def telling(
    *told: dict[str, object],
    key: Signer = GATEWAY,
    at: datetime | None = None,
    asked: str = "",
    signed_body: bytes = b"",
    is_signed: bool = True,
) -> Behaviour:
    """Behave as a feed that tells these events, signed by a published key in answer to the question; or as changed."""

    async def behave(headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        if headers["path"] == "/.well-known/jwks.json":
            await answer(writer, PUBLISHED)
            return
        body = json.dumps({"events": told, "next": 0}).encode()
        text = canonical("GET", asked or headers["path"], headers)
        signed_hash = base64.b64encode(hashlib.sha512(text).digest()).decode()
        said = base64.b64encode(hashlib.sha512(canonical("GET", headers["path"], headers)).digest()).decode()
        signature = key.detached(
            signed_body or body, iat=int((at or now()).timestamp()), **{"x-road-request-hash": signed_hash}
        )
        more = f"X-Road-Request-Hash: {said}\r\n" + (f"X-JWS-Signature: {signature}\r\n" if is_signed else "")
        await answer(writer, body, more=more)

    return behave


async def heard(http: aiohttp.ClientSession, behaviour: Behaviour, since: int = 0) -> tuple[Batch | None, list[Any]]:
    """Return what is taken of such a feed, and what the log says."""
    async with misbehaving(behaviour) as url:
        with capture_logs() as logs:
            batch = await to(url, http).after(since, now())
    assert SUBJECT not in str(logs)
    return batch, list(logs)


async def test_everything_that_the_registers_tell_is_read_once_and_in_order(
    country: Registers, http: aiohttp.ClientSession
) -> None:
    feed, until, numbers = to(country.url, http), 0, list[int]()
    batches: list[Batch] = []
    while batch := await feed.after(until, now()):
        assert batch.since == until
        numbers += [event.sequence for event in batch.events]
        until = batch.until
        batches.append(batch)
    (told,) = await fetch(country, "SELECT count(*) AS events FROM event")
    assert numbers == list(range(1, told["events"] + 1))
    assert len(numbers) > AT_ONCE  # more than a page
    births = {event.about["given_name"] for batch in batches for event in batch.events if event.kind == "birth"}
    assert "Sofija" in births
    # The registers' own records have each of these reads, under the id that ours has.
    ours = {batch.message_of(event) for batch in batches for event in batch.events if event.kind == "inspection_due"}
    theirs = await fetch(country, "SELECT message_id FROM vehicles_access WHERE message_id = ANY($1)", list(ours))
    assert {row["message_id"] for row in theirs} == ours


FORGED: dict[str, Callable[[], Behaviour]] = {
    "signed by somebody else": lambda: telling(born(1), key=Signer(new_key())),
    "signed for other words": lambda: telling(born(1), signed_body=b"something else"),
    "signed an hour ago": lambda: telling(born(1), at=now() - timedelta(hours=1)),
    "signed as the answer to another question": lambda: telling(born(1), asked="/events?since=7&limit=50"),
    "not signed": lambda: telling(born(1), is_signed=False),
    "a web page": lambda: html,
    "an error": lambda: FAULTS["an error"],
    "a redirect": lambda: FAULTS["a redirect"],
    "a closed connection": lambda: FAULTS["a closed connection"],
    "more than anyone can take": lambda: FAULTS["more than anyone can take"],
    "nothing for too long": lambda: hang,
    "a number that is none": lambda: telling(born(1) | {"sequence": "first"}),
    "a personal number that is none": lambda: telling(born(1, subject="117604231x")),
}


@pytest.mark.parametrize("forgery", FORGED)
async def test_a_page_that_is_not_the_registers_own_is_left(forgery: str, http: aiohttp.ClientSession) -> None:
    batch, logs = await heard(http, FORGED[forgery]())
    assert batch is None
    assert [entry["event"] for entry in logs] == ["feed_failed"]


@pytest.mark.parametrize(
    ("numbers", "since", "taken"),
    [
        ([1, 2, 3], 0, [1, 2, 3]),
        ([3, 1, 2], 0, [1, 2, 3]),
        ([4, 4, 5, 5], 3, [4, 5]),
        ([1, 2, 3, 4], 2, [3, 4]),  # a page that was sent before
        ([4, 5, 7, 8], 3, [4, 5]),  # 6 is asked for again
        ([5, 6], 3, []),
        ([1, 2, 3], 3, []),
        ([], 3, []),
    ],
)
async def test_what_comes_twice_or_out_of_order_or_with_a_gap_is_taken_in_order_up_to_the_gap(
    http: aiohttp.ClientSession, numbers: list[int], since: int, taken: list[int]
) -> None:
    batch, logs = await heard(http, telling(*map(born, numbers)), since)
    assert [event.sequence for event in batch.events] == taken if batch else taken == []
    assert bool(logs) == (bool(numbers) and not taken)


async def test_an_event_that_we_do_not_understand_holds_up_no_other(http: aiohttp.ClientSession) -> None:
    strange = [
        born(1, kind="wedding"),
        born(2, about={"child": "12"}),
        born(3, register="tax"),
        born(4, about={"given_name": "A\x00b", "child": "1249061588", "born_on": "2026-11-14"}),
        born(5),
    ]
    batch, logs = await heard(http, telling(*strange))
    assert batch
    assert ([event.sequence for event in batch.events], batch.until) == ([5], 5)
    assert [(entry["event"], entry["sequence"]) for entry in logs] == [("event_unknown", n) for n in (1, 2, 3, 4)]


async def test_what_is_left_of_a_page_proves_it(http: aiohttp.ClientSession) -> None:
    batch, _logs = await heard(http, telling(born(1)))
    assert batch
    assert (batch.proof.path, batch.proof.status) == (f"/events?since=0&limit={AT_ONCE}", 200)
    assert batch.proof.answer_signature
    assert len(batch.proof.answer_hash or b"") == hashlib.sha256().digest_size
