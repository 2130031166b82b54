"""Every message is said in every language: whole, once, with the same places to fill, and nothing is kept unsaid."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.architecture.messages import FOLDERS, Used, catalogues, english, entries, forms, used
from tests.architecture.tree import none

_PLURALS = {"sq": 2, "sr_Latn": 3}
# `%(name)s`, `%%` and the tags that stand in a message: a translation keeps each of them.
_PLACES = re.compile(r"%\(\w+\)[a-z]|%%|%.?|</?[a-z][^>]*>")
_SAID = tuple(used())

Rooms = Mapping[str, Catalog]


def unsaid(messages: Iterable[Used], rooms: Rooms) -> list[str]:
    """Return every message of code and templates that a language lacks, or has with another plural."""
    known = {english(message)[0]: english(message)[1:] for room in rooms.values() for message in entries(room)}
    faults = {
        f"{item.place}: {item.message!r} is in no catalogue"
        if item.message not in known
        else f"{item.place}: {item.message!r} has another plural in its catalogue"
        for item in messages
        if item.message not in known or (item.plural is not None and known[item.message] != (item.plural,))
    }
    return sorted(faults)


def unused(messages: Iterable[Used], rooms: Rooms) -> list[str]:
    """Return every translation of what nothing says any more."""
    said = {item.message for item in messages}
    return [
        f"{room}.po:{message.lineno}: {english(message)[0]!r} is said nowhere"
        for room, catalogue in rooms.items()
        for message in entries(catalogue)
        if english(message)[0] not in said
    ]


def unfinished(rooms: Rooms, plurals: int) -> list[str]:
    """Return every translation that is empty, marked fuzzy, or lacks a plural form."""
    faults: list[str] = []
    for room, catalogue in rooms.items():
        if catalogue.num_plurals != plurals:
            faults.append(f"{room}.po: its header names {catalogue.num_plurals} plural forms, not {plurals}")
        for message in entries(catalogue):
            wanted = plurals if message.pluralizable else 1
            if message.fuzzy or len(forms(message)) != wanted or not all(forms(message)):
                faults.append(f"{room}.po:{message.lineno}: {english(message)[0]!r} is not finished")
    return faults


def misfilled(rooms: Rooms) -> list[str]:
    """Return every translation whose places to fill or tags are not those of the message."""
    return [
        f"{room}.po:{message.lineno}: {form!r} has not the places of {english(message)[-1]!r}"
        for room, catalogue in rooms.items()
        for message in entries(catalogue)
        for number, form in enumerate(forms(message))
        if form and _places(form) not in _allowed(message, number)
    ]


def _allowed(message: Message, number: int) -> list[list[str]]:
    """Return the places that a form may have; only where form 0 is for one alone may it be like the singular."""
    singular, plural = english(message)[0], english(message)[-1]
    alone = number == 0 and len(forms(message)) == 2
    return [_places(plural), *([_places(singular)] if alone else [])]


def _places(text: str) -> list[str]:
    return sorted(set(_PLACES.findall(text)))


def contradictory(rooms: Rooms) -> list[str]:
    """Return every message that two rooms translate differently: which is said would be chance."""
    said: defaultdict[tuple[str, ...], dict[tuple[str, ...], str]] = defaultdict(dict)
    for room, catalogue in rooms.items():
        for message in entries(catalogue):
            said[english(message)].setdefault(forms(message), room)
    return [
        f"{' and '.join(ways.values())} say {words[0]!r} as {' and as '.join(repr(way[0]) for way in ways)}"
        for words, ways in said.items()
        if len(ways) > 1
    ]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_message_is_said_in_every_language(folder: str) -> None:
    none(unsaid(_SAID, catalogues(folder)))


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_translation_is_finished_and_used(folder: str) -> None:
    rooms = catalogues(folder)
    none([*unfinished(rooms, _PLURALS[folder]), *unused(_SAID, rooms)])


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_translation_has_the_places_of_its_message(folder: str) -> None:
    none(misfilled(catalogues(folder)))


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_message_is_said_one_way(folder: str) -> None:
    none(contradictory(catalogues(folder)))


_DAYS = 'msgid "%(count)s day"\nmsgid_plural "%(count)s days"\n'


def _room(entry: str, locale: str = "sr_Latn") -> Catalog:
    plural = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2)"
    header = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {plural};\\n"\n\n'
    return read_po(BytesIO((header + entry).encode()), locale=locale)


def test_a_message_without_translation_is_seen() -> None:
    rooms = {"portal": _room('msgid "Pay"\nmsgstr "Platite"\n')}
    assert unsaid([Used("Pay", None, "a.py:1")], rooms) == []
    assert unsaid([Used("Sign in", None, "a.py:1")], rooms) == ["a.py:1: 'Sign in' is in no catalogue"]
    assert unsaid([Used("Pay", "Pay all", "a.py:1")], rooms) == ["a.py:1: 'Pay' has another plural in its catalogue"]
    assert unused([], rooms) == ["portal.po:6: 'Pay' is said nowhere"]


@pytest.mark.parametrize(
    "entry",
    [
        'msgid "Pay"\nmsgstr ""\n',
        '#, fuzzy\nmsgid "Pay"\nmsgstr "Platite"\n',
        'msgid "%(count)s day"\nmsgid_plural "%(count)s days"\nmsgstr[0] "%(count)s dan"\nmsgstr[1] "%(count)s dana"\n',
    ],
)
def test_an_unfinished_translation_is_seen(entry: str) -> None:
    assert len(unfinished({"portal": _room(entry)}, 3)) == 1


@pytest.mark.parametrize(
    "entry",
    [
        'msgid "Pay %(amount)s"\nmsgstr "Platite %(iznos)s"\n',
        'msgid "100%% sure"\nmsgstr "100% sigurno"\n',
        'msgid "Read <b>this</b>"\nmsgstr "Čitajte ovo"\n',
        _DAYS + 'msgstr[0] "jedan dan"\nmsgstr[1] "%(count)s dana"\nmsgstr[2] "%(count)s dana"\n',
    ],
)
def test_a_place_that_is_lost_is_seen(entry: str) -> None:
    assert len(misfilled({"portal": _room(entry)})) == 1


def test_two_rooms_that_differ_are_seen() -> None:
    rooms = {"portal": _room('msgid "Fee"\nmsgstr "Taksa"\n'), "payments": _room('msgid "Fee"\nmsgstr "Naknada"\n')}
    assert contradictory(rooms) == ["portal and payments say 'Fee' as 'Taksa' and as 'Naknada'"]
    assert not contradictory({"portal": rooms["portal"], "ui": rooms["portal"]})
