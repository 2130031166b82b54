"""Documents of an office: found by code or reference, revoked by two officers, their people answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from i18n.format import day, moment
from i18n.refusal import Invalid
from i18n.text import Language, Text, _
from portal import looked
from portal.database import Connection
from portal.pages.document_words import titled
from portal.pages.office_words import new_id
from portal.queue import enqueue
from portal.session import now, officer
from portal.visit import Visit
from services.applications import casework, progress
from services.applications.office import store as offices
from services.applications.office.message import Message, written
from services.documents import store as documents
from services.documents.document import Document, normal, printed
from services.documents.revocation import revoking, store
from services.documents.revocation.revocation import GROUNDS, Facts, Proposal, facts_of, ground_of
from services.documents.revocation.revoking import Officer
from services.notices import inbox
from services.registers.looked_at import DOCUMENT

_FACTS: tuple[tuple[Facts | str, Text], ...] = (
    ("none", _("No")),
    ("decided", _("Yes, from the data of the decision: the document itself was made wrongly")),
    ("fresh", _("Yes, from what the registers say now: it was put right there")),
)
_TYPED = ("ground", "facts", "text")


@get("/office/documents", guards=[officer])
async def waiting(request: Visit) -> Response[Any]:
    """List the documents that wait for a second officer or for a word to their person."""
    return await _list(request, "", {})


@post("/office/documents/search", guards=[officer], status_code=200)
async def find(request: Visit) -> Response[Any] | Redirect:
    """Lead to a document of her desks by its code, or the newest of an application by its reference."""
    typed, here = (await request.first("q"))["q"].strip(), _officer(request)
    async with request.database.connect() as connection:
        found = await documents.sought(connection, typed.upper(), normal(typed), here.desks, here.person_id)
    if found is not None:
        return request.to(f"/office/documents/{found.id}")
    return await _list(request, typed, {"q": _("Your office has no document of this code or reference.")})


@get("/office/documents/{document_id:uuid}", guards=[officer])
async def document(request: Visit, document_id: FromPath[UUID]) -> Response[Any]:
    """Show a document: whether it holds, what is proposed, what its person says is wrong; she sees who looked."""
    await _record(request, document_id)
    kept = await request.typed(f"{request.path}/revocation") or {}
    return await _document(request, document_id, {name: values[0] for name, values in kept.items() if values}, {})


@post("/office/documents/{document_id:uuid}/revocation", guards=[officer], status_code=303)
async def propose(request: Visit, document_id: FromPath[UUID]) -> Response[Any] | Redirect:
    """Propose to revoke it; what cannot be taken comes back as it was typed."""
    typed = await request.first(*_TYPED)
    try:
        chosen = ground_of(typed["ground"]), typed["text"], facts_of(typed["facts"])
        async with request.database.transaction() as connection:
            await revoking.propose(connection, _officer(request), document_id, *chosen, now())
    except Invalid as invalid:
        return await _document(request, document_id, typed, request.errors(invalid))
    return request.to(f"/office/documents/{document_id}")


@post("/office/documents/{document_id:uuid}/confirmation/{proposal_id:uuid}", guards=[officer], status_code=303)
async def confirm(request: Visit, document_id: FromPath[UUID], proposal_id: FromPath[UUID]) -> Redirect:
    """Confirm what another officer proposed: it is revoked, and its person told."""
    async with request.database.transaction() as connection:
        revoked = await revoking.confirm(connection, _officer(request), proposal_id, enqueue, now())
        application = await casework.any_of(connection, revoked.application_id)
        await inbox.tell(connection, application, "revoked", enqueue, now())
    return request.to(f"/office/documents/{document_id}")


@post("/office/documents/{document_id:uuid}/dropping/{proposal_id:uuid}", guards=[officer], status_code=303)
async def drop(request: Visit, document_id: FromPath[UUID], proposal_id: FromPath[UUID]) -> Redirect:
    """Let a proposal fall: the document stays valid."""
    async with request.database.transaction() as connection:
        await revoking.drop(connection, _officer(request), proposal_id, now())
    return request.to(f"/office/documents/{document_id}")


@post("/office/documents/{document_id:uuid}/answer", guards=[officer], status_code=303)
async def answer(request: Visit, document_id: FromPath[UUID]) -> Response[Any] | Redirect:
    """Answer its person, who said that something is wrong in it."""
    typed = await request.first("answer")
    try:
        async with request.database.transaction() as connection:
            told = await revoking.answer(connection, _officer(request), document_id, typed["answer"], now())
            application = await casework.any_of(connection, told.application_id)
            await inbox.tell(connection, application, "correction_answered", enqueue, now())
    except Invalid as invalid:
        errors = request.errors(invalid)
        return await _document(request, document_id, typed, {"answer": errors.get("text", "")})
    return request.to(f"/office/documents/{document_id}")


@post("/office/documents/{document_id:uuid}/message", guards=[officer], status_code=303)
async def write(request: Visit, document_id: FromPath[UUID]) -> Response[Any] | Redirect:
    """Write to its person what to do where no corrected document can be made: then it waits no more."""
    typed = await request.first("message")
    try:
        async with request.database.transaction() as connection:
            await _tell(request, connection, document_id, typed["message"])
    except Invalid as invalid:
        return await _document(request, document_id, typed, {"message": request.errors(invalid).get("text", "")})
    return request.to(f"/office/documents/{document_id}")


async def _tell(request: Visit, connection: Connection, document_id: UUID, text: str) -> None:
    told, at = await revoking.tell(connection, _officer(request), document_id, now()), now()
    by, named = request.member.person_id, told.application_id
    said = Message(id=new_id(), application_id=named, kind="answer", author_id=by, text=written(text), at=at)
    await offices.say(connection, said)
    await inbox.tell(connection, await casework.any_of(connection, named), "office_answered", enqueue, at)


async def _record(request: Visit, document_id: UUID) -> None:
    """Put down that an officer looks at a document, once a day."""
    async with request.database.transaction() as connection:
        found = await revoking.find(connection, _officer(request), document_id)
        purpose = _("A document issued for application %(reference)s was looked at.", reference=found.reference)
        once = uuid5(found.id, f"{request.member.person_id} {progress.day(now())}")
        application = await casework.any_of(connection, found.application_id)
        look = looked.Look(DOCUMENT, purpose, "answering", found.desk, once)
        await looked.record(request, connection, application, look)


def _officer(request: Visit) -> Officer:
    return Officer(request.member.person_id, request.member.decides_for)


async def _list(request: Visit, typed: str, errors: dict[str, Any]) -> Response[Any]:
    here = _officer(request)
    async with request.database.connect() as connection:
        found = await store.to_see_to(connection, here.desks, here.person_id)
    lines = [{"id": one.id, "title": titled(one.kind, request.language), "document": one} for one in found]
    context = {"section": "office", "lines": lines, "typed": typed, "errors": request.errors(errors)}
    return request.page("office/documents", context, status=422 if errors else 200)


async def _document(request: Visit, document_id: UUID, typed: dict[str, str], errors: dict[str, str]) -> Response[Any]:
    async with request.database.connect() as connection:
        found = await revoking.find(connection, _officer(request), document_id)
        proposal = await store.proposed(connection, document_id)
        context = {
            "document": found,
            "title": titled(found.kind, request.language),
            "rows": _rows(found, request.language),
            "proposal": proposal,
            "proposed": await _proposed(connection, proposal, request.language) if proposal else [],
            "is_hers": proposal is not None and proposal.proposed_by == request.member.person_id,
            "corrections": await store.corrections(connection, document_id),
        }
    choices = {
        "grounds": [{"value": name, "text": text.say(request.language)} for name, text in GROUNDS.items()],
        "facts": [{"value": name, "text": text.say(request.language)} for name, text in _FACTS],
        "typed": {name: typed.get(name, "") for name in (*_TYPED, "answer", "message")},
        "errors": errors,
    }
    return request.page("office/document", context | choices, status=422 if errors else 200, section="office")


def _rows(found: Document, language: Language) -> list[dict[str, str]]:
    said = (
        (_("Code of the document"), printed(found.code)),
        (_("Application"), found.reference),
        (_("Issued on"), day(found.sealed_at, language)),
        (_("Issued to"), found.holder_masked),
        (_("Revoked on"), moment(found.revoked_at, language) if found.revoked_at else ""),
        (_("Replaced by"), printed(found.replaced_by) if found.replaced_by else ""),
    )
    return [{"key": key.say(language), "value": value} for key, value in said if value]


async def _proposed(connection: Connection, proposal: Proposal, language: Language) -> list[dict[str, str]]:
    """Return who proposed what, and who settled it, as an office reads it."""
    settled = await offices.name_of(connection, proposal.settled_by) if proposal.settled_by else ""
    said = (
        (_("Proposed by"), await offices.name_of(connection, proposal.proposed_by)),
        (_("Proposed on"), moment(proposal.proposed_at, language)),
        (_("Why"), GROUNDS[proposal.ground].say(language)),
        (_("In the officer's words"), proposal.text),
        (_("Corrected document"), dict(_FACTS)[proposal.facts or "none"].say(language)),
        (_("Confirmed by"), settled),
        (_("Written to its person on"), moment(proposal.told_at, language) if proposal.told_at else ""),
    )
    return [{"key": key.say(language), "value": value} for key, value in said if value]
