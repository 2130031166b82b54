"""What the stand-in is told from outside: one frozen `Settings`, checked whole before anything starts."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_PREFIX = "PAYMENTS_"
_SECRETS = Path("/run/secrets")  # where containers mount secrets, one file a setting
_LEAST_KEY, _LEAST_SECRET, _MOST_SECRET = 16, 24, 64  # Standard Webhooks: a secret of 24 to 64 bytes


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an http:// or https:// address")
    return url.rstrip("/")


def _origin(url: str) -> str:
    parts = urlsplit(_address(url))
    if parts.path or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must be origins such as https://portal.example, without a path")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _database(url: str) -> str:
    if urlsplit(url).scheme not in {"postgresql", "postgres"}:
        raise ValueError("must be a postgresql:// address")
    return url


def _long_enough(key: SecretStr) -> SecretStr:
    if len(key.get_secret_value()) < _LEAST_KEY:
        raise ValueError(f"must have at least {_LEAST_KEY} characters")
    return key


def _webhook_secret(secret: SecretStr) -> SecretStr:
    prefix, _underscore, encoded = secret.get_secret_value().partition("_")
    try:
        size = len(base64.b64decode(encoded, validate=True))
    except binascii.Error:
        size = 0
    if prefix != "whsec" or not _LEAST_SECRET <= size <= _MOST_SECRET:
        raise ValueError("must be whsec_ and 24 to 64 bytes in base64")
    return secret


def _listed(value: object) -> object:
    """Take `a, b` as well as `["a", "b"]`."""
    if not isinstance(value, str):
        return value
    return json.loads(value) if value.lstrip().startswith("[") else value.replace(",", " ").split()


Address = Annotated[str, AfterValidator(_address)]
Origins = Annotated[
    tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode, BeforeValidator(_listed), Field(min_length=1)
]


class Settings(BaseSettings):
    """Where the stand-in lives, who may open payments, whom it tells, and where it may send people back to."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, frozen=True, extra="ignore", secrets_dir=_SECRETS if _SECRETS.is_dir() else None
    )

    url: Address
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8002
    database_url: Annotated[str, AfterValidator(_database), Field(repr=False)]
    api_key: Annotated[SecretStr, AfterValidator(_long_enough)]
    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)]
    webhook_url: Address
    return_origins: Origins
    assets: Path = Path(".local/assets")
    lifetime_minutes: Annotated[int, Field(ge=1, le=60 * 24 * 30)] = 60

    @property
    def secure(self) -> bool:
        """Whether people reach the pages over TLS."""
        return self.url.startswith("https://")

    @property
    def lifetime(self) -> timedelta:
        """How long an opened payment waits for the person."""
        return timedelta(minutes=self.lifetime_minutes)

    def leads_back(self, url: str) -> bool:
        """Whether `url` is a page of a merchant that people may be sent back to."""
        plain = url.isascii() and url.isprintable() and not set(url) & set('\\ "<>')
        return plain and any(url.startswith(f"{origin}/") for origin in self.return_origins)


class WrongSettings(Exception):  # noqa: N818 - what is wrong, as one sentence
    """Settings are missing or cannot be used; the sentence names every one of them, never a value."""


def load() -> Settings:
    """Return the settings of the environment, or raise WrongSettings."""
    try:
        return Settings()  # type: ignore[call-arg] - the environment fills it
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        named = dict.fromkeys(f"{_PREFIX}{str(fault['loc'][0]).upper()} ({_said(fault['msg'])})" for fault in faults)
        raise WrongSettings(f"Settings to set or correct: {', '.join(named)}.") from None


def _said(message: str) -> str:
    return {"Field required": "missing"}.get(message, message.removeprefix("Value error, "))
