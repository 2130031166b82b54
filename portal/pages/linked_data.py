"""The catalogue for machines: JSON-LD after CPSV-AP, whole and service by service, free for any site to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from i18n.refusal import NotFound
from i18n.text import _
from portal.kept import FOR_GOOD
from portal.representation import LINKED_DATA
from portal.session import anyone
from portal.visit import Visit
from services.catalogue import cpsv
from services.catalogue.cpsv_terms import KOSOVO
from services.catalogue.load import catalogue
from services.catalogue.service import Service

_ENDING = ".jsonld"
_FOR_ANY_SITE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


@get("/catalogue.jsonld", guards=[anyone], opt={"keep": FOR_GOOD})
async def whole(request: Visit) -> Response[Any]:
    """Give every service."""
    return given(request, catalogue().all())


@get("/catalogue/{file:str}", guards=[anyone], opt={"keep": FOR_GOOD})
async def one(request: Visit, file: FromPath[str]) -> Response[Any]:
    """Give one service, from `<id>.jsonld`."""
    found = catalogue().get(file.removesuffix(_ENDING)) if file.endswith(_ENDING) else None
    if found is None:
        raise NotFound
    return given(request, [found])


def address(service: Service) -> str:
    """Return where the data of a service is, in every language."""
    return f"/catalogue/{service.id}{_ENDING}"


def told(service: Service) -> Mapping[str, Any]:
    """Return what the page of a service tells machines: where its data is, what it may cost (cents), and where."""
    amounts = sorted({cents for cents, _label in cpsv.amounts(service.fee)})
    return {"data": address(service), "amounts": amounts, "country": KOSOVO}


def given(request: Visit, services: Iterable[Service], headers: Mapping[str, str] | None = None) -> Response[Any]:
    """Return services as linked data."""
    publication = cpsv.Publication(
        site=request.settings.url,
        title=_("Services"),
        description=_(
            "Public services of Kosovo in one place: apply, pay, receive your document and verify it. A demonstration."
        ),
        publisher=_("Citizen portal"),
    )
    events = [event for event, _services in catalogue().life_events()]
    body = msgspec.json.encode(cpsv.document(publication, services, events))
    return Response(body, media_type=LINKED_DATA, headers={**_FOR_ANY_SITE, **(headers or {})})
