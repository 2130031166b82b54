"""Whatever is sent to whichever kind, it is kept or refused in words; what was kept and is written back is the same."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import iban
from stdnum.iso7064 import mod_97_10

from i18n.refusal import Invalid
from i18n.text import LANGUAGES
from services.applications import form, progress
from services.applications.kinds.table import KINDS, kind_of
from services.catalogue.question import Question, Single, seen
from services.registers.municipality import all_of_them
from tests.unit.applications.people import ARTA, RESIDENCE, draft, service
from tests.unit.applications.test_form import KNOWN, W
from tests.unit.applications.test_kinds import HOUSEHOLD, KIN, OPTIONS, asked, read

_SAMPLES: dict[str, dict[str, Any]] = {
    "choice": {"options": OPTIONS},
    "many": {"options": OPTIONS},
    "group": HOUSEHOLD,
    "relative": KIN,
    "asset": {"fact": "vehicles", "key": "plate", "title": W},
}
_TAGS = sorted(str(kind.__struct_config__.tag) for kind in KINDS)
_TEXT = st.text(st.characters(), max_size=30) | st.sampled_from(
    ["a", "yes", "12,50", "1", "31", "2024", "01-234-AB", "x@y.al"]
)


@given(kind=st.sampled_from(_TAGS), data=st.data())
def test_whatever_is_sent_the_answer_can_be_kept_or_is_refused_in_words(kind: str, data: st.DataObject) -> None:
    page = asked(kind, **_SAMPLES.get(kind, {}))
    names = ["it", "it-rows", "it-day", "it-month", "it-year", "it-municipality", "it-settlement", "it-street"]
    names += ["it-name", "it-1-name", "it-1-income", "it-2-name", "it-2-born", "it-2-born-day", "rows"]
    sent = data.draw(st.dictionaries(st.sampled_from(names), st.lists(_TEXT, max_size=3)))
    sent = form.reshaped(sent) or sent
    try:
        answers = form.parse(page, sent, KNOWN)
    except Invalid as refused:
        answers = None
        fields = refused.fields
    else:
        fields = {}
    if answers is None:
        assert fields
        return
    assert "\\u0000" not in msgspec.json.encode(answers).decode()
    assert form.parse(page, form.typed(page, answers, KNOWN), KNOWN) == answers or answers == {"it": None}


def _single(kind: str) -> st.SearchStrategy[Any]:
    """Return answers as that kind keeps them."""
    digits = st.text("0123456789", min_size=10, max_size=10)
    words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20).map(form.clean).filter(bool)
    return {
        "text": words,
        "long_text": st.lists(words, min_size=1, max_size=3).map("\n".join),
        "date": st.dates().map(lambda day: day.isoformat()),
        "integer": st.integers(0, 2**31 - 1),
        "number": st.decimals(0, 10**9, places=2).map(lambda number: f"{number.normalize():f}"),
        "money": st.integers(0, 10**9),
        "choice": st.sampled_from(["a", "b", "c"]),
        "many": st.sets(st.sampled_from(["a", "b", "c"]), min_size=1).map(sorted),
        "yes_no": st.booleans(),
        "personal_number": digits,
        "business_number": digits.map(lambda number: number[:9]),
        "plate": st.from_regex(r"0[1-7]-[0-9]{3}-[A-Z]{2}", fullmatch=True),
        "iban": digits.map(lambda number: _account(f"{number}1234")),
        "phone": st.integers(100_000, 999_999).map(lambda number: f"+38344{number}"),
        "email": st.from_regex(r"[a-z]{1,10}@[a-z]{2,10}\.(com|org)", fullmatch=True),
        "address": st.fixed_dictionaries(
            {"municipality": st.sampled_from(sorted(all_of_them())), "settlement": words, "street": words}
        ),
    }[kind]


def _account(bban: str) -> str:
    """Return Kosovo's account with these digits: 16, of which the last two make the check digits 05."""
    inner = f"{bban}{98 - int(bban + '00') % 97:02}"
    assert mod_97_10.checksum(inner) == 1
    return iban.validate(f"XK05{inner}", check_country=False)


@given(kind=st.sampled_from(sorted(str(kind.__struct_config__.tag) for kind in Single.__args__)), data=st.data())
def test_what_was_kept_and_is_written_back_is_read_as_the_same(kind: str, data: st.DataObject) -> None:
    page, answer = asked(kind, **_SAMPLES.get(kind, {})), data.draw(_single(kind))
    assert form.parse(page, form.typed(page, {"it": answer}, KNOWN), KNOWN) == {"it": answer}
    for language in LANGUAGES:
        assert form.answer_text(page.questions[0], answer, KNOWN).say(language) not in {"", "–"}


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "name": _single("text"),
                "born": st.none() | _single("date"),
                "income": _single("money"),
                "marks": st.none() | _single("many"),
            }
        ),
        min_size=1,
        max_size=4,
    )
)
def test_entries_that_are_written_back_are_read_as_the_same(entries: list[dict[str, Any]]) -> None:
    page = asked("group", **HOUSEHOLD)
    assert form.parse(page, form.typed(page, {"it": entries}, KNOWN), KNOWN) == {"it": entries}


@given(cents=st.integers(0, 10**9), sign=st.sampled_from(["", "€ ", "EUR "]), point=st.sampled_from(".,"))
def test_an_amount_is_exact_however_it_is_written(cents: int, sign: str, point: str) -> None:
    whole = f"{cents // 100:,}".replace(",", " ")
    assert read(asked("money"), f"{sign}{whole}{point}{cents % 100:02}") == cents


@given(st.decimals(0, 10**6, places=2))
def test_rules_see_a_number_as_a_number_and_entries_too(number: Decimal) -> None:
    assume(number == number.normalize())
    single = asked("number").questions[0]
    assert seen(single, str(number)) == float(number)
    area = {"kind": "number", "id": "area", "label": W}
    group = asked("group", entry=W, questions=[area]).questions[0]
    assert seen(group, [{"area": str(number)}]) == [{"area": float(number)}]


def test_every_kind_has_a_line_in_the_table() -> None:
    assert {kind for kind in Question.__args__} == set(KINDS)  # noqa: C416 - a union's members
    answers = progress.values(
        draft(RESIDENCE, ARTA), service(RESIDENCE), progress.day(draft(RESIDENCE, ARTA).updated_at)
    )
    for question in service(RESIDENCE).questions():
        assert kind_of(question).say(question, None, answers).say("sq") == "–"
