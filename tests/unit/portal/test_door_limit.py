"""How often one visitor may come, and who counts as one."""

from __future__ import annotations

from typing import cast

import pytest
from litestar.types import Scope

from portal.limit import SECONDS, Limit, visitor
from tests.unit.portal.asgi import scope


def test_one_visitor_is_stopped_and_another_is_not() -> None:
    limit = Limit(3)
    assert [limit.admits("Arta", 0.0) for _ in range(5)] == [True, True, True, False, False]
    assert limit.admits("Besnik", 0.0)


def test_after_a_minute_she_may_come_again() -> None:
    limit = Limit(1)
    assert limit.admits("Arta", 10.0)
    assert not limit.admits("Arta", 10.0 + SECONDS - 1)
    assert limit.admits("Arta", 10.0 + SECONDS)


def test_visitors_of_past_minutes_are_forgotten() -> None:
    limit = Limit(1)
    for number in range(1000):
        limit.admits(str(number), 0.0)
    limit.admits("Arta", SECONDS)
    assert vars(limit)["_counts"] == {"Arta": 1}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("unknown" * 100, "unknown" * 100, True),
    ],
)
def test_a_subscriber_of_ipv6_is_one_visitor_whatever_address_he_takes(one: str, other: str, same: bool) -> None:  # noqa: FBT001
    seen = [visitor(cast("Scope", scope() | {"client": (host, 0)})) for host in (one, other)]
    assert (seen[0] == seen[1]) is same
    assert all(len(name) <= 64 for name in seen)
