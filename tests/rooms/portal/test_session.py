"""What a session that ended takes from a person: nothing. And what another site can do in her name: nothing either."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from portal.app import PAGES
from portal.csrf import SAFE, SIGNED
from portal.database import Database
from portal.demo.plan import Plan
from portal.session import citizen
from portal.way_back import LARGEST
from tests.rooms.portal.visitor import BESNIK, DRITA, EMINE, Visitor, application_of, form, forms, section_of

Log = Callable[[httpx.Response], Awaitable[dict[str, Any]]]
Portal = Callable[..., Awaitable[httpx.AsyncClient]]
TYPED = "Për vizë: “Schengen” & <më shumë>, žčć"


async def _lose(visitor: Visitor, memory: Database, how: str) -> None:
    """End her session behind her back."""
    token_hash = hashlib.sha256(visitor.cookies["portal-session"].encode()).digest()
    if how in {"the cookie is lost", "every cookie is lost"}:
        for cookie in [*visitor.http.cookies.jar]:
            if how == "every cookie is lost" or cookie.name == "portal-session":
                visitor.http.cookies.delete(cookie.name)
        return
    async with memory.transaction() as connection:
        if how == "the row is gone":
            await connection.execute("DELETE FROM session WHERE token_hash = $1", token_hash)
        else:
            await connection.execute(
                "UPDATE session SET seen_at = seen_at - $2::interval WHERE token_hash = $1",
                token_hash,
                timedelta(minutes=31),
            )


@pytest.mark.parametrize("how", ["the cookie is lost", "every cookie is lost", "the row is gone", "she was idle"])
async def test_what_was_typed_when_the_session_ended_is_shown_again(
    visitor: Visitor, memory: Database, how: str
) -> None:
    await visitor.signs_in(DRITA)
    typed = f"{TYPED} {how}"
    page = await visitor.asks_for_residence()
    await _lose(visitor, memory, how)
    answer = await visitor.send(page, f"/{section_of(page)}", {"purpose_other": typed})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sq/sign-in?next=/applications/")
    again = await visitor.signs_in(DRITA, answer.headers["location"])
    assert again.url.path == page.url.path
    assert form(again, f"/{section_of(page)}").fields["purpose_other"] == typed
    # It is shown once; it is sent by herself, not for her.
    assert typed not in form(await visitor.get(again.url.path), f"/{section_of(page)}").fields.values()
    assert section_of(await visitor.answers(again, purpose_other=typed)) == "check"


async def test_giving_up_at_the_eid_first_loses_nothing_either(visitor: Visitor, memory: Database) -> None:
    await visitor.signs_in(DRITA)
    page = await visitor.asks_for_residence()
    visitor.http.cookies.clear()
    answer = await visitor.send(page, f"/{section_of(page)}", {"purpose_other": TYPED})
    asked = await visitor.follow(answer)
    cancellation = next(each.action for each in forms(asked) if "cancellation" in each.action)
    await visitor.follow(await visitor.send(asked, cancellation.partition("?")[0]))
    again = await visitor.signs_in(DRITA, answer.headers["location"])
    assert form(again, f"/{section_of(page)}").fields["purpose_other"] == TYPED


async def test_a_comment_on_a_finished_application_is_not_lost(visitor: Visitor, memory: Database) -> None:
    await visitor.signs_in(BESNIK)
    check = await visitor.asks_for_what_is_refused()
    done = await visitor.follow(await visitor.send(check, "/submission"))
    await _lose(visitor, memory, "the cookie is lost")
    answer = await visitor.send(done, "/rating", {"score": "", "comment": TYPED})
    again = await visitor.signs_in(BESNIK, answer.headers["location"])
    assert again.url.path == done.url.path
    assert "žčć</textarea>" in again.text


async def test_another_person_at_the_same_browser_sees_nothing_of_it(visitor: Visitor, memory: Database) -> None:
    await visitor.signs_in(DRITA)
    page = await visitor.asks_for_residence()
    visitor.http.cookies.clear()
    answer = await visitor.send(page, f"/{section_of(page)}", {"purpose_other": "Drita's secret"})
    hers = await visitor.signs_in(EMINE, answer.headers["location"])
    assert (hers.status_code, hers.url.path) == (404, page.url.path)
    assert "secret" not in hers.text
    assert "secret" not in (await visitor.asks_for_residence()).text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Referer": "https://evil.example/sq/applications"},
        {"Referer": "http://["},
        {},
    ],
)
async def test_what_another_site_sends_is_not_kept(
    visitor: Visitor, memory: Database, town: Plan, headers: dict[str, str]
) -> None:
    answer = await visitor.http.post(
        "/sq/applications/01234567-89ab-7def-8123-456789abcdef/rating", data={"comment": "planted"}, headers=headers
    )
    assert answer.status_code == 303
    assert "set-cookie" not in answer.headers
    async with memory.connect() as connection:
        assert not await connection.fetchval("SELECT count(*) FROM sign_in WHERE typed::text LIKE '%planted%'")


async def test_an_old_browser_that_says_only_where_it_comes_from_is_believed(visitor: Visitor) -> None:
    here = {"Origin": visitor.portal}
    answer = await visitor.http.post("/sq/services/birth-extract/applications", data={"a": "b"}, headers=here)
    assert "portal-sign-in" in answer.headers["set-cookie"]


async def test_more_than_any_form_of_ours_holds_is_not_kept(visitor: Visitor) -> None:
    here = {"Sec-Fetch-Site": "same-origin"}
    for comment, is_kept in (("a" * 1000, True), ("a" * (LARGEST + 1), False)):
        answer = await visitor.http.post("/sq/services/x/applications", data={"comment": comment}, headers=here)
        assert ("set-cookie" in answer.headers) == is_kept


async def test_one_visitor_cannot_fill_the_memory_with_forms(new_portal: Portal) -> None:
    portal = await new_portal()
    here = {"Sec-Fetch-Site": "same-origin"}
    kept = [
        "set-cookie" in (await portal.post("/sq/services/x/applications", data={"a": "b"}, headers=here)).headers
        for _ in range(25)
    ]
    assert kept == [True] * 20 + [False] * 5


async def test_staying_prolongs_the_session(visitor: Visitor, memory: Database) -> None:
    page = await visitor.signs_in()
    token_hash = hashlib.sha256(visitor.cookies["portal-session"].encode()).digest()
    async with memory.transaction() as connection:
        await connection.execute(
            "UPDATE session SET seen_at = seen_at - $2::interval WHERE token_hash = $1",
            token_hash,
            timedelta(minutes=29),
        )
    assert (await visitor.send(page, "/session")).status_code == 204
    async with memory.connect() as connection:
        age = await connection.fetchval("SELECT now() - seen_at FROM session WHERE token_hash = $1", token_hash)
    assert age < timedelta(minutes=1)


def _unsafe() -> list[str]:
    """Return the address of every route that acts, with something in place of its parameters."""
    found: list[str] = []
    for handler in PAGES:
        if set(handler.http_methods) - SAFE and not handler.opt.get(SIGNED):
            found += [re.sub(r"\{\w+:\w+\}", "01234567-89ab-7def-8123-456789abcdef", path) for path in handler.paths]
    return found


@pytest.mark.parametrize("path", _unsafe())
async def test_nothing_acts_without_a_token_of_this_browser(
    visitor: Visitor, new_visitor: Callable[[], Visitor], log: Log, path: str
) -> None:
    page = await visitor.signs_in()
    stranger = await new_visitor().get("/sq/verify")
    foreign = form(stranger, "/verify").fields or next(each.fields for each in forms(stranger) if each.fields)
    for sent in ({}, {"_csrf_token": ""}, {"_csrf_token": "ë" * 80}, foreign):
        answer = await visitor.http.post(f"/sq{path}", data=sent)
        assert answer.status_code == 403, sent
        assert (await log(answer))["code"] == "PermissionDeniedException"
    as_file = await visitor.http.post(f"/sq{path}", files={"_csrf_token": b"a"})
    as_json = await visitor.http.post(f"/sq{path}", json=form(page, "/sign-out").fields)
    in_query = await visitor.http.post(f"/sq{path}", params=form(page, "/sign-out").fields)
    assert [as_file.status_code, as_json.status_code, in_query.status_code] == [403] * 3


def test_every_act_was_tried() -> None:
    assert len(_unsafe()) >= 9
    assert {"/sign-out", "/session", "/verify"} <= set(_unsafe())


def test_only_a_signed_message_goes_without_a_session_or_a_token() -> None:
    acts = [handler for handler in PAGES if set(handler.http_methods) - SAFE]
    signed = [path for handler in acts if handler.opt.get(SIGNED) for path in handler.paths]
    assert sorted(signed) == ["/webhooks/eid-logout", "/webhooks/payments"]
    assert sum(citizen in (handler.guards or ()) for handler in acts) >= 7


async def test_a_new_secret_costs_a_person_one_form_and_not_her_browser(visitor: Visitor, new_portal: Portal) -> None:
    page = await visitor.signs_in()
    portal = await new_portal(PORTAL_SECRET="another secret of at least 32 letters")
    for name in ("portal-session", "portal-csrf"):
        portal.cookies.set(name, visitor.cookies[name])
    old = await portal.post("/sq/session", data=form(page, "/session").fields)
    assert old.status_code == 403
    new = form(await portal.get("/sq/applications"), "/session").fields
    assert (await portal.post("/sq/session", data=new)).status_code == 204


async def test_a_token_of_another_release_locks_nobody_out(new_portal: Portal) -> None:
    portal = await new_portal()
    portal.cookies.set("portal-csrf", "f" * 128)
    page = await portal.get("/sq/verify")
    shown = next(each.fields for each in forms(page) if "_csrf_token" in each.fields)
    token = re.findall(r"portal-csrf=([\w-]{43})", page.headers["set-cookie"])[0]
    answer = await portal.post("/sq/sign-out", data=shown, headers={"Cookie": f"portal-csrf={token}"})
    assert answer.status_code == 303


async def test_the_page_of_a_refused_form_says_what_to_do_and_its_reference(visitor: Visitor) -> None:
    page = await visitor.signs_in()
    answer = await visitor.http.post("/en/session")
    assert answer.status_code == 403
    assert "reload the page" in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert page.status_code == 200


async def test_a_stranger_is_told_nothing_of_someones_application(
    visitor: Visitor, new_visitor: Callable[[], Visitor]
) -> None:
    await visitor.signs_in(DRITA)
    hers = application_of(await visitor.asks_for_residence())
    stranger = new_visitor()
    await stranger.signs_in(EMINE)
    for path in ("", "/check", "/sections/purpose", "/document"):
        assert (await stranger.get(f"/sq/applications/{hers}{path}")).status_code == 404
    page = await stranger.get("/sq/applications")
    for act in ("submission", "withdrawal", "payment", "rating", "sections/purpose"):
        answer = await stranger.http.post(f"/sq/applications/{hers}/{act}", data=form(page, "/sign-out").fields)
        assert answer.status_code == 404, act
