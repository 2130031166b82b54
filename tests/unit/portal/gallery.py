"""Every macro of templates/ui, called as pages call them, in one page a language: what the other tests look at."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from jinja2 import BaseLoader, ChoiceLoader, DictLoader, Environment
from markupsafe import Markup

from i18n.text import Language
from portal.assets import SOURCES, urls
from portal.render import environment, language_links

# Macro → a call of it. `w` holds the words that a page would give, in the reader's language.
SAMPLES = {
    "form.error_summary": "{{ form.error_summary(errors) }}",
    "form.text_input": """
        {{ form.text_input("name", w.name, hint=w.hint, errors=errors, value="Arta", autocomplete="given-name") }}
        {{ form.text_input("fee", w.amount, prefix="€", suffix="cm³", width=5, inputmode="numeric") }}""",
    "form.password_input": """
        {{ form.password_input("pin", "PIN", errors=errors, inputmode="numeric", width=10) }}""",
    "form.textarea": """
        {{ form.textarea("comment", w.comment, errors=errors, max_length=200) }}
        {{ form.textarea("more", w.how, hint=w.hint, rows=3) }}""",
    "form.select": """
        {{ form.select("city", w.city, w.options, value="b", prompt="–", errors=errors) }}""",
    "form.radios": """
        {{ form.radios("who", w.who, w.options, value="a", hint=w.hint, errors=errors) }}
        {{ form.radios("how", w.how, w.options, inline=true, small=true) }}""",
    "form.checkboxes": """
        {{ form.checkboxes("what", w.how, w.options, values=["b"], errors=errors) }}""",
    "form.checkbox": '{{ form.checkbox("true", w.comment, errors=errors) }}',
    "form.date_input": """
        {{ form.date_input("born", w.born, errors=errors, value={"day": "31"}, birthday=true) }}""",
    "form.address_input": """
        {{ form.address_input("home", w.city, w.options, value={"municipality": "b"}, hint=w.hint) }}""",
    "form.entries": """
        {% call form.entries("people", w.who, hint=w.hint, error=errors.name) %}
        {{ form.text_input("people-name", w.name) }}{{ form.button(w.go, kind="secondary", about=w.name) }}
        {% endcall %}""",
    "form.entry": """
        {% call form.entry("people-2", w.who) %}{{ form.text_input("people-2-name", w.name) }}{% endcall %}""",
    "form.on_enter": "{{ form.on_enter(w.go) }}",
    "form.file_upload": """
        {{ form.file_upload("file", w.file, errors=errors, accept="application/pdf", multiple=true) }}""",
    "form.fieldset": "{% call form.fieldset(w.who) %}<p>{{ w.hint }}</p>{% endcall %}",
    "form.button": "{{ form.button(w.go) }}",
    "form.buttons": """
        {% call form.buttons() %}{{ form.button(w.go) }}{{ form.button(w.how, kind="secondary") }}
        {{ form.button(w.name, kind="warning") }}{{ form.button(w.city, kind="quiet") }}{% endcall %}""",
    "form.link_button": '{{ form.link_button(w.go, "#go", start=true) }}',
    "form.hidden": '{{ form.hidden("a", "b") }}',
    "form.csrf": "{{ form.csrf() }}",
    "form.search": '{{ form.search("/q", w.how) }}',
    "layout.back_link": '{{ layout.back_link("#b") }}',
    "layout.breadcrumbs": '{{ layout.breadcrumbs([{"text": w.city, "href": "#b"}, {"text": w.file, "href": "#f"}]) }}',
    "layout.heading": "{{ layout.heading(w.name, caption=w.city, lead=w.hint) }}",
    "layout.panel": "{% call layout.panel(w.go) %}{{ w.hint }}{% endcall %}",
    "layout.skip_link": """{{ layout.skip_link("further-down", w.go) }}<div id="further-down" tabindex="-1"></div>""",
    "layout.inset": "{% call layout.inset() %}{{ w.hint }}{% endcall %}",
    "layout.details": "{% call layout.details(w.how, open=true) %}{{ w.hint }}{% endcall %}",
    "layout.warning": "{{ layout.warning(w.hint) }}",
    "layout.notification": """
        {% call layout.notification() %}<p>{{ w.hint }}</p>{% endcall %}
        {% call layout.notification(kind="success", id="done") %}<p>{{ w.hint }}</p>{% endcall %}""",
    "layout.progress": "{{ layout.progress(2, 5) }}",
    "layout.two_thirds": "{% call layout.two_thirds() %}<p>{{ w.hint }}</p>{% endcall %}",
    "list.summary_list": """
        {{ list.summary_list([{"key": w.name, "value": "Arta"},
                              {"key": w.city, "value": "Prizren", "change_href": "#c"}]) }}""",
    "list.fact_panel": """
        {{ list.fact_panel(w.who, at|moment, [{"key": w.name, "value": "Arta"}, {"key": w.born, "value": at|day}],
                           title=w.file) }}""",
    "list.table": '{{ list.table(w.how, [w.city, w.amount], [["Prizren", "12"], ["Peja", "7"]], numeric=[1]) }}',
    "list.pagination": '{{ list.pagination("#p", "#n") }}',
    "list.task_list": """
        {{ list.task_list([{"text": w.name, "href": "#t", "hint": w.hint, "status": w.go, "done": false},
                           {"text": w.city, "status": w.go, "done": true}]) }}""",
    "card.hero": "{% call card.hero(w.how, w.hint) %}{{ form.search('/q', w.how, big=true) }}{% endcall %}",
    "card.icon": '{{ card.icon("verify") }}',
    "card.card": """
        {% call card.cards() %}{{ card.card("#c", w.file, w.hint, level=2) }}{% endcall %}""",
    "card.cards": """
        {% call card.cards() %}
        {% for name in ["document", "moving-house", "driving"] %}
        {{ card.card("#c", w.file, w.hint, icon_name=name, meta=["1,00 €", w.amount], tag=w.city, level=2) }}
        {% endfor %}
        {% endcall %}""",
    "card.life_event": """
        {% call card.life_events() %}{{ card.life_event("#l", w.who, "birth") }}{% endcall %}""",
    "card.life_events": """
        {% call card.life_events() %}
        {% for name in icons %}{{ card.life_event("#l", w.who, name) }}{% endfor %}
        {% endcall %}""",
    "status.tag": """
        <p>{% for kind in ["neutral", "waiting", "busy", "good", "bad"] %}
        {{ status.tag(w.city, kind) }}{% endfor %}</p>""",
    "status.timeline": """
        {{ status.timeline([{"text": w.name, "state": "done", "moment": at|moment},
                            {"text": w.go, "state": "now", "note": w.hint}, {"text": w.file, "state": "later"}]) }}""",
    "status.verdict": """
        {% for kind in ["good", "bad", "unsure"] %}
        {% call status.verdict(kind, w.file, level=2) %}<p>{{ w.hint }}</p>{% endcall %}
        {% endfor %}""",
    "rating.rating_question": '{{ rating.rating_question("stars", w.how, value=4, errors=errors) }}',
    "rating.rating_shown": '{{ rating.rating_shown(4.3, "4,3", 12) }}',
    "chart.bars": """
        {{ chart.bars(w.how, w.hint, [{"label": "Prizren", "value": 12, "written": "12"},
                                      {"label": "Peja", "value": 7, "written": "7"},
                                      {"label": w.city, "value": 0, "written": "0"}], [w.city, w.amount]) }}""",
}
# Those with a heading of the first level (one page can hold one of them), and those that stand in another place.
WITH_H1 = ("layout.heading", "layout.panel", "card.hero")
ELSEWHERE = (*WITH_H1, "layout.back_link", "layout.breadcrumbs")

_WORDS = {
    "name": ("Emri", "Ime", "Given name"),
    "hint": ("Ashtu si shkruhet në letërnjoftim.", "Kako piše u ličnoj karti.", "As on the identity card."),
    "amount": ("Taksa", "Taksa", "Fee"),
    "comment": ("Vërejtja juaj", "Vaša primedba", "Your remark"),
    "city": ("Komuna", "Opština", "Municipality"),
    "who": ("Për kë është dokumenti?", "Za koga je dokument?", "Who is the document for?"),
    "how": ("Si të vazhdojmë?", "Kako da nastavimo?", "How shall we go on?"),
    "born": ("Data e lindjes", "Datum rođenja", "Date of birth"),
    "file": ("Ekstrakti i lindjes", "Izvod iz matične knjige", "Birth extract"),
    "go": ("Vazhdo", "Nastavi", "Continue"),
    "wrong": ("Shkruani emrin.", "Unesite ime.", "Enter your name."),
}
_OPTIONS = {"a": ("Për mua", "Za mene", "For me"), "b": ("Për fëmijën tim", "Za moje dete", "For my child")}
_FIELDS = ("name", "pin", "comment", "city", "who", "what", "true", "born", "file", "stars")
_ROOMS = ("form", "layout", "list", "card", "status", "rating", "chart")
_MOMENT = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)


def icons() -> list[str]:
    """Return the names of our drawings."""
    return re.findall(r'<symbol id="([a-z-]+)"', (SOURCES / "icons.svg").read_text("utf-8"))


@cache
def made(**pages: str) -> Environment:
    """Return the portal's template environment; `pages` adds templates by name."""
    plain = environment(urls())
    plain.loader = ChoiceLoader([DictLoader(pages), cast("BaseLoader", plain.loader)])
    return plain


