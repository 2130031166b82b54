"""In by the eID, out of both: one browser, one answer, one session, and always within the site."""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import httpx
import pytest

from portal.database import Database
from portal.demo.plan import Plan
from portal.registration import registration
from tests.parties import free_ports
from tests.rooms.portal.visitor import ARTA, BESNIK, Visitor, forms

Log = Callable[[httpx.Response], Awaitable[dict[str, Any]]]
Portal = Callable[..., Awaitable[httpx.AsyncClient]]


async def _is_signed_in(visitor: Visitor) -> bool:
    return (await visitor.get("/sq/applications")).status_code == 200


async def test_arta_signs_in_and_stands_where_she_wanted_to_go(visitor: Visitor) -> None:
    page = await visitor.signs_in(ARTA, "/sq/data")
    assert (page.status_code, page.url.path) == (200, "/sq/data")
    assert "Arta" in page.text


async def test_of_a_session_only_the_hash_of_its_cookie_is_kept(visitor: Visitor, memory: Database) -> None:
    await visitor.signs_in()
    token = visitor.cookies["portal-session"]
    async with memory.connect() as connection:
        rows = [str(dict(row)) for row in await connection.fetch("SELECT * FROM session")]
        hashes = [row["token_hash"] for row in await connection.fetch("SELECT token_hash FROM session")]
    assert hashlib.sha256(token.encode()).digest() in hashes
    assert not any(token in row for row in rows)


async def test_the_cookies_are_out_of_reach_of_scripts(visitor: Visitor) -> None:
    back = await visitor.identifies(await visitor.at_the_eid())
    answer = await visitor.get(back.headers["location"])
    given = answer.headers.get_list("set-cookie")
    assert [each.split("=")[0] for each in given] == ["portal-session", "portal-sign-in"]
    assert all("HttpOnly" in each and "SameSite=lax" in each and "Path=/" in each for each in given)
    assert "Max-Age=0" in given[1]


async def test_over_https_every_cookie_is_secure_and_of_this_host(new_portal: Portal, town: Plan) -> None:
    key, file = town.keys.private_key("PORTAL_EID_CLIENT_KEY"), town.directory / "secure.json"
    file.write_text(json.dumps(registration("https://localhost", "secure", key)))
    command = town.command("eid", "client", "add", "--file", str(file))
    await asyncio.to_thread(subprocess.run, command, env=town.environment("eid"), check=True, capture_output=True)
    portal = await new_portal(PORTAL_URL="https://localhost", PORTAL_EID_CLIENT_ID="secure")
    begun = await portal.get("/sq/sign-in")
    form = await portal.get("/sq/verify")
    for answer, name in ((begun, "sign-in"), (form, "csrf")):
        assert answer.headers["set-cookie"].startswith(f"__Host-portal-{name}=")
        assert "Secure" in answer.headers["set-cookie"]
        assert answer.headers["strict-transport-security"]


async def test_each_sign_in_opens_a_new_session_and_closes_the_one_before(visitor: Visitor) -> None:
    await visitor.signs_in()
    first = visitor.cookies["portal-session"]
    await visitor.signs_in()
    second = visitor.cookies["portal-session"]
    assert first != second
    old = {"Cookie": f"portal-session={first}"}
    async with httpx.AsyncClient(base_url=visitor.portal) as thief:
        assert (await thief.get("/sq/applications", headers=old)).status_code == 303
    assert await _is_signed_in(visitor)


async def test_a_session_that_was_planted_before_is_not_the_one_after(visitor: Visitor) -> None:
    planted = "A" * 43
    visitor.http.cookies.set("portal-session", planted, domain="localhost.local")
    await visitor.signs_in()
    async with httpx.AsyncClient(base_url=visitor.portal) as thief:
        answer = await thief.get("/sq/applications", headers={"Cookie": f"portal-session={planted}"})
    assert answer.status_code == 303


async def test_the_answer_of_the_eid_opens_no_session_in_another_browser(
    visitor: Visitor, new_visitor: Callable[[], Visitor], log: Log
) -> None:
    answer = (await visitor.identifies(await visitor.at_the_eid())).headers["location"]
    thief = new_visitor()
    page = await thief.get(answer)
    assert page.status_code == 409
    assert "portal-session" not in thief.cookies
    assert (await log(page))["code"] == "attempt_expired"
    # Whoever began it can still finish it.
    await visitor.follow(await visitor.get(answer))
    assert await _is_signed_in(visitor)


