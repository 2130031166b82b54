"""How long a session lives, what its cookie is, and where signing in may lead."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import cast
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as any_of
from litestar.types import Scope
from uuid_utils.compat import uuid7

from portal import cookie
from portal.session import IDLE, LONGEST, ends_at, is_live
from portal.store import Session
from portal.way_back import HOME, within_site
from tests.unit.portal.asgi import scope, settings

BEGAN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ARTA = Session(
    token_hash=b"",
    person_id=uuid7(),
    personal_number="1176042318",
    given_name="Arta",
    family_name="Krasniqi",
    birthdate=date(1990, 5, 14),
    email=None,
    acr="substantial",
    issuer="https://eid.example",
    id_token="",
    created_at=BEGAN,
    seen_at=BEGAN,
    unread=0,
    typed=None,
)
SECURE = settings(url="https://portal.example")


def test_a_session_ends_half_an_hour_after_the_last_act() -> None:
    assert is_live(ARTA, BEGAN + IDLE - timedelta(seconds=1))
    assert not is_live(ARTA, BEGAN + IDLE)
    assert ends_at(ARTA) == BEGAN + timedelta(minutes=30)


def test_a_session_ends_after_twelve_hours_whatever_is_done() -> None:
    busy = replace(ARTA, seen_at=BEGAN + LONGEST - timedelta(minutes=1))
    assert is_live(busy, BEGAN + LONGEST - timedelta(seconds=1))
    assert not is_live(busy, BEGAN + LONGEST)
    assert ends_at(busy) == BEGAN + timedelta(hours=12)


@pytest.mark.parametrize("what", ["session", "sign-in", "csrf"])
def test_over_https_a_cookie_is_bound_to_this_host_and_to_tls(what: cookie.What) -> None:
    _name, header = cookie.header(cookie.make(SECURE, what, cookie.new_token()))
    assert header.startswith(f"__Host-portal-{what}=".encode())
    words = header.decode().lower().split("; ")
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= set(words)
    assert not any(word.startswith("domain") for word in words)


def test_over_http_a_cookie_has_a_plain_name() -> None:
    _name, header = cookie.header(cookie.make(settings(), "session", "x"))
    assert header.startswith(b"portal-session=x;")
    assert b"Secure" not in header


def test_a_cookie_for_the_browsers_session_has_no_end_and_one_taken_away_ends_at_once() -> None:
    assert b"Max-Age" not in cookie.header(cookie.make(SECURE, "session", "x"))[1]
    assert b"Max-Age=0" in cookie.header(cookie.make(SECURE, "session", "", 0))[1]


def test_no_two_tokens_are_the_same_and_each_is_taken_for_one() -> None:
    tokens = {cookie.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(cookie.is_token(token.encode()) for token in tokens)


def _asked(header: bytes) -> Scope:
    return cast("Scope", scope() | {"headers": [(b"cookie", header)]})


def test_the_cookie_is_found_among_others() -> None:
    token = cookie.new_token()
    header = f"a/b=c; portal-sign-in=x; other; portal-session={token};".encode()
    assert cookie.read(_asked(header), settings(), "session") == token
    assert cookie.read(_asked(header), settings(), "csrf") is None


@pytest.mark.parametrize(
    "value",
    [b"", b"x", b"\xff" * 43, b"a" * 42, b"a" * 44, b'"' + b"a" * 41 + b'"', b"a" * 42 + b"\\", b"\\015" * 10 + b"abc"],
)
def test_what_we_never_gave_is_no_cookie(value: bytes) -> None:
    assert cookie.read(_asked(b"portal-session=" + value), settings(), "session") is None


@given(any_of.binary(max_size=300))
def test_whatever_a_browser_sends_as_cookies_can_be_read(header: bytes) -> None:
    cookie.read(_asked(header), settings(), "session")


def test_a_page_of_ours_is_where_one_comes_back_to() -> None:
    for page in ("/", "/applications", "/services/birth-extract/start", "/data?after=1&b=%20", "/é"):
        assert within_site(page) == page


@pytest.mark.parametrize(
    "page",
    [
        "",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "evil.example",
        " //evil.example",
        "/\t/evil.example",
        "/\r\n/evil.example",
        "/\0",
        "/a\x7f",
        "/\u2028/evil.example",
        "/\u202eelpmaxe",
        "/" + "a" * 500,
    ],
)
def test_another_site_is_never_where_one_comes_back_to(page: str) -> None:
    assert within_site(page) == HOME


@pytest.mark.parametrize("page", ["/applications/1204583176", "/services?q=1204583176", "/v/1204583176?after=1"])
def test_an_address_that_names_a_person_is_not_carried_on(page: str) -> None:
    assert within_site(page) == HOME


def test_ten_digits_within_an_id_name_nobody() -> None:
    for page in ("/applications/019aaf11-0000-7000-8000-a1234567890b", "/v/12045831760", "/data?after=1204583176-1"):
        assert within_site(page) == page


@pytest.mark.parametrize(
    "page", ["/%5cevil.example", "/%2f%2fevil.example", "/..//evil.example", "/@evil.example", "/;//x"]
)
def test_what_looks_harmless_stays_within_the_site_behind_its_language(page: str) -> None:
    assert _lands(within_site(page)) == "portal.example"


@given(any_of.text(max_size=60))
def test_whatever_is_asked_for_stays_within_the_site(page: str) -> None:
    for asked in (page, unquote(page), quote(page), "/" + page):
        assert _lands(within_site(asked)) == "portal.example"


def _lands(page: str) -> str | None:
    return urlsplit(urljoin("https://portal.example/sq/sign-in/return", f"/sq{page}")).hostname
