"""What registers are told is said in the same shape on both sides, and the key of a message is its id."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import msgspec
import pytest

from i18n.text import LANGUAGES
from portal.pages.data_words import FIELDS, SOURCES
from services.registers import tracker
from services.registers.chain import content
from services.registers.looked_at import OWN
from services.registers.message import Message, request_hash
from services.registers.posting.target import TARGETS, Target
from services.registers.read import Place
from services.registers.sandbox import caller, xroad
from services.registers.sandbox.register.addresses.taken import Residence
from services.registers.sandbox.register.vehicles import taken
from services.registers.sandbox.registry import writings
from services.registers.signature import Signer
from tests.rooms.registers.conftest import new_key
from tests.rooms.registers.test_tracker import a_read

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CLIENT, PATH = "XK/GOV/ASHI/portal", "/r1/XK/GOV/ARC/addresses/residence"


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_a_register_takes_the_fields_that_it_is_told(target: Target) -> None:
    _register, writing = writings()[target.identifier]
    told = {field.encode_name for field in msgspec.structs.fields(target.shape)}
    assert told == {field.encode_name for field in msgspec.structs.fields(writing.takes)}
    assert told == {field.path for field in target.fields}
    assert all(words.say(language) for language in LANGUAGES for words in (target.label, target.register.name))


def test_what_was_read_and_what_was_changed_have_a_name_and_fields_each() -> None:
    assert {*TARGETS} < {*SOURCES} == {*FIELDS, *OWN}


def test_both_sides_sign_the_same_text_and_the_body_counts_in_it() -> None:
    told = [Message(uuid4(), PATH, CLIENT, CLIENT, "1176042318", body=body) for body in (b'{"a":1}', b'{"a":2}')]
    headers = {name.lower(): value for name, value in told[0].headers().items()}
    assert xroad.request_text("POST", PATH, headers) == told[0].text()
    assert headers["content-digest"] == xroad.digest(b'{"a":1}') != xroad.digest(b'{"a":2}')
    assert xroad.request_hash("POST", PATH, headers) == request_hash(told[0].text()) != request_hash(told[1].text())
    signer, stranger = Signer(new_key()), Signer(new_key())
    known = msgspec.json.encode(signer.public()).decode()
    assert caller.has_signed(signer.detached(told[0].text()), told[0].text(), known)
    assert not caller.has_signed(signer.detached(told[1].text()), told[0].text(), known)
    assert not caller.has_signed(stranger.detached(told[0].text()), told[0].text(), known)


def test_a_change_says_in_the_sealed_record_that_it_is_one_and_a_look_says_what_it_always_said() -> None:
    (look,) = a_read("1176042318", NOW)
    place = Place(tracker.day_of(NOW), tracker.day_of(NOW), 1, by_subject=True)
    change = replace(look, act="change")
    assert b'"act"' not in content(look, place, None)
    assert b'"act":"change"' in content(change, place, None)


@pytest.mark.parametrize(
    ("street", "house"),
    [
        ("Remzi Ademi 4", ("Remzi Ademi", "4")),
        ("Rruga B, nr. 12/A", ("Rruga B", "12/A")),
        ("Kralja Petra br. 7b", ("Kralja Petra", "7b")),
        ("Sheshi i Lirisë", ("Sheshi i Lirisë", "p.n.")),
        ("28 Nëntori 113", ("28 Nëntori", "113")),
    ],
)
def test_a_street_with_its_number_is_taken_apart(street: str, house: tuple[str, str]) -> None:
    assert Residence("peje", "Pejë", street, date(2026, 11, 1)).house() == house


def test_a_plate_and_a_name_are_known_however_they_are_typed() -> None:
    assert {taken.plate(one) for one in (" 01 234 ab ", "01-234-AB", "01234Ab")} == {"01-234-AB"}
    assert taken.is_same_name("Kryeziu  mentor", "Mentor Kryeziu")
    assert taken.is_same_name("Pëllumb Çeta", "PELLUMB CETA")
    assert not taken.is_same_name("Mentor Kryeziu", "Mentor Krasniqi")
