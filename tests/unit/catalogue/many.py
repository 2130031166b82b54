"""A thousand invented services beside the real ones: ten kinds of leave, help and paper about a hundred things."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from i18n.text import LANGUAGES, Wording
from services.catalogue.load import catalogue
from services.catalogue.search import Index
from services.catalogue.service import Service

_SYLLABLES = tuple(consonant + vowel for consonant in "bfgklmnprstvz" for vowel in "aeiou")[::3]
KINDS = {
    "permit": Wording("Leje për", "Dozvola za", "Permit for"),
    "licence": Wording("Licencë për", "Licenca za", "Licence for"),
    "attestation": Wording("Vërtetim për", "Potvrda za", "Attestation for"),
    "subsidy": Wording("Subvencion për", "Subvencija za", "Subsidy for"),
    "consent": Wording("Pëlqim për", "Saglasnost za", "Consent for"),
    "registration": Wording("Regjistrim për", "Registracija za", "Registration for"),
    "inspection": Wording("Inspektim për", "Inspekcija za", "Inspection for"),
    "complaint": Wording("Ankesë për", "Žalba za", "Complaint about"),
    "copy": Wording("Kopje e dokumentit për", "Kopija dokumenta za", "Copy of the document for"),
    "help": Wording("Ndihmë për", "Pomoć za", "Help for"),
}


def many() -> Iterator[Service]:
    """Yield the thousand; what each says besides its name are words that nobody else would use, as help texts are."""
    like, drawn = catalogue().all()[0], random.Random(1)  # noqa: S311 - words, no secrets
    with Path(__file__).with_name("many.csv").open(encoding="utf-8", newline="") as file:
        things = [Wording(**row) for row in csv.DictReader(line for line in file if not line.startswith("#"))]
    for thing in things:
        for kind, words in KINDS.items():
            names = _joined(words, thing)
            slug = re.sub("[^a-z]+", "-", thing.en.removeprefix("a ").removeprefix("an ").removeprefix("the "))
            yield replace(
                like,
                id=f"{kind}-{slug}",
                names=names,
                summary=names,
                help=Wording(*(_babble(drawn, 50) for _language in LANGUAGES)),
                gives=names,
                search_words=(Wording(*(_babble(drawn, 3) for _language in LANGUAGES)),),
                life_events=(),
            )


def crowded() -> Index:
    """Return an index of the real services among the thousand."""
    book = catalogue()
    return Index((*book.all(), *many()), [event for event, _services in book.life_events()])


def _babble(drawn: random.Random, count: int) -> str:
    """Return so many words of two to four syllables, out of some twenty thousand."""
    return " ".join("".join(drawn.choices(_SYLLABLES, k=drawn.choice((2, 3, 3, 4)))) for _word in range(count))


def _joined(first: Wording, second: Wording) -> Wording:
    return Wording(f"{first.sq} {second.sq}", f"{first.sr} {second.sr}", f"{first.en} {second.en}")
