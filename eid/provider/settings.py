"""What the eID is told from outside: one frozen `Settings`, checked whole before anything starts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_SECRET_FILES = Path("/run/secrets")


class WrongSettings(Exception):  # noqa: N818 - what is wrong, as one sentence
    """Settings are missing or cannot be used; the sentence names every one of them, and no value."""


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must look like https://host")
    return url.rstrip("/")


Address = Annotated[str, AfterValidator(_address)]


class Settings(BaseSettings):
    """Everything the eID is told; `url` is its public address, and so its issuer name."""

    model_config = SettingsConfigDict(
        env_prefix="EID_",
        secrets_dir=_SECRET_FILES if _SECRET_FILES.is_dir() else None,
        extra="ignore",
        frozen=True,
    )

    url: Address = "http://localhost:8001"
    host: str = "127.0.0.1"
    port: int = Field(default=8001, ge=1, le=65535)
    database_url: str = Field(repr=False)
    secret: str = Field(min_length=32, repr=False)
    registers_url: Address = "http://localhost:8003"
    registers_token: str = Field(min_length=16, repr=False)
    pki: Path = Path(".local/pki")
    seal_passphrase: str | None = Field(default=None, min_length=32, repr=False)  # an institution's, for `pki seal`
    assets: Path = Path(".local/assets")
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    # Whether a proxy of ours stands in front and writes X-Forwarded-For: limits then count its last address.
    behind_proxy: bool = False
    # Whether wrong answers can be asked for, to try clients: for a demonstration or a test, where nobody is at stake.
    faults: bool = False
    # Whether clients may be on this machine or in a private network, where their keys are fetched and logouts told.
    private_clients: bool = False
    pool_size: int = Field(default=8, ge=1, le=200)
    lock_minutes: int = Field(default=15, ge=1, le=24 * 60)
    requests_per_minute: int = Field(default=1200, ge=1)
    failures_per_minute: int = Field(default=30, ge=1)

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, url: str) -> str:
        if urlsplit(url).scheme not in {"postgresql", "postgres"}:
            raise ValueError("must look like postgresql://user:password@host:5432/name")
        return url

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _by_comma(cls, hosts: object) -> object:
        return tuple(host.strip() for host in hosts.split(",") if host.strip()) if isinstance(hosts, str) else hosts

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach us over TLS: cookies are then Secure and `__Host-`, and HSTS is sent."""
        return self.url.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """The Host names that are answered: our public one, this machine for health checks, and those allowed."""
        return frozenset({urlsplit(self.url).hostname or "localhost", "localhost", "127.0.0.1", *self.allowed_hosts})


def load() -> Settings:
    """Return the settings of this process; raise WrongSettings with one sentence about all that is wrong."""
    try:
        return Settings()  # type: ignore[call-arg]  # pydantic-settings reads the environment
    except ValidationError as error:
        faults = [
            (f"EID_{str(fault['loc'][0]).upper()}", fault["type"], fault["msg"].removeprefix("Value error, "))
            for fault in error.errors(include_url=False, include_input=False)
        ]
        missing = ", ".join(name for name, kind, _why in faults if kind == "missing")
        wrong = ", ".join(f"{name} ({why})" for name, kind, why in faults if kind != "missing")
        parts = [f"missing: {missing}"] * bool(missing) + [f"wrong: {wrong}"] * bool(wrong)
        raise WrongSettings(f"Settings {'; '.join(parts)}. See .env.example.") from None
