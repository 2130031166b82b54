"""What the tests of this room agree on."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from i18n.text import Wording

API_KEY = "the merchant's key in tests"
SECRET = "whsec_" + base64.b64encode(b"a webhook secret of 32 bytes....").decode()
MERCHANT = "http://portal.test"
BIRTH_EXTRACT = Wording("Ekstrakti i lindjes", "Ekstrakt rođenja", "Birth extract")


def now() -> datetime:
    """Return the time at the edge of a test."""
    return datetime.now(UTC)
