"""What a request brings of its browser: two cookies, an address, a language, and what was sent."""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import urlencode

from litestar import Request
from litestar.datastructures import Cookie

from eid.provider.desk import Desk
from eid.provider.errors import Refused, Rejection
from eid.provider.parameters import Parameters
from eid.provider.secret import new_token
from eid.provider.trail.where import Where, where_from
from i18n.text import Language, _, negotiate

AnyRequest = Request[Any, Any, Any]
FORM = "application/x-www-form-urlencoded"
SIGNED_IN = "session"  # the eID's own session
BOUND = "browser"  # binds a sign-in, and every form, to the browser that began it
_BOUND_SECONDS = 3600
_FORGED = _("This form was not sent from our page. Go back, reload the page and try again.")


class Browser:
    """The browser behind a request. `token` names it: brought in a cookie, or new."""

    def __init__(self, request: AnyRequest, desk: Desk) -> None:
        self._request = request
        self._desk = desk
        self.token = request.cookies.get(cookie_name(desk, BOUND)) or new_token()
        self.session = request.cookies.get(cookie_name(desk, SIGNED_IN))

    @property
    def language(self) -> Language:
        """The language asked for: by the client (`ui_locales`), by the switch, else by the browser."""
        return self.speaks(self._request.query_params.get("ui_locales"))

    def speaks(self, ui_locales: str | None) -> Language:
        """Return the language to use, when the client asked for `ui_locales` in a query or a form."""
        switched = self._request.query_params.get("language")
        wished = (switched or ui_locales or "").replace(" ", ",")
        return negotiate(wished or self._request.headers.get("accept-language"))

    @property
    def here(self) -> str | None:
        """The page that a GET stands on, to be shown again in another language; None after a form."""
        if self._request.method != "GET":
            return None
        pairs = [(name, value) for name, value in self._request.query_params.multi_items() if name != "language"]
        return self._request.url.path + (f"?{urlencode(pairs)}" if pairs else "")

    @property
    def path(self) -> str:
        """Where the request came to."""
        return self._request.url.path

    @property
    def address(self) -> str:
        """The network address to count attempts by."""
        forwarded = self._request.headers.get("x-forwarded-for", "")
        if self._desk.settings.behind_proxy and forwarded:
            return forwarded.rsplit(",", 1)[-1].strip()
        return self._request.client.host if self._request.client else ""

    @property
    def where(self) -> Where:
        """Where this browser is, as its person recognises it."""
        return where_from(self._request.headers.get("user-agent", ""), self.address)

    def seal_of(self, act: str) -> str:
        """Return the value that a form must bring back for `act`: only this browser can have it (CSRF)."""
        return self._desk.secret.mark("form", self.token, act)

    def bound_cookie(self) -> Cookie:
        """Return the cookie that keeps `token`."""
        return cookie(self._desk, BOUND, self.token, _BOUND_SECONDS)


async def parameters(request: AnyRequest) -> Parameters:
    """Return what was sent: the query of a GET, the form of a POST."""
    if request.method != "POST":
        return Parameters.read(request.scope["query_string"])
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        return Parameters(())
    return Parameters.read(await request.body())


async def form(request: AnyRequest, browser: Browser, act: str) -> Parameters:
    """Return a form of our own pages; Refused when another site made the browser send it."""
    try:
        sent = await parameters(request)
    except Rejection as rejection:
        raise Refused("form_unreadable", _FORGED) from rejection
    if not hmac.compare_digest((sent.get("seal") or "").encode(), browser.seal_of(act).encode()):
        raise Refused("form_forged", _FORGED)
    return sent


def cookie(desk: Desk, name: str, value: str, max_age: int | None = None) -> Cookie:
    """Return a cookie of ours. Lax, since browsers come from the client's site; a session cookie without `max_age`."""
    return Cookie(
        key=cookie_name(desk, name),
        value=value,
        max_age=max_age,
        path="/",
        secure=desk.settings.is_secure,
        httponly=True,
        samesite="lax",
    )


def cookie_name(desk: Desk, name: str) -> str:
    """Return a cookie's name; `__Host-` binds it to this host where there is TLS."""
    return f"__Host-eid-{name}" if desk.settings.is_secure else f"eid-{name}"
