"""Sends a notice by e-mail: that there is something to read, never what is in it."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib
import structlog
from jinja2 import Environment

from i18n.text import Language
from portal.database import Database
from portal.render import make_environment
from portal.settings import Settings
from services.catalogue.load import catalogue
from services.notices import inbox
from services.notices.notice import Letter

_log = structlog.get_logger("portal.mail")
_SECONDS = 10.0
_FOR_GOOD = 500  # an SMTP reply from here on will not change (RFC 5321, 4.2.1)


class Postman:
    """Brings the mail of notices to the mail server."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._environment = make_environment(settings)

    async def deliver(self, notice_id: UUID, now: datetime) -> None:
        """Send the mail of a notice, once; what the server refuses for good is given up, all else is raised."""
        async with self._database.connect() as connection:
            letter = await inbox.letter(connection, notice_id)
        if letter is None:
            return
        if not await is_taken(compose(letter, self._environment, self._settings), self._settings):
            _log.warning("mail_refused", notice_id=str(notice_id))
            return
        async with self._database.transaction() as connection:
            await inbox.mailed(connection, notice_id, now)


def compose(letter: Letter, environment: Environment, settings: Settings) -> EmailMessage:
    """Return the mail in the reader's language; its Message-ID is the notice's, so a repeat is recognised."""
    notice = letter.notice
    text = environment.get_template("notices/notice.txt").render(
        language=letter.language,
        letter=letter,
        service=catalogue().get(notice.service_id) if notice.service_id else None,
        address=f"{settings.url}/{letter.language}{notice.page}",
    )
    subject = f"{notice.subject.say(letter.language)} ({notice.reference})"
    return addressed(letter.email, subject, text, notice.id, letter.language, settings)


def addressed(  # noqa: PLR0917 - a letter is all of this
    to: str, subject: str, text: str, message_id: UUID, language: Language, settings: Settings
) -> EmailMessage:
    """Return a mail of the portal's."""
    mail = EmailMessage()
    mail["From"] = settings.mail_from
    mail["To"] = to
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{message_id}@{urlsplit(settings.url).hostname or 'localhost'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    mail["Content-Language"] = language  # after the content, which takes such headers away
    return mail


async def is_taken(mail: EmailMessage, settings: Settings) -> bool:
    """Hand the mail to the server; False when it refuses the reader for good. What may pass is raised."""
    try:
        await send(mail, settings)
    except aiosmtplib.SMTPRecipientsRefused as refused:
        if any(recipient.code < _FOR_GOOD for recipient in refused.recipients):
            raise
        return False
    return True


async def send(mail: EmailMessage, settings: Settings) -> None:
    """Hand the mail to the server of PORTAL_SMTP_URL; raises what aiosmtplib raises."""
    server = urlsplit(settings.smtp_url)
    await aiosmtplib.send(
        mail,
        hostname=server.hostname,
        port=server.port,
        username=unquote(server.username) if server.username else None,
        password=unquote(server.password) if server.password else None,
        use_tls=server.scheme == "smtps",
        timeout=_SECONDS,
    )
