"""The portal as a process: figures on a port of its own, and public pages from memory, the same for all."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Awaitable, Callable

import httpx
import psutil
import pytest

from portal.demo.plan import Plan
from tests.parties import free_ports
from tests.rooms.portal.visitor import Visitor, forms

Portal = Callable[..., Awaitable[httpx.AsyncClient]]
KEPT = ("/", "/about", "/accessibility", "/privacy", "/services/birth-extract", "/services/residence-certificate")


async def test_figures_are_told_on_this_machine_alone(town: Plan, visitor: Visitor) -> None:
    await visitor.get("/sq/services?q=lindje")
    port = town.settings.portal_metrics_port
    figures = await _figures(town)
    assert re.search(r'portal_requests_total\{method="GET",route="/services",status="200"\} \d', figures)
    assert "lindje" not in figures
    listening = [str(each.laddr) for each in psutil.net_connections("tcp") if each.status == "LISTEN"]
    assert [each for each in listening if f"port={port})" in each] == [f"addr(ip='127.0.0.1', port={port})"]


async def test_figures_name_routes_and_never_addresses(town: Plan, visitor: Visitor) -> None:
    for path in ("/sq/v/0000000000000000", "/sq/applications/01234567-89ab-7def-8123-456789abcdef", "/sq/nowhere/1"):
        await visitor.get(path)
    figures = await _figures(town)
    routes = set(re.findall(r'route="([^"]*)"', figures))
    assert "/v/{code}" in routes
    assert not any("0000" in route or "456789" in route or "nowhere" in route for route in routes)


@pytest.mark.parametrize("path", KEPT)
@pytest.mark.parametrize("language", ["sq", "sr", "en"])
async def test_a_public_page_is_kept_for_all_and_holds_nothing_of_anyone(
    visitor: Visitor, language: str, path: str
) -> None:
    address = f"/{language}{path}"
    await visitor.signs_in()
    hers = await visitor.get(address)
    assert "Arta" in hers.text
    assert hers.headers["cache-control"] == "no-store"
    async with httpx.AsyncClient(base_url=visitor.portal) as stranger:
        first, second = await stranger.get(address), await stranger.get(address)
    for page in (first, second):
        assert page.headers["cache-control"] == "no-cache"
        assert page.headers["content-language"] == language
        assert "set-cookie" not in page.headers
        assert "Arta" not in page.text
        assert "_csrf_token" not in page.text
        assert not any(each.method == "post" for each in forms(page))
    assert first.text == second.text
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


async def test_what_the_first_visitor_says_is_in_nobody_elses_page(new_portal: Portal) -> None:
    portal = await new_portal(PORTAL_ALLOWED_HOSTS="localhost,127.0.0.1")
    poison = {
        "Host": "127.0.0.1",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-For": "evil.example",
        "Accept-Language": "sr",
        "Cookie": "portal-csrf=" + "A" * 43,
        "Referer": "https://evil.example",
    }
    first = await portal.get("/sq/about", headers=poison)
    second = await portal.get("/sq/about")
    assert first.text == second.text
    assert second.headers["content-language"] == "sq"
    assert "evil" not in second.text
    assert "127.0.0.1" not in second.text


async def test_a_code_scanned_from_paper_leads_to_its_verdict(visitor: Visitor) -> None:
    page = await visitor.follow(await visitor.get("/V/0123456789ABCDEF", headers={"Accept-Language": "sr"}))
    assert page.url.path == "/sr/v/0123456789ABCDEF"


async def _figures(town: Plan) -> str:
    async with httpx.AsyncClient() as prometheus:
        return (await prometheus.get(f"http://127.0.0.1:{town.settings.portal_metrics_port}/metrics")).text


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("PORTAL_EID_CLIENT_KEY", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
        ("PORTAL_AUDIT_KEY", "-----BEGIN PRIVATE KEY-----\nBBBB\n-----END PRIVATE KEY-----"),
        ("PORTAL_PAYMENTS_WEBHOOK_SECRET", "whsec_%%%%%%%%%%%%%%%%"),
        ("PORTAL_TRUSTED_PROXIES", "*"),
        ("PORTAL_TRUSTED_PROXIES", "10.0.0.1/8"),
    ],
)
@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_key_that_is_none_is_one_sentence_that_names_it(
    prepared: Plan, command: str, setting: str, value: str
) -> None:
    ports = dict(zip(("PORTAL_PORT", "PORTAL_METRICS_PORT"), map(str, free_ports(2)), strict=True))
    done = subprocess.run(
        prepared.command("portal", command),
        env={**prepared.environment("portal"), **ports, setting: value},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert setting in done.stderr
    assert value not in done.stderr
