"""What a person sees of her data: what the registers hold, who looked, what she asked, and that the record is whole."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from uuid_utils.compat import uuid7

from portal.database import Database
from portal.demo.plan import Plan
from services.registers import chain, tracker
from services.registers.facts import FACTS, REGISTERS
from services.registers.seal import AuditKey
from services.registers.signature import Keys
from tests.rooms.portal.visitor import AGIM, ARTA, BESNIK, Visitor, application_of

HTMX = {"HX-Request": "true"}
OF_PERSONS = [source for source in FACTS.values() if source.of == "person"]


@pytest.fixture
async def besnik(new_visitor: Callable[[], Visitor]) -> Visitor:
    """Give Besnik, signed in: he has children, cars and a company."""
    besnik = new_visitor()
    await besnik.signs_in(BESNIK)
    return besnik


async def test_she_sees_what_every_register_holds_with_and_without_scripts(besnik: Visitor) -> None:
    page = await besnik.get("/en/my-data")
    for code, register in REGISTERS.items():
        assert f'hx-get="/en/my-data/{code}"' in page.text
        whole = await besnik.get(f"/en/my-data/{code}")
        assert (whole.status_code, register.name.en in whole.text) == (200, True)
        assert whole.text.count('id="fact-') == sum(source.register == register for source in OF_PERSONS)
        part = await besnik.get(f"/en/my-data/{code}", headers=HTMX)
        assert "<html" not in part.text
        assert "No answer at the moment" not in part.text


async def test_looking_at_her_own_data_is_recorded_and_shown_to_her(arta: Visitor) -> None:
    await arta.get("/sq/my-data/addresses")
    page = await arta.get("/en/data")
    assert "You looked at your own data yourself." in page.text.partition("reads__what")[2][:900]
    assert "You looked at your own data yourself." not in (await arta.get("/en/data?who=others")).text


async def test_a_register_that_does_not_exist_is_not_found(arta: Visitor) -> None:
    for address in ("/sq/my-data/police", "/sq/my-data/addresses/vehicles/correction", "/sq/data/export/reads.xml"):
        assert (await arta.get(address)).status_code == 404


async def test_she_questions_a_look_and_has_an_answer_by_a_date(
    arta: Visitor, new_visitor: Callable[[], Visitor], town: Plan
) -> None:
    await arta.get("/sq/my-data/health")
    look = re.findall(r"/en/data/([0-9a-f-]{36})/question", (await arta.get("/en/data")).text)[0]
    asking = await arta.get(f"/en/data/{look}/question")
    refused = await arta.send(asking, "/question", {"text": "  "})
    assert (refused.status_code, "Write what you want to know" in refused.text) == (422, True)
    case = await arta.follow(await arta.send(asking, "/question", {"text": "Pse <b>u shikua</b> kjo?"}))
    assert "You have an answer by" in case.text
    assert "Pse &lt;b&gt;u shikua&lt;/b&gt; kjo?" in case.text
    again = await arta.follow(await arta.send(asking, "/question", {"text": "Edhe një herë"}))
    assert again.url == case.url
    stranger = new_visitor()
    await stranger.signs_in(AGIM)
    assert (await stranger.get(str(case.url.path))).status_code == 404
    assert (await stranger.get(f"/en/data/{look}/question")).status_code == 404

    reference = case.text.partition("<title>")[2].split()[0]
    listed = _audit(town, "cases")
    assert (listed.returncode, reference in listed.stdout) == (0, True)
    wrong = _audit(town, "answer", "--case", reference, "--outcome", "corrected", "--text", "x")
    assert (wrong.returncode, wrong.stderr.strip()) == (1, "This outcome does not belong to this kind of case.")
    done = _audit(town, "answer", "--case", reference, "--outcome", "justified", "--text", "Ju vetë e kërkuat.")
    assert done.returncode == 0, done.stderr
    assert _audit(town, "answer", "--case", reference, "--outcome", "justified", "--text", "y").returncode == 1
    answered = await arta.get(str(case.url.path))
    assert "The look was lawful" in answered.text
    assert "Ju vetë e kërkuat." in answered.text
    inbox = await arta.get("/en/notices")
    assert "Your question about your data is answered" in inbox.text
    opened = await arta.follow(await arta.get("/en/notices/" + inbox.text.partition("/en/notices/")[2][:36]))
    assert opened.url.path == case.url.path


async def test_she_says_that_a_register_is_wrong_once(arta: Visitor) -> None:
    form = await arta.get("/sr/my-data/addresses/address/correction")
    first = await arta.follow(await arta.send(form, "/correction", {"text": "Broj kuće je 15."}))
    second = await arta.follow(await arta.send(form, "/correction", {"text": "Broj je 15."}))
    assert (first.status_code, first.url) == (200, second.url)
    assert "Broj kuće je 15." in (await arta.get(str(first.url.path))).text


@pytest.mark.parametrize(("text", "said"), [("a" * 2001, "at most 2000 characters"), ("a\x01b", "cannot be written")])
async def test_what_cannot_be_taken_comes_back_as_it_was_typed(arta: Visitor, text: str, said: str) -> None:
    form = await arta.get("/en/my-data/tax/income/correction")
    answer = await arta.send(form, "/correction", {"text": text})
    assert (answer.status_code, said in answer.text, text in answer.text) == (422, True, True)


async def test_she_takes_the_record_home_in_three_ways(arta: Visitor) -> None:
    await arta.get("/en/my-data/vehicles")
    told = json.loads((await arta.get("/en/data/export/reads.json")).text)
    assert told[0]["purpose"] == "You looked at your own data yourself."
    table = (await arta.get("/en/data/export/reads.csv")).text
    assert table.startswith("\ufeff")
    assert len(list(csv.reader(io.StringIO(table[1:])))) == len(told) + 1
    for language in ("sq", "sr", "en"):
        paper = await arta.get(f"/{language}/data/export/reads.pdf")
        assert paper.headers["content-type"] == "application/pdf"
        assert paper.content.startswith(b"%PDF-")
    assert ARTA not in table


async def test_she_finds_her_looks_in_the_sealed_day_and_checks_them_without_us(
    arta: Visitor, town: Plan, memory: Database
) -> None:
    number, yesterday = ARTA, datetime.now(UTC) - timedelta(days=1)
    key = AuditKey(town.keys.private_key("PORTAL_AUDIT_KEY"))
    async with memory.transaction() as connection:
        (read, *_more) = await tracker.of(connection, number, yesterday + timedelta(days=1), None, 1)
        await tracker.record(connection, [_a_day_before(read, yesterday)], key)
    day = tracker.day_of(yesterday)
    assert "not sealed yet" in (await arta.get(f"/en/data/days/{tracker.day_of(datetime.now(UTC))}")).text
    sealed = _audit(town, "seal")
    assert (sealed.returncode, day.isoformat() in sealed.stdout) == (0, True)
    assert "Every look of this day is as it was recorded" in (await arta.get(f"/en/data/days/{day}")).text
    told = json.loads((await arta.get(f"/en/data/days/{day}/proof.json")).text)
    _check_by_hand(told)
    whole = _audit(town, "verify")
    assert whole.returncode == 0, whole.stdout
    async with httpx.AsyncClient(base_url=arta.portal, trust_env=False) as anyone:
        public = await anyone.get("/en/data/days")
    assert day.strftime("%d") in public.text
    assert ARTA not in public.text

    owner = await asyncpg.connect(town.databases["portal"])
    await owner.execute("SET session_replication_role = replica")
    await owner.execute("UPDATE fact_read SET fact = 'income' WHERE subject = $1 AND day = $2", ARTA, day)
    try:
        named = _audit(town, "verify")
        assert named.returncode == 1
        assert "was changed." in named.stdout
        assert "Something in this day" in (await arta.get(f"/en/data/days/{day}")).text
    finally:
        await owner.execute("UPDATE fact_read SET fact = $3 WHERE subject = $1 AND day = $2", ARTA, day, read.fact)
        await owner.close()
    assert _audit(town, "verify").returncode == 0


async def test_what_was_spared_is_counted_by_service(besnik: Visitor) -> None:
    check = await besnik.asks_for_what_is_refused()
    await besnik.follow(await besnik.send(check, "/submission"))
    page = await besnik.get("/en/my-data")
    table = page.text.partition('id="spared"')[2]
    numbers = [int(number) for number in re.findall(r"numeric\">(\d+)</td>", table)]
    *services, total = [tuple(numbers[place : place + 3]) for place in range(0, len(numbers), 3)]
    assert services, "one row for each service, and one for all together"
    assert total[:2] == tuple(map(sum, list(zip(*services, strict=True))[:2]))
    for fields, documents, minutes in [*services, total]:
        assert documents >= 2
        assert minutes == fields * 15 // 60 + documents * 45


async def test_every_read_of_a_journey_stands_in_her_record_and_in_the_registers_own(
    new_visitor: Callable[[], Visitor], town: Plan, memory: Database
) -> None:
    besnik = new_visitor()
    await besnik.signs_in(BESNIK)
    begun = datetime.now(UTC)
    check = await besnik.asks_for_what_is_refused()
    await asyncio.gather(*(besnik.get(f"/sq/my-data/{code}") for code in REGISTERS))
    async with memory.connect() as connection:
        ours = {
            (read.message_id, read.register)
            for read in await tracker.of(connection, BESNIK, datetime.now(UTC), None, 500)
            if read.at >= begun
        }
    theirs = await _logged(town, begun)
    assert ours == theirs
    assert len(ours) >= len(OF_PERSONS)
    assert application_of(check)
    for log in town.directory.glob("*.log"):
        assert BESNIK not in log.read_text(), log.name


async def _logged(town: Plan, since: datetime) -> set[tuple[UUID, str]]:
    """Return message and register of what the registers say that the portal read about Besnik."""
    connection = await asyncpg.connect(town.databases["registers"], server_settings={"search_path": "registers"})
    found: set[tuple[UUID, str]] = set()
    try:
        for code in REGISTERS:
            table = f"{code.replace('-', '_')}_access"
            rows = await connection.fetch(
                f"SELECT message_id FROM {table} WHERE subject = $1 AND client LIKE '%portal' AND at >= $2",  # noqa: S608
                BESNIK,
                since - timedelta(milliseconds=5),
            )
            found |= {(row["message_id"], code) for row in rows}
    finally:
        await connection.close()
    return found


def _a_day_before(read: tracker.Read, at: datetime) -> tracker.Read:
    return replace(read, id=uuid7(), at=at, message_id=uuid4(), proof=None)


def _check_by_hand(told: Any) -> None:  # noqa: ANN401 - JSON
    """Check a proof with nothing but what stands in it."""
    keys = Keys(told["keys"])
    head = json.loads(keys.content(str(told["head"])) or b"{}")
    for one in told["chains"]:
        last = chain.START
        for text in one["reads"]:
            last = chain.link(last, text.encode())
        assert json.loads(one["chain"])["head"] == last.hex()
        assert one["root"] == head["root"]


def _audit(town: Plan, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        town.command("portal", "audit", *arguments),
        env=town.environment("portal"),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
