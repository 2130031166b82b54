"""The eID behind TLS and a proxy: whoever tries too often must wait."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from .parties import (
    ARTA,
    Browser,
    RelyingParty,
    Running,
    an_eid,
    ask,
    serving,
)


@pytest.fixture(scope="module")
def guarded(eid: Running, portal: RelyingParty, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Give an eID behind TLS that lets three fail a minute, on the database of the other."""
    environment = eid.environment
    party = an_eid(
        environment["EID_DATABASE_URL"],
        environment["EID_REGISTERS_URL"],
        tmp_path_factory.mktemp("guarded"),
        EID_SECRET=environment["EID_SECRET"],
        EID_PKI=environment["EID_PKI"],
        EID_URL="https://eid.example",
        EID_FAILURES_PER_MINUTE="3",
        EID_REQUESTS_PER_MINUTE="40",
        EID_BEHIND_PROXY="true",
    )
    with serving(party):
        yield party


@pytest.fixture
async def outside(guarded: Running) -> AsyncIterator[Browser]:
    """Give a browser at the guarded eID."""
    browser = Browser(guarded.url)
    browser.http.headers.update({"host": "eid.example"})
    yield browser
    await browser.close()


def through(guarded: Running, portal: RelyingParty) -> str:
    """Return a request for authorization, as it goes through the proxy."""
    return ask(guarded, portal).url


async def test_behind_tls_cookies_are_bound_to_the_host(
    guarded: Running, portal: RelyingParty, outside: Browser
) -> None:
    answer = await outside.http.get(through(guarded, portal))
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-eid-browser=")
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"))
    assert "max-age=" in answer.headers["strict-transport-security"]


async def test_whoever_tries_many_numbers_must_wait(guarded: Running, portal: RelyingParty, outside: Browser) -> None:
    outside.http.headers["x-forwarded-for"] = "203.0.113.7"
    answer = await outside.http.get(through(guarded, portal))
    outside.http.headers["cookie"] = answer.headers["set-cookie"].partition(";")[0]
    await outside.go(answer.headers["location"])
    for number in ("9999999991", "9999999992", "9999999993"):
        await outside.send("", personal_number=number)
        assert outside.page.status_code == 422
    await outside.send("", personal_number=ARTA)
    assert outside.page.status_code == 429
    assert outside.page.headers["retry-after"] == "60"
    assert "too many attempts" in outside.text.lower()
    outside.http.headers["x-forwarded-for"] = "203.0.113.7, 203.0.113.8"
    await outside.go(answer.headers["location"])
    await outside.send("", personal_number=ARTA)
    assert "PIN" in outside.text


async def test_requests_are_counted_for_each_address(guarded: Running, portal: RelyingParty) -> None:
    async with httpx.AsyncClient(trust_env=False, headers={"host": "eid.example"}) as http:
        url = through(guarded, portal)
        one = [(await http.get(url, headers={"x-forwarded-for": "203.0.113.1"})).status_code for _ in range(45)]
        assert one[0] == 303
        assert one[-1] == 429
        assert (await http.get(url, headers={"x-forwarded-for": "203.0.113.2"})).status_code == 303
