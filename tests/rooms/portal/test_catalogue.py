"""The catalogue is open: people find a service, and other sites' programs read every public page of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any, cast
from urllib.parse import quote
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import httpx
import microdata
import pytest
from rdflib import Graph

from i18n.text import LANGUAGES, Language
from portal.database import Database
from services.catalogue.load import catalogue
from tests.rooms.portal.visitor import Visitor, links

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own use of it

LINKED = "application/ld+json"
NAMES = {"loc": "{http://www.sitemaps.org/schemas/sitemap/0.9}loc", "link": "{http://www.w3.org/1999/xhtml}link"}
SUGGESTS: dict[Language, str] = {"sq": "A e kishit fjalën për:", "sr": "Da li ste mislili:", "en": "Did you mean:"}


def _services(page: httpx.Response) -> list[str]:
    language = page.url.path.split("/")[1]
    return [link.rpartition("/")[2] for link in links(page, f"/{language}/services/")]


@pytest.mark.parametrize(
    ("language", "typed"),
    [("sq", "certifikatën e vendbanimit"), ("sr", "уверење о пребивалишту"), ("en", "residense certificates")],
)
async def test_she_finds_a_service_as_she_types_it(visitor: Visitor, language: Language, typed: str) -> None:
    page = await visitor.get(f"/{language}/services?q={quote(typed)}")
    assert _services(page)[0] == "residence-certificate"
    assert f'value="{typed}"' in page.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_where_nothing_fits_she_is_led_on(visitor: Visitor, language: Language) -> None:
    page = await visitor.get(f"/{language}/services?q=qwzx+vendxnxxmit")
    assert not _services(page)
    assert links(page, f"/{language}/life-events/birth")
    assert page.text.count("qwzx vendxnxxmit”") + page.text.count("qwzx vendxnxxmit“") >= 1
    page = await visitor.get(f"/{language}/services?q=vendxnxxmit")
    (meant,) = links(page, f"/{language}/services?q=")
    assert SUGGESTS[language] in page.text
    assert _services(await visitor.get(meant))[0] == "residence-certificate"
    page = await visitor.get(f"/{language}/services?q=birth+qwzx")
    assert set(_services(page)[:2]) == {"birth-certificate", "birth-extract"}


async def test_a_script_is_given_what_was_found_and_nothing_around_it(visitor: Visitor) -> None:
    page = await visitor.get("/sq/services?q=lindje", headers={"HX-Request": "true"})
    assert "<html" not in page.text
    assert re.search(r'<p [^>]*id="found" role="status">[^<]*lindje', page.text)
    assert '<div id="results">' in page.text


async def test_the_catalogue_is_read_by_any_site(visitor: Visitor) -> None:
    answer = await visitor.get("/catalogue.jsonld", headers={"Accept-Language": "en"})
    assert answer.headers["content-type"] == LINKED
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "content-language" not in answer.headers
    graph = Graph().parse(data=answer.text, format="json-ld")
    named = {str(one) for one in graph.subjects() if str(one).startswith(f"{visitor.portal}/services/")}
    assert {f"{visitor.portal}/services/{service.id}" for service in catalogue().all()} <= named
    again = await visitor.get("/catalogue.jsonld", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_a_services_name_leads_a_program_to_its_data_and_a_person_to_its_page(visitor: Visitor) -> None:
    stable = await visitor.get("/catalogue/birth-extract.jsonld")
    for wish, kind in ((LINKED, LINKED), ("text/html,*/*;q=0.8", "text/html; charset=utf-8")):
        answer = await visitor.http.get("/services/birth-extract", headers={"Accept": wish}, follow_redirects=True)
        assert answer.headers["content-type"] == kind
        assert "Accept," in answer.headers["vary"]
        assert (answer.text == stable.text) is (wish == LINKED)
        assert answer.headers.get("content-location") == (str(stable.url.path) if wish == LINKED else None)
    page = await visitor.get("/sr/services/birth-extract")
    assert f'type="{LINKED}" href="{visitor.portal}/catalogue/birth-extract.jsonld"' in page.text
    for address in ("/catalogue/nothing.jsonld", "/catalogue/birth-extract", "/catalogue/birth-extract.json"):
        assert (await visitor.get(address)).status_code == 404
    arta = await visitor.signs_in()
    signed_in = await visitor.get(f"/{arta.url.path[1:3]}/services/birth-extract", headers={"Accept": LINKED})
    assert signed_in.text == stable.text


async def test_a_search_engine_reads_a_service_on_its_page(visitor: Visitor) -> None:
    page = await visitor.get("/sr/services/child-passport")
    (service,) = cast("Any", microdata).get_items(page.text)
    assert str(service.itemtype[0]) == "https://schema.org/GovernmentService"
    assert str(service.itemid) == f"{visitor.portal}/services/child-passport"
    assert service.name == "Pasoš za dete"
    assert service.provider.name == "Agencija za civilnu registraciju"
    assert {(offer.price, offer.priceCurrency) for offer in service.get_all("offers")} == {
        ("20.00", "EUR"),
        ("25.00", "EUR"),
    }
    assert str(service.url) == str(page.url)
    assert "<script" not in page.text.partition("</head>")[2]


class _Head(HTMLParser):
    def __init__(self, page: httpx.Response) -> None:
        super().__init__()
        self.language: str | None = None
        self.alternates: dict[str, str] = {}
        self.feed(page.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given["lang"]
        elif tag == "link" and given.get("rel") == "alternate" and given.get("hreflang"):
            self.alternates[given["hreflang"] or ""] = given["href"] or ""


async def test_robots_are_told_where_every_public_page_is_in_each_language(visitor: Visitor) -> None:
    robots = RobotFileParser()
    robots.parse((await visitor.get("/robots.txt")).text.splitlines())
    (address,) = robots.site_maps() or []
    sitemap = await visitor.get(address)
    assert sitemap.headers["content-type"].startswith("application/xml")
    pages = {
        str(entry.findtext(NAMES["loc"])): _alternates(entry.findall(NAMES["link"]))
        for entry in ET.fromstring(sitemap.text)  # noqa: S314 - our own answer
    }
    shown = {"", "services", "verify", "about", "accessibility", "privacy"}
    shown |= {f"services/{service.id}" for service in catalogue().all()}
    shown |= {f"life-events/{event.id}" for event, _services in catalogue().life_events()}
    assert set(pages) == {f"{visitor.portal}/{language}/{path}" for language in LANGUAGES for path in shown}
    for page, alternates in pages.items():
        answer = await visitor.get(page)
        head = _Head(answer)
        assert (answer.status_code, head.language) == (200, page.removeprefix(visitor.portal)[1:3]), page
        assert head.alternates == alternates, page
        assert robots.can_fetch("*", page), page
    for personal in ("applications", "my-data", "data", "notices", "v/0123456789ABCDEF"):
        assert not robots.can_fetch("*", f"{visitor.portal}/sr/{personal}")


def _alternates(found: Iterable[ET.Element]) -> dict[str, str]:
    return {link.attrib["hreflang"]: link.attrib["href"] for link in found}


async def test_a_service_says_in_her_language_how_long_it_really_takes(arta: Visitor, memory: Database) -> None:
    async with memory.transaction() as connection:
        await connection.execute("DELETE FROM decision_rollup")  # what other tests decided
        for days, seconds, decisions in ((3, 0, 6), (8, 0, 4), (0, 60, 1)):
            await connection.execute(
                "INSERT INTO decision_rollup VALUES ('construction-permit-extension', current_date, $1, $2, 0, $3)",
                days,
                seconds,
                decisions,
            )
    said = {
        "en": "half of the applications were decided within 3 working days, nine of ten within 8 working days.",
        "sq": "për gjysmën e kërkesave u vendos brenda 3 ditësh pune, për nëntë nga dhjetë brenda 8 ditësh pune.",
        "sr": "o polovini zahteva odlučeno je u roku od 3 radna dana, o devet od deset u roku od 8 radnih dana.",
    }
    for language, sentence in said.items():
        page = await arta.get(f"/{language}/services/construction-permit-extension")
        assert sentence in page.text
    other = await arta.get("/en/services/plan-copy")  # nobody has asked for it
    assert "nine of ten" not in other.text
