"""A person says that something is wrong in her document; her office looks into it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from i18n.refusal import Invalid, NotFound
from portal.database import Connection
from portal.pages.document_words import titled
from portal.session import citizen, now
from portal.visit import Visit
from services.applications import casework
from services.documents import store as documents
from services.documents.document import Document
from services.documents.revocation import revoking


@get("/applications/{application_id:uuid}/document/correction", guards=[citizen])
async def wrong(request: Visit, application_id: FromPath[UUID]) -> Response[Any]:
    """Ask what is wrong in the document."""
    kept = (await request.typed(request.path) or {}).get("text") or [""]
    return await _page(request, application_id, kept[0], {})


@post("/applications/{application_id:uuid}/document/correction", guards=[citizen], status_code=303)
async def ask(request: Visit, application_id: FromPath[UUID]) -> Response[Any] | Redirect:
    """Bring what she says to the office that answers for the document."""
    text, person_id = (await request.first("text"))["text"], request.person.person_id
    try:
        async with request.database.transaction() as connection:
            document = await _hers(request, connection, application_id)
            await revoking.ask(connection, document, person_id, text, now())
    except Invalid as invalid:
        return await _page(request, application_id, text, request.errors(invalid))
    return request.to(f"/applications/{application_id}")


async def _hers(request: Visit, connection: Connection, application_id: UUID) -> Document:
    """Return the newest document of her own application; NotFound where there is none."""
    await casework.find(connection, application_id, request.person.person_id)
    document = await documents.of_application(connection, application_id)
    if document is None:
        raise NotFound
    return document


async def _page(request: Visit, application_id: UUID, text: str, errors: dict[str, str]) -> Response[Any]:
    async with request.database.connect() as connection:
        document = await _hers(request, connection, application_id)
    context = {"application_id": application_id, "title": titled(document.kind, request.language), "text": text}
    return request.page(
        "document_correction", context, status=422 if errors else 200, section="applications", errors=errors
    )
