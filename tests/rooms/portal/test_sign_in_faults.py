"""An eID that answers wrongly signs nobody in: a page that says what to do, a reason in the log, and nothing leaked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from portal.demo.plan import Plan
from tests.rooms.eid.fault import goes_right, goes_wrong
from tests.rooms.portal.visitor import ARTA, Visitor

Portal = Callable[..., Awaitable[httpx.AsyncClient]]
Log = Callable[[httpx.Response], Awaitable[dict[str, Any]]]

# Kind of fault, where: the page's status, and the reason that is logged.
FAULTS: dict[tuple[str, str], tuple[int, str]] = {
    ("status_500", "par"): (503, "eid_error"),
    ("html", "par"): (503, "eid_not_json"),
    ("status_500", "token"): (503, "eid_error"),
    ("html", "token"): (503, "eid_not_json"),
    ("status_500", "userinfo"): (503, "eid_error"),
    ("html", "userinfo"): (503, "eid_not_json"),
    ("wrong_iss_parameter", "authorize"): (409, "iss_mismatch"),
    ("missing_iss_parameter", "authorize"): (409, "iss_mismatch"),
    ("wrong_state", "authorize"): (409, "state_mismatch"),
    ("wrong_iss", "token"): (409, "id_token_iss"),
    ("wrong_aud", "token"): (409, "id_token_aud"),
    ("wrong_nonce", "token"): (409, "id_token_nonce"),
    ("wrong_at_hash", "token"): (409, "id_token_at_hash"),
    ("missing_acr", "token"): (409, "id_token_acr"),
    ("low_acr", "token"): (409, "level_unmet"),
    ("expired", "token"): (409, "id_token_exp"),
    ("clock_ahead", "token"): (409, "id_token_iat"),
    ("wrong_signature", "token"): (409, "id_token_signature"),
    ("alg_none", "token"): (409, "id_token_algorithm"),
    ("alg_hs256", "token"): (409, "id_token_algorithm"),
    ("unknown_kid", "token"): (409, "id_token_key"),
    ("missing_id_token", "token"): (409, "id_token_missing"),
    ("wrong_sub", "userinfo"): (409, "userinfo_sub"),
}


@pytest.fixture(autouse=True)
async def right_again(town: Plan) -> AsyncIterator[None]:
    """Let the eID answer rightly before and after each test."""
    await goes_right(town.address("eid"))
    yield
    await goes_right(town.address("eid"))


async def _tries(visitor: Visitor, number: str = ARTA) -> httpx.Response:
    """Sign in as far as the eID's answers let her, and return the portal's page."""
    page = await visitor.at_the_eid("/sq/sign-in?next=/data")
    if str(page.url).startswith(visitor.portal):
        return page
    return await visitor.follow(await visitor.identifies(page, number))


@pytest.mark.parametrize(("kind", "at"), FAULTS)
async def test_nobody_is_signed_in_by_an_answer_that_is(visitor: Visitor, log: Log, kind: str, at: str) -> None:
    status, code = FAULTS[kind, at]
    await goes_wrong(visitor.eid, kind, client="portal", at=at)
    page = await _tries(visitor)
    assert page.status_code == status
    assert "portal-session" not in visitor.cookies
    assert (await log(page))["code"] == code
    assert page.headers["x-request-id"] in page.text
    assert 'href="/sq/sign-in?next=/data"' in page.text
    for secret in (ARTA, "code=", "state=", "eyJ", "Traceback", code):
        assert secret not in page.text, secret
    # It was the answer that was wrong, not she: the way that the page shows leads in.
    again = await visitor.signs_in(ARTA, "/sq/sign-in?next=/data")
    assert (again.status_code, again.url.path) == (200, "/sq/data")


@pytest.mark.parametrize(
    ("kind", "code"), [("status_500", "eid_error"), ("html", "eid_not_json"), ("hang", "eid_timeout")]
)
async def test_a_portal_that_has_just_started_and_cannot_learn_of_the_eid_says_so(
    visitor: Visitor, new_portal: Portal, capfd: pytest.CaptureFixture[str], kind: str, code: str
) -> None:
    portal = await new_portal()
    await goes_wrong(visitor.eid, kind, at="discovery")
    page = await portal.get("/sq/sign-in?next=/data")
    assert page.status_code == 503
    assert code in capfd.readouterr().err
    assert 'href="/sq/sign-in?next=/data"' in page.text
    if kind == "hang":
        return  # once is long enough
    began = await portal.get("/sq/sign-in?next=/data")
    back = await visitor.identifies(await visitor.follow(await visitor.get(began.headers["location"])))
    await goes_wrong(visitor.eid, kind, at="jwks")
    page = await portal.get(back.headers["location"])
    assert page.status_code == 503
    assert code in capfd.readouterr().err
    assert "portal-session" not in portal.cookies


@pytest.mark.parametrize("at", ["par", "token"])
async def test_an_eid_that_hangs_keeps_nobody_waiting(visitor: Visitor, log: Log, at: str) -> None:
    await goes_wrong(visitor.eid, "hang", client="portal", at=at)
    began = time.monotonic()
    page = await _tries(visitor)
    assert time.monotonic() - began < 10
    assert (page.status_code, (await log(page))["code"]) == (503, "eid_timeout")


async def test_a_key_that_is_new_is_fetched_and_believed(visitor: Visitor) -> None:
    await goes_wrong(visitor.eid, "key_rotated", client="portal")
    page = await _tries(visitor)
    if page.status_code != 200:  # keys were asked for within the last ten seconds: no flood of questions
        await asyncio.sleep(10)
        await goes_wrong(visitor.eid, "key_rotated", client="portal")
        page = await _tries(visitor)
    assert (page.status_code, page.url.path) == (200, "/sq/data")
