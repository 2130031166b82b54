"""What the stand-in is told: checked whole, and where people may be sent back to."""

from __future__ import annotations

from typing import Any

import pytest

from payments.sandbox.settings import Settings, WrongSettings, load

GOOD: dict[str, Any] = {
    "PAYMENTS_URL": "https://pay.example/",
    "PAYMENTS_DATABASE_URL": "postgresql://payments@localhost/payments",
    "PAYMENTS_API_KEY": "a key that is long enough",
    "PAYMENTS_WEBHOOK_SECRET": "whsec_" + "QUJD" * 8,
    "PAYMENTS_WEBHOOK_URL": "https://portal.example/webhooks/payments",
    "PAYMENTS_RETURN_ORIGINS": "https://portal.example, http://localhost:8000/",
}


def told(monkeypatch: pytest.MonkeyPatch, **other: str | None) -> Settings:
    for name, value in (GOOD | other).items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    return load()


def test_origins_may_stand_in_a_row_or_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch).return_origins == ("https://portal.example", "http://localhost:8000")
    as_json = told(monkeypatch, PAYMENTS_RETURN_ORIGINS='["https://a.example", "https://b.example"]')
    assert as_json.return_origins == ("https://a.example", "https://b.example")


def test_everything_missing_is_named_at_once_and_no_secret_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WrongSettings) as wrong:
        told(
            monkeypatch,
            PAYMENTS_URL=None,
            PAYMENTS_DATABASE_URL="mysql://secret@there",
            PAYMENTS_API_KEY="short",
            PAYMENTS_WEBHOOK_SECRET="whsec_QUJD",
            PAYMENTS_RETURN_ORIGINS="https://portal.example/a/path",
            PAYMENTS_PORT="99999",
        )
    sentence = str(wrong.value)
    for name in ("URL (missing)", "DATABASE_URL", "API_KEY", "WEBHOOK_SECRET", "RETURN_ORIGINS", "PORT"):
        assert f"PAYMENTS_{name}" in sentence
    assert not any(secret in sentence for secret in ("short", "QUJD", "secret@there"))


@pytest.mark.parametrize(
    "url",
    [
        "https://portal.example",
        "https://portal.example.evil.example/",
        "https://portal.example@evil.example/",
        "https://evil.example/https://portal.example/",
        "http://portal.example/",
        "//portal.example/",
        "javascript:alert(1)",
        "https://portal.example/\r\nSet-Cookie: a=b",
        "https://portal.example/\\evil.example",
        "https://portal.example/ faqe",
        "",
    ],
)
def test_nobody_is_sent_to_another_site(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert not told(monkeypatch).leads_back(url)


def test_people_are_sent_back_to_the_merchants_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch).leads_back("https://portal.example/sq/applications/1/payment/return?x=1")
    assert told(monkeypatch).leads_back("http://localhost:8000/sq/")
