"""One table: which refusal becomes which status and page."""

from __future__ import annotations

from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from i18n.refusal import Invalid, NotFound, Refusal, Refused, Unreachable
from i18n.text import Sayable
from portal.render import render

_log = structlog.get_logger("portal.errors")

REFUSALS: dict[type[Refusal], int] = {NotFound: 404, Refused: 409, Invalid: 422, Unreachable: 503}
PAGES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)
_OURS = 500  # from here on it is our fault

AnyRequest = Request[Any, Any, Any]


def refused(request: AnyRequest, refusal: Refusal) -> Response[Any]:
    """Return the page of a refusal: its own sentence under the status that its kind has."""
    status = next((code for kind, code in REFUSALS.items() if isinstance(refusal, kind)), 409)
    return _page(request, status, refusal.code, refusal.sentence)


def failed(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Return the page of a request that the framework would not take: unknown, forbidden, too large, too often."""
    if error.status_code >= _OURS:
        return broken(request, error)
    status = error.status_code if error.status_code in PAGES else 400
    return _page(request, status, type(error).__name__, headers=error.headers)


def broken(request: AnyRequest, error: Exception) -> Response[Any]:
    """Return the page of a fault of ours, and write it down under the reference that the page shows."""
    _log.error("fault", exc_info=error, reference=request.scope["state"]["reference"])
    return _page(request, 500, type(error).__name__)


def _page(
    request: AnyRequest,
    status: int,
    code: str,
    sentence: Sayable | None = None,
    headers: dict[str, str] | None = None,
) -> Response[Any]:
    """Return the page of a status; `code`, the reason, goes into the log beside the reference that the page shows."""
    state = request.scope["state"]
    state["code"] = code
    return render(
        request,
        f"pages/errors/{status}.html",
        status_code=status,
        headers=headers,
        sentence=sentence,
        reference=state["reference"],
    )


EXCEPTION_HANDLERS: dict[Any, Any] = {Refusal: refused, HTTPException: failed, Exception: broken}
