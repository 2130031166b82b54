"""What `portal service` may be told."""

from __future__ import annotations

import argparse
from pathlib import Path


def add(service: argparse.ArgumentParser) -> None:
    """Give `portal service` its acts."""
    acts = service.add_subparsers(dest="act", required=True, metavar="ACT")

    def act(name: str, text: str) -> argparse.ArgumentParser:
        return acts.add_parser(name, help=text, description=text)

    check = act("check", "Say what is wrong with definitions; end with 1 unless all are sound.")
    check.add_argument("files", nargs="*", type=Path, metavar="FILE", help="these alone; else all of the project")
    new = act("new", "Write a definition to begin from, and say what to do next.")
    new.add_argument("name", metavar="AREA/ID", help="such as civil/birth-extract")
    new.add_argument("--from", dest="source", metavar="ID", help="begin from this service instead")
    new.add_argument("--folder", type=Path, help="where the areas are; else the project's definitions")
    listed = act("list", "List the services.")
    listed.add_argument("--area", help="of this area alone")
    listed.add_argument("--decision", choices=("rule", "officer", "two_steps"), help="decided so alone")
    show = act("show", "Say what a service is: who decides, by when, its fee, facts, questions, rules, document.")
    show.add_argument("id", metavar="ID")
    for shown in (listed, show):
        shown.add_argument("--language", choices=("sq", "sr", "en"), default="en")
    diff = act("diff", "Say what changed between two versions of a service, or between two files.")
    diff.add_argument(
        "between", nargs="+", metavar="ID OLD [NEW] | OLD_FILE NEW_FILE", help="without NEW: as it is now"
    )
    schema = act("schema", "Print the JSON Schema of a definition, for editors.")
    schema.add_argument("--write", action="store_true", help="write it where editors find it")
