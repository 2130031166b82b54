"""One table: which refusal becomes which status and page."""

from __future__ import annotations

from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from i18n.refusal import Invalid, NotFound, Refusal, Refused, Unreachable
from i18n.text import Sayable, _
from portal.render import render

_log = structlog.get_logger("portal.errors")

REFUSALS: dict[type[Refusal], int] = {NotFound: 404, Refused: 409, Invalid: 422, Unreachable: 503}
PAGES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)

AnyRequest = Request[Any, Any, Any]


def refused(request: AnyRequest, refusal: Refusal) -> Response[Any]:
    """Return the page of a refusal: its own sentence under the status that its kind has."""
    status = next((code for kind, code in REFUSALS.items() if isinstance(refusal, kind)), 409)
    if status >= 500:  # noqa: PLR2004 - the class of server errors
        _log.warning("unreachable", code=refusal.code, reference=request.scope["state"]["reference"])
    return _page(request, status, refusal.sentence)


def failed(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Return the page of a request that the framework would not take: unknown, forbidden, too large, too often."""
    status = error.status_code if error.status_code in PAGES else (400 if error.status_code < 500 else 500)  # noqa: PLR2004
    answer = _page(request, status, None)
    answer.headers.update(error.headers or {})
    return answer


def broken(request: AnyRequest, error: Exception) -> Response[Any]:
    """Return the page of a fault of ours, and write it down under the reference that the page shows."""
    if _is_outage(error):
        _log.error("database_unreachable", kind=type(error).__name__, reference=request.scope["state"]["reference"])
        return _page(request, 503, _("The portal cannot reach its database. Nothing was lost. Try again in a minute."))
    _log.error("fault", exc_info=error, reference=request.scope["state"]["reference"])
    return _page(request, 500, None)


def _is_outage(error: Exception) -> bool:
    import asyncpg  # noqa: PLC0415 - only on a fault

    return isinstance(
        error,
        OSError
        | TimeoutError
        | asyncpg.PostgresConnectionError
        | asyncpg.CannotConnectNowError
        | asyncpg.AdminShutdownError
        | asyncpg.CrashShutdownError
        | asyncpg.TooManyConnectionsError
        | asyncpg.InterfaceError,
    )


def _page(request: AnyRequest, status: int, sentence: Sayable | None) -> Response[Any]:
    state = request.scope["state"]
    state.setdefault("language", "sq")
    state.setdefault("path", "/")
    return render(
        request,
        f"pages/errors/{status}.html",
        status_code=status,
        sentence=sentence,
        reference=state.get("reference", ""),
    )


EXCEPTION_HANDLERS: dict[Any, Any] = {Refusal: refused, HTTPException: failed, Exception: broken}
