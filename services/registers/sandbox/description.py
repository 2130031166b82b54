"""What someone reads who opens the registers' address in a browser."""

from __future__ import annotations

from i18n.text import Language, Sayable, _
from services.registers.sandbox.registry import registers

_BEFORE: tuple[Sayable | str, ...] = (
    _("State registers (DEMO)"),
    "",
    _("This is a stand-in for the state's registers. Everyone in it is invented."),
    _("Programs that may ask do so by the X-Road message protocol for REST:"),
    "",
)
_AFTER: tuple[Sayable | str, ...] = (
    "",
    "X-Road-Client, X-Road-Id, X-Road-UserId, X-Road-Issue, X-Road-Represented-Party, X-Subject, Authorization: Bearer",
    "",
    _("Each program may ask what it was given the right to ask; whatever else it tries is refused and recorded."),
    _("Each register records who asked, for whom and when."),
    _("Each answer is signed by its register; the keys are published:"),
    "GET /.well-known/jwks.json",
)


def description(language: Language) -> str:
    """Return the page as plain text."""
    lines: list[Sayable | str] = [*_BEFORE]
    for register in registers().values():
        lines += [register.name, *(f"GET /r1/{register.subsystem}/{service.code}" for service in register.services), ""]
    return "\n".join(line if isinstance(line, str) else line.say(language) for line in (*lines, *_AFTER)) + "\n"
