"""The sheet that people receive: it says what it was given, to eyes, readers of screens, and machines."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from i18n.text import LANGUAGES, Language
from services.documents.decided import Decided
from services.documents.document import printed
from services.documents.issue import Section, Variant, compose
from services.documents.typeface import printable
from tests.rooms.documents.conftest import artas_extract

Tool = Callable[..., str]


@pytest.fixture
def text(tool: Tool, tmp_path: Path) -> Callable[[bytes], str]:
    """Read a PDF's text as a screen reader would."""

    def read(pdf: bytes) -> str:
        path = tmp_path / "sheet.pdf"
        path.write_bytes(pdf)
        return re.sub(r"\s+", " ", tool("pdftotext", path, "-"))

    return read


@pytest.mark.parametrize(
    "name",
    ["Arta Krasniqi-Çela", "Milica Jovanović-Đurđić", "Милица Јовановић Ђурђић Љиљана Џевад", "Ëngjëll Xhevdeti"],
)
def test_names_are_printed_in_both_scripts(name: str, fonts: Path, text: Callable[[bytes], str]) -> None:
    sheet = replace(artas_extract(), sections=(Section("Personi", (("Emri", name),)),))
    assert name in text(compose(sheet, fonts))


@pytest.mark.parametrize(
    "typed",
    [
        '"#let x = 1" \\ $y$ *b* _c_ <label> @ref',
        "// not a comment /* nor this */",
        "`raw` ~ -- ... 'q'",
        "= no heading",
    ],
)
def test_what_was_typed_is_printed_as_typed(typed: str, fonts: Path, text: Callable[[bytes], str]) -> None:
    sheet = replace(artas_extract(), title=typed, note=typed, sections=(Section(typed, ((typed, typed),)),))
    assert text(compose(sheet, fonts)).count(typed) >= 4


def test_a_sign_without_a_shape_does_not_stop_the_document(fonts: Path, text: Callable[[bytes], str]) -> None:
    sheet = replace(artas_extract(), note="Arta 😀 \x00\u202e名 e\u0308", data={"note": "😀"})
    said = text(compose(sheet, fonts))
    assert "Arta � � ë" in said


def test_a_sign_that_the_typeface_has_stays(fonts: Path) -> None:
    assert printable("Žđ Ђ € – „“ ë ½\n", fonts) == "Žđ Ђ € – „“ ë ½\n"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "sq",
            [
                "Numri i referencës",
                "Lëshuar më",
                "Verifikimi",
                "Vulosur elektronikisht nga",
                "pa vlerë ligjore",
                "DEMO",
            ],
        ),
        ("sr", ["Referentni broj", "Izdato dana", "Provera", "Elektronski pečat", "bez pravne vrednosti", "DEMO"]),
        (
            "en",
            [
                "Reference number",
                "Issued on",
                "Verification",
                "Sealed electronically by",
                "without legal value",
                "DEMO",
            ],
        ),
    ],
)
def test_the_sheet_speaks_the_language_of_the_application(
    language: Language, words: list[str], fonts: Path, text: Callable[[bytes], str]
) -> None:
    pdf = compose(replace(artas_extract(), language=language), fonts)
    said = text(pdf)
    assert [word for word in words if word not in said] == []
    assert _root(pdf)["/Lang"] == language


def test_a_long_document_repeats_its_code_and_counts_its_pages(fonts: Path, tool: Tool, tmp_path: Path) -> None:
    rows = tuple((f"Rreshti {number}", "Një vlerë e gjatë " * 6) for number in range(40))
    sheet = replace(artas_extract(), sections=(Section("Shumë", rows),))
    path = tmp_path / "long.pdf"
    path.write_bytes(compose(sheet, fonts))
    pages = [page for page in tool("pdftotext", "-layout", path, "-").split("\f") if page.strip()]
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        # A pair of letters that is set apart may come out with a space between.
        assert printed(sheet.code) in page.replace(" ", "")
        assert f"{number} / {len(pages)}" in page
        assert "DEMO" in page


def test_a_word_longer_than_a_line_stays_on_the_sheet(fonts: Path, tool: Tool, tmp_path: Path) -> None:
    path = tmp_path / "wide.pdf"
    path.write_bytes(compose(replace(artas_extract(), sections=(Section("Lista", (("Vlera", "Ü" * 400),)),)), fonts))
    # Within the margins of an A4 page: 24 mm of 210 mm.
    right = [float(edge) for edge in re.findall(r'<word [^>]*xMax="([\d.]+)"', tool("pdftotext", "-bbox", path, "-"))]
    assert max(right) <= (210 - 24) * 72 / 25.4 + 1
    assert tool("pdftotext", path, "-").count("Ü") == 400


