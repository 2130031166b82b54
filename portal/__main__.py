"""The `portal` command and its parts. Whatever stops one is said in one sentence, and its exit code is 1."""

# ruff: noqa: PLC0415 - a command loads only what it runs

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from portal.authoring import arguments as authoring
from portal.database import DatabaseUnreachable
from portal.migrate import CannotMigrate
from portal.postgres import PostgresFailed, PostgresMissing
from portal.settings import DatabaseSettings, WrongSettings, load

EMBEDDED = Path(".local/postgres")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0, or 1 after one sentence on standard error."""
    chosen = _parser().parse_args(arguments)
    try:
        return chosen.run(chosen)
    except (WrongSettings, DatabaseUnreachable, CannotMigrate, PostgresMissing, PostgresFailed) as stopped:
        print(stopped, file=sys.stderr)  # noqa: T201 - a command line speaks
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="portal", description="The citizen portal and its parts.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    demo = command("demo", _demo, "Start everything on this machine: database, portal and the three outside parties.")
    demo.add_argument("--reset", action="store_true", help="forget all that the demo keeps, then end")
    command("serve", _serve, "Serve the portal's pages.")
    command("worker", _worker, "Do the work that follows an application: documents, seals, notices.")
    migrate = command("migrate", _migrate, "Bring the database up to date.")
    migrate.add_argument("--dump-schema", action="store_true", help="also write portal/schema.sql anew")
    assets = command("assets", _assets, "Build style sheets and scripts.")
    assets.add_argument("--force", action="store_true", help="build even when nothing changed")
    seed = command("seed", _seed, "Let the demo people who work in offices do so.")
    seed.add_argument("--applications", type=int, metavar="N", help="also fill a demo with N applications of a crowd")
    authoring.add(
        command("service", _service, "Write definitions of services: check, begin, list, show and compare them.")
    )
    client = command("client", _client, "Say what the eID must know to have the portal as its client.")
    client.add_argument("--out", type=Path, required=True, help="JSON file for `eid client add --file`")
    audit = command("audit", _audit, "Verify the record of who looked, and answer what people asked about their data.")
    audit.add_argument("act", choices=("verify", "seal", "cases", "answer"))
    audit.add_argument("--case", help="its reference, for `answer`")
    audit.add_argument("--outcome", choices=("justified", "unjustified", "corrected", "kept"), help="for `answer`")
    audit.add_argument("--text", help="the answer in words, for `answer`")
    verify = command("verify", _verify, "Say what the signatures of a PDF are worth; end with 1 unless all hold.")
    verify.add_argument("file", type=Path)
    verify.add_argument("--root", type=Path, default=Path(".local/seals/root.pem"), help="the trusted authorities, PEM")
    verify.add_argument("--language", choices=("sq", "sr", "en"), default="en")
    return parser


def _demo(chosen: argparse.Namespace) -> int:
    from portal import demo

    return demo.reset() if chosen.reset else demo.run()


def _serve(_chosen: argparse.Namespace) -> int:
    from portal import serve

    with _database():
        return serve.run()


def _worker(_chosen: argparse.Namespace) -> int:
    from portal import worker

    with _database():
        return worker.run()


def _migrate(chosen: argparse.Namespace) -> int:
    from portal import migrate, schema
    from services.catalogue.load import catalogue

    with _database() as url:
        applied = asyncio.run(migrate.migrate(url))
        asyncio.run(migrate.keep_definitions(url, catalogue()))
        _say(f"Applied: {', '.join(applied)}." if applied else "The database is up to date.")
        if chosen.dump_schema:
            schema.write(url)
            _say(f"Wrote {schema.PAGE}.")
    return 0


def _assets(chosen: argparse.Namespace) -> int:
    from portal.assets import build
    from portal.settings import FrontEndSettings

    directory = load(FrontEndSettings).assets
    if chosen.force:
        build.build(directory)
    else:
        build.ensure(directory)
    return 0


def _seed(chosen: argparse.Namespace) -> int:
    from portal.demo import members
    from portal.demo.crowd import filling
    from portal.session import now

    with _database() as url:
        count = asyncio.run(members.seed(url, now().date()))
        _say(f"{count} people work in offices. People themselves are in the registers (`registers seed`) and the eID.")
        if chosen.applications:
            progress = filling.by_tenths(_say, chosen.applications)
            filled = asyncio.run(filling.fill(url, chosen.applications, now(), progress))
            _say(f"A crowd of invented people has {filled} applications.")
    return 0


def _service(chosen: argparse.Namespace) -> int:
    from portal.authoring import command

    return command.run(chosen, _database)


def _client(chosen: argparse.Namespace) -> int:
    import json

    from portal.registration import registration
    from portal.settings import Settings

    settings = load(Settings)
    if settings.eid_client_key is None:
        raise WrongSettings("PORTAL_EID_CLIENT_KEY is missing: a client with a secret is registered by its provider.")
    client = registration(settings.url, settings.eid_client_id, settings.eid_client_key)
    chosen.out.write_text(json.dumps(client, indent=1))
    return 0


def _audit(chosen: argparse.Namespace) -> int:
    from portal import audit

    with _database():
        return audit.run(chosen.act, chosen.case, chosen.outcome, chosen.text)


def _verify(chosen: argparse.Namespace) -> int:
    from portal import verifying
    from portal.session import now

    return verifying.run(chosen.file, chosen.root, chosen.language, now())


@contextmanager
def _database() -> Generator[str]:
    """Yield the database's address, which all that is started here reads; the embedded one when none is set."""
    from portal import postgres

    settings = load(DatabaseSettings)
    if settings.database_url:
        yield settings.database_url
        return
    with postgres.running(EMBEDDED, programs=settings.pg_bin) as server:
        os.environ["DATABASE_URL"] = asyncio.run(postgres.own_database(server, "portal"))
        yield os.environ["DATABASE_URL"]


def _say(sentence: str) -> None:
    print(sentence)  # noqa: T201 - a command line speaks


if __name__ == "__main__":
    sys.exit(main())
