"""Nobody's number leaks, and every answer of every party carries its headers."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from tests.journeys.canary import files, written
from tests.journeys.conftest import Windows
from tests.journeys.people import EVERYONE, MILICA
from tests.parties import Demo

# Ten digits within a longer name, such as a random one in hexadecimal, are none; "XK" or "PNOXK-" may stand before.
_TEN_DIGITS = re.compile(rb"(?:(?<![\w.:-])|(?<=\bXK)|(?<=\bPNOXK-))\d{10}(?![\w.:-])")
# One address for each class of answer: page, redirect, missing, not allowed, forged, asset, machine's.
_ADDRESSES = {
    "portal": [
        "/sq/",
        "/",
        "/sq/applications",
        "/sq/nowhere",
        "/sq/v/12",
        "/health/ready",
        "/robots.txt",
        "/assets/no",
    ],
    "eid": ["/", "/nowhere", "/.well-known/openid-configuration", "/health/ready", "/authorize", "/assets/no"],
    "payments": ["/pay/nothing", "/nowhere", "/v1/payments/1", "/health/ready", "/assets/no"],
    "registers": ["/", "/nowhere", "/health/ready"],
}
_HEADERS = {
    "content-security-policy": re.compile("default-src 'none'.*frame-ancestors 'none'"),
    "x-content-type-options": re.compile("^nosniff$"),
    "referrer-policy": re.compile("^(same-origin|no-referrer)$"),
}


async def test_nothing_that_looks_like_a_number_is_written_down(visit: Windows) -> None:
    milica = await visit("sr", person=MILICA)
    for path in (f"/applications/{MILICA.number}", f"/v/{MILICA.number}"):
        await milica.goes_to(path)
    milica.complaints.clear()  # she names herself
    numbers = {str(file): _numbers(file) for file in files(milica.demo)}
    assert len(numbers) > 6
    assert {file: found for file, found in numbers.items() if found} == {}


def test_a_number_that_is_written_down_is_found(tmp_path: Path) -> None:
    strangers = ("3000000001", "3000000002", "3000000003")
    said = "person={} asker=XK{} serial=PNOXK-{} id=01a21b21-4159-7505-ad2e-b1398baaf607 key=ab3000000004cd".format(
        *strangers
    )
    (tmp_path / "log").write_text(f"2026-11-23T08:00:00.123456Z {said} of={MILICA.number} took 1732345678.1\n")
    assert _numbers(tmp_path / "log") == sorted([*strangers, MILICA.number])


@pytest.mark.parametrize("party", _ADDRESSES)
def test_every_answer_carries_its_headers(demo: Demo, party: str) -> None:
    with httpx.Client(base_url=demo.addresses[party], trust_env=False) as http:
        answers = [http.get(path) for path in _ADDRESSES[party]]
        answers += [http.post(path) for path in _ADDRESSES[party]]
        answers += [http.get(asset) for asset in set(re.findall(r"/assets/[^\"#]+", answers[0].text))]
    for answer in answers:
        for name, value in _HEADERS.items():
            assert value.search(answer.headers.get(name, "")), f"{answer.request.method} {answer.url} lacks {name}"
        assert "server" not in answer.headers or not re.search(r"\d", answer.headers["server"])
    assert {answer.status_code // 100 for answer in answers} >= {2, 4}


def _numbers(file: Path) -> list[str]:
    """Return the personal numbers in a file: of our people, and whatever looks like one."""
    content = written(file)
    ours = {person.number for person in EVERYONE if person.number.encode() in content}
    return sorted(ours | {found.decode() for found in _TEN_DIGITS.findall(content)})
