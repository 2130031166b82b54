"""What was not seeded is extrapolated from the later, slower half, and never made better than it was."""

from __future__ import annotations

from tests.bench.seeding import whole


def test_the_rest_goes_as_the_last_half_did() -> None:
    assert whole([(1.0, 50), (2.0, 100), (6.0, 200)], 400) == 6.0 + 200 * 0.04


def test_what_was_measured_whole_stays_as_it_was() -> None:
    assert whole([(5.0, 500), (9.0, 1000)], 1000) == 9.0


def test_a_single_measurement_gives_its_own_pace() -> None:
    assert whole([(2.0, 100)], 200) == 4.0
