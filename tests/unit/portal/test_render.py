"""A page speaks its reader's language throughout, whole or in part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from jinja2 import UndefinedError
from litestar import Litestar, Request, Response, get, post
from litestar.testing import TestClient

from i18n.text import LANGUAGES, Language
from portal.assets import build
from portal.csrf import CsrfMiddleware, with_tokens
from portal.door import with_language
from portal.render import render
from portal.settings import Settings
from services.catalogue.search import Found
from tests.unit.catalogue.many import many
from tests.unit.portal import gallery
from tests.unit.portal.english import Speech, english_on

ERRORS = ("400", "403", "404", "405", "409", "413", "422", "429", "500", "503")
SETTINGS = Settings(
    secret="s" * 32,
    eid_client_key="-----BEGIN PRIVATE KEY-----",
    payments_api_key="k" * 16,
    payments_webhook_secret="w" * 16,
    registers_token="t" * 16,
    registers_key="-----BEGIN PRIVATE KEY-----",
    audit_key="-----BEGIN PRIVATE KEY-----",
)
_PAGE = """
{% extends "base.html" %}
{% block title %}Arta{% endblock %}
{% block content %}<form method="post">{{ csrf_field() }}</form>
{% block part %}<p id="part">{{ name }}</p>{% endblock %}
{% endblock %}
"""


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    build.ensure()


@pytest.mark.parametrize("language", ["sq", "sr"])
@pytest.mark.parametrize("name", gallery.SAMPLES)
def test_a_macro_says_nothing_in_english(name: str, language: Language) -> None:
    assert english_on(gallery.macro(name, language), language) == []


@pytest.mark.parametrize("language", ["sq", "sr"])
def test_a_whole_page_says_nothing_in_english(language: Language) -> None:
    assert english_on(gallery.page(language), language) == []
    for house in ("eid", "payments"):
        assert english_on(gallery.standin(language, house), language) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", ERRORS)
def test_an_error_page_says_what_happened_and_what_to_do(status: str, language: Language) -> None:
    page = gallery.error(language, status)
    assert "7KQ2M9XA" in page
    assert len(re.findall("<h1", page)) == 1
    if language != "en":
        assert english_on(page, language) == []


@pytest.mark.parametrize(
    "planted",
    [
        "<a>Back</a>",
        '<nav aria-label="Pagination"></nav>',
        '<button data-i18n.show-password="Show password">Shfaqni</button>',
        "<p>Ju lutem confirm your answers</p>",
        "<span>Error:</span>",
    ],
)
def test_english_on_an_albanian_page_is_found(planted: str) -> None:
    assert english_on(planted, "sq") != []


def test_every_sample_says_something_that_the_check_hears() -> None:
    heard = [name for name in gallery.SAMPLES if Speech(gallery.macro(name, "sq")).said]
    silent = {"form.hidden", "form.csrf", "card.icon"}
    assert set(gallery.SAMPLES) - set(heard) == silent


def test_a_name_that_a_page_was_not_given_is_a_fault_not_a_gap() -> None:
    with pytest.raises(UndefinedError):
        gallery.made().from_string("{{ nme }}").render(gallery.context("sq"))


def test_what_a_person_typed_is_never_markup() -> None:
    typed = "{{ form.text_input('name', w.name, value='\"><script>') }}"
    source = '{% import "ui/form.html" as form with context %}' + typed
    assert "<script>" not in gallery.made().from_string(source).render(gallery.context("sq"))


@pytest.fixture(scope="module")
def visitor() -> Iterator[TestClient[Any]]:
    def page(request: Request[Any, Any, Any]) -> Response[str]:
        return render(request, "page.html", block="part", status_code=200, headers={"X-Ours": "yes"}, name="<Arta>")

    house = Litestar(
        [get("/page", sync_to_thread=False)(page), post("/page", status_code=200, sync_to_thread=False)(page)],
        middleware=[CsrfMiddleware],
    )
    house.state.environment = gallery.made(**{"page.html": _PAGE})
    with TestClient(with_language(with_tokens(house, SETTINGS))) as client:
        yield client


def test_a_reader_gets_the_whole_page(visitor: TestClient[Any]) -> None:
    answer = visitor.get("/sr/page?q=a b")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == "sr"
    assert answer.headers["vary"] == "HX-Request"
    assert answer.headers["x-ours"] == "yes"
    assert '<html class="govuk-template" lang="sr">' in answer.text
    assert "&lt;Arta&gt;" in answer.text


def test_the_language_switch_keeps_the_page_and_its_query(visitor: TestClient[Any]) -> None:
    text = visitor.get("/sr/page", params={"q": "lindje & vdekje"}).text
    links = dict(re.findall(r'<a class="languages__link" href="([^"]+)" lang="(\w\w)"', text))
    assert links == {
        "/sq/page?q=lindje+%26+vdekje": "sq",
        "/en/page?q=lindje+%26+vdekje": "en",
    }


def test_the_language_switch_does_not_say_a_number_again(visitor: TestClient[Any]) -> None:
    text = visitor.get("/sr/page", params={"q": "1204583176"}).text
    assert '<a class="languages__link" href="/sq/page" lang="sq"' in text
    assert "1204583176" not in text


def test_htmx_gets_the_named_block_alone(visitor: TestClient[Any]) -> None:
    answer = visitor.get("/sq/page", headers={"HX-Request": "true"})
    assert answer.text.strip() == '<p id="part">&lt;Arta&gt;</p>'
    assert answer.headers["vary"] == "HX-Request"


def test_htmx_gets_the_whole_page_back_into_its_history(visitor: TestClient[Any]) -> None:
    asked = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<!DOCTYPE html>" in visitor.get("/sq/page", headers=asked).text


def test_a_form_on_a_first_visit_can_be_sent(visitor: TestClient[Any]) -> None:
    visitor.cookies.clear()
    token = re.findall(r'name="_csrf_token" value="(\w+)"', visitor.get("/en/page").text)[0]
    assert visitor.post("/en/page", data={"_csrf_token": token}).status_code == 200
    assert visitor.post("/en/page", data={"_csrf_token": "forged"}).status_code == 403


def test_a_stranger_is_offered_to_sign_in_and_sends_no_form(visitor: TestClient[Any]) -> None:
    text = visitor.get("/sq/page").text
    assert 'href="/sq/sign-in"' in text
    assert "sign-out" not in text
    assert "<dialog" not in text


def test_a_person_sees_her_name_and_until_when_she_is_signed_in() -> None:
    text = gallery.page("sq")
    assert "Arta Krasniqi" in text
    assert "15:05" in text
    assert 'action="/sq/sign-out" method="post"' in text
    assert 'data-session-seconds="1800"' in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_search_shows_those_that_fit_best_and_says_how_many_fit(language: Language) -> None:
    found = Found(tuple(islice(many(), 31)))
    told: dict[str, Any] = {"found": found, "most": 30, "q": "leje", "life_events": (), "errors": {}}
    page = gallery.made().get_template("pages/services.html").render({**gallery.context(language), **told})
    assert page.count('class="card__link"') == 30
    assert re.search(r'role="status">31 [^<]* 30 [^<]*</p>', page)
