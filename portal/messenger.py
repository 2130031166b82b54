"""Tells people that something waits for them, by e-mail or SMS: where to look, and nothing of what it is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog

from i18n.text import Text, _
from portal.database import Database
from portal.mail import addressed, is_taken
from portal.render import make_environment
from portal.settings import Settings
from portal.sms import Sms
from services.offers import telling
from services.offers.preference import Message

_log = structlog.get_logger("portal.messenger")
_SUBJECT = _("Something waits for you in the citizen portal")


class Messenger:
    """Brings messages about offers to the mail server and the SMS gateway. Bringing one twice brings it once."""

    def __init__(self, settings: Settings, database: Database, sms: Sms | None) -> None:
        self._settings = settings
        self._database = database
        self._sms = sms
        self._environment = make_environment(settings)

    async def deliver(self, message_id: UUID, now: datetime) -> None:
        """Send a message by its channel; what is refused for good is given up, all else is raised."""
        async with self._database.connect() as connection:
            message = await telling.message(connection, message_id)
        if message is None:
            return
        if not await (self._mailed(message) if message.channel == "email" else self._texted(message)):
            _log.warning("offer_message_refused", channel=message.channel, message_id=str(message_id))
            return
        async with self._database.transaction() as connection:
            await telling.sent(connection, message_id, now)

    async def _mailed(self, message: Message) -> bool:
        base = f"{self._settings.url}/{message.language}"
        template = self._environment.get_template("notices/offer.txt")
        text = template.render(language=message.language, address=f"{base}/offers", choice=f"{base}/offers/preferences")
        subject = _SUBJECT.say(message.language)
        mail = addressed(message.to, subject, text, message.id, message.language, self._settings)
        return await is_taken(mail, self._settings)

    async def _texted(self, message: Message) -> bool:
        if self._sms is None:
            return False
        return await self._sms.is_taken(
            message.id, message.to, short(message, self._settings.url).say(message.language)
        )


def short(message: Message, url: str) -> Text:
    """Return what an SMS says."""
    address = f"{url}/{message.language}/offers"
    return _("DEMO. Something waits for you in the citizen portal: %(address)s", address=address)
