"""Puts down that somebody of an office looked at what no register keeps: its person sees who did, and why."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from i18n.text import Text
from portal.database import Connection
from portal.session import now
from portal.visit import Visit
from services.applications import casework
from services.applications.application import Application
from services.applications.kinds.kind import in_each
from services.registers import tracker
from services.registers.facts import Answer, Need
from services.registers.tracker import Reader
from services.signing import store as signatures


@dataclass(frozen=True, slots=True)
class Look:
    """A look at `what`, by its name in LOOKED_AT, from a desk; what has the same `id` is recorded once."""

    what: str
    purpose: Text
    reason: str
    desk: str
    id: UUID


async def record(request: Visit, connection: Connection, found: Application, look: Look) -> None:
    """Record a look at something of an application."""
    service = await casework.service_of(connection, found)
    need = Need(look.what, in_each(look.purpose.say), service.legal_basis[0].cite)
    number, _name = await signatures.applicant(connection, found.person_id)
    post = request.member.post_at(look.desk)
    reader = Reader(post.role, request.member.person_id, look.desk, post.institution, look.reason)
    reads = tracker.reads([Answer(need, look.id, now(), "ok")], number, reader, found.id, "portal")
    await tracker.record(connection, reads, request.audit_key)
