"""The way back after signing in: to the page where a person stood, with the form that could not be taken from her."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from litestar import Request
from litestar.datastructures import Cookie, FormMultiDict

from portal import cookie, store
from portal.limit import Limit, visitor
from portal.settings import Settings

HOME = "/applications"
LONGEST = 500  # letters of an address
KEPT_SECONDS = 3600
LARGEST = 32 * 1024  # letters of a form: more than any question takes
_FORMS_A_MINUTE = 20
# A personal number by itself; in the middle of an id, ten digits are chance.
_NUMBER = re.compile(r"(?<![0-9A-Za-z-])[0-9]{10}(?![0-9A-Za-z-])")
HOLDS_SECRETS = "holds_secrets"  # the option of a route whose forms are kept nowhere

AnyRequest = Request[Any, Any, Any]


def within_site(page: str) -> str:
    """Return `page` if it is a path of this site, else the person's applications: never another site.

    Wherever it goes, the language comes before it: `/sq` + page. So it cannot name a host, whatever it holds. Nor does
    it name a person: an address that somebody typed with a number in it is not carried on.
    """
    is_path = page.startswith("/") and not page.startswith(("//", "/\\"))
    is_fit = is_path and len(page) <= LONGEST and page.isprintable() and not names_a_person(page)
    return page if is_fit else HOME


def names_a_person(address: str) -> bool:
    """Tell whether a personal number stands in an address."""
    return _NUMBER.search(address) is not None


def page_of(request: AnyRequest) -> str:
    """Return the page (without its language) that a request stands on: itself, or for a form the one it was on."""
    state = request.scope["state"]
    if request.method in {"GET", "HEAD"}:
        return within_site(state["path"] + (f"?{state['query']}" if state["query"] else ""))
    referrer = _split(request.headers.get("referer", ""))
    return within_site(referrer.path[3:]) if _is_here(referrer, request) else HOME


def is_from_here(request: AnyRequest) -> bool:
    """Tell whether a form was sent from a page of ours, as far as the browser says; another site's is not kept."""
    said = request.headers.get("sec-fetch-site")
    if said is not None:
        return said == "same-origin"
    return _is_here(_split(request.headers.get("origin") or request.headers.get("referer", "")), request)


class Unsent:
    """Keeps forms that came without a live session, so that they are shown again after signing in."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._limit = Limit(_FORMS_A_MINUTE)

    async def keep(self, request: AnyRequest, page: str, now: datetime, elapsed: float) -> Cookie | None:
        """Keep the form under the browser's cookie and return that; None for one that is not to be kept.

        `elapsed` is the moment on a monotonic clock (seconds), by which one visitor's forms are counted.
        """
        if request.route_handler.opt.get(HOLDS_SECRETS):
            return None
        if not is_from_here(request) or not self._limit.admits(visitor(request.scope), elapsed):
            return None
        typed = _texts(await request.form())
        if sum(len(name) + sum(map(len, texts)) for name, texts in typed.items()) > LARGEST:
            return None
        token = cookie.read(request.scope, self._settings, "sign-in") or cookie.new_token()
        kept = {"path": request.scope["state"]["path"], "form": typed}
        async with request.app.state.database.transaction() as connection:
            await store.keep_typed(connection, cookie.digest(token), kept, page, now)
        return cookie.make(self._settings, "sign-in", token, KEPT_SECONDS)


def _texts(form: FormMultiDict) -> dict[str, list[str]]:
    """Return the texts of a form as the database can keep them: it takes no NUL."""
    return {
        name.replace("\0", ""): [value.replace("\0", "") for value in form.getall(name) if isinstance(value, str)]
        for name in form
        if name[:1] != "_"
    }


def _is_here(address: SplitResult, request: AnyRequest) -> bool:
    return bool(address.netloc) and address.netloc == request.headers.get("host")


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # a header may say anything
        return urlsplit("")
