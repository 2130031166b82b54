"""What the registers are told from outside: REGISTERS_* in the environment, or files so named in /run/secrets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.registers.sandbox.registry import services, writings

_SECRETS = Path("/run/secrets")
EVENTS = "events"  # the feed, named beside the services of the registers
Token = Annotated[SecretStr, Field(min_length=16)]


class Settings(BaseSettings):
    """Where the registers listen, where their data is, which clients may ask with which token, and what each may ask.

    Of a client the token itself is known, or the key (a JWK as text) by which it signs one for each minute. `access`
    names the services that a client may ask or tell, as in X-Road, and the feed; what is not named is refused.
    `audit_token` opens the registers' own records to an auditor. `faults` lets an operator put registers out of order,
    on a page that is made with `assets`.
    """

    model_config = SettingsConfigDict(
        env_prefix="REGISTERS_", frozen=True, secrets_dir=_SECRETS if _SECRETS.is_dir() else None
    )

    url: str = Field(default="http://127.0.0.1:8003", pattern="^https?://")
    host: str = "127.0.0.1"
    port: int = Field(default=8003, ge=1, le=65535)
    database_url: SecretStr
    tokens: dict[str, Token] = Field(min_length=1)
    access: dict[str, frozenset[str]]
    audit_token: Token | None = None
    faults: bool = False
    assets: Path = Path(".local/assets")

    @field_validator("access")
    @classmethod
    def _names_what_there_is(cls, access: dict[str, frozenset[str]], info: ValidationInfo) -> dict[str, frozenset[str]]:
        """Refuse a right that nobody could use: a slip of the pen would deny in silence what was meant to be given."""
        strangers = access.keys() - info.data.get("tokens", access).keys()
        nothing = frozenset[str]().union(*access.values()) - {*services(), *writings(), EVENTS}
        if strangers or nothing:
            raise ValueError(f"names what there is not: {', '.join(sorted(strangers | nothing))}")
        return access

    @property
    def hosts(self) -> frozenset[str]:
        """Return the names under which the operator's page may be opened."""
        near = (f"{name}:{self.port}" for name in (self.host, "localhost", "127.0.0.1"))
        return frozenset({urlsplit(self.url).netloc, *near})


class WrongSettings(Exception):  # noqa: N818 - a sentence for who starts the program
    """Settings are missing or wrong; the message names each."""


def load() -> Settings:
    """Return the settings, or raise WrongSettings naming every one that is missing or wrong."""
    try:
        return Settings()  # pyright: ignore[reportCallIssue] - the environment fills them in
    except ValidationError as wrong:
        faults = sorted({f"REGISTERS_{str(fault['loc'][0]).upper()} ({fault['msg']})" for fault in wrong.errors()})
        raise WrongSettings("Settings missing or wrong: " + "; ".join(faults)) from None
    except ValueError as wrong:  # a value that is no JSON: pydantic says of which field
        field = re.search(r'field "(\w+)"', str(wrong))
        name = f"REGISTERS_{field[1].upper()}" if field else "what is a list of names"
        raise WrongSettings(f"Settings missing or wrong: {name} must be JSON") from None
