"""Who signs for a company is who may: she alone, or all who may only act together, by what the register says then."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from i18n.refusal import Refused
from services.signing import representative
from services.signing.errors import FAILURES, NobodyElse, NotARepresentative
from services.signing.signature import Signature, Signer
from services.signing.signer import signers
from tests.unit.applications.people import ARTA, BESNIK, DRITA, registration

NAMES = {ARTA: "Arta Krasniqi", BESNIK: "Besnik Gashi", DRITA: "Drita Berisha"}


def acting(*people: tuple[str, bool]) -> dict[str, Any]:
    return registration("810457219", "Ura SH.P.K.", *((number, NAMES[number], alone) for number, alone in people))


def needed(applicant: str, told: dict[str, Any] | None) -> list[str]:
    return [one.personal_number for one in representative.needed(told, Signer(applicant, NAMES[applicant]))]


def asked(*numbers: str) -> list[Signature]:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    application = uuid4()
    return [
        Signature(uuid4(), application, 3, place, number, NAMES[number], at, at, None)
        for place, number in enumerate(numbers, 1)
    ]


@pytest.mark.parametrize(
    ("told", "sign"),
    [
        (acting((ARTA, True)), [ARTA]),
        (acting((ARTA, True), (BESNIK, True)), [ARTA]),
        (acting((ARTA, True), (BESNIK, False)), [ARTA]),
        (acting((ARTA, False), (BESNIK, False)), [ARTA, BESNIK]),
        (acting((BESNIK, False), (DRITA, False), (ARTA, False)), [ARTA, BESNIK, DRITA]),
        # Who may act alone is asked only where nobody else could act with her.
        (acting((ARTA, False), (BESNIK, False), (DRITA, True)), [ARTA, BESNIK]),
        (acting((ARTA, False), (DRITA, True)), [ARTA, DRITA]),
    ],
)
def test_who_may_act_alone_signs_alone_and_others_sign_together(told: dict[str, Any], sign: list[str]) -> None:
    assert needed(ARTA, told) == sign


@pytest.mark.parametrize(
    ("told", "refusal"),
    [(None, NotARepresentative), (acting((BESNIK, True)), NotARepresentative), (acting((ARTA, False)), NobodyElse)],
)
def test_who_may_not_act_or_has_nobody_to_act_with_cannot_send_it(
    told: dict[str, Any] | None, refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        needed(ARTA, told)


def test_the_rule_of_the_definition_leads_there() -> None:
    arta = Signer(ARTA, NAMES[ARTA])
    known = {"company": {"registration": acting((ARTA, False), (BESNIK, False))}, "beneficiary": {}}
    assert [one.name for one in signers("company", arta, known)] == ["Arta Krasniqi", "Besnik Gashi"]
    assert signers("citizen", arta, known) == [arta]
    assert signers("none", arta, known) == []


@pytest.mark.parametrize(
    ("told", "signer", "code"),
    [
        (acting((ARTA, False), (BESNIK, False)), ARTA, None),
        (acting((ARTA, False), (BESNIK, False)), BESNIK, None),
        (None, BESNIK, "no_longer_represents"),
        (acting((ARTA, False), (DRITA, False)), BESNIK, "no_longer_represents"),
        (acting((BESNIK, True)), BESNIK, "others_represent"),
        (acting((BESNIK, False)), BESNIK, "others_represent"),
        (acting((ARTA, False), (BESNIK, False), (DRITA, False)), ARTA, "others_represent"),
        (acting((ARTA, True), (BESNIK, False)), ARTA, "others_represent"),
    ],
)
def test_what_changed_since_it_was_sent_stops_who_signs(
    told: dict[str, Any] | None, signer: str, code: str | None
) -> None:
    assert representative.objection(told, asked(ARTA, BESNIK), signer) == code
    assert code is None or code in FAILURES
