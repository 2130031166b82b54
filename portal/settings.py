"""What the portal is told from outside: one frozen `Settings`, checked whole before anything starts.

Values come from the environment, else from `.env`, else from files in /run/secrets named like the setting.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AliasChoices,
    Field,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.networks import AnyHttpUrl
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from eid.preset import Preset, is_secret_shared
from services.attachments.attachment import MEGABYTE, Limits
from services.catalogue.question import MOST_FILES, MOST_MEGABYTES

_SECRET_FILES = Path("/run/secrets")
_HTTP = TypeAdapter(AnyHttpUrl)


def _origin_or_base(url: str) -> str:
    """Return an http(s) address as it was written, without a slash at its end."""
    _HTTP.validate_python(url)
    return url.rstrip("/")


def _address(url: str) -> str:
    """Return an http(s) address letter by letter as it was written."""
    _HTTP.validate_python(url)
    return url


Address = Annotated[str, AfterValidator(_origin_or_base)]
Issuer = Annotated[str, AfterValidator(_address)]  # some end in a slash, and it counts
Secret = Annotated[str, Field(min_length=16, repr=False)]
Port = Annotated[int, Field(ge=1, le=65535)]
# How people sign: csc asks them at the signing service, signbox on a page of ours, through which their secrets pass.
Dialect = Literal["csc", "signbox"]


class WrongSettings(Exception):  # noqa: N818 - what is wrong, as one sentence
    """Settings are missing or cannot be used; the sentence names every one of them."""


class _Outside(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="PORTAL_",
        env_file=".env",
        env_ignore_empty=True,
        secrets_dir=_SECRET_FILES if _SECRET_FILES.is_dir() else None,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )


class FrontEndSettings(_Outside):
    """Where the built style sheets and scripts lie."""

    assets: Path = Path(".local/assets")


class DatabaseSettings(_Outside):
    """Where the portal's database is. Without `database_url`, the embedded PostgreSQL of this checkout."""

    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL", repr=False)
    pg_bin: Path | None = None
    pool_size: int = Field(default=16, ge=1, le=500)
    statement_cache_size: int = Field(default=256, ge=0)

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, url: str | None) -> str | None:
        if url and urlsplit(url).scheme not in {"postgresql", "postgres"}:
            raise ValueError("must look like postgresql://user:password@host:5432/name")
        return url


