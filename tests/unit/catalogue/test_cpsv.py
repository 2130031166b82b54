"""The catalogue is linked data that others' programs read, and holds to the European profile of public services."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import msgspec
import pyshacl
import pytest
from msgspec.structs import replace
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, OWL, RDF, SKOS, XSD

from i18n.text import Wording, _
from services.catalogue import cpsv
from services.catalogue.cpsv import Publication, duration
from services.catalogue.load import catalogue

SITE = "https://portal.example"
CPSV, CV = Namespace("http://purl.org/vocab/cpsv#"), Namespace("http://data.europa.eu/m8g/")
SHAPES = Graph().parse(Path(__file__).with_name("cpsv-ap.ttl"))
PUBLICATION = Publication(SITE, _("Services"), Wording("Të gjitha.", "Sve.", "All."), _("Citizen portal"))
BIRTH = URIRef(f"{SITE}/services/birth-extract")

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own use of it


def _written(*ids: str) -> bytes:
    """Return the document of these services as it is served; of all when none is named."""
    book = catalogue()
    services = [one for one in book.all() if not ids or one.id in ids]
    return msgspec.json.encode(cpsv.document(PUBLICATION, services, [event for event, _services in book.life_events()]))


def _read(written: bytes | str) -> Graph:
    return Graph().parse(data=written, format="json-ld")


def faults(graph: Graph) -> str:
    """Return what the profile has against a document; "" when nothing."""
    conforms, _report, said = cast("Any", pyshacl).validate(graph, shacl_graph=SHAPES)
    return "" if conforms else said


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Give the whole catalogue as a foreign program has read it."""
    return _read(_written())


def test_every_service_is_there_and_holds_to_the_profile(graph: Graph) -> None:
    assert faults(graph) == ""
    named = {URIRef(f"{SITE}/services/{service.id}") for service in catalogue().all()}
    assert set(graph.subjects(RDF.type, CPSV.PublicService)) == named
    assert set(graph.objects(URIRef(f"{SITE}/catalogue.jsonld"), DCTERMS.hasPart)) == named


@pytest.mark.parametrize("service", [service.id for service in catalogue().all()])
def test_the_document_of_one_service_is_whole_by_itself(service: str) -> None:
    alone = _read(_written(service))
    assert faults(alone) == ""
    assert [str(one) for one in alone.subjects(RDF.type, CPSV.PublicService)] == [f"{SITE}/services/{service}"]


def test_nothing_is_named_that_is_not_said(graph: Graph) -> None:
    named = {one for one in graph.objects() if isinstance(one, URIRef) and one.startswith(f"{SITE}/catalogue.jsonld#")}
    assert named
    assert named <= set(graph.subjects())


def test_a_service_is_said_in_three_languages_with_what_it_costs_and_how_long_it_takes(graph: Graph) -> None:
    assert set(graph.objects(BIRTH, DCTERMS.title)) == {
        Literal("Ekstrakti i lindjes", lang="sq"),
        Literal("Ekstrakt rođenja", lang="sr-Latn"),
        Literal("Birth extract", lang="en"),
    }
    assert Literal("krštenica", lang="sr-Latn") in set(graph.objects(BIRTH, DCAT.keyword))
    (cost,) = graph.objects(BIRTH, CV.hasCost)
    assert graph.value(cost, CV.hasValue) == Literal(1.0, datatype=XSD.double)
    assert graph.value(BIRTH, CV.processingTime) == Literal("PT0S", datatype=XSD.duration)
    assert str(graph.value(BIRTH, OWL.versionInfo)) == "2"
    (authority,) = graph.objects(BIRTH, CV.hasCompetentAuthority)
    assert Literal("Civil Registration Agency", lang="en") in set(graph.objects(authority, SKOS.prefLabel))
    assert {str(each) for each in graph.objects(BIRTH, CV.isGroupedBy)} >= {f"{SITE}/life-events/birth"}
    evidence = {str(graph.value(each, DCTERMS.identifier)) for each in graph.objects(BIRTH, CV.hasInputType)}
    assert evidence == {"person", "children"}


def test_each_amount_of_a_fee_says_when_it_is_due(graph: Graph) -> None:
    def costs(service: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for cost in graph.objects(URIRef(f"{SITE}/services/{service}"), CV.hasCost):
            said = [one for one in graph.objects(cost, DCTERMS.description) if cast("Literal", one).language == "en"]
            found[str(said[0])] = cast("Literal", graph.value(cost, CV.hasValue)).value
        return found

    assert costs("child-passport") == {"A child under 3": 20.0, "A child from 3 to 18": 25.0}
    assert costs("residence-certificate")["Gjakova"] == 3.0
    assert costs("residence-certificate")["The other municipalities"] == 2.0


@pytest.mark.parametrize(
    ("days", "written"),
    [(0, "PT0S"), (1, "P3D"), (4, "P6D"), (5, "P7D"), (7, "P11D"), (10, "P14D"), (30, "P42D")],
)
def test_working_days_are_written_as_the_days_that_they_last_at_most(days: int, written: str) -> None:
    assert duration(days) == written


@pytest.mark.parametrize(
    ("place", "planted", "says"),
    [
        ("title", None, "dct:title"),
        ("hasCompetentAuthority", None, "cv:hasCompetentAuthority"),
        ("title", "Ekstrakt", "langString"),
        ("processingTime", "soon", "xsd:duration"),
        ("hasChannel", [{"@type": "cv:Channel"}], "dct:identifier"),
        ("hasCost", [{"@type": "cv:Cost", "identifier": "1", "currency": f"{SITE}/euro"}], "skos:Concept"),
        ("isGroupedBy", [f"{SITE}/life-events/none"], "cv:Event"),
    ],
)
@pytest.mark.filterwarnings("ignore:Failed to convert")
def test_what_does_not_hold_to_the_profile_is_seen(place: str, planted: object, says: str) -> None:
    document: dict[str, list[dict[str, object]]] = json.loads(_written("birth-extract"))
    (service,) = (node for node in document["@graph"] if node["@type"] == "cpsv:PublicService")
    service[place] = planted
    assert says in faults(_read(json.dumps(document)))


def test_an_area_and_an_audience_that_nobody_has_listed_do_not_stop_the_catalogue() -> None:
    other = replace(catalogue().all()[0], area="space", audience=("astronaut",))
    assert faults(_read(msgspec.json.encode(cpsv.document(PUBLICATION, [other], [])))) == ""
