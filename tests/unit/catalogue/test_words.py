"""A word is the same word in any script, with any ending."""

from __future__ import annotations

import pytest

from i18n.text import Language
from services.catalogue.lexicon import Lexicon
from services.catalogue.words import stem, telling, words


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Rođenje rodjenje RODENJE рођење", ["rodenje"] * 4),
        ("Ç’regjistrimi i Sh.p.k.", ["cregjistrimi", "i", "shpk"]),
        ("d.o.o. Љубав њива џеп dž", ["doo", "ljubav", "njiva", "dzep", "dz"]),
        ("šđčćž ŠĐČĆŽ ëç ËÇ", ["sdccz", "sdccz", "ec", "ec"]),
        ("s\u030cala e\u0308", ["sala", "e"]),
        ("father's 04/L-003 a_b", ["fathers", "04", "l", "003", "ab"]),
        ("\x00 \ud800 ?! 漢字", []),
    ],
)
def test_a_word_is_compared_in_one_alphabet(written: str, compared: list[str]) -> None:
    assert words(written) == compared


@pytest.mark.parametrize("asked", ["si ta marr ekstraktin", "kako da dobijem ekstrakt", "how do I get an extract"])
def test_words_that_only_ask_are_left_out(asked: str) -> None:
    assert len(telling(words(asked))) == 1 + asked.startswith("si")
    assert telling(words("how do I")) == ["how", "do", "i"]


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("sq", "certifikatë certifikata certifikatën certifikatës certifikatave certifikatat certifikatash certifikat"),
        ("sq", "pasaportë pasaporta pasaportën pasaportës pasaportat pasaportave pasaport"),
        ("sq", "automjet automjeti automjetin automjetit automjete automjetet automjeteve automjetesh"),
        ("sq", "lindje lindja lindjen lindjes lindjet lindjeve"),
        ("sq", "letërnjoftim letërnjoftimi letërnjoftimin letërnjoftimit letërnjoftimet letërnjoftimeve"),
        ("sq", "regjistrim regjistrimin regjistrimit regjistrimeve regjistroj regjistruar"),
        ("sq", "shofer shoferi shoferin shoferit shoferë shoferët shoferëve"),
        ("sq", "fëmijë fëmija fëmijën fëmijës fëmijët fëmijëve"),
        ("sq", "leje leja lejen lejes lejet lejeve"),
        ("sq", "shtetësi shtetësia shtetësinë shtetësisë"),
        ("sq", "shtet shteti shtetit shtetin shtetet shteteve"),
        ("sq", "qytet qyteti qytetit qytetet qyteteve"),
        ("sq", "adresë adresa adresën adresës adresat adresave"),
        ("sq", "pronë prona pronën pronës pronat pronave pronësi pronësisë"),
        ("sq", "targë targa targën targës targat targave"),
        ("sr", "pasoš pasoša pasošu pasošem pasoši pasoše pasošima"),
        ("sr", "lična lične ličnu ličnoj ličnom ličnih ličnim"),
        ("sr", "karta karte karti kartu kartom kartama"),
        ("sr", "dozvola dozvole dozvolu dozvoli dozvolom dozvolama"),
        ("sr", "registracija registracije registraciji registraciju registracijom registracijama"),
        ("sr", "državljanstvo državljanstva državljanstvu državljanstvom"),
        ("en", "certificate certificates"),
        ("en", "vehicle vehicles"),
        ("en", "renew renewal renewals renewing renewed"),
        ("en", "company companies"),
        ("sr", "dete deca dece deci decu decom"),
        ("en", "child children"),
    ],
)
def test_all_forms_of_a_word_have_one_stem(language: Language, forms: str) -> None:
    assert len({stem(form, language) for form in words(forms)}) == 1


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("sr", "uverenje uverenja uverenju uverenjem uverenjima"),
        ("sr", "vozilo vozila vozilu vozilom vozilima"),
        ("sr", "rođenje rođenja rođenju rođenjem"),
        ("sr", "brak braka braku brakom brakovi brakova"),
        ("sr", "dete deteta detetu detetom"),
    ],
)
def test_of_a_word_with_several_stems_any_form_leads_to_any_other(language: Language, forms: str) -> None:
    said = forms.split()
    for one in said:
        lexicon = Lexicon(language, [], [one])
        for word in words(forms):
            assert lexicon.read(word) or lexicon.complete(word) or lexicon.guess(word), f"{word} is not known by {one}"


@pytest.mark.parametrize(
    ("language", "some", "other"),
    [
        ("sq", "pension", "pronë"),
        ("sq", "shtet", "shtëpi"),
        ("sq", "tatim", "taksë"),
        ("sq", "martesë", "makinë"),
        ("sr", "porez", "porodica"),
        ("sr", "rođenje", "rodbina"),
        ("en", "birth", "berth"),
    ],
)
def test_other_words_have_other_stems(language: Language, some: str, other: str) -> None:
    assert stem(words(some)[0], language) != stem(words(other)[0], language)
