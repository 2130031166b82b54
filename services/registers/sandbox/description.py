"""What someone reads who opens the registers' address in a browser."""

from __future__ import annotations

from i18n.text import Language, Sayable, _

_LINES: tuple[Sayable | str, ...] = (
    _("State registers (DEMO)"),
    "",
    _("This is a stand-in for the state's registers. Everyone in it is invented."),
    _("Programs that may ask do so by the X-Road message protocol for REST:"),
    "",
    "GET /r1/XK/GOV/ARC/civil-status/person",
    "GET /r1/XK/GOV/ARC/civil-status/children",
    "GET /r1/XK/GOV/ARC/civil-status/parents",
    "GET /r1/XK/GOV/ARC/addresses/address",
    "GET /r1/XK/GOV/ARC/vehicles/vehicles",
    "",
    "X-Road-Client, X-Road-Id, X-Road-UserId, X-Road-Issue, X-Subject, Authorization: Bearer",
    "",
    _("Each register records who asked, for whom and when."),
)


def description(language: Language) -> str:
    """Return the page as plain text."""
    return "\n".join(line if isinstance(line, str) else line.say(language) for line in _LINES) + "\n"
