"""Why a document is revoked is said in general words, and what people type about it is kept as they wrote it."""

from __future__ import annotations

from typing import get_args

import pytest

from i18n.refusal import Invalid
from i18n.text import LANGUAGES
from services.documents.revocation.revocation import GROUNDS, LONGEST, Ground, facts_of, ground_of, written


def test_every_ground_has_words_in_every_language_and_is_chosen_by_its_name() -> None:
    assert set(GROUNDS) == set(get_args(Ground))
    assert all(len({text.say(language) for language in LANGUAGES}) == 3 for text in GROUNDS.values())
    assert [ground_of(name) for name in GROUNDS] == list(GROUNDS)


@pytest.mark.parametrize("chosen", ["", "boredom", "WRONG_DATA"])
def test_what_is_no_ground_and_no_choice_is_asked_again(chosen: str) -> None:
    with pytest.raises(Invalid) as refused:
        ground_of(chosen)
    assert list(refused.value.fields) == ["ground"]
    with pytest.raises(Invalid):
        facts_of(chosen)
    assert (facts_of("none"), facts_of("decided"), facts_of("fresh")) == (None, "decided", "fresh")


def test_words_are_kept_in_lines_without_what_no_one_types() -> None:
    assert written(" Emri\0 i babait\nështë gabim. ") == "Emri i babait\nështë gabim."
    assert written("  ", optional=True) == ""
    for unfit in ("", " \0 ", "x" * (LONGEST + 1)):
        with pytest.raises(Invalid):
            written(unfit)
