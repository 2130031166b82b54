"""Starts the demo in order, keeps it going, and stops all of it."""

from __future__ import annotations

import asyncio
import fcntl
import json
import shutil
import signal
import sys
import time
from collections.abc import Awaitable, Generator
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from portal import postgres
from portal.assets import is_current
from portal.demo.child import Child, DidNotStart, complete
from portal.demo.mail import caught
from portal.demo.plan import DATABASES, INSTITUTIONS, Plan
from portal.demo.settings import DemoSettings
from portal.demo.sms import texted
from portal.demo.table import table
from portal.serve import refuse_busy_port
from portal.settings import WrongSettings, load

Result = TypeVar("Result")

_START_SECONDS = 60.0
# What `make reset` forgets; tools and built assets stay, for they hold no data.
_DATA = ("postgres", "secrets", "pki", "seals", "mail", "sms", "logs", "client.json", "signbox.json")


def run() -> int:
    """Run the demo until Ctrl-C; return 0, or 1 after one sentence."""
    settings = load(DemoSettings)
    try:
        with _only_one(settings.demo_directory):
            _refuse_busy_ports(settings)
            asyncio.run(_until_told(settings))
    except DidNotStart as stopped:
        print(stopped, file=sys.stderr)  # noqa: T201 - a command line speaks
        return 1
    return 0


def reset() -> int:
    """Forget all data of the demo; refused while it runs."""
    directory = load(DemoSettings).demo_directory
    with _only_one(directory):
        if postgres.in_use(directory / "postgres"):
            raise WrongSettings(f"The PostgreSQL in {directory} is in use: stop what uses it first.")
        for name in _DATA:
            path = directory / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    _tell("The demo has forgotten everything.")
    return 0


async def _until_told(settings: DemoSettings) -> None:
    """Start everything; when told to stop, at whatever point, stop what was started."""
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    house = asyncio.create_task(_house(settings))
    await asyncio.wait({house, asyncio.create_task(told.wait())}, return_when=asyncio.FIRST_COMPLETED)
    if told.is_set():
        _tell("Stopping …")
        house.cancel()
    with suppress(asyncio.CancelledError):
        await house


async def _house(settings: DemoSettings) -> None:
    directory = settings.demo_directory
    (directory / "logs").mkdir(mode=0o700, parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        building = asyncio.create_task(_build(settings))
        stack.callback(building.cancel)
        plan = Plan(settings, await _said("Starting PostgreSQL", _databases(stack, settings)))
        await _said("Preparing databases, keys and people", prepare(plan))
        await _said("Building the front end", building)
        await stack.enter_async_context(caught(directory / "mail", settings.demo_mail_port))
        token = plan.keys.token("PORTAL_SMS_TOKEN")
        await stack.enter_async_context(texted(directory / "sms", settings.demo_sms_port, token))
        await _serve(plan)


async def _databases(stack: AsyncExitStack, settings: DemoSettings) -> dict[str, str]:
    """Return each party's database: its own on the embedded server, or the one of DATABASE_URL for all."""
    if settings.database_url:
        return dict.fromkeys(DATABASES, settings.database_url)
    place = settings.demo_directory / "postgres"
    server = stack.enter_context(postgres.running(place, programs=settings.portal_pg_bin))
    return {name: await postgres.own_database(server, name) for name in DATABASES}


async def _build(settings: DemoSettings) -> None:
    if not is_current(settings.portal_assets):
        plan = Plan(settings, dict.fromkeys(DATABASES, ""))
        await complete(plan.commands("portal", ("assets",)), plan.directory / "logs" / "assets.log")


async def prepare(plan: Plan) -> None:
    """Make what the parties need before they serve. Everything here may be done again and again."""
    for name, client in plan.clients().items():
        (plan.directory / name).write_text(json.dumps(client, indent=1))
    seals = str(plan.directory / "seals")
    preparations = [
        plan.commands("portal", ("migrate",), ("seed",)),
        plan.commands("registers", ("seed", "--people", str(plan.settings.demo_people))),
        plan.commands(
            "eid",
            *(("client", "add", "--file", str(plan.directory / name)) for name in plan.clients()),
            ("pki", "init"),
            *(("pki", "seal", "--institution", i, "--name", name, "--out", seals) for i, name in INSTITUTIONS.items()),
        ),
    ]
    try:
        async with asyncio.TaskGroup() as together:
            for party in preparations:
                together.create_task(complete(party, plan.directory / "logs" / f"{party.name}.log"))
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


async def _serve(plan: Plan) -> None:
    """Run every party until cancelled; raise DidNotStart when one never becomes ready."""
    children = [Child(party, plan.directory / "logs" / f"{party.name}.log", _tell) for party in plan.parties()]
    try:
        async with asyncio.TaskGroup() as running:
            for child in children:
                running.create_task(child.run())
            await _said("Starting the portal and the outside parties", _ready(plan, children))
            print(table(plan), flush=True)  # noqa: T201 - a command line speaks
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


async def _ready(plan: Plan, children: list[Child]) -> None:
    registers, *others = children
    await registers.ready(_START_SECONDS)
    # The eID asks the registers whom it enrols.
    enrolling = complete(plan.commands("eid", ("seed",)), plan.directory / "logs" / "eid.log")
    await asyncio.gather(enrolling, *(child.ready(_START_SECONDS) for child in others))


async def _said(what: str, work: Awaitable[Result]) -> Result:
    """Say what is being done and, when it is, how long it took."""
    print(f"  {what} …", end=" ", flush=True)  # noqa: T201 - a command line speaks
    began = time.monotonic()
    try:
        result = await work
    except BaseException:
        print(flush=True)  # noqa: T201 - a command line speaks
        raise
    print(f"{time.monotonic() - began:.1f} s", flush=True)  # noqa: T201 - a command line speaks
    return result


def _refuse_busy_ports(settings: DemoSettings) -> None:
    for setting, port in settings.ports.items():
        refuse_busy_port(setting, "127.0.0.1", port)


@contextmanager
def _only_one(directory: Path) -> Generator[None]:
    """Hold the demo's lock, which the kernel drops with the process; its directory is private."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    with (directory / "demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WrongSettings(f"The demo already runs in {directory}: stop it first (Ctrl-C).") from None
        yield


def _tell(sentence: str) -> None:
    print(f"  {sentence}", flush=True)  # noqa: T201 - a command line speaks
