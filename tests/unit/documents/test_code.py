"""The code that is printed on a document, as people type it and as cameras read it."""

from __future__ import annotations

import pytest
import segno

from services.documents.document import mask, new_code, normal, printed, qr_text, verify_url


def test_a_code_is_sixteen_signs_that_nobody_confuses() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert {len(code) for code in codes} == {16}
    assert set("".join(codes)) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


@pytest.mark.parametrize(
    "typed",
    ["7K3M-9QF2-D4TN-8W01", "7k3m9qf2d4tn8w01", " 7K3M 9QF2 D4TN 8W01 ", "7K3M–9QF2–D4TN–8WO1", "7k3m-9qf2-d4tn-8wol"],
)
def test_a_code_is_understood_however_arta_types_it(typed: str) -> None:
    assert normal(typed) == "7K3M9QF2D4TN8W01"


@pytest.mark.parametrize(
    "typed", ["", "7K3M", "7K3M9QF2D4TN8W012", "7K3M9QF2D4TN8WU1", "7K3M9QF2D4TN8W0Ë", "٧K3M9QF2D4TN8W01"]
)
def test_what_can_be_no_code_is_none(typed: str) -> None:
    assert normal(typed) == ""


def test_the_address_below_the_qr_code_is_as_good_as_the_code() -> None:
    address = verify_url("https://portal.example", "7K3M9QF2D4TN8W01")
    assert normal(address) == normal("\N{ZERO WIDTH SPACE}".join(address)) == "7K3M9QF2D4TN8W01"


def test_a_code_is_printed_in_fours_and_typed_back_the_same() -> None:
    code = new_code()
    assert [len(part) for part in printed(code).split("-")] == [4, 4, 4, 4]
    assert normal(printed(code)) == code


@pytest.mark.parametrize(
    ("name", "masked"),
    [("Arta Krasniqi", "A*** K***"), ("Ђорђе Љубић", "Ђ*** Љ***"), ("Ëma  Xh", "Ë*** X***"), ("Li", "L***")],
)
def test_a_stranger_learns_initials_and_not_even_the_length(name: str, masked: str) -> None:
    assert mask(name) == masked


def test_the_qr_code_is_in_capitals_when_that_is_the_same_address() -> None:
    url = verify_url("https://portal.example:8443/", "7K3M9QF2D4TN8W01")
    assert url == "https://portal.example:8443/v/7K3M9QF2D4TN8W01"
    assert qr_text(url) == "HTTPS://PORTAL.EXAMPLE:8443/V/7K3M9QF2D4TN8W01"
    small, large = segno.make(qr_text(url), micro=False), segno.make(url, micro=False)
    assert small.mode == "alphanumeric"
    assert small.symbol_size()[0] < large.symbol_size()[0]


@pytest.mark.parametrize("url", ["https://portal.example/demo/v/7K3M9QF2D4TN8W01", "http://my_host/v/7K3M9QF2D4TN8W01"])
def test_the_qr_code_keeps_an_address_that_capitals_would_break(url: str) -> None:
    assert qr_text(url) == url
