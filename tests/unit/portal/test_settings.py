"""Whoever starts the portal with wrong settings reads one sentence that names all of them, and no secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.settings import DatabaseSettings, Settings, WrongSettings, load

KEY = "-----BEGIN PRIVATE KEY-----\nMIG…\n-----END PRIVATE KEY-----\n"
WHOLE = {
    "PORTAL_SECRET": "s" * 32,
    "PORTAL_EID_CLIENT_KEY": KEY,
    "PORTAL_PAYMENTS_API_KEY": "k" * 16,
    "PORTAL_PAYMENTS_WEBHOOK_SECRET": "w" * 16,
    "PORTAL_REGISTERS_KEY": KEY,
    "PORTAL_AUDIT_KEY": KEY,
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine, and no `.env`, reaches a test."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"PORTAL_{name.upper()}", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)


def test_everything_missing_is_named_at_once() -> None:
    with pytest.raises(WrongSettings) as told:
        load(Settings)
    assert str(told.value) == f"Settings missing: {', '.join(WHOLE)}. See .env.example."


@pytest.mark.usefixtures("whole")
def test_wrong_ones_are_named_with_the_reason_and_never_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_PORT", "eighty")
    monkeypatch.setenv("PORTAL_SECRET", "too short, and secret")
    monkeypatch.setenv("PORTAL_URL", "gov.example")
    monkeypatch.setenv("DATABASE_URL", "mysql://root:hidden@db/portal")
    monkeypatch.setenv("PORTAL_SMTP_URL", "mail.example")
    with pytest.raises(WrongSettings) as told:
        load(Settings)
    for name in ("PORTAL_PORT", "PORTAL_SECRET", "PORTAL_URL", "DATABASE_URL", "PORTAL_SMTP_URL"):
        assert name in str(told.value)
    assert "secret" not in str(told.value).replace("PORTAL_SECRET", "")
    assert "hidden" not in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.usefixtures("whole")
def test_people_sign_at_the_signing_service_unless_told_and_signbox_needs_an_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert load(Settings).signing_dialect == "csc"
    monkeypatch.setenv("PORTAL_SIGNING_DIALECT", "signbox")
    with pytest.raises(WrongSettings) as told:
        load(Settings)
    assert str(told.value) == "Settings missing: PORTAL_SIGNBOX_BILLING_PASSWORD. See .env.example."
    monkeypatch.setenv("PORTAL_SIGNBOX_BILLING_PASSWORD", "a password of the portal")
    assert "a password" not in repr(load(Settings))


@pytest.mark.usefixtures("whole")
def test_secrets_do_not_show_when_settings_are_printed() -> None:
    shown = repr(load(Settings))
    assert not any(value in shown for value in WHOLE.values())


@pytest.mark.usefixtures("whole")
def test_an_empty_value_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("PORTAL_PORT", "")
    assert load(Settings).database_url is None
    assert load(Settings).port == 8000


@pytest.mark.usefixtures("whole")
def test_what_follows_from_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_URL", "https://portal.example/")
    monkeypatch.setenv("PORTAL_EID_ISSUER", "https://eid.example:8443/oidc")
    settings = load(Settings)
    assert settings.secure
    assert (settings.url, settings.hosts) == ("https://portal.example", ("portal.example",))
    assert settings.eid_origin == "https://eid.example:8443"
    monkeypatch.setenv("PORTAL_ALLOWED_HOSTS", "portal.example, www.portal.example")
    assert load(Settings).hosts == ("portal.example", "www.portal.example")


def test_secrets_may_stand_in_files(tmp_path: Path) -> None:
    for name, value in WHOLE.items():
        (tmp_path / name).write_text(value)
    settings = Settings(_secrets_dir=tmp_path)  # pyright: ignore[reportCallIssue] - the files fill it
    assert settings.eid_client_key == KEY.strip()


def test_a_dotenv_file_counts_and_the_environment_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("PORTAL_POOL_SIZE=3\nDATABASE_URL=postgresql://a@b/c\nEID_PORT=1\n")
    assert load(DatabaseSettings).pool_size == 3
    monkeypatch.setenv("PORTAL_POOL_SIZE", "4")
    assert load(DatabaseSettings).pool_size == 4
