"""Lets a form act only when we gave it to this very browser: a signed token in the form fits the browser's cookie.

The cookie is random. A token is a salt with the HMAC, under the portal's secret, of salt and cookie (OWASP's signed
double submit). Each page carries a new one, so that compressing pages tells nothing of it (BREACH); no cookie is ever
stale, only old forms are. The cookie is set with the first form that a browser is shown.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from http import HTTPMethod

from litestar.exceptions import PermissionDeniedException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from markupsafe import Markup

from portal import cookie
from portal.settings import Settings
from portal.visit import Visit

FIELD = "_csrf_token"
SAFE = frozenset({HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS})
SIGNED = "signed_by_party"  # the option of a route that knows its caller by a signature
_SALT = 16  # letters


class Csrf:
    """The tokens of one request; `is_used` tells whether its page holds one."""

    def __init__(self, secret: str, known: str | None) -> None:
        self._secret = secret.encode()
        self._known = known
        self.cookie = known or cookie.new_token()
        self.is_used = False

    @property
    def is_new(self) -> bool:
        """Whether the browser has to be given the cookie."""
        return self.is_used and self._known is None

    def hidden_field(self) -> Markup:
        """Return the field that every form carries."""
        self.is_used = True
        salt = secrets.token_hex(_SALT // 2)
        return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, salt + self._mac(salt))

    def fits(self, sent: object) -> bool:
        """Tell whether what was sent is a token that this browser was given."""
        if not isinstance(sent, str) or not sent.isascii() or self._known is None:
            return False
        return hmac.compare_digest(self._mac(sent[:_SALT]), sent[_SALT:])

    def _mac(self, salt: str) -> str:
        return hmac.digest(self._secret, f"csrf {salt} {self.cookie}".encode(), hashlib.sha256).hex()


def with_tokens(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Give each request its tokens, and the browser its cookie with whatever answer first holds a form."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        csrf = Csrf(settings.secret, cookie.read(scope, settings, "csrf"))
        scope["state"]["csrf"] = csrf

        async def send_guarded(message: Message) -> None:
            if csrf.is_new and message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], cookie.header(cookie.make(settings, "csrf", csrf.cookie))]
            await send(message)

        await app(scope, receive, send_guarded)

    return guarded


class CsrfMiddleware:
    """Refuses whatever acts without a token; comes after the session, which keeps a form that nobody signed in sent."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Go on, or raise PermissionDeniedException (403)."""
        handler = scope["route_handler"]
        # What is no HTTP route, the assets, answers GET alone by itself.
        if isinstance(handler, HTTPRouteHandler) and not handler.opt.get(SIGNED):
            await self._refuse_without_token(Visit(scope, receive))
        await self.app(scope, receive, send)

    async def _refuse_without_token(self, request: Visit) -> None:
        if request.method in SAFE:
            return
        form = await request.form()
        if not request.scope["state"]["csrf"].fits(form.get(FIELD)):
            raise PermissionDeniedException
