"""Lets demo people work in offices."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from portal.database import connect_once
from services.applications.member import Post
from services.applications.office import store


async def seed(url: str, since: date) -> int:
    """Give the demo people their posts and return how many there are; given again, each stays the same."""
    with Path(__file__).with_name("members.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    connection = await connect_once(url, application="seed")
    try:
        for row in rows:
            post = Post(
                row["institution"], row["municipality"] or None, "clerk" if row["role"] == "clerk" else "officer"
            )
            await store.add_member(connection, row["personal_number"], post, since)
    finally:
        await connection.close()
    return len(rows)