def context(language: Language) -> dict[str, Any]:
    """Return what a page has, for a person who is signed in, with an error in every field."""
    words: dict[str, Any] = {name: _in(language, forms) for name, forms in _WORDS.items()}
    words["options"] = [{"value": v, "text": _in(language, f), "hint": words["hint"]} for v, f in _OPTIONS.items()]
    return {
        "language": language,
        "path": "/services",
        "language_links": language_links(language, "/services"),
        "person": SimpleNamespace(given_name="Arta", family_name="Krasniqi", works_in_office=True),
        "session_ends_at": _MOMENT,
        "session_until": "15:05",
        "session_seconds": 1800,
        "session_warning": 300,
        "unread": 3,
        "section": "services",
        "csrf_field": lambda: Markup('<input type="hidden" name="_csrf_token" value="x">'),
        "errors": dict.fromkeys(_FIELDS, words["wrong"]),
        "at": _MOMENT,
        "w": words,
        "icons": icons(),
    }


def _in(language: Language, forms: tuple[str, str, str]) -> str:
    return forms[("sq", "sr", "en").index(language)]


@cache
def macro(name: str, language: Language) -> str:
    """Return what one macro's sample writes."""
    return made().from_string(_imports() + SAMPLES[name]).render(context(language))


def page(language: Language, *names: str, body: str = "") -> str:
    """Return a whole page of the portal with these macros' samples (all but those with an h1, when none is named)."""
    chosen = names or tuple(name for name in SAMPLES if name not in ELSEWHERE)
    heading = "" if set(chosen) & set(WITH_H1) else '<h1 class="govuk-heading-xl">{{ w.file }}</h1>'
    samples = heading + "".join(SAMPLES[name] for name in chosen) + body
    before = SAMPLES["layout.breadcrumbs"] + SAMPLES["layout.back_link"]
    source = (
        '{% extends "base.html" %}{% block title %}{{ w.file }}{% endblock %}'
        f"{{% block before %}}{_imports()}{before}{{% endblock %}}"
        f"{{% block content %}}{_imports()}{samples}{{% endblock %}}"
    )
    return made().from_string(source).render(context(language))


def standin(language: Language, house: str) -> str:
    """Return a page of an outside party, as one signs in or pays there."""
    names = ("form.error_summary", "form.radios", "form.password_input", "list.summary_list", "layout.warning")
    source = (
        '{% extends "standin/base.html" %}{% block title %}{{ w.go }}{% endblock %}{% block content %}'
        + _imports()
        + '<h1 class="govuk-heading-xl">{{ w.go }}</h1>'
        + "".join(SAMPLES[name] for name in names)
        + SAMPLES["form.buttons"]
        + "{% endblock %}"
    )
    errors = {name: context(language)["errors"][name] for name in ("who", "pin")}
    return made().from_string(source).render({**context(language), "errors": errors, "house": house, "party": "DEMO"})


def error(language: Language, status: str) -> str:
    """Return the error page of a status, as it is when no sentence came with the refusal."""
    page = made().get_template(f"pages/errors/{status}.html")
    return page.render({**context(language), "errors": {}, "sentence": None, "reference": "7KQ2M9XA"})


def _imports() -> str:
    return "".join(f'{{% import "ui/{room}.html" as {room} with context %}}' for room in _ROOMS)
