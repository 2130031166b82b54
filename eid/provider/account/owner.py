"""Who is at My eID: the person of this browser's session, at a level that a PIN alone does not reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from joserfc.jwk import ECKey
from litestar import Response
from litestar.response import Redirect

from eid.provider import store
from eid.provider.browser import AnyRequest, Browser
from eid.provider.client import Client
from eid.provider.desk import Desk
from eid.provider.people import Enrolled
from eid.provider.request import Level, Session, reaches
from eid.provider.secret import digest, new_token
from eid.provider.store import Connection
from i18n.text import LANGUAGES, Language, Sayable

CLIENT_ID = "my-eid"
LEVEL: Level = "substantial"
ACT = "my"


@dataclass(frozen=True, slots=True)
class Owner:
    """A person who is signed in, in the browser with which she looks at her eID."""

    desk: Desk
    connection: Connection
    browser: Browser
    person: Enrolled
    session: Session
    now: datetime

    @property
    def language(self) -> Language:
        """The language of her pages, which their addresses carry."""
        return self.browser.language

    def page(self, template: str, here: str, *, status: int = 200, **context: object) -> Response[Any]:
        """Return one of her pages."""
        page = self.desk.pages.page(
            f"account_{template}",
            self.language,
            switch=here,
            forms_lead_to=(),
            status=status,
            here=here,
            person=self.person.name,
            seal=self.browser.seal_of(ACT),
            **context,
        )
        page.set_cookie(self.browser.bound_cookie())
        return page

    def said(self, errors: Mapping[str, Sayable]) -> dict[str, str]:
        """Return what is wrong with each field in her language."""
        return {name: sentence.say(self.language) for name, sentence in errors.items()}

    def to(self, path: str) -> Redirect:
        """Lead to one of her pages, in the same language."""
        where = f"{path}{'&' if '?' in path else '?'}language={self.language}"
        return Redirect(where, status_code=303)


async def owner_of(request: AnyRequest, desk: Desk, connection: Connection, now: datetime) -> Owner | None:
    """Return who is signed in highly enough, None for anybody else; that she looked counts as use of her session."""
    browser = Browser(request, desk)
    session = await store.find_session(connection, digest(browser.session)) if browser.session else None
    if session is None or not session.is_live(now) or not reaches(session.acr, LEVEL):
        return None
    person = await store.find_person(connection, session.person_id)
    if person is None:
        return None
    await store.touch_session(connection, session.id, now)
    return Owner(desk, connection, browser, person, session, now)


async def sign_in_first(request: AnyRequest, desk: Desk, connection: Connection, now: datetime) -> Redirect:
    """Lead to the sign-in pages and back; nobody can use the code that comes with her, and nobody needs to."""
    await _registered(connection, desk, now)
    language = Browser(request, desk).language
    asked = {
        "client_id": CLIENT_ID,
        "redirect_uri": _way_back(desk, language),
        "response_type": "code",
        "scope": "openid",
        "acr_values": LEVEL,
        "code_challenge": new_token(),
        "code_challenge_method": "S256",
        "ui_locales": language,
    }
    return Redirect(f"/oauth2/auth?{urlencode(asked)}", status_code=303)


async def _registered(connection: Connection, desk: Desk, now: datetime) -> None:
    """Register My eID with the eID itself, as often as its address changes. Its key is thrown away: it redeems none."""
    ways_back = tuple(_way_back(desk, language) for language in LANGUAGES)
    known = await store.find_client(connection, CLIENT_ID)
    if known and known.redirect_uris == ways_back:
        return
    key = ECKey.generate_key("P-256", auto_kid=True)
    registration = {
        "client_id": CLIENT_ID,
        "client_name": "My eID",
        "client_name#sq": "eID-ja ime",
        "client_name#sr": "Moj eID",
        "client_uri": f"{desk.issuer}/my",
        "redirect_uris": ways_back,
        "scope": "openid",
        "jwks": {"keys": [key.as_dict(private=False)]},
    }
    await store.save_client(connection, Client.model_validate(registration), now)


def _way_back(desk: Desk, language: Language) -> str:
    return f"{desk.issuer}/my?language={language}"
