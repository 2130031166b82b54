"""What each party of the demo is told: its command, its settings, its own keys and nobody else's."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eid.service_token import Minter
from portal.demo.keys import Keys
from portal.demo.settings import DemoSettings
from portal.parties import REGISTERS_CLIENT, US
from portal.registration import registration, signbox_registration
from services.catalogue.load import institutions
from services.registers.facts import FACTS
from services.registers.posting.target import TARGETS

Environment = Mapping[str, str]

# Each party has a database of its own; with DATABASE_URL set, a schema of its own in that one.
DATABASES = ("portal", "eid", "payments", "registers")
EID_REGISTERS_CLIENT = "XK/GOV/ASHI/eid"

# What each may ask the registers: the portal every fact, what it tells them and the feed; the eID whom it enrols and
# for whom one may act.
ACCESS: Mapping[str, list[str]] = {
    REGISTERS_CLIENT: [*(each.identifier for each in (*FACTS.values(), *TARGETS.values())), "events"],
    EID_REGISTERS_CLIENT: [
        "XK/GOV/ARC/civil-status/person",
        "XK/GOV/ARC/civil-status/children",
        "XK/GOV/ARBK/businesses/representees",
    ],
}
_MODULES = {
    "portal": "portal",
    "eid": "eid.provider",
    "payments": "payments.sandbox",
    "registers": "services.registers.sandbox",
}
# Whose seals are made, with the name in each certificate: everyone's who gives a service. Such a name is short.
_SHORT = {"mashti": "Ministria e Arsimit"}
INSTITUTIONS = {id_: _SHORT.get(id_, institution.names.sq) for id_, institution in institutions().items()}


@dataclass(frozen=True, slots=True)
class Party:
    """A process that the demo runs. `health` is where it says that it can serve; None for one that does not listen."""

    name: str
    command: tuple[str, ...]
    environment: Environment
    health: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole demo, decided before anything starts."""

    settings: DemoSettings
    databases: Mapping[str, str]

    @property
    def directory(self) -> Path:
        """Where everything is kept, as an absolute path: children may run elsewhere."""
        return self.settings.demo_directory.resolve()

    @property
    def keys(self) -> Keys:
        """The demo's secrets."""
        return Keys(self.directory / "secrets")

    def address(self, party: str) -> str:
        """Return where people reach a party."""
        return f"http://localhost:{self.settings.ports[f'{party.upper()}_PORT']}"

    def clients(self) -> dict[str, dict[str, Any]]:
        """Return what the eID is told of the portal, by the name of a file: its client, and who pays for SignBox."""
        url, key = self.address("portal"), self.keys.private_key("PORTAL_EID_CLIENT_KEY")
        told = {"client.json": registration(url, "portal", key)}
        if self.settings.portal_signing_dialect == "signbox":
            password = self.keys.token("PORTAL_SIGNBOX_BILLING_PASSWORD")
            told["signbox.json"] = signbox_registration(url, "portal-signbox", password)
        return told

    def parties(self) -> list[Party]:
        """Return the processes to run, those that others ask first."""
        return [
            self._party("registers", "serve"),
            self._party("payments", "serve"),
            self._party("eid", "serve"),
            self._party("portal", "serve"),
            Party("worker", self.command("portal", "worker"), self.environment("portal"), None),
        ]

    def command(self, party: str, *arguments: str) -> tuple[str, ...]:
        """Return the command line of a party's own program."""
        return (sys.executable, "-m", _MODULES[party], *arguments)

    def commands(self, party: str, *each: tuple[str, ...]) -> Party:
        """Return several commands of a party as one process that runs them in turn."""
        line = (sys.executable, "-m", "portal.demo.commands", _MODULES[party], json.dumps(each))
        return Party(party, line, self.environment(party), None)

    def environment(self, party: str) -> Environment:
        """Return a party's own settings on top of this machine's; what the caller has set himself stands."""
        ours = {name: value for name, value in os.environ.items() if not _is_ours(name)}
        own = {name: value for name, value in os.environ.items() if _is_ours(name, (party,))}
        given = {"portal": self._portal, "eid": self._eid, "payments": self._payments, "registers": self._registers}
        return {**ours, **given[party](), **own, "PYTHONUNBUFFERED": "1"}

    def _party(self, name: str, *arguments: str) -> Party:
        health = f"http://127.0.0.1:{self.settings.ports[f'{name.upper()}_PORT']}/health/ready"
        return Party(name, self.command(name, *arguments), self.environment(name), health)

    def _portal(self) -> Environment:
        keys, settings = self.keys, self.settings
        return {
            "DATABASE_URL": self.databases["portal"],
            "PORTAL_URL": self.address("portal"),
            "PORTAL_HOST": settings.portal_host,
            "PORTAL_PORT": str(settings.portal_port),
            "PORTAL_METRICS_PORT": str(settings.portal_metrics_port),
            "PORTAL_SECRET": keys.token("PORTAL_SECRET"),
            "PORTAL_ALLOWED_HOSTS": "localhost,127.0.0.1",
            "PORTAL_ASSETS": str(settings.portal_assets.resolve()),
            "PORTAL_LOG_FORMAT": "text",
            "PORTAL_EID_ISSUER": self.address("eid"),
            "PORTAL_EID_CLIENT_ID": "portal",
            "PORTAL_EID_CLIENT_KEY": keys.private_key("PORTAL_EID_CLIENT_KEY"),
            "PORTAL_SIGNING_DIALECT": settings.portal_signing_dialect,
            "PORTAL_SIGNBOX_BILLING_PASSWORD": keys.token("PORTAL_SIGNBOX_BILLING_PASSWORD"),
            "PORTAL_PAYMENTS_URL": self.address("payments"),
            "PORTAL_PAYMENTS_API_KEY": keys.token("PAYMENTS_API_KEY"),
            "PORTAL_PAYMENTS_WEBHOOK_SECRET": keys.webhook_secret("PAYMENTS_WEBHOOK_SECRET"),
            "PORTAL_REGISTERS_URL": self.address("registers"),
            "PORTAL_REGISTERS_KEY": keys.private_key("PORTAL_REGISTERS_KEY"),
            "PORTAL_AUDIT_KEY": keys.private_key("PORTAL_AUDIT_KEY"),
            "PORTAL_SEALS": str(self.directory / "seals"),
            "PORTAL_SEAL_PASSPHRASE": keys.token("SEAL_PASSPHRASE"),
            "PORTAL_TRUST_ROOT": str(self.directory / "seals" / "root.pem"),
            "PORTAL_TSA_URL": f"{self.address('eid')}/pki/tsa",
            "PORTAL_SMTP_URL": f"smtp://localhost:{settings.demo_mail_port}",
            "PORTAL_MAIL_FROM": "portal@example.org",
            "PORTAL_SMS_URL": f"http://localhost:{settings.demo_sms_port}",
            "PORTAL_SMS_TOKEN": keys.token("PORTAL_SMS_TOKEN"),
        }

    def _eid(self) -> Environment:
        return {
            "EID_URL": self.address("eid"),
            "EID_HOST": "127.0.0.1",
            "EID_PORT": str(self.settings.eid_port),
            "EID_DATABASE_URL": self.databases["eid"],
            "EID_SECRET": self.keys.token("EID_SECRET"),
            "EID_REGISTERS_URL": self.address("registers"),
            "EID_REGISTERS_TOKEN": self.keys.token("EID_REGISTERS_TOKEN"),
            "EID_PKI": str(self.directory / "pki"),
            "EID_PRIVATE_CLIENTS": "true",
            "EID_SEAL_PASSPHRASE": self.keys.token("SEAL_PASSPHRASE"),
            "EID_ASSETS": str(self.settings.portal_assets.resolve()),
        }

    def _payments(self) -> Environment:
        return {
            "PAYMENTS_URL": self.address("payments"),
            "PAYMENTS_HOST": "127.0.0.1",
            "PAYMENTS_PORT": str(self.settings.payments_port),
            "PAYMENTS_DATABASE_URL": self.databases["payments"],
            "PAYMENTS_API_KEY": self.keys.token("PAYMENTS_API_KEY"),
            "PAYMENTS_WEBHOOK_SECRET": self.keys.webhook_secret("PAYMENTS_WEBHOOK_SECRET"),
            "PAYMENTS_WEBHOOK_URL": f"{self.address('portal')}/webhooks/payments",
            "PAYMENTS_RETURN_ORIGINS": self.address("portal"),
            "PAYMENTS_ASSETS": str(self.settings.portal_assets.resolve()),
        }

    def _registers(self) -> Environment:
        tokens = {
            REGISTERS_CLIENT: json.dumps(Minter(self.keys.private_key("PORTAL_REGISTERS_KEY"), US).public),
            EID_REGISTERS_CLIENT: self.keys.token("EID_REGISTERS_TOKEN"),
        }
        return {
            "REGISTERS_URL": self.address("registers"),
            "REGISTERS_HOST": "127.0.0.1",
            "REGISTERS_PORT": str(self.settings.registers_port),
            "REGISTERS_DATABASE_URL": self.databases["registers"],
            "REGISTERS_TOKENS": json.dumps(tokens),
            "REGISTERS_ACCESS": json.dumps(ACCESS),
            "REGISTERS_AUDIT_TOKEN": self.keys.token("REGISTERS_AUDIT_TOKEN"),
            "REGISTERS_FAULTS": "true",
            "REGISTERS_ASSETS": str(self.settings.portal_assets.resolve()),
        }


def _is_ours(name: str, parties: Iterable[str] = DATABASES) -> bool:
    return name.startswith(tuple(f"{party.upper()}_" for party in parties)) or (
        name == "DATABASE_URL" and "portal" in parties
    )
