"""What `portal service` cannot do, in one sentence; and the service that was meant."""

from __future__ import annotations

from difflib import get_close_matches

from services.catalogue.load import catalogue
from services.catalogue.service import Service


class CannotTell(Exception):  # noqa: N818 - says what happened
    """What was asked for is not there, or is there already; the message says so in one sentence."""


def named(service_id: str) -> Service:
    """Return the service as it is given now; raise CannotTell with the ids that are nearest."""
    found = catalogue().get(service_id)
    if found is None:
        near = get_close_matches(service_id, [service.id for service in catalogue().all()])
        meant = f" Did you mean {' or '.join(near)}?" if near else " `portal service list` names them all."
        raise CannotTell(f"There is no service {service_id}.{meant}")
    return found
