"""A public page is rendered once and given to everyone; a person's page never is."""

from __future__ import annotations

import gzip
from types import SimpleNamespace

import brotli
import pytest

from portal import kept
from portal.csrf import Csrf
from portal.kept import with_kept_pages
from portal.representation import wants_data
from tests.unit.portal.asgi import Answer, Headers, Receive, Request, Send, app, call, scope, settings

SESSION = "portal-session"


class House:
    """An application that counts how often it renders; what it says can be changed."""

    def __init__(self, *, keep: bool | str = True) -> None:
        self.rendered: list[str] = []
        self.status, self.keep, self.holds_form = 200, keep, False
        self.headers: list[tuple[bytes, bytes]] = []
        self.app = with_kept_pages(app(self._render), settings())

    async def _render(self, request: Request, _receive: Receive, send: Send) -> None:
        self.rendered.append(request["path"])
        request["route_handler"] = SimpleNamespace(opt={"keep": self.keep})
        request["state"]["csrf"] = csrf = Csrf("s", None)
        if self.holds_form:
            csrf.hidden_field()
        seen = dict(request["headers"])
        body = f"{request['state']['language']} {request['path']} {seen.get(b'host')} {len(self.rendered)}".encode()
        language = request["state"]["language"].encode()
        headers = [(b"content-type", b"text/html"), (b"content-language", language), (b"set-cookie", b"a=b")]
        headers += self.headers
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    async def visit(
        self, path: str = "/about", language: str = "sq", headers: Headers = (), query: str = "", method: str = "GET"
    ) -> Answer:
        request = scope(path, method, headers, query)
        request["state"]["language"] = language
        return await call(self.app, request)


async def test_a_page_is_rendered_once_for_each_language() -> None:
    house = House()
    for language in ("sq", "sr", "sq", "sr"):
        answer = await house.visit(language=language)
        assert answer.body.startswith(language.encode())
        assert answer["content-language"] == language
    assert len(house.rendered) == 2


async def test_what_is_given_sets_no_cookie_and_is_asked_for_anew_each_time() -> None:
    house = House()
    for _ in range(2):
        answer = await house.visit()
        assert not answer.all("set-cookie")
        assert answer["cache-control"] == "no-cache"
        assert "Cookie" in answer["vary"]


@pytest.mark.parametrize(
    ("headers", "query", "method"),
    [
        ([("cookie", f"a=b; {SESSION}=xyz")], "", "GET"),
        ([("hx-request", "true")], "", "GET"),
        ([], "q=a", "GET"),
        ([], "", "POST"),
    ],
)
async def test_who_may_see_something_else_is_never_given_a_kept_page(headers: Headers, query: str, method: str) -> None:
    house = House()
    await house.visit()
    for _ in range(2):
        await house.visit(headers=headers, query=query, method=method)
    assert len(house.rendered) == 3
    assert (await house.visit()).body.endswith(b" 1")


async def test_a_page_with_a_form_is_not_kept_whatever_its_handler_says() -> None:
    house = House()
    house.holds_form = True
    assert [(await house.visit()).body[-1:] for _ in range(2)] == [b"1", b"2"]


async def test_only_what_its_handler_lets_be_kept_is_kept() -> None:
    house = House(keep=False)
    assert [(await house.visit()).body[-1:] for _ in range(2)] == [b"1", b"2"]


@pytest.mark.parametrize("status", [404, 302, 500])
async def test_a_refusal_is_not_kept(status: int) -> None:
    house = House()
    house.status = status
    answers = [await house.visit() for _ in range(2)]
    assert [answer.status for answer in answers] == [status, status]
    assert answers[0].all("set-cookie")
    assert len(house.rendered) == 2


@pytest.mark.parametrize("path", ["//about", "/about/", "/about//", "///about"])
async def test_another_way_to_write_an_address_fills_no_memory(path: str) -> None:
    house = House()
    await house.visit(path)
    await house.visit(path)
    assert len(house.rendered) == 2


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("br, gzip", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("", ""), ("identity", ""), ("brother", "")],
)
async def test_it_comes_in_the_coding_that_the_browser_takes(accepted: str, coding: str) -> None:
    house = House()
    plain = (await house.visit()).body
    answer = await house.visit(headers=[("accept-encoding", accepted)])
    assert answer.all("content-encoding") == ([coding] if coding else [])
    opened = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[coding](answer.body)
    assert opened == plain
    assert answer["content-length"] == str(len(answer.body))


