"""Whether one may apply, told before sign-in from a few plain answers; nothing of them is kept."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from msgspec.structs import replace

from i18n.refusal import Invalid
from portal.pages.question_field import fields_of
from portal.pages.service import named
from portal.session import anyone, now
from portal.visit import Fields, Visit
from services.applications import form, progress
from services.catalogue import checker
from services.catalogue.checker import Verdict
from services.catalogue.rules import Values
from services.catalogue.service import Section, Service
from services.registers.facts import FACTS


@get("/services/{service_id:str}/eligibility", guards=[anyone])
async def questions(request: Visit, service_id: FromPath[str]) -> Response[Any]:
    """Ask what the rules of the service read; where nothing can be asked, say at once what will tell."""
    found = named(service_id)
    asked = checker.questions(found)
    return _page(request, found, {}, None if asked else checker.verdict(found, {}, progress.day(now())), {})


@post("/services/{service_id:str}/eligibility", guards=[anyone], status_code=200)
async def tell(request: Visit, service_id: FromPath[str]) -> Response[Any]:
    """Tell what the rules say of the answers, which come back as they were typed."""
    found, fields = named(service_id), await request.fields()
    try:
        given = form.parse(_section(found), fields, _nothing())
    except Invalid as invalid:
        return _page(request, found, fields, None, request.errors(invalid))
    return _page(request, found, fields, checker.verdict(found, given, progress.day(now())), {})


def _page(
    request: Visit, service: Service, typed: Fields, verdict: Verdict | None, errors: dict[str, str]
) -> Response[Any]:
    asked = [one.question for one in checker.questions(service)]
    fields = fields_of(asked, typed, _nothing(), request.language)
    context = {"service": service, "fields": fields, "verdict": verdict, "errors": errors, "facts": FACTS}
    return request.page("eligibility", context, section="services", status=422 if errors else 200)


def _section(service: Service) -> Section:
    """Return the questions as a page of which nothing has to be answered."""
    asked = (replace(one.question, optional=True) for one in checker.questions(service))
    return Section("eligibility", service.names, tuple(asked))


def _nothing() -> Values:
    """Return what is known of someone who has not signed in: what day it is."""
    known: dict[str, Any] = {root: {} for root in ("applicant", "beneficiary", "company", "answers", "chosen")}
    return {**known, "today": progress.day(now()).isoformat()}
