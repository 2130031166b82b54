"""What a file is called, how much may be attached, and that each reason against one is a sentence in every language."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.format import size
from i18n.text import LANGUAGES
from services.attachments.attachment import ENDINGS, Limits, Problem, bare_name, shown_name, taken_here, why_not
from services.attachments.scan import Scanner, scanner
from services.catalogue.question import File, FileType

W = {"sq": "Prova", "sr": "Dokaz", "en": "The proof"}
LIMITS = Limits(10_000_000, 3, 15)


def asked(**more: object) -> File:
    return msgspec.convert({"kind": "file", "id": "it", "label": W, "hint": W, **more}, File)


@pytest.mark.parametrize(
    ("given_name", "kind", "shown"),
    [
        ("kontrata.pdf", "pdf", "kontrata.pdf"),
        ("Kontrata.PDF", "pdf", "Kontrata.pdf"),
        ("pamje.jpeg", "jpeg", "pamje.jpeg"),
        (r"C:\Users\arta\pamje.png", "jpeg", "pamje.png.jpg"),
        ("../../etc/passwd", "pdf", "passwd.pdf"),
        ("fatu\u202efdp.exe", "pdf", "fatu fdp.exe.pdf"),
        ("  a \t b\0.pdf", "pdf", "a b.pdf"),
        ("", "png", "file.png"),
        (".pdf", "pdf", "pdf.pdf"),
        ("e\u0308.pdf", "pdf", "ë.pdf"),
        ("x" * 300 + ".pdf", "pdf", "x" * 80 + ".pdf"),
    ],
)
def test_a_name_is_shown_as_what_the_file_is(given_name: str, kind: FileType, shown: str) -> None:
    assert shown_name(given_name, kind) == shown


@given(st.text(max_size=200), st.sampled_from(["pdf", "jpeg", "png"]))
def test_whatever_a_name_is_it_can_be_shown_and_kept(name: str, kind: FileType) -> None:
    shown = shown_name(name, kind)
    assert shown.lower().endswith(ENDINGS[kind])
    assert 0 < len(shown) <= 100
    assert shown.isprintable()
    assert not {"/", "\\"} & set(shown)
    assert bare_name(name).isprintable()


def test_a_question_may_ask_for_less_or_more_than_usual() -> None:
    assert LIMITS.of(asked()) == LIMITS
    assert LIMITS.of(asked(most=1, megabytes=2)) == Limits(2_000_000, 1, 15)
    said = taken_here(asked(types=["pdf"]), LIMITS.of(asked(most=1, megabytes=2)))
    assert said.say("en") == "PDF, at most 1 file of up to 2 MB."
    assert taken_here(asked(), LIMITS).say("sr") == "PDF, JPEG, PNG, najviše 3 fajla, svaki do 10 MB."


@pytest.mark.parametrize("problem", get_args(Problem))
def test_each_reason_names_the_file_in_every_language(problem: Problem) -> None:
    said = {why_not(problem, "kontrata.pdf", asked(), LIMITS).say(language) for language in LANGUAGES}
    assert len(said) == len(LANGUAGES)
    assert all("kontrata.pdf" in sentence and "%" not in sentence for sentence in said)


def test_a_size_is_written_as_the_reader_writes_numbers() -> None:
    assert [size(count, "sq") for count in (1, 340_000, 2_140_000)] == ["1 kB", "340 kB", "2,1 MB"]
    assert size(2_140_000, "en") == "2.1 MB"


def test_a_scanner_is_where_the_settings_say() -> None:
    assert scanner(None) is None
    assert scanner("clamd:3310") == Scanner("clamd", 3310)
    assert scanner("[::1]:3310") == Scanner("::1", 3310)