def test_the_file_says_that_it_can_be_kept_and_read_aloud(sealed: bytes) -> None:
    xmp = _metadata(sealed)
    assert _said(xmp, "pdfaid:part") == "3"
    assert _said(xmp, "pdfaid:conformance") == "A"
    assert _said(xmp, "pdfuaid:part") == "1"
    root = _root(sealed)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "sq"


def test_the_seal_is_outside_the_page_and_has_a_name(sealed: bytes) -> None:
    fields = [field.get_object() for field in _root(sealed)["/AcroForm"]["/Fields"]]
    assert [str(field["/TU"]) for field in fields] == ["Electronic seal", "Electronic time stamp"]
    for field in fields:
        assert all(float(edge) < 0 for edge in field["/Rect"])
        assert int(field["/F"]) & 0b111 == 0b100  # printed, neither invisible nor hidden: ISO 19005-3, 6.3.2


def test_the_data_is_attached_for_machines(sealed: bytes, tool: Tool, tmp_path: Path) -> None:
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed)
    tool("pdfdetach", "-saveall", "-o", tmp_path, path)
    assert json.loads((tmp_path / "data.json").read_text()) == {"given_name": "Arta", "family_name": "Krasniqi"}


def test_the_same_sheet_is_the_same_file(fonts: Path) -> None:
    sheet = artas_extract()
    assert compose(sheet, fonts) == compose(sheet, fonts)


def test_a_document_issued_between_two_seconds_is_issued(fonts: Path) -> None:
    sheet = artas_extract()
    between = replace(sheet, issued_at=sheet.issued_at.replace(microsecond=123456))
    assert compose(between, fonts) == compose(sheet, fonts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_sheet_is_still_a_sheet(language: Language, fonts: Path) -> None:
    sheet = replace(artas_extract(), language=language, sections=(), note="", legal_basis="", data={})
    assert compose(sheet, fonts).startswith(b"%PDF-1.7")


DECIDED = Decided(
    "Agjencia vendos.", "Kërkesa refuzohet.", ("Arsyeja një.\nDhe dy.",), "Mund të ankoheni.", is_granted=False
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("variant", "words"),
    [
        (
            "extract",
            {"sq": ["Vlen deri më 01.06.2027"], "sr": ["Važi do 01.06.2027"], "en": ["Valid until 01.06.2027"]},
        ),
        (
            "decision",
            {
                "sq": ["I. Vendimi", "Kërkesa refuzohet.", "II. Arsyetimi", "Arsyeja një.", "Dhe dy.", "III. Këshilla"],
                "sr": ["I. Odluka", "II. Obrazloženje", "III. Pravna pouka"],
                "en": ["I. Decision", "II. Reasons", "III. Legal remedy"],
            },
        ),
        (
            "permit",
            {
                "sq": ["Vlen që nga", "Kushtet 1. Jetoni këtu."],
                "sr": ["Važi od", "Uslovi"],
                "en": ["Valid from", "Conditions"],
            },
        ),
        ("receipt", {"sq": ["Pranuar më"], "sr": ["Primljeno dana"], "en": ["Received on"]}),
    ],
)
def test_each_variant_says_what_is_its_own_and_can_be_kept_and_read_aloud(
    variant: Variant, words: dict[Language, list[str]], language: Language, fonts: Path, text: Callable[[bytes], str]
) -> None:
    sheet = replace(
        artas_extract(),
        language=language,
        variant=variant,
        since="01.12.2026",
        until="01.06.2027",
        received="27.11.2026 10:30",
        conditions=("Jetoni këtu.",),
        decided=DECIDED if variant == "decision" else None,
    )
    pdf = compose(sheet, fonts)
    said = text(pdf)
    assert [word for word in words[language] if word not in said] == []
    assert printed(sheet.code) in said.replace(" ", "")
    assert (_said(_metadata(pdf), "pdfaid:part"), _said(_metadata(pdf), "pdfuaid:part")) == ("3", "1")


def test_without_a_typeface_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="portal assets"):
        compose(artas_extract(), tmp_path)


def _root(pdf: bytes) -> Any:  # noqa: ANN401 - a PDF dictionary
    return cast("Any", PdfFileReader(io.BytesIO(pdf))).root


def _metadata(pdf: bytes) -> str:
    return _root(pdf)["/Metadata"].data.decode()


def _said(xmp: str, name: str) -> str | None:
    found = re.search(rf'{name}(?:="|>)([^"<]+)', xmp)
    return found[1] if found else None
