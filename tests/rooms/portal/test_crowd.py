"""A demo filled with a crowd: every application has led a life that the rules allow, and is found as any other."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from portal.database import Connection, connect_once
from portal.demo.crowd import filling
from portal.demo.crowd.filling import BATCH, MANY
from portal.demo.crowd.people import CITIZEN, id_of, officers
from portal.migrate import migrate
from services.applications import casework, store
from services.applications.application import LIFE, State, Step
from services.applications.queue import store as queue
from services.applications.queue.wanted import Wanted
from services.catalogue.load import catalogue
from services.insight import pace
from tests.rooms.applications.conftest import known

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HELD = "SELECT md5(string_agg(a::text, '' ORDER BY id)) FROM application a"
SEED = [sys.executable, "-m", "portal", "seed", "--applications"]


async def filled(url: str, applications: int) -> int:
    """Return how many applications there are once there are so many."""
    return await filling.fill(url, applications, NOW, lambda _done: None)


async def test_a_crowd_is_in_every_state_and_led_lives_that_the_rules_allow(fresh_database_url: str) -> None:
    assert await filled(fresh_database_url, BATCH + 1) == 2 * BATCH
    connection = await connect_once(fresh_database_url)
    found = await connection.fetch("SELECT state::text, count(*) FROM application GROUP BY state")
    assert sum(row["count"] for row in found) == 2 * BATCH
    # Of those two, which a worker takes up at once, there is one in a thousand.
    assert {row["state"] for row in found} >= {*State} - {State.APPROVED, State.AWAITING_FACTS}
    await _lived(connection)
    await _is_found(connection)
    await _can_be_opened(connection)
    await connection.close()


async def _lived(connection: Connection) -> None:
    lives = await connection.fetch(
        "SELECT array_agg(step::text ORDER BY revision) AS steps, array_agg(state::text ORDER BY revision) AS states,"
        " array_agg(at ORDER BY revision) AS times FROM application_event GROUP BY application_id"
    )
    for life in lives:
        assert life["steps"][0] == Step.BEGIN
        assert sorted(life["times"]) == life["times"]
        assert life["times"][-1] <= NOW
        for before, step, after in zip(life["states"], life["steps"][1:], life["states"][1:], strict=False):
            assert LIFE[State(before), Step(step)] == after


async def _is_found(connection: Connection) -> None:
    """Somebody has a hundred applications, an office a queue, and what was decided of late is counted."""
    own = await casework.mine(connection, id_of(CITIZEN, 0), None, 2 * MANY)
    assert MANY * 0.8 < len(own) <= MANY
    assert [each.created_at for each in own] == sorted((each.created_at for each in own), reverse=True)
    officer = next(each for each in officers(list(catalogue().all())) if each.post.desk == "arc/prishtine")
    wanted = Wanted(desks=(officer.post.desk,), member_id=officer.someone.id, today=NOW.date(), whose="mine")
    lines = await queue.page(connection, wanted, 500)
    assert lines
    assert {line.officer_id for line in lines} == {officer.someone.id}
    assert (await queue.figures(connection, wanted)).waiting > len(lines)
    decided = await connection.fetchval("SELECT count(*) FROM application WHERE decided_at > $1", NOW - pace.WINDOW)
    assert await connection.fetchval("SELECT sum(decisions)::bigint FROM decision_rollup") == decided > 0


async def _can_be_opened(connection: Connection) -> None:
    ids = [row["id"] for row in await connection.fetch("SELECT id FROM application")]
    opened = await store.several(connection, ids)
    assert len(opened) == len(ids)
    assert any(each.facts for each in opened)
    assert any(each.refusal for each in opened)


async def test_filled_again_it_goes_on_where_it_stopped(fresh_database_url: str, empty_database_url: str) -> None:
    await migrate(empty_database_url)
    connection, other = await connect_once(fresh_database_url), await connect_once(empty_database_url)
    await filled(fresh_database_url, BATCH)
    before = await connection.fetchval(HELD)
    assert await filled(fresh_database_url, BATCH) == BATCH
    assert await connection.fetchval(HELD) == before
    await filled(fresh_database_url, 2 * BATCH)
    await filled(empty_database_url, 2 * BATCH)
    assert await connection.fetchval(HELD) == await other.fetchval(HELD)
    await connection.close()
    await other.close()


async def test_a_portal_where_people_sign_in_by_another_eid_is_not_filled(
    fresh_database_url: str, tmp_path: Path
) -> None:
    connection = await connect_once(fresh_database_url)
    person_id = await known(connection)
    await connection.execute(
        "INSERT INTO identity_link (issuer, subject, person_id, created_at) VALUES ($1, 'arta', $2, $3)",
        "https://eid.example.org",
        person_id,
        NOW,
    )
    done = _seeded(fresh_database_url, tmp_path)
    assert done.returncode == 1
    assert "another eID" in done.stderr
    await connection.execute("UPDATE identity_link SET issuer = 'http://localhost:8001'")
    done = _seeded(fresh_database_url, tmp_path)
    assert "A crowd of invented people has 1000 applications." in done.stdout, done.stderr
    assert await connection.fetchval("SELECT count(*) FROM application") == BATCH
    await connection.close()


def _seeded(url: str, directory: Path) -> subprocess.CompletedProcess[str]:
    told = {**os.environ, "DATABASE_URL": url}
    return subprocess.run([*SEED, str(BATCH)], env=told, cwd=directory, capture_output=True, text=True, check=False)
