"""A form acts only in the browser that was shown it, and no browser is ever locked out by an old cookie."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as any_of

from portal import cookie
from portal.csrf import Csrf, with_tokens
from tests.unit.portal.asgi import Answering, Receive, Request, Send, app, call, scope, settings

HERS, HIS = cookie.new_token(), cookie.new_token()
SECRET = "s" * 32


def _token(csrf: Csrf) -> str:
    return re.findall(r'value="(\w+)"', str(csrf.hidden_field()))[0]


def test_a_token_fits_the_browser_that_it_was_given_to() -> None:
    token = _token(Csrf(SECRET, HERS))
    assert Csrf(SECRET, HERS).fits(token)
    assert not Csrf(SECRET, HIS).fits(token)
    assert not Csrf(SECRET, None).fits(token)


def test_every_page_has_another_token() -> None:
    csrf = Csrf(SECRET, HERS)
    tokens = {_token(csrf) for _ in range(20)}
    assert len(tokens) == 20
    assert all(csrf.fits(token) for token in tokens)


def test_a_new_secret_makes_old_forms_wrong_but_not_the_browser() -> None:
    old = _token(Csrf(SECRET, HERS))
    renewed = Csrf("n" * 32, HERS)
    assert not renewed.fits(old)
    assert renewed.fits(_token(renewed))


@pytest.mark.parametrize(
    "sent",
    [None, "", "a", "ë" * 80, "a" * 80, b"bytes", object(), HERS],
    ids=["nothing", "empty", "a letter", "no ASCII", "no mark", "bytes", "an object", "her own secret"],
)
def test_anything_else_is_no_token(sent: object) -> None:
    assert not Csrf(SECRET, HERS).fits(sent)


@given(any_of.text())
def test_no_text_is_a_token_by_chance(sent: str) -> None:
    assert not Csrf(SECRET, HERS).fits(sent)


@given(any_of.integers(0, 79), any_of.sampled_from("0123456789abcdefg"))
def test_a_token_with_one_sign_changed_is_none(place: int, sign: str) -> None:
    token = _token(Csrf(SECRET, HERS))
    changed = token[:place] + sign + token[place + 1 :]
    assert Csrf(SECRET, HERS).fits(changed) == (changed == token)


async def test_the_cookie_comes_with_the_first_form_and_not_before() -> None:
    async def page(request: Request, receive: Receive, send: Send) -> None:
        if request["path"] == "/form":
            request["state"]["csrf"].hidden_field()
        await Answering()(request, receive, send)

    whole = with_tokens(app(page), settings())
    assert not (await call(whole, scope("/"))).all("set-cookie")
    first = (await call(whole, scope("/form")))["set-cookie"]
    token = re.findall(r"portal-csrf=([\w-]{43});", first)[0]
    again = await call(whole, scope("/form", headers=[("cookie", f"portal-csrf={token}")]))
    assert not again.all("set-cookie")


async def test_a_cookie_that_is_nothing_of_ours_is_replaced() -> None:
    async def page(request: Request, receive: Receive, send: Send) -> None:
        request["state"]["csrf"].hidden_field()
        await Answering()(request, receive, send)

    stale = "f" * 128  # such as another release gave
    answer = await call(with_tokens(app(page), settings()), scope(headers=[("cookie", f"portal-csrf={stale}")]))
    assert re.search(r"portal-csrf=[\w-]{43};", answer["set-cookie"])