@pytest.mark.parametrize("asked", ["{tag}", 'W/{tag}, "other"', '"other", {tag}'])
async def test_a_browser_that_has_it_is_told_so(asked: str) -> None:
    house = House()
    tag = (await house.visit())["etag"]
    answer = await house.visit(headers=[("if-none-match", asked.format(tag=tag))])
    assert (answer.status, answer.body, answer["etag"]) == (304, b"", tag)
    assert (await house.visit(headers=[("if-none-match", '"other"')])).status == 200


async def test_each_coding_has_a_tag_of_its_own() -> None:
    house = House()
    tags = {(await house.visit(headers=[("accept-encoding", each)]))["etag"] for each in ("br", "gzip", "")}
    assert len(tags) == 3


async def test_it_is_rendered_anew_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LIFE", -1.0)
    house = House()
    assert [(await house.visit()).body[-1:] for _ in range(2)] == [b"1", b"2"]


async def test_while_it_cannot_be_rendered_the_last_one_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LIFE", -1.0)
    house = House()
    await house.visit()
    house.status = 503
    answer = await house.visit()
    assert (answer.status, answer.body[-1:]) == (200, b"1")


async def test_a_page_that_is_gone_is_not_kept_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LIFE", -1.0)
    house = House()
    await house.visit()
    house.status = 404
    assert (await house.visit()).status == 404
    house.status = 503
    assert (await house.visit()).status == 503


async def test_it_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 3)
    house = House()
    for number in range(4):
        await house.visit(f"/life-events/{number}")
    await house.visit("/life-events/3")
    assert len(house.rendered) == 4
    await house.visit("/life-events/0")
    assert len(house.rendered) == 5


async def test_how_we_are_is_not_kept() -> None:
    house = House()
    for _ in range(2):
        await house.visit("/health/ready")
    assert len(house.rendered) == 2


async def test_the_data_behind_a_page_is_kept_beside_it_and_each_says_what_it_is() -> None:
    house = House()
    house.headers = [(b"vary", b"Accept"), (b"content-location", b"/catalogue/x.jsonld"), (b"link", b"<x>")]
    data = [("accept", "application/ld+json, text/html;q=0.5")]
    wishes: tuple[Headers, ...] = ([("accept", "text/html,*/*;q=0.8")], data, ())
    bodies = [(await house.visit(headers=wish)).body[-1:] for wish in (*wishes, *wishes)]
    assert bodies == [b"1", b"2", b"1", b"1", b"2", b"1"]
    answer = await house.visit(headers=data)
    assert answer["vary"] == "Accept-Encoding, Cookie, Accept"
    assert answer["content-location"] == "/catalogue/x.jsonld"
    assert not answer.all("link")


async def test_what_all_languages_share_is_kept_once() -> None:
    house = House()
    for language in ("sq", "sr", "en"):
        assert (await house.visit("/catalogue.jsonld", language)).body.endswith(b" 1")


async def test_what_only_a_new_process_changes_is_kept_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LIFE", -1.0)
    house = House(keep=kept.FOR_GOOD)
    assert [(await house.visit()).body[-1:] for _ in range(2)] == [b"1", b"1"]


@pytest.mark.parametrize(
    ("accepted", "wants"),
    [
        ("", False),
        ("*/*", False),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", False),
        ("application/ld+json", True),
        ('application/ld+json; profile="http://www.w3.org/ns/json-ld#compacted"', True),
        ("application/ld+json, */*;q=0.1", True),
        ("Application/LD+JSON", True),
        ("application/ld+json;q=0.4, text/html", False),
        ("application/json", False),
        ("ld+json;;;=,,\xff", False),
    ],
)
def test_who_names_linked_data_and_likes_no_page_better_wants_it(accepted: str, wants: bool) -> None:  # noqa: FBT001
    assert wants_data([(b"host", b"localhost"), (b"accept", accepted.encode("latin-1"))]) is wants
