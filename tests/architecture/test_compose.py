"""No engine runs where this is tested, so the compose file and the image are held against the code, word by word."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from eid.provider.__main__ import main as eid_main
from eid.provider.settings import Settings as EidSettings
from payments.sandbox.__main__ import main as payments_main
from payments.sandbox.settings import Settings as PaymentsSettings
from portal.__main__ import main as portal_main
from portal.demo.plan import ACCESS, EID_REGISTERS_CLIENT, INSTITUTIONS
from portal.parties import REGISTERS_CLIENT
from portal.settings import Settings, names
from services.registers.facts import FACTS
from services.registers.posting.target import TARGETS
from services.registers.sandbox.__main__ import main as registers_main
from services.registers.sandbox.registry import services, writings
from services.registers.sandbox.settings import Settings as RegistersSettings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "citizen-portal"}
SERVING = {"portal": 8000, "eid": 8001, "payments": 8002, "registers": 8003}

MAINS = {"portal": portal_main, "eid": eid_main, "payments": payments_main, "registers": registers_main}
SETTINGS: Mapping[str, type[BaseSettings]] = {
    "portal": Settings,
    "eid": EidSettings,
    "payments": PaymentsSettings,
    "registers": RegistersSettings,
}


def test_all_parts_are_there() -> None:
    assert {"portal", "worker", "eid", "payments", "registers", "database", "mail", "proxy"} <= set(SERVICES)
    assert SERVICES["database"]["image"] == "postgres:18"


def test_every_program_is_a_console_script() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert {service["command"][0] for service in OURS.values()} == set(scripts) == set(MAINS)


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_one_that_its_program_takes(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program, *arguments = OURS[name]["command"]
    # With --help a command says how it is used, if it exists, and does nothing.
    words = [argument for argument in arguments if not argument.startswith("-")][: _depth(arguments)]
    monkeypatch.setattr("sys.argv", [program, *words, "--help"])
    with pytest.raises(SystemExit) as ended:
        MAINS[program]()
    said = capsys.readouterr().out
    assert ended.value.code == 0
    for option in (argument for argument in arguments if argument.startswith("-")):
        assert option in said, f"{program} {' '.join(words)} knows no {option}"


def test_every_institution_has_its_seal_and_nobody_else() -> None:
    commands = [service["command"] for service in OURS.values() if service["command"][:3] == ["eid", "pki", "seal"]]
    assert {each[each.index("--institution") + 1]: each[each.index("--name") + 1] for each in commands} == INSTITUTIONS


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_a_setting_and_every_setting_without_a_default_is_given(name: str) -> None:
    program = OURS[name]["command"][0]
    kind = SETTINGS[program]
    given = set(OURS[name]["environment"])
    known = names(kind)
    assert given <= set(known.values())
    assert {known[field] for field, info in kind.model_fields.items() if info.is_required()} <= given


def test_who_may_ask_the_registers_what_is_the_same_as_in_the_demo() -> None:
    given = SERVICES["registers"]["environment"]
    assert json.loads(given["REGISTERS_ACCESS"]) == ACCESS
    assert json.loads(given["REGISTERS_TOKENS"]).keys() == ACCESS.keys()
    assert {each for asked in ACCESS.values() for each in asked} <= {*services(), *writings(), "events"}


def test_the_portal_and_the_eid_may_ask_what_they_ask_and_nothing_more() -> None:
    used = (*FACTS.values(), *TARGETS.values())
    assert set(ACCESS[REGISTERS_CLIENT]) == {*(each.identifier for each in used), "events"}
    sources = "".join(path.read_text() for path in (ROOT / "eid" / "provider").rglob("*.py"))
    assert set(ACCESS[EID_REGISTERS_CLIENT]) == set(re.findall(r"XK/GOV/[A-Z]+/[a-z-]+/[a-z-]+", sources))


@pytest.mark.parametrize("name", SERVING)
def test_ports_and_health_paths_are_those_of_the_code(name: str) -> None:
    service, port = SERVICES[name], SERVING[name]
    assert service["environment"][f"{name.upper()}_PORT"] == str(port)
    assert service["environment"][f"{name.upper()}_HOST"] == "0.0.0.0"  # noqa: S104 - inside its own container
    assert f"http://127.0.0.1:{port}/health/ready" in service["healthcheck"]["test"][-1]
    assert SETTINGS[name].model_fields["port"].default == port


def test_everything_that_serves_has_a_health_check() -> None:
    once = {name for name, service in OURS.items() if service["restart"] == "no"}
    assert all("healthcheck" in service for name, service in SERVICES.items() if name not in once)
    assert not any("healthcheck" in SERVICES[name] for name in once)


def test_every_address_inside_leads_to_a_service_and_its_port() -> None:
    ports = {**SERVING, "database": 5432, "mail": 1025}
    addresses = re.findall(r"(?:http://|smtp://|@|reverse_proxy )([a-z]+):(\d+)", TEXT)
    assert len(addresses) > 10
    assert all(ports[host] == int(port) for host, port in addresses)


def test_the_proxy_leads_to_those_whom_people_meet_and_to_nobody_else() -> None:
    content = COMPOSE["configs"]["proxy"]["content"]
    assert dict(re.findall(r"\{\$\$(\w+)_DOMAIN\} \{\s+reverse_proxy (\w+):", content)) == {
        "PORTAL": "portal",
        "EID": "eid",
        "PAYMENTS": "payments",
    }
    open_to_the_world = {name for name, service in SERVICES.items() if any(_public(port) for port in _ports(service))}
    assert open_to_the_world == {"proxy"}


def test_no_secret_has_a_default() -> None:
    secret = re.compile(r"PASSWORD|SECRET|KEY|TOKEN")
    for name, asked in re.findall(r"\$\{([A-Z_]+)([^}]*)\}", TEXT):
        assert not asked or asked.startswith(":?"), f"{name} has a default"
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if secret.search(name):
                assert "${" in value, f"{name} is written down"


def test_every_name_that_must_be_given_says_what_it_is_once() -> None:
    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", TEXT))
    explained = set(re.findall(r"\$\{([A-Z_]+):\?[^}]+\}", TEXT))
    assert used == explained
    operations = (ROOT / "docs" / "operations.md").read_text()
    assert not {name for name in explained if name not in operations}


def test_nothing_of_ours_runs_as_root_or_writes_to_its_image() -> None:
    stages = re.split(r"^FROM ", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    assert len(stages) > 3
    assert re.search(r"^USER [1-9]\d*$", stages[-1], re.MULTILINE)
    for service in OURS.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert "user" not in service
    assert all(service["read_only"] for service in SERVICES.values())


def test_the_image_is_made_of_all_that_the_programs_import_and_read() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(packages["packages"]) | {"pyproject.toml", "uv.lock", "package.json", "package-lock.json"} <= allowed
    assert all((ROOT / path).exists() for path in allowed)
    assert not {path for path in allowed if path.startswith((".env", ".local"))}


def test_every_volume_is_named_and_every_wait_is_for_a_service() -> None:
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in COMPOSE["volumes"]
        for other, wait in service.get("depends_on", {}).items():
            once = SERVICES[other]["restart"] == "no"
            assert wait["condition"] == ("service_completed_successfully" if once else "service_healthy"), name
    assert sorted(_order()) == sorted(SERVICES)


def test_the_databases_made_are_those_that_the_parties_use() -> None:
    made = re.search(r"for party in ([a-z ]+);", COMPOSE["configs"]["databases"]["content"])
    used = re.findall(r"postgresql://([a-z]+):\$\{([A-Z]+)_DATABASE_PASSWORD[^@]*@database:5432/([a-z]+)", TEXT)
    assert made
    assert set(made[1].split()) == {role for role, _, _ in used} == set(SETTINGS)
    assert all(role == variable.lower() == database for role, variable, database in used)


def _depth(arguments: list[str]) -> int:
    """Return how many of the words before the first option name a command."""
    return next((at for at, argument in enumerate(arguments) if argument.startswith("-")), len(arguments))


def _ports(service: Mapping[str, Any]) -> list[str]:
    return service.get("ports", [])


def _public(port: str) -> bool:
    return not port.startswith("127.0.0.1:")


def _order() -> Iterator[str]:
    """Give the services in an order in which they can start; stop short when they wait in a circle."""
    started: set[str] = set()
    while ready := [
        name
        for name, service in SERVICES.items()
        if name not in started and set(service.get("depends_on", {})) <= started
    ]:
        started.update(ready)
        yield from ready
