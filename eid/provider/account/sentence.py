"""How My eID says what it knows: what happened, from where, by what means, in what state."""

from __future__ import annotations

from collections.abc import Mapping

from eid.provider.request import Level
from eid.provider.trail.entry import Event, Outcome
from eid.provider.trail.where import Where
from i18n.text import Sayable, Text, _

HAPPENED: Mapping[tuple[Event, Outcome], Text] = {
    ("sign_in", "done"): _("You signed in"),
    ("sign_in", "refused"): _("A sign-in was refused on your phone"),
    ("backchannel", "done"): _("You confirmed on your phone who you are"),
    ("backchannel", "refused"): _("A request to confirm who you are was refused on your phone"),
    ("signature", "done"): _("You signed"),
    ("signature", "refused"): _("A signature was refused on your phone"),
    ("pin", "wrong"): _("A wrong PIN was entered"),
    ("pin", "locked"): _("A wrong PIN was entered, and it is locked"),
    ("puk", "wrong"): _("A wrong PUK was entered"),
    ("puk", "locked"): _("A wrong PUK was entered, and nothing unlocks it any more"),
    ("pin_changed", "done"): _("A PIN was changed"),
    ("session_ended", "done"): _("A session was ended"),
    ("suspended", "done"): _("You said that something was not you: everything was suspended"),
}
_SOMETHING = _("Something happened")
MEANS: Mapping[str, Text] = {
    "pin": _("with the PIN of the demonstration"),
    "phone": _("with the phone"),
    "card": _("with the card"),
}
LEVELS: Mapping[Level, Text] = {
    "low": _("level of assurance: low"),
    "substantial": _("level of assurance: substantial"),
    "high": _("level of assurance: high"),
}
STATES: Mapping[str, tuple[Text, str]] = {
    "valid": (_("valid"), "good"),
    "suspended": (_("suspended"), "waiting"),
    "locked": (_("locked"), "bad"),
    "blocked": (_("blocked"), "bad"),
    "expired": (_("expired"), "neutral"),
    "revoked": (_("revoked"), "bad"),
    "replaced": (_("replaced"), "neutral"),
}
DONE: Mapping[str, Text] = {
    "pin": _("The PIN is the new one."),
    "ended": _("The session is ended. The services that knew of it are told."),
    "others": _("Every other session is ended. The services that knew of them are told."),
    "suspended": _("The certificate is suspended: nothing that is signed with it now is valid."),
    "resumed": _("The certificate is valid again."),
    "revoked": _("The certificate is revoked for good."),
}
_UNKNOWN = _("an unknown device")


def happened(event: Event, outcome: Outcome) -> Text:
    """Return what happened, in a sentence."""
    return HAPPENED.get((event, outcome), _SOMETHING)


def device(where: Where) -> Sayable:
    """Return the device in words."""
    if where.browser and where.system:
        return _("%(browser)s on %(system)s", browser=where.browser, system=where.system)
    known = where.browser or where.system
    return Text(known) if known else _UNKNOWN
