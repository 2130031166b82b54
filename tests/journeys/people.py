"""The people of the journeys, as the demo knows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from i18n.text import Language


@dataclass(frozen=True, slots=True)
class Person:
    """Someone of the demo: her name, her PIN1, her personal number, the language that she reads, how she signs in.

    `listed`: whether the eID's page offers her to choose; who is not types her number.
    """

    given_name: str
    family_name: str
    pin: str
    number: str
    language: Language = "sq"
    means: Literal["phone", "card"] = "phone"
    listed: bool = True

    @property
    def name(self) -> str:
        """Her whole name."""
        return f"{self.given_name} {self.family_name}"


ARTA = Person("Arta", "Krasniqi", "1111", "1176042318")
MILICA = Person("Milica", "Jovanović", "2222", "1204583176", "sr")
BESNIK = Person("Besnik", "Gashi", "3333", "1133902755")
DRITA = Person("Drita", "Berisha", "4444", "1158470620")
EMINE = Person("Emine", "Kryeziu", "5555", "1102736490")
LUAN = Person("Luan", "Hoxha", "6666", "1249061588")
AGIM = Person("Agim", "Shala", "7777", "1086354124", means="card")

EVERYONE = (ARTA, MILICA, BESNIK, DRITA, EMINE, LUAN, AGIM)
