"""What does not go together in what is issued."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import UNSET

from services.catalogue.checks.problem import Problem
from services.catalogue.service import Service


def problems(service: Service) -> Iterator[Problem]:
    """Yield a permit without days, days that are none, and conditions of anything but a permit."""
    document, variant = service.document, service.variant()
    valid = None if document.valid is UNSET else document.valid
    if variant == "permit" and valid is None:
        yield "$.document.valid", "a permit says from when or until when it is valid"
    if valid and valid.since is None and valid.until is None:
        yield "$.document.valid", "needs since, until, or both"
    if document.conditions is not UNSET and variant != "permit":
        yield "$.document.conditions", f"only a permit has conditions, this is a document of the variant {variant}"
