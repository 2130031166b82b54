"""What every request meets at the door: its reference, headers on any answer, a known host, a language, patience."""

from __future__ import annotations

import asyncio
import re
from typing import cast

import pytest
from litestar.exceptions import ClientException

from portal.door import with_headers, with_heads, with_known_host, with_language, with_patience, with_visitor
from tests.unit.portal.asgi import Answering, App, Message, Receive, Request, Send, app, call, scope, settings


async def test_every_answer_has_a_reference_of_its_own() -> None:
    whole = with_headers(Answering().app, settings())
    references = [(await call(whole, scope()))["x-request-id"] for _ in range(50)]
    assert len(set(references)) == 50
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{8}", reference) for reference in references)


async def test_a_fault_that_nobody_catches_is_answered_with_its_reference_and_all_headers() -> None:
    async def broken(_scope: Request, _receive: Receive, _send: Send) -> None:
        raise LookupError("a secret")

    answer = await call(with_headers(app(broken), settings()), scope())
    assert answer.status == 500
    assert answer["x-request-id"] in answer.body.decode()
    assert "secret" not in answer.body.decode()
    assert answer["content-security-policy"].startswith("default-src 'none'")


async def test_an_answer_keeps_its_own_cache_control() -> None:
    whole = with_headers(Answering(headers=[("Cache-Control", "public")]).app, settings())
    assert (await call(whole, scope())).all("cache-control") == ["public"]
    assert (await call(with_headers(Answering().app, settings()), scope()))["cache-control"] == "no-store"


async def test_https_is_insisted_on_only_where_it_is_spoken() -> None:
    over = settings(url="https://portal.example")
    assert (await call(with_headers(Answering().app, over), scope()))["strict-transport-security"]
    assert not (await call(with_headers(Answering().app, settings()), scope())).all("strict-transport-security")


async def test_forms_may_lead_to_the_eid_and_the_payment_provider_and_nowhere_else() -> None:
    told = settings(eid_issuer="https://eid.example/realm/", payments_url="https://pay.example:8443/api")
    policy = (await call(with_headers(Answering().app, told), scope()))["content-security-policy"]
    assert "form-action 'self' https://eid.example https://pay.example:8443;" in policy


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost:8000", "localhost:"])
async def test_our_own_host_is_served(host: str) -> None:
    request = scope() | {"headers": [(b"host", host.encode())]}
    assert (await call(with_known_host(Answering().app, settings()), request)).status == 200


@pytest.mark.parametrize(
    "hosts", [[], ["evil.example"], ["localhost.evil.example"], ["localhost", "evil.example"], ["localhost:x"], [""]]
)
async def test_another_host_is_refused(hosts: list[str]) -> None:
    request = scope() | {"headers": [(b"host", host.encode()) for host in hosts]}
    assert (await call(with_known_host(Answering().app, settings()), request)).status == 400


async def test_an_ipv6_host_is_known_with_and_without_its_port() -> None:
    whole = with_known_host(Answering().app, settings(allowed_hosts="[::1]"))
    for host in (b"[::1]", b"[::1]:8000"):
        assert (await call(whole, scope() | {"headers": [(b"host", host)]})).status == 200


@pytest.mark.parametrize(
    ("path", "language", "rest"),
    [("/sq/", "sq", "/"), ("/sr", "sr", "/"), ("/en/services/x", "en", "/services/x"), ("/sq//x", "sq", "//x")],
)
async def test_the_language_is_taken_off_the_address(path: str, language: str, rest: str) -> None:
    said = Answering()
    await call(with_language(said.app), scope(path))
    assert (said.seen["state"]["language"], said.seen["path"]) == (language, rest)


@pytest.mark.parametrize(
    ("path", "query", "accepted", "to"),
    [
        ("/", "", "", "/sq/"),
        ("/services", "q=a%20b", "sr-RS,sr;q=0.9", "/sr/services?q=a%20b"),
        ("/about/", "", "en-US", "/en/about"),
        ("/V/7K3M", "", "de", "/sq/v/7K3M"),
        ("/sqx", "", "", "/sq/sqx"),
        ("//evil.example", "", "", "/sq//evil.example"),
        ("/\\evil.example", "", "", "/sq/%5Cevil.example"),
        ("/a\r\nSet-Cookie: a=b", "", "", "/sq/a%0D%0ASet-Cookie%3A%20a%3Db"),
        ("/\ufffd", "", "", "/sq/%EF%BF%BD"),
    ],
)
async def test_an_address_without_a_language_leads_to_the_readers_own_within_the_site(
    path: str, query: str, accepted: str, to: str
) -> None:
    answer = await call(
        with_language(Answering().app), scope(path, headers=[("accept-language", accepted)], query=query)
    )
    assert (answer.status, answer["location"], answer["vary"]) == (302, to, "Accept-Language")


@pytest.mark.parametrize(
    "path",
    [
        *("/assets/a.css", "/health/live", "/webhooks/payments", "/robots.txt", "/sitemap.xml"),
        *("/catalogue.jsonld", "/catalogue/birth-extract.jsonld"),
    ],
)
async def test_what_machines_read_has_no_language_in_its_address(path: str) -> None:
    said = Answering()
    await call(with_language(said.app), scope(path))
    assert said.seen["path"] == path


async def test_a_head_is_a_get_without_its_body() -> None:
    said = Answering(headers=[("content-length", "4")])
    answer = await call(with_heads(said.app), scope(method="HEAD"))
    assert (said.seen["method"], answer.status, answer["content-length"], answer.body) == ("GET", 200, "4", b"")


@pytest.mark.parametrize(
    ("listed", "told"), [("GET, OPTIONS", "GET, HEAD, OPTIONS"), ("POST, OPTIONS", "POST, OPTIONS")]
)
async def test_what_is_allowed_by_get_is_allowed_by_head(listed: str, told: str) -> None:
    assert (await call(with_heads(Answering(405, [("allow", listed)]).app), scope()))["allow"] == told


async def _reading(_scope: Request, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body"):
        pass
    await Answering()(_scope, receive, send)


async def test_who_stops_sending_is_not_waited_for() -> None:
    async def silent(*_: object) -> Message:
        await asyncio.sleep(60)
        return {}

    with pytest.raises(ClientException):
        await cast("App", with_patience(app(_reading), part=0.01))(scope(), silent, Answering.nobody)


async def test_who_drips_is_not_waited_for() -> None:
    async def dripping(*_: object) -> Message:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"a", "more_body": True}

    with pytest.raises(ClientException):
        await cast("App", with_patience(app(_reading), part=1, whole=0.1))(scope(), dripping, Answering.nobody)


async def test_who_goes_away_in_the_middle_is_no_fault_of_ours() -> None:
    with pytest.raises(ClientException):
        await call(with_patience(app(_reading)), scope(), [{"type": "http.request", "body": b"a", "more_body": True}])


@pytest.mark.parametrize(
    ("trusted", "said", "visitor"),
    [
        ("", "203.0.113.9", "192.0.2.7"),
        ("192.0.2.0/24", "203.0.113.9", "203.0.113.9"),
        ("192.0.2.7", "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.0/8", "203.0.113.9", "192.0.2.7"),
    ],
)
async def test_only_a_proxy_of_ours_says_who_the_visitor_is(trusted: str, said: str, visitor: str) -> None:
    house = Answering()
    told = settings(trusted_proxies=trusted)
    await call(with_visitor(house.app, told), scope(headers=[("x-forwarded-for", said)]))
    assert house.seen["client"][0] == visitor
