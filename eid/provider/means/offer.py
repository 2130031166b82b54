"""Which means reaches which level, and how a client is told of it (`amr`, RFC 8176)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from eid.provider.means.code import Pin
from eid.provider.request import Level, reaches
from i18n.text import Sayable, _

MeansName: TypeAlias = Literal["pin", "phone", "card"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A means used with one of its PINs: what it amounts to. `pin`: the demo PIN has no number."""

    means: MeansName
    pin: Pin | None
    acr: Level
    amr: tuple[str, ...]
    name: Sayable


# From the lowest to the highest; mca: an answer over another channel than the browser; sc: a smart card.
OFFERS = (
    Offer("pin", None, "low", ("pin",), _("PIN of the demonstration")),
    Offer("phone", "pin1", "substantial", ("mca", "pin"), _("Phone, with PIN1")),
    Offer("phone", "pin2", "high", ("mca", "pin"), _("Phone, with PIN2")),
    Offer("card", "pin1", "high", ("sc", "pin"), _("Card, with PIN1")),
)


def offered(minimum: Level) -> dict[MeansName, Offer]:
    """Return the means that reach a level, each with the least that it takes."""
    least: dict[MeansName, Offer] = {}
    for offer in OFFERS:
        if reaches(offer.acr, minimum):
            least.setdefault(offer.means, offer)
    return least
