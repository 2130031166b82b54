"""Sends short messages to phones through an SMS gateway."""

from __future__ import annotations

from uuid import UUID

import httpx

from i18n.refusal import Unreachable
from i18n.text import _

_REFUSED = {400, 404, 410, 422}  # what will not change: no such number, nothing that can be sent


class Sms:
    """A gateway that takes `POST /messages`: JSON of `to` (E.164) and `text`, a repeat known by its Idempotency-Key."""

    def __init__(self, base_url: str, token: str, http: httpx.AsyncClient) -> None:
        self._url = f"{base_url}/messages"
        self._token = token
        self._http = http

    async def is_taken(self, message_id: UUID, to: str, text: str) -> bool:
        """Hand a message over; False when the gateway refuses it for good. Unreachable while it does not take any."""
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": str(message_id)}
        try:
            answer = await self._http.post(self._url, json={"to": to, "text": text}, headers=headers)
        except httpx.HTTPError:
            raise _silent() from None
        if answer.status_code in _REFUSED:
            return False
        if not answer.is_success:
            raise _silent()
        return True


def _silent() -> Unreachable:
    return Unreachable("sms_gateway", _("Messages to phones cannot be sent at the moment."))
