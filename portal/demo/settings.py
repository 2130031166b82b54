"""Where the demo's processes listen, and where it keeps what it keeps."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from portal.settings import Dialect, Port


class DemoSettings(BaseSettings):
    """The ports are the parties' own settings; the rest is the demo's."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    portal_host: str = "127.0.0.1"
    portal_port: Port = 8000
    portal_metrics_port: Port = 9000
    eid_port: Port = 8001
    payments_port: Port = 8002
    registers_port: Port = 8003
    demo_mail_port: Port = 8025
    demo_sms_port: Port = 8026
    demo_directory: Path = Path(".local")
    demo_people: int = Field(default=2000, ge=100, le=100_000)
    portal_pg_bin: Path | None = None
    portal_signing_dialect: Dialect = "csc"
    portal_assets: Path = Path(".local/assets")
    database_url: str | None = None

    @property
    def ports(self) -> dict[str, int]:
        """Each port by the name of its setting."""
        return {name.upper(): value for name, value in self.model_dump().items() if name.endswith("_port")}
