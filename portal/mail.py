"""Sends a notice by e-mail: that there is something to read, never what is in it."""

from __future__ import annotations

from email.message import EmailMessage
from urllib.parse import urlsplit

import aiosmtplib
from jinja2 import Environment

from portal.settings import Settings
from services.catalogue.load import catalogue
from services.notices.notice import Letter

_SECONDS = 10.0


def compose(letter: Letter, environment: Environment, settings: Settings) -> EmailMessage:
    """Return the mail in the reader's language; its Message-ID is the notice's, so a repeat is recognised."""
    notice, host = letter.notice, urlsplit(settings.url).hostname or "localhost"
    mail = EmailMessage()
    mail["From"] = settings.mail_from
    mail["To"] = letter.email
    mail["Subject"] = f"{notice.subject.say(letter.language)} ({notice.reference})"
    mail["Message-ID"] = f"<{notice.id}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(
        environment.get_template("notices/notice.txt").render(
            language=letter.language,
            letter=letter,
            service=catalogue().get(notice.service_id),
            address=f"{settings.url}/{letter.language}/applications/{notice.application_id}",
        )
    )
    mail["Content-Language"] = letter.language  # after the content, which takes such headers away
    return mail


async def send(mail: EmailMessage, settings: Settings) -> None:
    """Hand the mail to the server of PORTAL_SMTP_URL; raises what aiosmtplib raises, and the task is tried again."""
    server = urlsplit(settings.smtp_url)
    await aiosmtplib.send(
        mail,
        hostname=server.hostname,
        port=server.port,
        username=server.username,
        password=server.password,
        use_tls=server.scheme == "smtps",
        timeout=_SECONDS,
    )
