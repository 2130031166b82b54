"""The catalogue as linked data, for other states' catalogues: JSON-LD after CPSV-AP 3.2, SEMIC's profile of services.

A service is named by its address without a language, `<site>/services/<id>`; what several services share (who gives
them, what registers hold, kinds of channel) by a fragment of `<site>/catalogue.jsonld`. Each document is whole: it
says of every name that it uses what that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from i18n.text import LANGUAGES, Language, Sayable, Wording
from services.catalogue.cpsv_terms import (
    AREAS,
    AUDIENCES,
    CHANNELS,
    CONTEXT,
    CURRENCY,
    KOSOVO,
    LANGUAGE_CODES,
    OTHER_MUNICIPALITIES,
    TAGS,
)
from services.catalogue.fee import Fee, FixedFee, MunicipalFee, TableFee
from services.catalogue.service import Institution, LifeEvent, Service
from services.registers import municipality
from services.registers.facts import FACTS

Node = Mapping[str, object]

_WEEK = 5  # working days


@dataclass(frozen=True, slots=True)
class Publication:
    """Where the catalogue is found (an origin, without a slash at its end), and what it says of itself."""

    site: str
    title: Sayable
    description: Sayable
    publisher: Sayable

    def service(self, service_id: str) -> str:
        """Return the name of a service."""
        return f"{self.site}/services/{service_id}"

    def event(self, event_id: str) -> str:
        """Return the name of a life event."""
        return f"{self.site}/life-events/{event_id}"

    def shared(self, kind: str, name: str) -> str:
        """Return the name of something that services share."""
        return f"{self.site}/catalogue.jsonld#{kind}-{name}"


def document(publication: Publication, services: Iterable[Service], events: Iterable[LifeEvent]) -> Node:
    """Return a JSON-LD document of these services, with all that they name; `events` are all there are."""
    known = {event.id: event for event in events}
    services = tuple(services)
    nodes = [_dataset(publication, services), _publisher(publication)]
    nodes += [_service(publication, service, known) for service in services]
    shared = {str(node["@id"]): node for service in services for node in _shared(publication, service)}
    nodes += [*shared.values(), *_events(publication, services, known), *_everywhere()]
    return {"@context": CONTEXT, "@graph": nodes}


def duration(days: int) -> str:
    """Return so many working days as calendar days (xsd:duration): the longest that they last, holidays aside."""
    weeks, rest = divmod(days, _WEEK)
    return f"P{7 * weeks + (rest + 2 if rest else 0)}D" if days else "PT0S"


def amounts(fee: Fee) -> Iterator[tuple[int, Wording | None]]:
    """Yield each amount in cents that a service may cost, and for whom or in which case."""
    if isinstance(fee, FixedFee):
        yield fee.cents, fee.note
    elif isinstance(fee, TableFee):
        yield from ((row.cents, row.label) for row in fee.rows)
    elif isinstance(fee, MunicipalFee):
        yield from ((cents, municipality.name(each)) for each, cents in fee.cents.items())
        yield fee.otherwise, OTHER_MUNICIPALITIES
    else:
        yield from ((cents, fee.label) for cents in (fee.least, fee.most))
    yield from ((exemption.cents, exemption.label) for exemption in fee.exempt())


def _dataset(publication: Publication, services: Iterable[Service]) -> Node:
    return {
        "@id": f"{publication.site}/catalogue.jsonld",
        "@type": "dcat:Dataset",
        "title": _said(publication.title),
        "description": _said(publication.description),
        "publisher": publication.shared("publisher", "portal"),
        "hasPart": [publication.service(service.id) for service in services],
    }


def _publisher(publication: Publication) -> Node:
    name = publication.shared("publisher", "portal")
    return {"@id": name, "@type": "foaf:Agent", "identifier": "portal", "title": _said(publication.publisher)}


def _service(publication: Publication, service: Service, events: Mapping[str, LifeEvent]) -> Node:
    name = publication.service(service.id)
    return {
        "@id": name,
        "@type": "cpsv:PublicService",
        "identifier": service.id,
        "version": str(service.version),
        "title": _said(service.names),
        "description": {TAGS[each]: f"{service.summary.say(each)} {service.help.say(each)}" for each in LANGUAGES},
        "keyword": {TAGS[each]: _keywords(service, each) for each in LANGUAGES},
        "language": list(LANGUAGE_CODES.values()),
        "spatial": KOSOVO,
        "homepage": name,
        "isPartOf": f"{publication.site}/catalogue.jsonld",
        "thematicArea": _area(service),
        "audience": [publication.shared("audience", each) for each in service.audience],
        "isGroupedBy": [publication.event(each) for each in service.life_events if each in events],
        "hasCompetentAuthority": publication.shared("institution", service.institution.id),
        "processingTime": duration(service.processing.days),
        "hasLegalResource": list(_laws(service, name)),
        "hasChannel": [_channel(publication, service, each) for each in service.channels],
        "hasCost": list(_costs(service, name)),
        "produces": _output(service, name),
        "hasInput": list(_evidence(publication, service)),
        "hasInputType": [publication.shared("evidence", each) for each in _facts(service)],
    }


def _keywords(service: Service, language: Language) -> list[str]:
    return list(dict.fromkeys(word for each in service.search_words for word in each.say(language).split()))


def _area(service: Service) -> str:
    return AREAS.get(service.area, AREAS[""])


def _facts(service: Service) -> tuple[str, ...]:
    return tuple(dict.fromkeys(need.name for need in service.facts))


def _laws(service: Service, name: str) -> Iterator[Node]:
    for number, law in enumerate(service.legal_basis, 1):
        yield {"@id": law.url or f"{name}#law-{number}", "@type": "eli:LegalResource", "title": _said(law.cite)}


def _channel(publication: Publication, service: Service, channel: str) -> Node:
    name = publication.service(service.id)
    return {
        "@id": f"{name}#channel-{channel}",
        "@type": "cv:Channel",
        "identifier": f"{service.id}/{channel}",
        "type": publication.shared("channel", channel),
        "ownedBy": publication.shared("institution", service.institution.id),
        **({"homepage": name} if channel == "web" else {}),
    }


def _costs(service: Service, name: str) -> Iterator[Node]:
    for number, (cents, label) in enumerate(amounts(service.fee), 1):
        yield {
            "@id": f"{name}#cost-{number}",
            "@type": "cv:Cost",
            "identifier": f"{service.id}/cost-{number}",
            "value": cents / 100,
            "currency": CURRENCY,
            **({"description": _said(label)} if label else {}),
        }


def _output(service: Service, name: str) -> Node:
    return {
        "@id": f"{name}#output",
        "@type": "cv:Output",
        "identifier": service.document.kind,
        "title": _said(service.document.title),
        "description": _said(service.gives),
        "language": list(LANGUAGE_CODES.values()),
    }


def _evidence(publication: Publication, service: Service) -> Iterator[Node]:
    """Yield what registers prove, so that nobody has to bring it."""
    for need in service.facts:
        yield {
            "@id": f"{publication.service(service.id)}#evidence-{need.about}-{need.name}",
            "@type": "cv:Evidence",
            "identifier": f"{service.id}/{need.about}/{need.name}",
            "title": _said(FACTS[need.name].label),
            "description": _said(need.purpose),
            "conformsTo": publication.shared("evidence", need.name),
        }


def _shared(publication: Publication, service: Service) -> Iterator[Node]:
    """Yield what the service shares with others."""
    yield _institution(publication, service.institution)
    yield {"@id": _area(service), "@type": "skos:Concept"}
    for each in service.audience:
        yield _concept(publication.shared("audience", each), each, AUDIENCES.get(each))
    for each in service.channels:
        yield _concept(publication.shared("channel", each), each, CHANNELS.get(each))
    for each in _facts(service):
        register = publication.shared("register", FACTS[each].register.code)
        yield {
            "@id": publication.shared("evidence", each),
            "@type": "cv:EvidenceType",
            "identifier": each,
            "title": _said(FACTS[each].label),
            "evidenceTypeClassification": register,
        }
        yield _concept(register, FACTS[each].register.code, FACTS[each].register.name)


def _institution(publication: Publication, institution: Institution) -> Node:
    return {
        "@id": publication.shared("institution", institution.id),
        "@type": ["cv:PublicOrganisation", "org:Organization"],
        "identifier": institution.id,
        "prefLabel": _said(institution.names),
        "spatial": KOSOVO,
    }


def _concept(name: str, notation: str, label: Wording | None) -> Node:
    return {"@id": name, "@type": "skos:Concept", "notation": notation} | ({"prefLabel": _said(label)} if label else {})


def _events(publication: Publication, services: Iterable[Service], known: Mapping[str, LifeEvent]) -> Iterator[Node]:
    for event in known.values():
        of_it = [publication.service(service.id) for service in services if event.id in service.life_events]
        if of_it:
            yield {
                "@id": publication.event(event.id),
                "@type": ["cv:Event", "cv:LifeEvent"],
                "identifier": event.id,
                "title": _said(event.names),
                "description": _said(event.summary),
                "hasRelatedService": of_it,
            }


def _everywhere() -> Iterator[Node]:
    """Yield what every document names: languages, the currency and the country, as others know them."""
    yield from ({"@id": each, "@type": "dct:LinguisticSystem"} for each in LANGUAGE_CODES.values())
    yield {"@id": CURRENCY, "@type": "skos:Concept"}
    yield {"@id": KOSOVO, "@type": "dct:Location"}


def _said(words: Sayable) -> dict[str, str]:
    return {TAGS[language]: words.say(language) for language in LANGUAGES}
