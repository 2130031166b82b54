"""Who writes a definition is helped by `portal service`: it checks, begins, lists, shows and compares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from i18n.text import LANGUAGES
from portal.__main__ import main
from portal.authoring import beginning, sheet
from services.catalogue import load, schema
from services.catalogue.load import catalogue

BIRTH = load.DEFINITIONS / "civil" / "birth-extract.yaml"

Told = Callable[..., tuple[int, str, str]]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """Give what `portal service …` ends with, prints and complains of."""

    def asked(*words: object) -> tuple[int, str, str]:
        code = main(["service", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return asked


def test_sound_definitions_are_counted(told: Told) -> None:
    assert told("check", BIRTH) == (0, "1 definition is sound.\n", "")
    assert told("check") == (0, f"{len(catalogue().all())} definitions are sound.\n", "")


def test_every_fault_of_every_file_is_told_by_file_place_and_reason(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "civil").mkdir()
    bad = BIRTH.read_text("utf-8").replace("beneficiary.person.birthdate", "beneficiary.person.born", 2)
    (tmp_path / "civil" / "birth-extract.yaml").write_text(bad, "utf-8")
    monkeypatch.chdir(tmp_path)
    code, said, faults = told("check", "civil/birth-extract.yaml", "civil/gone.yaml", BIRTH)
    assert (code, said) == (1, "")
    unknown = "names an unknown value: beneficiary.person.born"
    assert faults.splitlines() == [
        f"civil/birth-extract.yaml: $.eligibility[0].rule: {unknown}",
        f"civil/birth-extract.yaml: $.document.sections[1].rows[0].value: {unknown}",
        "civil/gone.yaml: $: No such file or directory",
    ]


def test_a_new_definition_is_sound_and_says_what_is_to_be_replaced(told: Told, tmp_path: Path) -> None:
    file = tmp_path / "moving" / "parking-note.yaml"
    code, said, _faults = told("new", "moving/parking-note", "--folder", tmp_path)
    assert code == 0
    assert f"portal service check {file}" in said
    text = file.read_text("utf-8")
    assert text.startswith(f"# yaml-language-server: $schema=../../{schema.FILE.name}\n")
    code, said, _faults = told("check", file)
    assert (code, said) == (0, f"{file}: {text.count('‹')} texts are still in ‹marks›.\n1 definition is sound.\n")
    (begun,) = load.read_files([file])
    assert all("‹" in begun.names.say(language) for language in LANGUAGES)
    assert {example.expect.outcome for example in begun.examples} == {"approved", "refused"}


def test_a_new_definition_may_begin_from_another(told: Told, tmp_path: Path) -> None:
    code, said, _faults = told("new", "moving/birth-note", "--from", "birth-extract", "--folder", tmp_path)
    assert code == 0
    assert "they still speak of\n   birth-extract." in said
    (begun,) = load.read_files([tmp_path / "moving" / "birth-note.yaml"])
    assert (begun.id, begun.version, begun.area, begun.document.kind) == ("birth-note", 1, "moving", "birth-note")
    other = catalogue().get("birth-extract")
    assert other is not None
    assert (begun.sections, begun.examples) == (other.sections, other.examples)


def test_nothing_is_written_over(told: Told, tmp_path: Path) -> None:
    assert told("new", "moving/parking-note", "--folder", tmp_path)[0] == 0
    (tmp_path / "moving" / "parking-note.yaml").write_text("mine", "utf-8")
    for name in ("moving/parking-note", "vehicles/parking-note"):
        code, said, faults = told("new", name, "--folder", tmp_path)
        assert (code, said) == (1, "")
        assert "moving/parking-note.yaml is there already; an id is given once in all areas." in faults
    assert (tmp_path / "moving" / "parking-note.yaml").read_text("utf-8") == "mine"
    assert not (tmp_path / "vehicles").exists()


@pytest.mark.parametrize(
    "name", ["parking-note", "moving/Parking", "../moving/note", "moving/note.yaml", "moving/-note"]
)
def test_a_name_that_is_none_is_refused(told: Told, tmp_path: Path, name: str) -> None:
    code, _said, faults = told("new", name, "--folder", tmp_path / "here")
    assert (code, faults) == (1, f"{name} is not AREA/ID in small letters, such as civil/birth-extract.\n")
    assert list(tmp_path.iterdir()) == []


def test_no_service_that_is_given_is_still_to_be_written() -> None:
    assert [file.name for file in load.DEFINITIONS.glob("*/*.yaml") if beginning.marked(file)] == []


def test_services_are_listed_by_area_and_by_who_decides(told: Told) -> None:
    _code, every, _faults = told("list")
    assert all(f"  {one.id} " in every for one in catalogue().all())
    _code, some, _faults = told("list", "--area", "civil", "--decision", "two_steps", "--language", "sq")
    assert some.splitlines()[0] == "civil"
    assert "  name-change                         Ndërrimi i emrit personal (two_steps)" in some
    assert "birth-extract" not in some
    code, _said, faults = told("list", "--area", "sea")
    assert (code, faults.split(":")[0]) == (1, "No service is so. The areas")


def test_a_service_is_shown_whole(told: Told) -> None:
    _code, said, _faults = told("show", "birth-extract")
    for line in (
        "Birth extract",
        "civil/birth-extract, version 2",
        "Who decides         The rules, without an officer",
        "How long it takes   At once",
        "Fee                 €1.00",
        "  beneficiary.person: Central Civil Status Register. The birth data that the",
        "  The parents: Father, Mother, Mother's last name at birth",
    ):
        assert line in said.splitlines(), line
    assert "whom, child: " in said
    assert "birth-recorded [beneficiary.person.birthdate" in said


def test_every_service_is_shown_in_every_language_in_80_columns() -> None:
    for language in LANGUAGES:
        lines = [line for one in catalogue().all() for line in sheet.shown(one, language).splitlines()]
        lines += sheet.listed(catalogue().all(), language).splitlines()
        assert [line for line in lines if len(line) > 80] == []
    shown = "\n".join(sheet.shown(one, "sr") for one in catalogue().all())
    for words in ("Ko odlučuje         Službenik", "Ostale opštine: ", "Uslovi"):
        assert words in shown


def test_who_mistypes_an_id_is_told_the_nearest(told: Told) -> None:
    code, said, faults = told("show", "birth-extrakt")
    assert (code, said) == (1, "")
    assert faults.startswith("There is no service birth-extrakt. Did you mean birth-extract")
    assert told("show", "zzz")[2] == "There is no service zzz. `portal service list` names them all.\n"


def test_two_files_are_compared(told: Told, tmp_path: Path) -> None:
    newer = tmp_path / "newer.yaml"
    newer.write_text(BIRTH.read_text("utf-8").replace("version: 2", "version: 3").replace("cents: 100", "cents: 150"))
    code, said, _faults = told("diff", BIRTH, newer)
    assert code == 0
    assert said.splitlines()[:9] == [
        "birth-extract, version 2 → birth-extract, version 3",
        "",
        "$.version",
        "  - 2",
        "  + 3",
        "",
        "$.fee.cents",
        "  - 100",
        "  + 150",
    ]
    assert told("diff", BIRTH, BIRTH)[1].endswith("\nNothing changed.\n")


def test_what_cannot_be_compared_is_said(told: Told, tmp_path: Path) -> None:
    assert told("diff", BIRTH)[2].startswith("Give ID and one or two versions, or two files")
    assert told("diff", BIRTH, tmp_path / "gone.yaml")[2] == f"{tmp_path}/gone.yaml: $: No such file or directory\n"


def test_the_schema_is_printed(told: Told) -> None:
    assert told("schema")[1] == schema.FILE.read_text("utf-8")
