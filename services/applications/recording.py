"""What registers are told because an application was approved or paid: told in the same transaction, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from uuid_utils.compat import uuid7

from services.applications import company, progress
from services.applications.application import Application
from services.applications.store import Connection
from services.applications.version import service_of
from services.catalogue.recorded import After, Recorded
from services.catalogue.rules import Values, holds, look
from services.catalogue.service import Service
from services.registers.posting import delivery
from services.registers.posting import store as told
from services.registers.posting.delivery import Enqueue
from services.registers.posting.posting import Posting
from services.registers.posting.target import TARGETS


async def tell(connection: Connection, application: Application, after: After, enqueue: Enqueue, now: datetime) -> None:
    """Put down what registers are to be told now; telling twice tells once."""
    service = await service_of(connection, application)
    if any(one.after == after for one in service.records()):
        applicant = await told.number_of(connection, application.person_id)
        await delivery.put(connection, postings(application, service, applicant, after, now), enqueue)


def postings(
    application: Application, service: Service, applicant: str, after: After, now: datetime
) -> Iterator[Posting]:
    """Yield what registers are to be told; `applicant` is the personal number of whose application it is.

    Judged as on the day when it was sent, as everything else. What lacks something is kept as refused, for the office.
    """
    today = progress.day(application.submitted_at or now)
    about = {"reference": application.reference, "fee_cents": application.fee_cents or 0}
    known = {**progress.values(application, service, today), "application": about}
    for place, recorded in enumerate(service.records()):
        if recorded.after == after and holds(recorded.only_if or None, known):
            yield _posting(application, service, recorded, place, applicant, known, now)


def _posting(  # noqa: PLR0917 - what is told is all of this
    application: Application,
    service: Service,
    recorded: Recorded,
    place: int,
    applicant: str,
    known: Values,
    now: datetime,
) -> Posting:
    body: dict[str, Any] = {name: look(source, known) for name, source in recorded.fields.items()}
    is_whole = _is_whole(body, recorded)
    is_hers = recorded.about != "beneficiary" or application.beneficiary is None
    return Posting(
        id=uuid7(),
        application_id=application.id,
        reference=application.reference,
        place=place,
        desk=application.desk or service.institution.id,
        target=recorded.target,
        subject=applicant if is_hers else application.beneficiary or applicant,
        represented=company.party(application, service) if recorded.about == "company" else None,
        body=body,
        purpose=recorded.purpose,
        legal_basis=recorded.legal_basis,
        state="waiting" if is_whole else "refused",
        put_at=now,
        settled_at=None if is_whole else now,
        why=None if is_whole else "malformed",
    )


def _is_whole(body: dict[str, Any], recorded: Recorded) -> bool:
    """Return whether the register would take it for what it is."""
    try:
        msgspec.convert(body, TARGETS[recorded.target].shape)
    except msgspec.ValidationError:
        return False
    return True
