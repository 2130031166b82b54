"""A measurement that falls short is said, and fails where it is asked to; no timing is checked here."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from tests.bench import people, profile, record, statements
from tests.bench.__main__ import Ceiling, figure, verdict
from tests.bench.figures import Figure, Measurement, shortfalls, table
from tests.bench.load import Request, Run
from tests.bench.rate import Rate

FAST = Run(rate=600.0, p50=10.0, p99=30.0, answers=600, work=70.0)
CEILING = Run(rate=1000.0, p50=8.0, p99=20.0, answers=1000)
GOOD = Figure("home", "hello", 0.6, [FAST] * 3, [CEILING] * 3)


def test_what_reaches_its_aims_falls_short_of_nothing() -> None:
    assert shortfalls(Measurement([GOOD], 140.0)) == []
    assert verdict(Measurement([GOOD], 140.0), check=True) == 0


@pytest.mark.parametrize(
    ("run", "worker", "said"),
    [
        (replace(FAST, rate=590.0), 140.0, "home: 59% of hello, at least 60%"),
        (replace(FAST, p99=50.1), 140.0, "home: p99 50.1 ms, at most 50 ms"),
        (replace(FAST, failed=1), 140.0, "home: 3 requests failed"),
        (FAST, 151.0, "the worker: 151 MB, at most 150 MB"),
    ],
)
def test_what_falls_short_fails_the_check(
    capsys: pytest.CaptureFixture[str], run: Run, worker: float, said: str
) -> None:
    slow = Measurement([replace(GOOD, ours=[run] * 3)], worker)
    assert verdict(slow, check=True) == 1
    assert capsys.readouterr().out == f"falls short: {said}\n"
    assert verdict(slow, check=False) == 0


def test_one_disturbed_pair_of_many_decides_nothing() -> None:
    disturbed = [replace(FAST, rate=10.0, p99=900.0), FAST, FAST]
    assert shortfalls(Measurement([replace(GOOD, ours=disturbed)], 140.0)) == []


def test_ours_and_the_ceiling_are_measured_in_turn_after_warming_up() -> None:
    heard: list[str] = []

    def measuring(name: str) -> Run:
        heard.append(name)
        return FAST

    found = figure("home", lambda: measuring("ours"), Ceiling("hello", lambda: measuring("hello"), 0.6), 2)
    assert heard == ["ours", "hello"] * 3
    assert len(found.ours) == len(found.ceiling) == 2


def test_the_table_shows_each_figure_beside_its_ceiling() -> None:
    lines = table(Measurement([GOOD], 140.0)).splitlines()
    assert [cell.strip() for cell in lines[2].split("|")][1:-1] == ["home", "600", "10.0", "30.0", "70", "60%", "≥ 60%"]
    assert [cell.strip() for cell in lines[3].split("|")][1:6] == ["↳ ceiling: hello", "1,000", "8.0", "20.0", "–"]
    assert lines[-1] == "Worker: 140 MB resident."


def test_pgbench_is_given_statements_that_mean_the_same_for_everyone() -> None:
    own = people.application_id(2)
    recorded: list[statements.Statement] = [
        ("BEGIN;", ()),
        ("UPDATE a SET at = $2, said = $3 WHERE id = $1", (own, "09:30", None)),
        ("SELECT $1::text[]", ([f"issue:{own}", "it's"],)),
    ]
    lines = statements.script(recorded, 100).splitlines()
    number = "('00000000-0000-7000-9000-' || lpad(:n::text, 12, '0'))::uuid"
    assert lines[:3] == ["\\set step :step + 1", "\\set n 100 + :step * 16 + :client_id", "BEGIN;"]
    assert lines[3].removesuffix(f" WHERE id = {number};") == "UPDATE a SET at = E'09\\x3a30', said = NULL"
    assert lines[4] == f"SELECT ARRAY[(E'issue\\x3a' || {number}::text || E''), E'it''s']::text[];"


def test_ids_and_tokens_are_shaped_as_the_portals_own() -> None:
    assert people.application_id(42) == UUID("00000000-0000-7000-9000-000000000042")
    assert {len(people.token(name, 42)) for name in ("reader", "crowd")} == {43}


def test_a_request_is_whole() -> None:
    raw = Request("POST", "/sq/x", {"Cookie": "a=b"}, "c=d").raw("localhost:1")
    assert raw.startswith(b"POST /sq/x HTTP/1.1\r\nHost: localhost:1\r\nAccept-Encoding: gzip, deflate, br\r\n")
    assert raw.endswith(b"Content-Length: 3\r\n\r\nc=d")


def test_a_profile_says_where_the_time_went() -> None:
    said = profile.top(["main (a/b.py:1);block (page.html:7) 3", "main (a/b.py:2) 1"]).splitlines()
    assert said[:3] == ["  in the code of", "   75.0%  templates", "   25.0%  a"]
    assert said[3:] == ["  in the function", "   75.0%  block (page.html)", "   25.0%  main (a/b.py)"]


def test_a_rate_that_falls_short_says_in_what_and_one_without_an_aim_cannot() -> None:
    assert Rate("judged", 3.0, 300.0, 900.0).wanting == []
    slow = Rate("fetched", 900.0, 9.0, 51.0, aim=1000.0, longest_p99=50.0)
    assert slow.wanting == ["fetched: 900 a second, at least 1,000", "fetched: p99 51.0 ms, at most 50 ms"]


def test_records_grow_tenfold_up_to_the_largest() -> None:
    assert record.sizes(10_000_000) == [10_000, 100_000, 1_000_000, 10_000_000]
    assert record.sizes(50_000) == [10_000, 50_000]
