"""Registers go out of order when the operator of a demonstration says so, and only then and there."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import httpx
import pytest

from .asking import ARTA, HTTP, answer, data
from .conftest import Registers
from .test_answers_proven import proven, published

KINDS = ("down", "slow", "html", "wrong_person", "stale_signature")
SAYS = {"sq": "Defektet e regjistrave", "sr": "Kvarovi registara", "en": "Faults of the registers"}


def api(registers: Registers, method: str, register: str = "", body: object = None) -> httpx.Response:
    url = f"{registers.url}/operator/api/faults" + (f"/{register}" if register else "")
    return HTTP.request(method, url, json=body)


@pytest.fixture(autouse=True)
def _mended(country: Registers) -> Iterator[None]:
    yield
    for register in api(country, "GET").json()["faults"]:
        api(country, "DELETE", register)


def broken(registers: Registers, kind: str, **more: object) -> None:
    response = api(registers, "PUT", "addresses", {"kind": kind, **more})
    assert response.status_code == 200, response.text
    assert response.json()["faults"]["addresses"]["kind"] == kind


def test_a_register_that_is_down_says_x_roads_own_error(country: Registers) -> None:
    broken(country, "down")
    response = answer(country, "addresses/address", ARTA)
    assert (response.status_code, response.headers["x-road-error"]) == (500, "Server.ServerProxy.ServiceFailed")


def test_a_slow_register_answers_late_and_right(country: Registers) -> None:
    broken(country, "slow", seconds=0.6)
    begun = time.monotonic()
    assert data(country, "addresses/address", ARTA)["street"] == "Mark Isaku"
    assert time.monotonic() - begun > 0.6


def test_a_register_may_answer_with_a_web_page(country: Registers) -> None:
    broken(country, "html")
    response = answer(country, "addresses/address", ARTA)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_a_register_may_answer_with_another_persons_record(country: Registers) -> None:
    broken(country, "wrong_person")
    response = answer(country, "addresses/address", ARTA)
    assert response.status_code in {200, 409}
    assert response.json()["subject"] != ARTA
    assert proven(response.headers["x-jws-signature"], response.content, published(country))


def test_a_stale_signature_holds_and_names_a_moment_two_days_ago(country: Registers) -> None:
    broken(country, "stale_signature")
    response = answer(country, "addresses/address", ARTA)
    header = proven(response.headers["x-jws-signature"], response.content, published(country))
    assert time.time() - header["iat"] > 47 * 3600


@pytest.mark.parametrize("kind", KINDS)
def test_one_registers_fault_is_nobody_elses(country: Registers, kind: str) -> None:
    broken(country, kind)
    assert data(country, "civil-status/person", ARTA)["given_name"] == "Arta"


def test_a_fault_ends_by_itself_and_on_request(country: Registers) -> None:
    broken(country, "down", minutes=0.005)
    time.sleep(0.4)
    assert answer(country, "addresses/address", ARTA).status_code == 200
    broken(country, "down")
    assert api(country, "DELETE", "addresses").json()["faults"]["addresses"] is None
    assert answer(country, "addresses/address", ARTA).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "late"},
        {"kind": "down", "minutes": 0},
        {"kind": "down", "minutes": -5},
        {"kind": "down", "minutes": 1e308},
        {"kind": "down", "minutes": 721},
        {"kind": "slow", "seconds": 61},
        {"kind": "slow", "seconds": -1},
        {"kind": "down", "colour": "red"},
        [],
    ],
)
def test_a_fault_that_is_none_is_refused(country: Registers, body: object) -> None:
    response = api(country, "PUT", "addresses", body)
    assert (response.status_code, response.json()["type"]) == (422, "Client.BadRequest")
    assert api(country, "GET").json()["faults"]["addresses"] is None


def test_an_unknown_register_or_case_is_not_found(country: Registers) -> None:
    assert api(country, "PUT", "horoscopes", {"kind": "down"}).status_code == 404
    assert api(country, "DELETE", "horoscopes").status_code == 404
    assert HTTP.get(f"{country.url}/operator/api/examples?case=luck").status_code == 404


@pytest.mark.parametrize("path", ["/operator", "/operator/api/faults", "/operator/api/examples?case=minor"])
def test_without_the_setting_there_is_no_operator(registers: Registers, path: str) -> None:
    assert HTTP.get(registers.url + path).status_code == 404


def test_another_name_leads_to_no_operator(country: Registers) -> None:
    for path in ("/operator", "/operator/api/faults"):
        headers = {"Host": "registers.attacker.example"}
        assert HTTP.get(country.url + path, headers=headers).status_code == 404


@pytest.mark.parametrize(("language", "heading"), SAYS.items())
def test_the_operators_page_is_in_three_languages(country: Registers, language: str, heading: str) -> None:
    response = HTTP.get(f"{country.url}/operator?language={language}&case=minor")
    assert response.status_code == 200
    assert response.headers["content-language"] == language
    assert f"{heading}</h1>" in response.text
    assert "Era Krasniqi" in response.text
    assert "style-src 'self'" in response.headers["content-security-policy"]
    for address in set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', response.text)):
        assert HTTP.get(country.url + address).status_code == 200


def test_the_operator_breaks_and_mends_a_register_on_the_page(country: Registers) -> None:
    with httpx.Client(base_url=country.url, trust_env=False) as browser:
        form = {"seal": seal(browser), "register": "tax", "kind": "down", "minutes": "5"}
        sent = browser.post("/operator/faults?language=en", data=form)
        assert (sent.status_code, sent.headers["location"]) == (303, "/operator?language=en")
        assert "Does not work, until" in browser.get(sent.headers["location"]).text
        assert answer(country, "tax/status", ARTA).status_code == 500
        browser.post("/operator/faults", data=form | {"kind": ""})
        assert answer(country, "tax/status", ARTA).status_code == 200


def test_a_form_from_elsewhere_breaks_nothing(country: Registers) -> None:
    form = {"seal": "guessed", "register": "tax", "kind": "down", "minutes": "5"}
    response = HTTP.post(f"{country.url}/operator/faults?language=sr", data=form)
    assert response.status_code == 403
    assert "Ovaj obrazac više ne važi" in response.text
    assert answer(country, "tax/status", ARTA).status_code == 200


@pytest.mark.parametrize(
    "changed", [{"register": "x"}, {"kind": "x"}, {"minutes": "x"}, {"minutes": "999999999999999999999"}]
)
def test_a_choice_that_is_none_comes_back_with_the_rest_as_it_was(country: Registers, changed: dict[str, str]) -> None:
    with httpx.Client(base_url=country.url, trust_env=False) as browser:
        form = {"seal": seal(browser), "register": "tax", "kind": "html", "minutes": "15"} | changed
        response = browser.post("/operator/faults?language=en", data=form)
    assert response.status_code == 422
    assert "Choose a register, a fault and how long it lasts." in response.text
    if "kind" not in changed:
        assert '<option value="html" selected' in response.text


def seal(browser: httpx.Client) -> str:
    found = re.search(r'name="seal" value="([^"]+)"', browser.get("/operator?language=en").text)
    assert found
    return found[1]
