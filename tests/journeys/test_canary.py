"""A number that nobody else uses is carried through everything and heard nowhere; each look stands in both records."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest
from playwright.async_api import expect

from portal.parties import REGISTERS_CLIENT
from services.registers.facts import REGISTERS
from tests.journeys import walk
from tests.journeys.canary import Ear, files, in_tables, written
from tests.journeys.conftest import Windows
from tests.journeys.people import AGIM, EVERYONE
from tests.journeys.processes import enrol, memory
from tests.journeys.visitor import Visitor
from tests.journeys.walk import Canary
from tests.parties import Demo

# Where a number belongs: who someone is, what she asks for and is given, who looked, and what she signs.
_KNOWN = {
    "person", "session", "application", "application_version", "document", "sheet", "signature", "signing",
    "fact_read", "fact_read_chain", "offer", "register_posting",
}  # fmt: skip
Look = tuple[UUID, str, str]  # message, whom it was about, register


@dataclass(frozen=True, slots=True)
class Walked:
    """What was walked, and what was heard of it."""

    demo: Demo
    canary: Canary
    begun: datetime
    heard: list[str]
    pages: int
    files: list[str]
    statuses: set[int]


@pytest.fixture(scope="module")
async def walked(windows: Windows, demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """Walk once for all."""
    begun = datetime.now(UTC)
    canary = await walk.find_canary(demo, [person.number for person in EVERYONE])
    enrol(demo, canary.person, "canary@example.org")
    her = await windows("sq")
    ear = Ear(her.context, canary.numbers)
    await ear.listen()
    names = await walk.journeys(her, canary, tmp_path_factory.mktemp("canary"))
    names += await walk.her_data(her)
    statuses = await walk.refusals(her, ear, canary)
    await walk.at_the_eid(her, ear, canary)
    await _is_refused_a_certificate(await windows("sq", person=AGIM))
    heard = await ear.leaks(strangers=[demo.addresses["payments"]])
    await windows.close()
    return Walked(demo, canary, begun, heard, ear.pages, names, statuses)


async def _is_refused_a_certificate(agim: Visitor) -> None:
    await agim.starts("residence-certificate")
    await agim.chooses("bank")
    await agim.sends()
    await expect(agim.main).to_contain_text("E refuzuar")
    await agim.finds_a_message_about(await agim.main.locator(".govuk-caption-l").inner_text())


def test_no_address_header_or_refusal_tells_her_number(walked: Walked) -> None:
    assert not walked.heard, "\n".join(walked.heard)
    assert walked.pages > 60
    assert walked.statuses >= {200, 400, 403, 404, 405, 413, 503}
    assert [name for name in walked.files if any(number in name for number in walked.canary.numbers)] == []


def test_no_log_no_mail_and_no_figure_tells_it(walked: Walked) -> None:
    kept = {str(file): written(file) for file in files(walked.demo)}
    kept["figures"] = asyncio.run(walk.figures(walked.demo))
    assert len(kept) > 6
    assert any(b"canary@example.org" in content for content in kept.values())
    assert [name for name, content in kept.items() if _heard(content, walked.canary)] == []


async def test_no_task_no_payment_and_no_notice_tells_it(walked: Walked) -> None:
    numbers = walked.canary.numbers
    async with memory(walked.demo) as portal, memory(walked.demo, "payments") as payments:
        assert await portal.fetchval("SELECT count(*) FROM pgqueuer_log WHERE traceback IS NOT NULL") > 0
        assert [place async for place in in_tables(portal, "public", numbers, _KNOWN)] == []
        assert [place async for place in in_tables(payments, "payments", numbers)] == []


async def test_every_look_of_the_journeys_stands_in_both_records(walked: Walked) -> None:
    async with memory(walked.demo) as portal, memory(walked.demo, "registers") as registers:
        rows = await portal.fetch(
            "SELECT message_id, subject, register, outcome FROM fact_read WHERE at >= $1", walked.begun
        )
        theirs = await _logged(registers, walked.begun)
    ours: dict[Look, str] = {(row["message_id"], row["subject"], row["register"]): row["outcome"] for row in rows}
    assert len({message for message, _subject, _register in ours}) == len(rows)  # each message once
    assert _differing(ours, theirs) == set()
    answered = {look for look, outcome in ours.items() if outcome == "ok"}
    assert {register for _message, _subject, register in answered} == set(REGISTERS)
    assert set(walked.canary.numbers) <= {subject for _message, subject, _register in answered}
    assert "unreachable" in ours.values()  # a register was silent on the way


def test_a_look_that_only_one_of_them_knows_is_seen() -> None:
    both, ours, theirs, unlike, silent = ((uuid4(), "1000000001", "addresses") for _ in range(5))
    record = {both: "ok", ours: "ok", unlike: "refused", silent: "unreachable"}
    assert _differing(record, {both: True, theirs: True, unlike: True}) == {ours, theirs, unlike}


def _differing(ours: Mapping[Look, str], theirs: Mapping[Look, bool]) -> set[Look]:
    """Return the looks that one of the two does not know, or knows otherwise; a register may have answered too late."""
    answered = {look: outcome == "ok" for look, outcome in ours.items() if outcome in {"ok", "refused"}}
    unknown = {look for look in theirs if look not in ours}
    return unknown | {look for look, known in answered.items() if theirs.get(look) is not known}


async def _logged(registers: asyncpg.Connection[asyncpg.Record], since: datetime) -> dict[Look, bool]:
    """Return what every register's own log says that the portal asked, and whether the register knew the person."""
    found: dict[Look, bool] = {}
    for code in REGISTERS:
        rows = await registers.fetch(
            f"SELECT message_id, subject, known FROM registers.{code.replace('-', '_')}_access"  # noqa: S608 - ours
            " WHERE client = $1 AND at >= $2",
            REGISTERS_CLIENT,
            since,
        )
        found |= {(row["message_id"], row["subject"], code): row["known"] for row in rows}
    return found


def _heard(content: bytes, canary: Canary) -> bool:
    return any(number.encode() in content for number in canary.numbers)
