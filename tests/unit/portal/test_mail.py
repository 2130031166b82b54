"""A mail says that there is something to read, to the one person, in her language, and nothing of what is in it."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache

import pytest
from jinja2 import Environment
from uuid_utils.compat import uuid7

from i18n.text import LANGUAGES, Language
from portal.mail import compose
from portal.render import environment
from services.catalogue.load import catalogue
from services.notices.notice import Kind, Letter, Notice
from tests.unit.portal.asgi import settings
from tests.unit.portal.english import english_on

HOUSE = settings(url="https://portal.example", mail_from="Portali <portal@example.org>")


@cache
def _words() -> Environment:
    return environment({})


def _letter(kind: Kind = "issued", language: Language = "sq", **more: str) -> Letter:
    notice = Notice(
        id=uuid7(),
        person_id=uuid7(),
        application_id=uuid7(),
        case_id=None,
        reference="2026-7K3M-9QF2",
        service_id="birth-extract",
        kind=kind,
        created_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        read_at=None,
    )
    return Letter(**{"notice": notice, "email": "arta@example.org", "language": language, "given_name": "Arta", **more})  # type: ignore[arg-type]


def _sent(letter: Letter) -> EmailMessage:
    """Return the mail as it arrives."""
    return message_from_bytes(bytes(compose(letter, _words(), HOUSE)), EmailMessage, policy=policy.default)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["issued", "refused"])
def test_it_is_in_her_language_and_leads_to_the_page(kind: Kind, language: Language) -> None:
    letter = _letter(kind, language)
    mail = _sent(letter)
    text = mail.get_content()
    service = catalogue().get("birth-extract")
    assert service
    assert mail["Content-Language"] == language
    assert mail["To"] == "arta@example.org"
    assert "2026-7K3M-9QF2" in mail["Subject"]
    assert "Arta" in text
    assert service.names.say(language) in text
    assert f"https://portal.example/{language}/applications/{letter.notice.application_id}" in text
    if language != "en":
        assert english_on(f"<p>{text.split('https')[0]}</p>", language) == []


def test_the_same_notice_is_the_same_mail_and_another_is_not() -> None:
    one, other = _letter(), _letter()
    assert _sent(one)["Message-ID"] == _sent(one)["Message-ID"] == f"<{one.notice.id}@portal.example>"
    assert _sent(one)["Message-ID"] != _sent(other)["Message-ID"]


def test_nobody_answers_it_automatically() -> None:
    assert _sent(_letter())["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("email", ["a@b\r\nBcc: all@example.org", "a@b\nX: y"])
def test_an_address_cannot_add_a_header(email: str) -> None:
    with pytest.raises(ValueError, match=r"[Hh]eader|newline|linefeed"):
        compose(_letter(email=email), _words(), HOUSE)


def test_a_name_with_letters_of_ours_arrives_whole() -> None:
    for name in ("Çelik", "Đorđe", "D'Arta & Şahin"):
        assert f" {name}," in _sent(_letter(given_name=name)).get_content()
