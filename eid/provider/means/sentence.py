"""What is said of a card, a phone and their PINs: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eid.provider.means.code import DIGITS, CodeName, MeansKind, Pin, State
from i18n.text import Sayable, Text, _, n_

PIN_NAMES: Mapping[CodeName, Sayable] = {"pin1": _("PIN1"), "pin2": _("PIN2"), "puk": _("PUK")}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a card or a phone cannot be used: the page's title, what happened, what to do."""

    title: Sayable
    lead: Sayable
    advice: Sayable
    is_unlockable: bool = False


def wrong_pin(left: int) -> Sayable:
    """Return the sentence for a wrong PIN after which some tries are left."""
    return n_(
        "This PIN is wrong. You have %(count)s try left.", "This PIN is wrong. You have %(count)s tries left.", left
    )


def wrong_puk(left: int) -> Sayable:
    """Return the sentence for a wrong PUK after which some tries are left."""
    return n_(
        "This PUK is wrong. You have %(count)s try left; after that nothing unlocks it any more.",
        "This PUK is wrong. You have %(count)s tries left; after them nothing unlocks it any more.",
        left,
    )


def enter(pin: Pin) -> Text:
    """Return the sentence for a PIN that is missing."""
    return _("Enter PIN1.") if pin == "pin1" else _("Enter PIN2.")


def fault_of(pin: CodeName, typed: str) -> Sayable | None:
    """Return what is wrong with the digits of a new PIN; None when it can be one."""
    fewest = DIGITS[pin]
    if typed.isascii() and typed.isdecimal() and fewest <= len(typed) <= DIGITS["puk"]:
        return None
    return _("A new PIN has %(fewest)s to 8 digits.", fewest=fewest)


def obstacle(kind: MeansKind, state: State) -> Obstacle:
    """Return what is said of a card or a phone in a state other than valid."""
    return _OBSTACLES[kind][state]


_RENEW_CARD = _("Apply for a new card at a document centre. Until it is ready, use your phone where that is enough.")
_RENEW_PHONE = _("Enrol your phone anew at a document centre. Until then, use your card.")
_OBSTACLES: Mapping[MeansKind, Mapping[State, Obstacle]] = {
    "card": {
        "missing": Obstacle(
            _("You have no card"),
            _("No card is enrolled for this eID."),
            _("Apply for a card at a document centre, or use your phone where that is enough."),
        ),
        "locked": Obstacle(
            _("This PIN of your card is locked"),
            _("A wrong PIN was entered three times in a row, so this PIN cannot be used for now."),
            _("Unlock it with the PUK from the letter that came with your card, and choose a new PIN."),
            is_unlockable=True,
        ),
        "blocked": Obstacle(
            _("Your card is blocked for good"),
            _("A wrong PUK was entered three times, so nothing can unlock this card."),
            _RENEW_CARD,
        ),
        "expired": Obstacle(
            _("Your card has expired"),
            _("The date until which your card was valid has passed, so it cannot be used."),
            _RENEW_CARD,
        ),
        "suspended": Obstacle(
            _("Your card is suspended"),
            _("Its use was stopped for a time, by you or by the document centre."),
            _("Ask a document centre to end the suspension, or use your phone where that is enough."),
        ),
        "revoked": Obstacle(
            _("Your card is revoked"),
            _("It was reported lost or stolen, or another card took its place, so it cannot be used any more."),
            _RENEW_CARD,
        ),
    },
    "phone": {
        "missing": Obstacle(
            _("You have no phone enrolled"),
            _("No phone is enrolled for this eID."),
            _("Enrol a phone at a document centre, or use your card."),
        ),
        "locked": Obstacle(
            _("This PIN of your phone is locked"),
            _("A wrong PIN was entered three times in a row, so this PIN cannot be used for now."),
            _("Unlock it on your phone with the PUK from your letter, and choose a new PIN."),
            is_unlockable=True,
        ),
        "blocked": Obstacle(
            _("Your phone is blocked for good"),
            _("A wrong PUK was entered three times, so nothing can unlock the eID on this phone."),
            _RENEW_PHONE,
        ),
        "expired": Obstacle(
            _("The eID on your phone has expired"),
            _("The date until which it was valid has passed, so it cannot be used."),
            _RENEW_PHONE,
        ),
        "suspended": Obstacle(
            _("The eID on your phone is suspended"),
            _("Its use was stopped for a time, by you or by the document centre."),
            _("Ask a document centre to end the suspension, or use your card."),
        ),
        "revoked": Obstacle(
            _("The eID on your phone is revoked"),
            _("It was reported lost or stolen, or another phone took its place, so it cannot be used any more."),
            _RENEW_PHONE,
        ),
    },
}
