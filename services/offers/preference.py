"""How a person wants to hear that something waits for her: in the portal, by e-mail or SMS too, or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from i18n.refusal import Invalid
from i18n.text import Language, Sayable, _

Channel = Literal["email", "sms"]

_KOSOVO = "+383"
_MOBILE = re.compile(r"\+383(43|44|45|46|48|49)[0-9]{6}")  # the six prefixes of Kosovo's mobile networks
_ABROAD = re.compile(r"\+(?!383)[1-9][0-9]{7,14}")  # E.164
_BETWEEN = re.compile(r"[\s./()-]+")


@dataclass(frozen=True, slots=True)
class Preference:
    """What a person chose. `phone` is E.164, and kept for SMS alone; who `refuses` is offered nothing."""

    by_email: bool = False
    by_sms: bool = False
    phone: str | None = None
    refuses: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A message that something waits: to an e-mail address or a phone, in which language. It says nothing else."""

    id: UUID
    channel: Channel
    to: str
    language: Language


def chosen(typed: Mapping[str, str], email: str | None, *, sends_sms: bool) -> Preference:
    """Return what was chosen on the form; Invalid for a phone that cannot be one, or mail without an address."""
    if typed["refuses"]:
        return Preference(refuses=True)
    errors: dict[str, Sayable] = {}
    by_email, by_sms = typed["by_email"] != "", typed["by_sms"] != "" and sends_sms
    if by_email and email is None:
        errors["by_email"] = _("Your eID gave us no e-mail address, so we cannot write to you.")
    phone = written(typed["phone"]) if by_sms else None
    if by_sms and phone is None:
        errors["phone"] = _("Write a mobile number, such as 044 123 456 or +41 79 123 45 67.")
    if errors:
        raise Invalid(errors)
    return Preference(by_email, by_sms, phone)


def written(typed: str) -> str | None:
    """Return a mobile number as E.164 writes it, one without a country as Kosovo's; None for anything else."""
    bare = _BETWEEN.sub("", typed.replace("(0)", ""))
    if bare.startswith("00"):
        bare = f"+{bare[2:]}"
    elif bare.startswith("0"):
        bare = f"{_KOSOVO}{bare[1:]}"
    return bare if _MOBILE.fullmatch(bare) or _ABROAD.fullmatch(bare) else None
