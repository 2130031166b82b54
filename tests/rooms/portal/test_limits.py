"""Nobody tries codes or files without end, and nobody is taken for someone else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from portal.demo.plan import Plan
from tests.rooms.portal.visitor import forms

Portal = Callable[..., Awaitable[httpx.AsyncClient]]
CODE = "/v/0123456789ABCDEF"


async def _tries(portal: httpx.AsyncClient, times: int, path: str = f"/en{CODE}", said: str = "") -> list[int]:
    headers = {"X-Forwarded-For": said} if said else {}
    return [(await portal.get(path, headers=headers)).status_code for _ in range(times)]


async def test_after_thirty_codes_in_a_minute_a_visitor_has_to_wait(new_portal: Portal) -> None:
    portal = await new_portal()
    assert await _tries(portal, 30) == [404] * 30
    page = await portal.get(f"/en{CODE}")
    assert page.status_code == 429
    assert page.headers["retry-after"] == "60"
    assert "Wait a minute" in page.text
    assert page.headers["x-request-id"] in page.text
    assert page.headers["content-security-policy"]
    # In whatever language, whatever code: it is she who waits, and for codes alone.
    assert await _tries(portal, 1, "/sq/v/another") == [429]
    assert await _tries(portal, 1, "/sq/verify") == [200]
    assert await _tries(portal, 1, "/sq/about") == [200]


async def test_after_ten_files_in_a_minute_a_visitor_has_to_wait(new_portal: Portal) -> None:
    portal = await new_portal()
    statuses: list[int] = []
    for _ in range(11):
        shown = next(each for each in forms(await portal.get("/en/verify")) if each.method == "post")
        answer = await portal.post("/en/verify", data=shown.fields, files={"file": ("a.pdf", b"no PDF")})
        statuses.append(answer.status_code)
    assert statuses == [422] * 10 + [429]


async def test_what_a_visitor_says_of_himself_does_not_count(new_portal: Portal) -> None:
    portal = await new_portal()
    statuses = [(await _tries(portal, 1, said=f"203.0.113.{number}"))[0] for number in range(31)]
    assert statuses[-1] == 429


async def test_what_our_proxy_says_counts(new_portal: Portal) -> None:
    portal = await new_portal(PORTAL_TRUSTED_PROXIES="127.0.0.1")
    assert (await _tries(portal, 31, said="203.0.113.1"))[-1] == 429
    assert await _tries(portal, 1, said="203.0.113.2") == [404]
    # What a visitor had said before the proxy spoke is his own invention.
    assert await _tries(portal, 1, said="198.51.100.1, 203.0.113.1") == [429]


async def test_one_household_of_ipv6_is_one_visitor(new_portal: Portal) -> None:
    portal = await new_portal(PORTAL_TRUSTED_PROXIES="127.0.0.1")
    statuses = [(await _tries(portal, 1, said=f"2001:db8::{number:x}"))[0] for number in range(31)]
    assert statuses[-1] == 429


@pytest.mark.parametrize("said", ["", "garbage", "203.0.113.1:443", "[2001:db8::1]", ",", "\x7f", "a" * 5000])
async def test_a_proxy_that_says_nonsense_breaks_nothing(new_portal: Portal, said: str) -> None:
    portal = await new_portal(PORTAL_TRUSTED_PROXIES="127.0.0.1")
    assert await _tries(portal, 1, said=said) == [404]


async def test_who_sends_nothing_more_is_not_waited_for_for_ever_and_holds_nobody_up(town: Plan) -> None:
    url = httpx.URL(town.address("portal"))
    head = b"POST /sq/sign-out HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    slow = [await asyncio.open_connection(url.host, url.port) for _ in range(60)]
    for _reader, writer in slow:
        writer.write(head + b"Content-Length: 1000\r\n\r\na=")
        await writer.drain()
    async with httpx.AsyncClient(base_url=url) as other:
        answers = await asyncio.gather(*(other.get("/sq/services?q=a") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    first = await asyncio.wait_for(slow[0][0].readline(), 30)
    assert b" 400 " in first
    for _reader, writer in slow:
        writer.close()


async def test_who_sends_half_a_head_is_let_go(town: Plan) -> None:
    url = httpx.URL(town.address("portal"))
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(b"GET /sq/ HTTP/1.1\r\nHost: loc")
    assert b"200" not in await asyncio.wait_for(reader.read(), 20)
    writer.close()
