"""Every page and act of My eID as one list."""

from __future__ import annotations

from eid.provider.account import certificate, page, pin, session

HANDLERS = (page.home, page.log, *session.HANDLERS, *certificate.HANDLERS, *pin.HANDLERS)