async def test_a_browser_cannot_be_signed_in_as_someone_else_by_a_link(
    visitor: Visitor, new_visitor: Callable[[], Visitor], log: Log
) -> None:
    attacker = new_visitor()
    answer = (await attacker.identifies(await attacker.at_the_eid(), BESNIK)).headers["location"]
    await visitor.at_the_eid()  # she has begun to sign in too
    page = await visitor.get(answer)
    assert (page.status_code, "portal-session" in visitor.cookies) == (409, False)
    assert (await log(page))["code"] == "state_mismatch"


async def test_an_answer_is_taken_once(visitor: Visitor, memory: Database) -> None:
    answer = (await visitor.identifies(await visitor.at_the_eid())).headers["location"]
    await visitor.get(answer)
    token = visitor.cookies["portal-session"]
    again = await visitor.get(answer)
    assert (again.status_code, again.headers["location"]) == (303, "/sq/applications")
    assert visitor.cookies["portal-session"] == token
    visitor.http.cookies.clear()
    assert (await visitor.get(answer)).status_code == 409


async def test_an_answer_that_comes_twice_at_once_opens_one_session(visitor: Visitor, memory: Database) -> None:
    answer = (await visitor.identifies(await visitor.at_the_eid())).headers["location"]
    cookie = {"Cookie": f"portal-sign-in={visitor.cookies['portal-sign-in']}"}
    async with httpx.AsyncClient(base_url=visitor.portal) as twin:
        answers = await asyncio.gather(*(twin.get(answer, headers=cookie) for _ in range(8)))
    assert sorted(each.status_code for each in answers) == [303] + [409] * 7


@pytest.mark.parametrize(
    "page",
    [
        "//evil.example",
        "///evil.example/a",
        "/\\evil.example",
        "\\\\evil.example",
        "/%5cevil.example",
        "/%2f/evil.example",
        "https://evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "/..//evil.example",
        "/\t/evil.example",
        "/\r\nLocation: https://evil.example",
        "@evil.example",
        "",
        "/" + "a" * 3000,
    ],
)
async def test_signing_in_never_leads_to_another_site(visitor: Visitor, page: str) -> None:
    back = await visitor.identifies(await visitor.at_the_eid(f"/sq/sign-in?next={quote(page, safe='')}"))
    answer = await visitor.get(back.headers["location"])
    to = answer.headers["location"]
    assert answer.status_code == 303
    assert to.startswith("/sq/")
    assert urlsplit(str(httpx.URL(visitor.portal).join(to))).netloc == urlsplit(visitor.portal).netloc


async def test_who_changes_her_mind_at_the_eid_reads_what_to_do(visitor: Visitor, log: Log) -> None:
    page = await visitor.at_the_eid("/sq/sign-in?next=/data")
    cancellation = next(each.action for each in forms(page) if "cancellation" in each.action)
    answer = await visitor.follow(await visitor.send(page, cancellation.partition("?")[0]))
    assert answer.status_code == 409
    assert 'href="/sq/sign-in?next=/data"' in answer.text
    assert (await log(answer))["code"] == "cancelled"
    assert answer.headers["x-request-id"] in answer.text


def _changed(address: str, **changes: str | list[str] | None) -> str:
    """Return the eID's answer with parameters taken away (None), changed, or doubled (a list)."""
    parts = urlsplit(address)
    given: dict[str, Any] = parse_qs(parts.query) | changes
    kept = {name: value for name, value in given.items() if value is not None}
    return parts._replace(query=urlencode(kept, doseq=True)).geturl()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": "x" * 43}, "state_mismatch"),
        ({"state": None}, "state_mismatch"),
        ({"state": ["a", "b"]}, "state_mismatch"),
        ({"state": "ë\0\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")}, "state_mismatch"),
        ({"iss": "https://evil.example"}, "iss_mismatch"),
        ({"iss": None}, "iss_mismatch"),
        ({"code": None}, "code_missing"),
        ({"code": "forged"}, "code_refused"),
        ({"code": ["a", "b"]}, "code_missing"),
        ({"error": "access_denied", "code": None}, "cancelled"),
        ({"error": "server_error", "error_description": "1176042318<script>"}, "eid_busy"),
        ({"error": "1176042318<script>", "code": None}, "answered_error"),
    ],
)
async def test_an_answer_that_is_not_what_was_asked_for_signs_nobody_in(
    visitor: Visitor, log: Log, changes: dict[str, Any], code: str
) -> None:
    address = (await visitor.identifies(await visitor.at_the_eid())).headers["location"]
    page = await visitor.get(_changed(address, **changes))
    assert page.status_code == 409
    assert "portal-session" not in visitor.cookies
    assert "1176042318" not in page.text
    assert (await log(page))["code"] == code
    assert page.headers["x-request-id"] in page.text


