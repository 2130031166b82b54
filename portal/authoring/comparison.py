"""`portal service diff`: what changed between two versions of a service, place by place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from textwrap import wrap
from typing import cast

import yaml

from portal.authoring.refusal import CannotTell
from portal.database import connect_once
from services.applications import store
from services.catalogue import load
from services.catalogue.change import NOTHING, Change, Moved, changes
from services.catalogue.load import catalogue
from services.catalogue.service import Service

_WIDTH = 76


def between(given: Sequence[str], database: Callable[[], AbstractContextManager[str]]) -> str:
    """Return what changed: `ID OLD NEW`, `ID OLD` (until now) or two files; raise CannotTell for anything else."""
    match given:
        case [service_id, old, new] if old.isdigit() and new.isdigit():
            before, after = _versions(service_id, (int(old), int(new)), database)
        case [service_id, old] if old.isdigit():
            before, after = _versions(service_id, (int(old), None), database)
        case [old, new]:
            before, after = load.read_shape(Path(old)), load.read_shape(Path(new))
        case _:
            raise CannotTell("Give ID and one or two versions, or two files: birth-extract 1 2, or old.yaml new.yaml.")
    return "\n".join(_lines(before, after))


def _versions(
    service_id: str, versions: Sequence[int | None], database: Callable[[], AbstractContextManager[str]]
) -> list[Service]:
    """Return these versions, None being the one that is given now; the database is asked only for older ones."""
    found = [catalogue().get(service_id, version) for version in versions]
    if None in found:
        with database() as url:
            found = [
                now or asyncio.run(_kept(url, service_id, version))
                for now, version in zip(found, versions, strict=True)
            ]
    for service, version in zip(found, versions, strict=True):
        if service is None:
            which = "now" if version is None else f"in version {version}"
            raise CannotTell(f"{service_id} is not given {which}, and the database keeps no such version.")
    return cast("list[Service]", found)


async def _kept(url: str, service_id: str, version: int | None) -> Service | None:
    if version is None:
        return None
    connection = await connect_once(url)
    try:
        return await store.definition(connection, service_id, version)
    finally:
        await connection.close()


def _lines(before: Service, after: Service) -> Iterator[str]:
    yield f"{before.id}, version {before.version} → {after.id}, version {after.version}"
    found = changes(before, after)
    if not found:
        yield "Nothing changed."
    for change in found:
        yield ""
        yield change.place
        yield from _order(change) if isinstance(change, Moved) else _values(change)


def _order(moved: Moved) -> Iterator[str]:
    yield from wrap(f"in another order: {', '.join(moved.order)}", _WIDTH, initial_indent="  ", subsequent_indent="  ")


def _values(change: Change) -> Iterator[str]:
    for sign, value in (("-", change.before), ("+", change.after)):
        if value is not NOTHING:
            yield from (f"  {sign} {line}" for line in _written(value))


def _written(value: object) -> list[str]:
    """Return a value as a definition writes it, what says nothing left out."""
    if isinstance(value, str):
        return wrap(value, _WIDTH) or ["''"]
    written = yaml.safe_dump(_said(value), allow_unicode=True, sort_keys=False, width=_WIDTH, default_flow_style=False)
    return written.removesuffix("\n").removesuffix("\n...").splitlines()


def _said(value: object) -> object:
    """Return records without what is null in them: a definition does not write it."""
    if isinstance(value, dict):
        record = cast("dict[str, object]", value)
        return {name: _said(one) for name, one in record.items() if one is not None}
    return [_said(one) for one in cast("list[object]", value)] if isinstance(value, list) else value
