"""The portal's cookies: how they are named, read and set."""

from __future__ import annotations

import hashlib
import secrets
from typing import Literal

from litestar.datastructures import Cookie
from litestar.types import Scope

from portal.settings import Settings

# session: who is signed in · sign-in: the browser that began to sign in · csrf: what tokens in forms must fit
What = Literal["session", "sign-in", "csrf"]
_TOKEN_LENGTH = 43


def name(settings: Settings, what: What) -> str:
    """Return the name under which a cookie goes; `__Host-` binds it to this host alone where there is https."""
    return f"__Host-portal-{what}" if settings.secure else f"portal-{what}"


def new_token() -> str:
    """Return 256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()


def read(scope: Scope, settings: Settings, what: What) -> str | None:
    """Return a cookie's token; None when there is none, or when it is nothing that we ever gave."""
    wanted = name(settings, what).encode()
    for header, value in scope["headers"]:
        if header == b"cookie":
            for pair in value.split(b";"):
                given, _equals, token = pair.strip().partition(b"=")
                if given == wanted and is_token(token):
                    return token.decode()
    return None


def is_token(value: bytes) -> bool:
    """Tell whether this may be a token: the letters and length of one."""
    return len(value) == _TOKEN_LENGTH and value.replace(b"-", b"0").replace(b"_", b"0").isalnum()


def make(settings: Settings, what: What, token: str, max_age: int | None = None) -> Cookie:
    """Return the cookie to set, for the browser's session or for `max_age` seconds; 0 takes it away."""
    # Lax: the browser comes back from the eID and the payment provider by a link of theirs.
    return Cookie(
        key=name(settings, what),
        value=token,
        max_age=max_age,
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )


def header(cookie: Cookie) -> tuple[bytes, bytes]:
    """Return the header that sets a cookie."""
    return b"set-cookie", cookie.to_header(header="").encode()
