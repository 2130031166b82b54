"""The names that linked data uses: prefixes and properties of CPSV-AP 3.2, and codes of others' lists."""

from __future__ import annotations

from collections.abc import Mapping

from i18n.text import Language, Wording

_AUTHORITY = "http://publications.europa.eu/resource/authority"  # the authority tables of the EU's Publications Office

TAGS: Mapping[Language, str] = {"sq": "sq", "sr": "sr-Latn", "en": "en"}
LANGUAGE_CODES: Mapping[Language, str] = {
    "sq": f"{_AUTHORITY}/language/SQI",
    "sr": f"{_AUTHORITY}/language/SRP",
    "en": f"{_AUTHORITY}/language/ENG",
}
CURRENCY = f"{_AUTHORITY}/currency/EUR"
KOSOVO = "http://www.wikidata.org/entity/Q1246"

# Our areas as data themes; "" is what any other area is.
AREAS: Mapping[str, str] = {
    area: f"{_AUTHORITY}/data-theme/{theme}"
    for area, theme in {
        "": "GOVE",
        "building": "REGI",
        "business": "ECON",
        "cadastre": "REGI",
        "education": "EDUC",
        "health": "HEAL",
        "justice": "JUST",
        "municipality": "REGI",
        "social": "SOCI",
        "tax": "ECON",
        "vehicles": "TRAN",
        "work": "SOCI",
    }.items()
}
AUDIENCES: Mapping[str, Wording] = {
    "person": Wording("Qytetarët", "Građani", "Citizens"),
    "parent": Wording("Prindërit për fëmijën e tyre", "Roditelji za svoje dete", "Parents for their child"),
    "company": Wording("Bizneset", "Preduzeća", "Businesses"),
    "foreigner": Wording("Të huajt", "Stranci", "Foreigners"),
}
CHANNELS: Mapping[str, Wording] = {
    "web": Wording("Në internet", "Na internetu", "Online"),
    "counter": Wording("Në sportel", "Na šalteru", "At a counter"),
    "kiosk": Wording("Në kioskë", "Na kiosku", "At a kiosk"),
}
OTHER_MUNICIPALITIES = Wording("Komunat e tjera", "Ostale opštine", "The other municipalities")


def _words(name: str) -> Mapping[str, str]:
    return {"@id": name, "@container": "@language"}


def _link(name: str) -> Mapping[str, str]:
    return {"@id": name, "@type": "@id"}


CONTEXT: Mapping[str, object] = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "identifier": "dct:identifier",
    "notation": "skos:notation",
    "version": "owl:versionInfo",
    "title": _words("dct:title"),
    "description": _words("dct:description"),
    "keyword": _words("dcat:keyword"),
    "prefLabel": _words("skos:prefLabel"),
    "value": {"@id": "cv:hasValue", "@type": "xsd:double"},
    "processingTime": {"@id": "cv:processingTime", "@type": "xsd:duration"},
    "audience": _link("dct:audience"),
    "conformsTo": _link("dct:conformsTo"),
    "currency": _link("cv:currency"),
    "evidenceTypeClassification": _link("cv:evidenceTypeClassification"),
    "hasChannel": _link("cv:hasChannel"),
    "hasCompetentAuthority": _link("cv:hasCompetentAuthority"),
    "hasCost": _link("cv:hasCost"),
    "hasInput": _link("cpsv:hasInput"),
    "hasInputType": _link("cv:hasInputType"),
    "hasLegalResource": _link("cv:hasLegalResource"),
    "hasPart": _link("dct:hasPart"),
    "hasRelatedService": _link("cv:hasRelatedService"),
    "homepage": _link("foaf:homepage"),
    "isGroupedBy": _link("cv:isGroupedBy"),
    "isPartOf": _link("dct:isPartOf"),
    "language": _link("dct:language"),
    "ownedBy": _link("cv:ownedBy"),
    "produces": _link("cpsv:produces"),
    "publisher": _link("dct:publisher"),
    "spatial": _link("dct:spatial"),
    "thematicArea": _link("cv:thematicArea"),
    "type": _link("dct:type"),
}
