"""Whatever is sent, the answer is a page that says what to do, with a reference; never a fault of ours."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as any_of

from portal.demo.plan import Plan
from tests.rooms.portal import raw
from tests.rooms.portal.relay import line_to
from tests.rooms.portal.visitor import Visitor, form

Log = Callable[[httpx.Response], Awaitable[dict[str, Any]]]
Portal = Callable[..., Awaitable[httpx.AsyncClient]]
UNKNOWN = b"01234567-89ab-7def-8123-456789abcdef"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
PARTS = b"Content-Type: multipart/form-data; boundary=x\r\n"
HERE = b"Sec-Fetch-Site: same-origin\r\nCookie: portal-csrf=" + b"A" * 43 + b"\r\n"

TARGETS = {
    "bytes that are no UTF-8": b"/sq/%ff%fe",
    "a lone surrogate": b"/sq/services/%ed%a0%80",
    "a NUL": b"/sq/services/%00",
    "a NUL in a code": b"/sq/v/%00",
    "a NUL in a mount": b"/assets/%00",
    "a long code": b"/sq/v/" + b"a" * 5000,
    "a deep path": b"/sq" + b"/a" * 3000,
    "many slashes": b"/sq" + b"/" * 3000,
    "dots": b"/sq/../../etc/passwd",
    "hidden dots": b"/assets/..%2f..%2fetc%2fpasswd",
    "a broken id": b"/sq/applications/1",
    "a giant id": b"/sq/applications/" + b"9" * 4000,
    "a broken escape": b"/sq/%zz%",
    "a long query": b"/sq/services?q=" + b"a" * 4000,
    "a query that is no UTF-8": b"/sq/services?q=%ff%00%ed%a0%80",
    "a query given twice": b"/sq/services?q=a&q=b",
    "a thousand queries": b"/sq/services?" + b"q=a&" * 1000,
    "a bad level": b"/sq/sign-in?level=godlike",
    "a long code to verify": b"/sq/verify?code=" + b"9" * 4000,
    "a header in the path": b"/sq/%0d%0aSet-Cookie:%20a=b",
    "a header in the query": b"/?a=%0d%0aSet-Cookie:%20a=b",
    "another host": b"//evil.example/",
    "the answer of an eID that nobody asked": b"/sq/sign-in/return?code=a&state=b&iss=c&error=%00",
}


@pytest.mark.parametrize("what", TARGETS)
async def test_a_strange_address_is_no_fault_of_ours(town: Plan, what: str) -> None:
    answer = await raw.send(town.address("portal"), b"GET " + TARGETS[what] + b" HTTP/1.1")
    assert 200 <= answer.status < 500
    assert "set-cookie" not in answer.headers or "portal-" in answer.headers["set-cookie"]
    assert answer.headers.get("location", "/").startswith(("/", town.address("eid")))


BODIES = {
    "nothing": (b"", b""),
    "no form": (b"Content-Type: application/json\r\n", b"{"),
    "a type that is none": (b"Content-Type: ;;;=\r\n", b"a=b"),
    "bytes that are no UTF-8": (FORM, b"\xff=\xfe&%ff=%fe"),
    "NUL and surrogates": (FORM, b"a%00b=%00&c=%ed%a0%80"),
    "a field a thousand times": (FORM, b"a=1&" * 900),
    "too many fields": (FORM, b"a=1&" * 40_000),
    "separators only": (FORM, b"&" * 9999),
    "a giant number": (FORM, b"revision=" + b"9" * 5000 + b"&score=" + b"9" * 5000),
    "a token that is no ASCII": (FORM, b"_csrf_token=%c3%ab" + b"a" * 80),
    "parts without a boundary": (b"Content-Type: multipart/form-data\r\n", b"--x"),
    "parts with a long boundary": (b"Content-Type: multipart/form-data; boundary=" + b"x" * 500 + b"\r\n", b"--x"),
    "parts that are none": (PARTS, b"garbage"),
    "parts that end early": (PARTS, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nabc'),
    "a part without a name": (PARTS, b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"),
    "a part that is no UTF-8": (PARTS, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--\r\n'),
    "a part in a charset of nobody's": (
        PARTS,
        b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: a/b; charset=no\r\n\r\na\r\n--x--\r\n',
    ),
    "a token that is a file": (
        PARTS,
        b'--x\r\nContent-Disposition: form-data; name="_csrf_token"; filename="a"\r\n\r\na\r\n--x--\r\n',
    ),
    "a thousand parts": (PARTS, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\na\r\n' * 1200 + b"--x--\r\n"),
}
ACTS = (b"/sq/verify", b"/sq/sign-out", b"/sq/applications/" + UNKNOWN + b"/rating", b"/webhooks/payments")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("what", BODIES)
async def test_a_strange_form_is_no_fault_of_ours(town: Plan, what: str, act: bytes) -> None:
    kind, body = BODIES[what]
    answer = await raw.send(town.address("portal"), b"POST " + act + b" HTTP/1.1", headers=HERE + kind, body=body)
    assert 300 <= answer.status < 500


@pytest.mark.parametrize("what", BODIES)
async def test_a_strange_form_of_a_person_signed_in_is_no_fault_of_ours(
    visitor: Visitor, town: Plan, what: str
) -> None:
    page = await visitor.asks_for_residence() if (await visitor.signs_in()).is_success else None
    assert page
    kind, body = BODIES[what]
    token = form(page, "/sign-out").fields["_csrf_token"].encode()
    if kind == FORM:
        body = b"_csrf_token=" + token + b"&" + body
    if kind == PARTS and body.startswith(b"--x\r\n"):
        body = b'--x\r\nContent-Disposition: form-data; name="_csrf_token"\r\n\r\n' + token + b"\r\n" + body
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items() if name.startswith("portal"))
    headers = b"Cookie: " + cookies.encode() + b"\r\n" + kind
    for act in (page.url.path.encode(), b"/sq/verify", b"/sq/session"):
        answer = await raw.send(town.address("portal"), b"POST " + act + b" HTTP/1.1", headers=headers, body=body)
        assert 200 <= answer.status < 500, act


@pytest.mark.parametrize(
    ("head", "body", "status"),
    [
        (FORM + b"Content-Length: 99999999999\r\n", b"", 413),
        (FORM, b"a=" + b"b" * 300_000, 413),
        (FORM + b"Transfer-Encoding: chunked\r\n", b"zz", 400),
    ],
)
async def test_too_large_or_broken_a_body_is_refused(town: Plan, head: bytes, body: bytes, status: int) -> None:
    is_chunked = b"chunked" in head
    head, body = (head + b"Connection: close\r\n\r\n" + body + b"\r\n", b"") if is_chunked else (head, body)
    answer = await raw.send(town.address("portal"), b"POST /sq/sign-out HTTP/1.1", headers=head, body=body)
    assert answer.status == status


@pytest.mark.parametrize("headers", [b"X: " + b"a" * 40_000 + b"\r\n", b"X: a\r\n" * 500])
async def test_too_large_a_head_is_refused(town: Plan, headers: bytes) -> None:
    assert (await raw.send(town.address("portal"), b"GET /sq/ HTTP/1.1", headers=headers)).status in {0, 431}


@pytest.mark.parametrize(
    "cookies",
    [b"a/b=c; (=); portal-session=x", b"=;;=", b"\xff\xfe", b'portal-csrf=\xc3\xab; portal-sign-in="\\015\\012"'],
)
async def test_strange_cookies_are_nothing(town: Plan, cookies: bytes) -> None:
    for path in (b"/sq/", b"/sq/verify", b"/sq/applications", b"/sq/sign-in"):
        head = b"Cookie: " + cookies + b"\r\n"
        answer = await raw.send(town.address("portal"), b"GET " + path + b" HTTP/1.1", headers=head)
        assert answer.status in {200, 303}


@given(any_of.binary(max_size=80).filter(lambda path: not set(path) & set(b"\r\n \t#")))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_address_at_all_is_no_fault_of_ours(town: Plan, path: bytes) -> None:
    for target in (b"/" + path, b"/sq/" + path, b"/sq/services?" + path):
        answer = await raw.send(town.address("portal"), b"GET " + target + b" HTTP/1.1")
        assert 200 <= answer.status < 500, target


@pytest.mark.parametrize("language", ["sq", "sr", "en"])
@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("GET /services?q=" + "a" * 300, 400),
        ("POST /sign-out", 403),
        ("GET /nowhere", 404),
        ("POST /about", 405),
        ("GET /sign-in/return", 409),
    ],
)
async def test_a_refusal_is_a_page_in_the_readers_language_with_its_reference(
    visitor: Visitor, log: Log, language: str, request_line: str, status: int
) -> None:
    method, path = request_line.split(" ")
    page = await visitor.http.request(method, f"/{language}{path}")
    assert page.status_code == status
    assert page.headers["content-language"] == language
    assert f'lang="{language}"' in page.text
    assert len(re.findall("<h1", page.text)) == 1
    assert page.headers["x-request-id"] in page.text
    assert (await log(page))["status"] == status


async def test_a_signed_in_person_with_a_broken_key_reads_what_to_do(visitor: Visitor) -> None:
    await visitor.signs_in()
    for path in ("/applications?after=garbage", "/notices?after=1", "/data?after=%00"):
        page = await visitor.get(f"/en{path}")
        assert page.status_code == 400
        assert "Go back" in page.text


async def test_without_its_database_the_portal_says_so_and_its_public_pages_stay(
    new_portal: Portal, fresh_database_url: str
) -> None:
    async with line_to(fresh_database_url) as line:
        portal = await new_portal(DATABASE_URL=line.url)
        about = await portal.get("/sq/about")
        assert (await portal.get("/sq/services/birth-extract")).status_code == 200
        await line.cut()
        code = await portal.get(f"/en/v/{'0' * 16}")
        assert code.status_code == 503
        assert code.headers["x-request-id"] in code.text
        assert "Nothing was lost" in code.text
        assert (await portal.get("/health/ready")).status_code == 503
        assert (await portal.get("/health/live")).status_code == 200
        assert (await portal.get("/sq/about")).text == about.text
        await line.mend()
        assert (await portal.get(f"/en/v/{'0' * 16}")).status_code == 404
