"""A file question takes what the portal keeps, never what a browser says; a register may make it needless."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from i18n.refusal import Invalid
from services.applications import form, progress, reuse
from services.applications.asking import is_asked
from services.applications.kinds.attaching import files
from services.catalogue.question import File
from tests.unit.applications.people import ARTA, NOW, draft, service
from tests.unit.applications.test_form import KNOWN
from tests.unit.applications.test_kinds import asked

NAMED: dict[str, Any] = {"id": "1", "name": "kontrata.pdf", "type": "pdf", "size": 240_000, "sha256": "00" * 32}
PHOTO = NAMED | {"id": "2", "name": "pamje.jpg", "type": "jpeg", "size": 2_140_000}
TRANSFER, NEWBORN = "vehicle-ownership-transfer", "birth-registration-late"
TODAY = progress.day(NOW)


def test_what_is_attached_is_the_answer_and_what_is_typed_is_not() -> None:
    page = asked("file")
    known = {**KNOWN, "attached": {"it": [NAMED, PHOTO]}}
    assert form.parse(page, {"it": ["{}", "forged.pdf"]}, known) == {"it": [NAMED, PHOTO]}
    assert (
        form.answer_text(page.questions[0], [NAMED, PHOTO], KNOWN).say("sq")
        == "kontrata.pdf (240 kB)\npamje.jpg (2,1 MB)"
    )
    with pytest.raises(Invalid) as refused:
        form.parse(page, {"it": ["forged.pdf"]}, KNOWN)
    assert refused.value.fields["it"].say("en") == "Attach a file to “The question”."
    assert form.parse(asked("file", optional=True), {"it": ["forged.pdf"]}, KNOWN) == {"it": None}


def test_a_newer_version_may_take_fewer_files_or_other_ones() -> None:
    known = {**KNOWN, "attached": {"it": [NAMED, PHOTO]}}
    for more, said in (({"most": 1}, "takes at most 1 file."), ({"types": ["pdf"]}, "is of a kind that is not taken")):
        with pytest.raises(Invalid) as refused:
            form.parse(asked("file", **more), {}, known)
        assert said in refused.value.fields["it"].say("en")


def test_a_paper_is_asked_for_only_when_the_register_has_said_that_it_holds_nothing() -> None:
    question = next(one for one in service(NEWBORN).questions() if isinstance(one, File))
    assert question.waived == "births"
    known = {
        "applicant": {},
        "beneficiary": {},
        "company": {},
        "answers": {"born_where": "hospital"},
        "today": "2026-11-23",
    }
    for births, is_needed in (([], True), (None, True), ([{"child": "Ana"}], False)):
        assert is_asked(question, known | {"applicant": {"births": births}}) is is_needed
    assert not is_asked(question, known)  # while the register is silent
    assert not is_asked(question, known | {"applicant": {"births": []}, "answers": {"born_where": "home"}})


def test_files_of_another_application_are_attached_anew() -> None:
    transfer = service(TRANSFER)
    began = draft(TRANSFER, ARTA)
    former = {"seller": "Mentor Kryeziu", "contract": [NAMED], "notary": [PHOTO]}
    assert reuse.fitting(began, transfer, former, TODAY) == {"seller": "Mentor Kryeziu"}
    own = reuse.fitting(began, transfer, former, TODAY, files(former))  # of the same one, in a newer version
    assert own == {"seller": "Mentor Kryeziu", "contract": [NAMED]}
    few = replace(transfer, sections=tuple(_only_png(section) for section in transfer.sections))
    assert "contract" not in reuse.fitting(began, few, former, TODAY, files(former))


def _only_png(section: Any) -> Any:  # noqa: ANN401 - a section
    taken = [replace(one, types=("png",)) if isinstance(one, File) else one for one in section.questions]
    return replace(section, questions=tuple(taken))
