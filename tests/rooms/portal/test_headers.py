"""Every class of answer carries the security headers, whoever gives it."""

from __future__ import annotations

import json

import httpx
import pytest

from portal.demo.plan import Plan
from portal.settings import Settings
from tests.rooms.portal import raw
from tests.rooms.portal.visitor import Visitor

_ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
UNKNOWN = "01234567-89ab-7def-8123-456789abcdef"


def _asset(town: Plan) -> str:
    manifest = json.loads((town.settings.portal_assets / "manifest.json").read_text())
    return f"/assets/{manifest['portal.css']}"


def _is_guarded(answer: httpx.Response | raw.Answer) -> bool:
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not any(word in policy for word in ("unsafe-inline", "unsafe-eval", "*", "http: ", "https: "))
    assert {name: answer.headers[name] for name in _ALWAYS} == _ALWAYS
    assert "camera=()" in answer.headers["permissions-policy"]
    return len(answer.headers["x-request-id"]) == 8


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/sq/", 200),
        ("GET", "/sr/about", 200),
        ("HEAD", "/sq/", 200),
        ("HEAD", "/sq/services?q=a", 200),
        ("OPTIONS", "/sq/about", 204),
        ("GET", "/", 302),
        ("GET", "/sq/applications", 303),
        ("POST", f"/sq/applications/{UNKNOWN}/submission", 303),
        ("GET", "/sq/nowhere", 404),
        ("GET", "/nowhere/at/all", 302),
        ("GET", f"/sq/v/{'0' * 16}", 404),
        ("GET", "/favicon.ico", 404),
        ("POST", "/sq/about", 405),
        ("DELETE", "/sq/services", 405),
        ("GET", "/sq/sign-out", 405),
        ("POST", "/sq/sign-out", 403),
        ("GET", f"/sq/services?q={'a' * 300}", 400),
        ("GET", "/sq/sign-in/return", 409),
        ("POST", "/webhooks/payments", 409),
        ("GET", "/webhooks/payments", 405),
        ("GET", "/health/live", 200),
        ("GET", "/health/ready", 200),
        ("POST", "/health/live", 405),
        ("GET", "/robots.txt", 200),
        ("GET", "/assets/none.css", 404),
        ("POST", "/assets/none.css", 405),
        ("INVENTED", "/sq/", 405),
    ],
)
async def test_every_answer_is_guarded(visitor: Visitor, method: str, path: str, status: int) -> None:
    answer = await visitor.http.request(method, path)
    assert answer.status_code == status
    assert _is_guarded(answer)
    assert len(answer.headers.get_list("content-security-policy")) == 1


async def test_a_persons_page_is_kept_nowhere(visitor: Visitor) -> None:
    page = await visitor.signs_in()
    for address in (page.url.path, "/sq/data", "/sq/notices", "/sq/", "/sq/about"):
        answer = await visitor.get(address)
        assert answer.headers["cache-control"] == "no-store", address
        assert _is_guarded(answer)


async def test_an_asset_is_kept_for_a_year_and_guarded_all_the_same(visitor: Visitor, town: Plan) -> None:
    for method in ("GET", "HEAD"):
        answer = await visitor.http.request(method, _asset(town))
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert _is_guarded(answer)
        assert (len(answer.content) > 0) == (method == "GET")
    again = await visitor.get(_asset(town), headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert _is_guarded(again)


async def test_a_page_that_the_browser_has_is_guarded_all_the_same(visitor: Visitor) -> None:
    tag = (await visitor.get("/en/privacy")).headers["etag"]
    answer = await visitor.get("/en/privacy", headers={"If-None-Match": tag})
    assert answer.status_code == 304
    assert _is_guarded(answer)


async def test_another_host_is_refused_and_the_refusal_guarded(town: Plan) -> None:
    answer = await raw.send(town.address("portal"), b"GET /sq/ HTTP/1.1", host="evil.example")
    assert answer.status == 400
    assert b"evil" not in answer.body
    assert _is_guarded(answer)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/sq/about", {"GET", "HEAD", "OPTIONS"}),
        ("/sq/sign-out", {"POST", "OPTIONS"}),
        ("/sq/verify", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("/assets/none.css", {"GET", "HEAD"}),
    ],
)
async def test_a_refused_method_is_told_which_are_allowed(visitor: Visitor, path: str, allowed: set[str]) -> None:
    answer = await visitor.http.request("PATCH", path)
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == allowed


async def test_head_says_what_get_would(visitor: Visitor) -> None:
    for path in ("/sq/", "/sq/services?q=a", "/sq/nowhere", "/health/ready"):
        head, get = await visitor.http.head(path), await visitor.get(path)
        assert head.content == b""
        assert head.status_code == get.status_code
        assert head.headers["content-type"] == get.headers["content-type"]
        assert head.headers["content-length"] == get.headers["content-length"]


async def test_no_page_holds_a_script_or_a_style_of_its_own(visitor: Visitor) -> None:
    await visitor.signs_in()
    for address in ("/sq/", "/sq/services/birth-extract", "/sq/applications", "/sq/verify", "/sq/nowhere"):
        text = (await visitor.get(address)).text
        assert " style=" not in text
        assert "<style" not in text
        assert not any(f" on{event}=" in text for event in ("click", "load", "submit", "error", "change"))
        assert text.count("<script") == text.count("<script src=")


def test_forms_lead_to_the_parties_and_nowhere_else(town: Plan) -> None:
    policy = httpx.get(f"{town.address('portal')}/sq/").headers["content-security-policy"]
    targets = next(part for part in policy.split("; ") if part.startswith("form-action")).split()[1:]
    assert targets == ["'self'", town.address("eid"), town.address("payments")]
    assert Settings.model_fields["eid_issuer"].default != town.address("eid")