class Settings(DatabaseSettings, FrontEndSettings):
    """Everything the portal is told; `secure`, `origin`, `eid_origin` and `payments_origin` follow from it."""

    url: Address = "http://localhost:8000"
    host: str = "127.0.0.1"
    port: Port = 8000
    metrics_host: str = "127.0.0.1"
    metrics_port: Port = 9000
    secret: Annotated[str, Field(min_length=32, repr=False)]
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    assets: Path = Path(".local/assets")
    log_format: Literal["text", "json"] = "json"

    eid_preset: Preset = "mock-fapi"
    eid_issuer: Issuer = "http://localhost:8001"
    eid_client_id: str = "portal"
    eid_client_key: Annotated[str | None, Field(repr=False, validate_default=True)] = None
    eid_client_secret: Annotated[str | None, Field(min_length=16, repr=False, validate_default=True)] = None
    eid_country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "XK"

    signing_url: Address | None = None
    signing_dialect: Dialect = "csc"
    signbox_billing_username: str = "portal-signbox"
    signbox_billing_password: Annotated[str | None, Field(min_length=16, repr=False, validate_default=True)] = None

    payments_url: Address = "http://localhost:8002"
    payments_api_key: Secret
    payments_webhook_secret: Secret

    registers_url: Address = "http://localhost:8003"
    registers_token: Annotated[str | None, Field(min_length=16, repr=False)] = None
    registers_key: Annotated[str, Field(repr=False)]
    registers_signed: bool = True
    audit_key: Annotated[str, Field(repr=False)]

    seals: Path = Path(".local/seals")
    seal_passphrase: Annotated[str | None, Field(min_length=32, repr=False)] = None
    tsa_url: Address = "http://localhost:8001/pki/tsa"
    trust_root: Path = Path(".local/seals/root.pem")

    clamd: Annotated[str | None, Field(pattern=r"^[^\s/]+:[0-9]{1,5}$")] = None
    attachment_megabytes: int = Field(default=10, ge=1, le=MOST_MEGABYTES)
    attachments_of_question: int = Field(default=3, ge=1, le=MOST_FILES)
    attachments_of_application: int = Field(default=15, ge=1, le=100)

    smtp_url: str = "smtp://localhost:8025"
    mail_from: str = "portal@example.org"
    sms_url: Address | None = None
    sms_token: Annotated[str | None, Field(min_length=16, repr=False, validate_default=True)] = None

    @field_validator("allowed_hosts", "trusted_proxies", mode="before")
    @classmethod
    def _by_comma(cls, hosts: str | Sequence[str]) -> Sequence[str]:
        return [host.strip() for host in hosts.split(",") if host.strip()] if isinstance(hosts, str) else hosts

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return tuple(str(ip_network(proxy)) for proxy in proxies)
        except ValueError:
            raise ValueError("must be addresses or networks such as 10.0.0.7 or 172.16.0.0/12") from None

    @field_validator("eid_client_key", "eid_client_secret")
    @classmethod
    def _is_what_the_preset_needs(cls, given: str | None, info: ValidationInfo) -> str | None:
        preset: Preset | None = info.data.get("eid_preset")
        is_needed = preset is not None and is_secret_shared(preset) == (info.field_name == "eid_client_secret")
        if is_needed and given is None:
            raise PydanticCustomError("missing", "is missing")
        return given

    @field_validator("signbox_billing_password")
    @classmethod
    def _is_there_for_signbox(cls, password: str | None, info: ValidationInfo) -> str | None:
        if password is None and info.data.get("signing_dialect") == "signbox":
            raise PydanticCustomError("missing", "is missing")
        return password

    @field_validator("eid_client_key", "registers_key", "audit_key")
    @classmethod
    def _is_pem(cls, key: str | None) -> str | None:
        if key is not None and "PRIVATE KEY-----" not in key:
            raise ValueError("must be a private key in PEM")
        return key

    @field_validator("sms_token")
    @classmethod
    def _comes_with_its_gateway(cls, token: str | None, info: ValidationInfo) -> str | None:
        if token is None and info.data.get("sms_url"):
            raise PydanticCustomError("missing", "is missing")
        return token

    @field_validator("smtp_url")
    @classmethod
    def _is_smtp(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("must look like smtp://host:port")
        return url

    @property
    def secure(self) -> bool:
        """Whether citizens reach the portal over TLS: cookies are then Secure and `__Host-`, and HSTS is sent."""
        return self.url.startswith("https://")

    @property
    def origin(self) -> str:
        """The portal's own origin, as browsers write it."""
        return origin(self.url)

    @property
    def eid_origin(self) -> str:
        """The origin of the eID provider, where sign-in forms may lead."""
        return origin(self.eid_issuer)

    @property
    def signing_base(self) -> str:
        """Where the signing service's API is: at the eID, unless it is told to be elsewhere."""
        return self.signing_url or self.eid_issuer.rstrip("/")

    @property
    def eid_account(self) -> str | None:
        """The page where a person sees her own eID; None when this kind of eID has none that we know."""
        return f"{self.eid_issuer.rstrip('/')}/my" if self.eid_preset == "mock-fapi" else None

    @property
    def attachment_limits(self) -> Limits:
        """How much may be attached where a question does not say otherwise."""
        size = self.attachment_megabytes * MEGABYTE
        return Limits(size, self.attachments_of_question, self.attachments_of_application)

    @property
    def payments_origin(self) -> str:
        """The origin of the payment provider's hosted pages."""
        return origin(self.payments_url)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The Host names that the portal answers to: those allowed, else the one of its own address."""
        return self.allowed_hosts or (urlsplit(self.url).hostname or "localhost",)


def origin(url: str) -> str:
    """Return scheme, host and port of an address, as browsers write an origin."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


Kind = TypeVar("Kind", bound=BaseSettings)


def load(kind: type[Kind]) -> Kind:
    """Return settings read from outside; raise WrongSettings with one sentence about everything missing or wrong."""
    try:
        return kind()
    except ValidationError as error:
        raise WrongSettings(_sentence(kind, error)) from None


def names(kind: type[BaseSettings]) -> dict[str, str]:
    """Return each field of `kind` with the name of its setting in the environment."""
    prefix = kind.model_config.get("env_prefix", "")
    return {
        name: _alias(field.validation_alias) or (prefix + name).upper() for name, field in kind.model_fields.items()
    }


def _alias(alias: object) -> str | None:
    if isinstance(alias, AliasChoices):
        return str(alias.choices[0])
    return alias if isinstance(alias, str) else None


def _sentence(kind: type[BaseSettings], error: ValidationError) -> str:
    """Name what is missing and what is wrong and why, never the value: it may be a secret."""
    known = names(kind)
    missing: list[str] = []
    wrong: list[str] = []
    for fault in error.errors(include_url=False, include_input=False):
        field = str(fault["loc"][0])
        name = known.get(field, field)
        if fault["type"] == "missing":
            missing.append(name)
        else:
            wrong.append(f"{name} ({fault['msg'].removeprefix('Value error, ')})")
    parts = [f"missing: {', '.join(missing)}"] if missing else []
    parts += [f"wrong: {', '.join(wrong)}"] if wrong else []
    return f"Settings {'; '.join(parts)}. See .env.example."
