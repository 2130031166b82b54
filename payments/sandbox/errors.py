"""One table: what went wrong, as JSON for merchants and as a page for payers."""

from __future__ import annotations

from typing import Any

import asyncpg
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from i18n.refusal import NotFound, Refusal
from i18n.text import LANGUAGES, Text, _, negotiate
from payments.sandbox.render import page

log = structlog.get_logger(__name__)
AnyRequest = Request[Any, Any, Any]

_AWAY = (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.OperatorInterventionError)
_SENTENCES = {
    404: _("There is nothing at this address. Go back to the page that you came from and start again."),
    413: _("What was sent is too long."),
    500: _("Something went wrong on our side. Open the page of your payment again: it shows what became of it."),
    503: _("Payments are not available just now. Open the page again in a minute: it shows how your payment stands."),
}
_OTHERWISE = _("This cannot be done here. Go back to the page that you came from and start again.")


def refused(request: AnyRequest, refusal: Refusal) -> Response[Any]:
    """Answer a refusal of ours."""
    return _answer(request, 404 if isinstance(refusal, NotFound) else 403, refusal.code, refusal.sentence)


def failed(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Answer what the framework or the API refuses."""
    answer = _answer(request, error.status_code, error.detail, None)
    answer.headers.update(error.headers or {})
    return answer


def broken(request: AnyRequest, error: Exception) -> Response[Any]:
    """Answer a fault: 503 while the database is away, else 500; written down either way."""
    away = isinstance(error, _AWAY)
    log.error("database_away" if away else "fault", exc_info=None if away else error, why=type(error).__name__)
    return _answer(request, 503 if away else 500, "unavailable" if away else "fault", None)


def _answer(request: AnyRequest, status: int, code: str, sentence: Any) -> Response[Any]:  # noqa: ANN401 - Sayable
    if request.scope["path"].startswith("/v1/"):
        return Response({"error": code}, status_code=status)
    asked = request.query_params.get("language")
    language = asked if asked in LANGUAGES else negotiate(request.headers.get("accept-language"))
    said: Text = sentence or _SENTENCES.get(status, _OTHERWISE)
    answer = page(
        request.app.state.environment,
        "payments/refusal.html",
        language,
        request.scope["path"],
        {},
        sentence=said.say(language),
    )
    answer.status_code = status
    return answer


EXCEPTION_HANDLERS: dict[Any, Any] = {Refusal: refused, HTTPException: failed, Exception: broken}
