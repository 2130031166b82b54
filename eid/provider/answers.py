"""One table: which no becomes which answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from litestar import Response
from litestar.exceptions import HTTPException

from eid.provider.browser import AnyRequest, Browser
from eid.provider.database import LOST
from eid.provider.desk import Desk
from eid.provider.errors import Gone, Rejection, Shown, TooMany
from i18n.refusal import NotFound, Refusal, Refused
from i18n.text import Sayable, _

_log = structlog.get_logger("eid.answers")
_STATUS: dict[type[Refusal], int] = {Shown: 400, Gone: 404, TooMany: 429, NotFound: 404, Refused: 403}
_TITLES = {
    404: _("There is nothing here"),
    429: _("Too many attempts"),
    503: _("The eID is not available"),
    500: _("Something went wrong"),
}
_NOTHING = _("There is nothing at this address. To sign in, start at the service that you want to use.")
_UNREADABLE = _("The eID cannot take this request. Start again at the service that you want to use.")
_AWAY = _("The eID cannot be used at the moment. Nothing was lost. Try again in a few minutes.")
_BROKEN = _("The eID made a mistake, and it has been noted. Try again in a few minutes.")


def refused(request: AnyRequest, refusal: Refused | NotFound) -> Response[Any]:
    """Return the page of a refusal, with its own sentence."""
    status = next((code for kind, code in _STATUS.items() if kind in type(refusal).__mro__), 403)
    _log.info("refused", code=refusal.code)
    page = _page(request, status, refusal.sentence)
    if status == 429:  # noqa: PLR2004 - Too Many Requests
        page.headers["Retry-After"] = "60"
    return page


def rejected(_request: AnyRequest, rejection: Rejection) -> Response[dict[str, str]]:
    """Return an error of the protocol as JSON."""
    return Response(rejection.as_json(), status_code=rejection.status, headers=rejection.headers)


def untaken(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Return the page of a request that the framework would not take: unknown, too large, by another method."""
    if error.status_code >= 500:  # noqa: PLR2004 - the class of server errors
        return broken(request, error)
    page = _page(request, error.status_code, _NOTHING if error.status_code == 404 else _UNREADABLE)  # noqa: PLR2004
    page.headers.update(error.headers or {})
    return page


def away(request: AnyRequest, error: Exception) -> Response[Any]:
    """Return the page for a database that does not answer."""
    _log.error("database_away", kind=type(error).__name__)
    return _page(request, 503, _AWAY)


def broken(request: AnyRequest, error: Exception) -> Response[Any]:
    """Return the page of a fault of ours, and write it down."""
    _log.error("fault", path=request.url.path, exc_info=error)
    return _page(request, 500, _BROKEN)


def _page(request: AnyRequest, status: int, sentence: Sayable) -> Response[Any]:
    desk: Desk = request.app.state.desk
    browser = Browser(request, desk)
    language = browser.language
    title = _TITLES.get(status, _("This request cannot be answered"))
    return desk.pages.page(
        "error",
        language,
        switch=browser.here,
        status=status,
        title=title.say(language),
        sentence=sentence.say(language),
    )


ANSWERS: dict[int | type[Exception], Callable[[AnyRequest, Any], Response[Any]]] = {
    Refused: refused,
    NotFound: refused,
    Rejection: rejected,
    HTTPException: untaken,
    **dict.fromkeys(LOST, away),
    Exception: broken,
}