async def test_when_the_eid_is_down_she_is_told_so_and_can_try_again(new_portal: Portal) -> None:
    (port,) = free_ports(1)
    portal = await new_portal(PORTAL_EID_ISSUER=f"http://localhost:{port}")
    page = await portal.get("/sq/sign-in?next=/data")
    assert page.status_code == 503
    assert "/sq/sign-in?next=/data" in page.text
    assert page.headers["x-request-id"] in page.text


async def test_signing_out_ends_the_session_here_and_leads_to_the_eid(visitor: Visitor) -> None:
    page = await visitor.signs_in()
    token = visitor.cookies["portal-session"]
    answer = await visitor.send(page, "/sign-out")
    assert answer.headers["location"].startswith(visitor.eid)
    assert ARTA not in answer.headers["location"]
    async with httpx.AsyncClient(base_url=visitor.portal) as thief:
        kept = await thief.get("/sq/applications", headers={"Cookie": f"portal-session={token}"})
    assert kept.status_code == 303
    done = await visitor.follow(answer)
    assert done.url.path == "/sq/signed-out"
    # The eID asks who she is again.
    assert (await visitor.at_the_eid()).url.path.startswith("/sign-in/")


async def test_when_the_eid_is_down_she_is_signed_out_here_all_the_same(
    visitor: Visitor, new_portal: Portal, town: Plan
) -> None:
    await visitor.signs_in()
    (port,) = free_ports(1)
    portal = await new_portal(PORTAL_EID_ISSUER=f"http://localhost:{port}")
    portal.cookies.set("portal-session", visitor.cookies["portal-session"])
    page = await portal.get("/sq/applications")
    token = next(each.fields["_csrf_token"] for each in forms(page) if each.action.endswith("/sign-out"))
    answer = await portal.post("/sq/sign-out", data={"_csrf_token": token})
    assert answer.headers["location"] == f"{town.address('portal')}/sq/signed-out"
    assert not await _is_signed_in(visitor)


async def _age(memory: Database, visitor: Visitor, *, created: timedelta, seen: timedelta) -> None:
    token_hash = hashlib.sha256(visitor.cookies["portal-session"].encode()).digest()
    async with memory.transaction() as connection:
        await connection.execute(
            "UPDATE session SET created_at = created_at - $2::interval, seen_at = seen_at - $3::interval"
            " WHERE token_hash = $1",
            token_hash,
            created,
            seen,
        )


async def test_after_half_an_hour_without_an_act_she_is_asked_to_sign_in(visitor: Visitor, memory: Database) -> None:
    await visitor.signs_in()
    await _age(memory, visitor, created=timedelta(minutes=29), seen=timedelta(minutes=29))
    assert await _is_signed_in(visitor)  # an act: it counts from here
    await _age(memory, visitor, created=timedelta(minutes=29), seen=timedelta(minutes=29))
    assert await _is_signed_in(visitor)
    await _age(memory, visitor, created=timedelta(minutes=31), seen=timedelta(minutes=31))
    answer = await visitor.get("/sq/applications?after=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sq/sign-in?next=/applications%3Fafter%3D1")


async def test_after_twelve_hours_she_is_asked_to_sign_in_whatever_she_does(visitor: Visitor, memory: Database) -> None:
    await visitor.signs_in()
    await _age(memory, visitor, created=timedelta(hours=12, minutes=1), seen=timedelta())
    assert not await _is_signed_in(visitor)


async def test_htmx_is_led_out_of_the_page_to_sign_in(visitor: Visitor) -> None:
    answer = await visitor.get("/sq/applications", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/sq/sign-in?next=/applications")
    assert "location" not in answer.headers
