"""What tests of offers share with those of applications: a queue that remembers."""

from __future__ import annotations

import pytest

from tests.rooms.applications.conftest import Queue


@pytest.fixture
def queue() -> Queue:
    """Give an empty queue."""
    return Queue()
