"""Older versions of a definition, which applications began with, are compared from where they are kept."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from portal import migrate
from portal.__main__ import main
from services.catalogue.fee import FixedFee
from services.catalogue.load import Catalogue, catalogue


async def test_a_version_that_people_began_with_is_compared_with_what_is_given_now(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = catalogue().get("birth-extract")
    assert now is not None
    older = msgspec.structs.replace(now, version=1, fee=FixedFee(cents=50, confidence="C"))
    await migrate.migrate(empty_database_url)
    for version in (older, now):
        await migrate.keep_definitions(empty_database_url, Catalogue([version]))
    monkeypatch.setenv("DATABASE_URL", empty_database_url)

    async def told(*words: str) -> tuple[int, str, str]:
        code = await asyncio.to_thread(main, ["service", "diff", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    code, said, _faults = await told("birth-extract", "1", str(now.version))
    assert code == 0
    assert f"birth-extract, version 1 → birth-extract, version {now.version}" in said
    assert "$.fee.cents\n  - 50\n  + 100\n" in said
    assert (await told("birth-extract", "1"))[1] == said
    code, said, faults = await told("birth-extract", "1", "9")
    assert (code, said) == (1, "")
    assert faults == "birth-extract is not given in version 9, and the database keeps no such version.\n"
