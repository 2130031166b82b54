"""Anyone checks a document: by the code that is printed on it, or by the file itself."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.middleware import DefineMiddleware
from litestar.params import FromPath, QueryParameter

from eid import mark as mark_words
from eid.inspection import SealReport
from eid.mark import Mark
from i18n.format import day
from i18n.text import Language, Sayable, Text, _
from portal.limit import LimitMiddleware
from portal.pages import document_words
from portal.session import anyone, now
from portal.visit import Visit
from services.catalogue.load import catalogue
from services.documents import verifier, verify
from services.documents.document import Document, printed
from services.documents.revocation import published

LARGEST = 10 * 1024 * 1024  # bytes
# Codes are long enough not to be guessed; this keeps a visitor from trying all the same, and from keeping us busy.
_codes = DefineMiddleware(LimitMiddleware, most=30)
_files = DefineMiddleware(LimitMiddleware, most=10)

Code = Annotated[str | None, QueryParameter(name="code", max_length=100)]


@get("/verify", guards=[anyone])
async def form(request: Visit, code: Code = None) -> Response[Any]:
    """Show the two ways; go to the verdict when a code was typed."""
    if code is None:
        return _form(request, {})
    if not verify.normal(code):
        return _form(
            request,
            {"code": _("This is not a code of ours: it has 16 letters and digits. Check it and try again.")},
            code,
        )
    return request.to(f"/v/{verify.normal(code)}")


@get("/v/{code:str}", guards=[anyone], middleware=[_codes])
async def by_code(request: Visit, code: FromPath[str]) -> Response[Any]:
    """Say what is known of the document of this code."""
    async with request.database.transaction() as connection:
        return _verdict(request, await verify.by_code(connection, code, now()), None)


@post("/verify", guards=[anyone], middleware=[_files], request_max_body_size=LARGEST + 4096, status_code=200)
async def by_file(request: Visit) -> Response[Any]:
    """Check the file itself: its seal, its time, and that nothing was added or changed."""
    file = (await request.form()).get("file")
    pdf = await file.read() if isinstance(file, UploadFile) else b""
    if problem := _problem(pdf):
        return _form(request, {"file": problem})
    report = await verify.inspected(pdf, request.settings.trust_root, now())
    async with request.database.transaction() as connection:
        return _verdict(request, await verify.by_file(connection, pdf, report, now()), report)


@get("/verify/revocations.jws", guards=[anyone])
async def revocations(request: Visit) -> Response[bytes]:
    """Give the signed list of revoked files, which anyone may keep to verify without us."""
    async with request.database.connect() as connection:
        said = await published.listed(connection, request.settings.url, now())
    return Response(request.audit_key.sign_list(said).encode(), media_type="application/jose")


@get("/verify/revocations/keys", guards=[anyone], sync_to_thread=False)
def revocation_keys(request: Visit) -> dict[str, Any]:
    """Give the key by which that list is signed (RFC 7517)."""
    return dict(request.audit_key.published())


@get("/verify/roots.zip", guards=[anyone])
async def roots(request: Visit) -> Response[bytes]:
    """Give what anyone needs to verify files without us: the trusted authority, and how, in three languages."""
    packed = verifier.packed(request.settings.trust_root.read_bytes(), f"{request.settings.url}/{request.language}")
    headers = {"Content-Disposition": 'attachment; filename="verify-documents.zip"'}
    return Response(packed, media_type="application/zip", headers=headers)


def _problem(pdf: bytes) -> Sayable | None:
    if not pdf:
        return _("Choose the PDF file of the document.")
    if len(pdf) > LARGEST:
        return _("This file is larger than 10 MB. Documents of this portal are much smaller.")
    if b"%PDF-" not in pdf[:1024]:
        return _("This file is not a PDF. Choose the PDF that you received.")
    return None


def _form(request: Visit, errors: dict[str, Sayable], code: str = "") -> Response[Any]:
    return request.page("verify", status=422 if errors else 200, errors=request.errors(errors), code=code)


def _verdict(request: Visit, verdict: verify.Verdict, report: SealReport | None) -> Response[Any]:
    rows = _rows(verdict.document, request.language) if verdict.document else []
    marks = [_mark(mark, request.language) for mark in report.marks] if report else []
    status = 404 if verdict.kind == "unknown" else 200
    context = {"verdict": verdict, "by_file": report is not None, "document": rows, "marks": marks}
    return request.page("verdict", context, status=status)


def _mark(mark: Mark, language: Language) -> dict[str, Any]:
    """Return a signature or a seal as the page shows it."""
    return {
        "is_good": mark.standing == "valid",
        "title": mark_words.KINDS[mark.kind].say(language),
        "standing": mark_words.SENTENCES[mark.standing].say(language),
        "rows": [
            {"key": key.say(language), "value": value.say(language) if isinstance(value, Text) else value}
            for key, value in mark_words.rows(mark, language)
        ],
    }


def _rows(document: Document, language: Language) -> list[dict[str, str]]:
    """Return what anyone may know of a document; `kind` and `institution` are said as the catalogue says them."""
    issuers = {service.institution.id: service.institution.names for service in catalogue().all()}
    issuer = issuers.get(document.institution)
    said = [
        (_("Kind of document"), document_words.titled(document.kind, language)),
        (_("Issued by"), issuer.say(language) if issuer else document.institution),
        (_("Issued on"), day(document.sealed_at, language)),
        (_("Issued to"), document.holder_masked),
        (_("Code of the document"), printed(document.code)),
    ]
    if document.revoked_at:
        said += [
            (_("Revoked on"), day(document.revoked_at, language)),
            (_("Revoked by"), document_words.by_whom(document, language)),
            (_("Why"), document_words.why(document, language)),
            (_("Replaced by"), printed(document.replaced_by) if document.replaced_by else ""),
        ]
    return [{"key": key.say(language), "value": value} for key, value in said if value]
