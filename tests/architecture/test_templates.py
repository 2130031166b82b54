"""Templates keep to our macros: documented, in the reader's language, without inline code, shaped as the system is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, PackageLoader, PrefixLoader

from portal.assets import BUILT, SOURCES, build, manifest
from tests.unit.portal import gallery

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
UI = TEMPLATES / "ui"
# Components with words or behaviour of their own: only templates/ui may write them.
OWNED = (
    "back-link|breadcrumbs|button|character-count|checkboxes|date-input|error-message|error-summary|file-upload|input|"
    "pagination|password-input|radios|select|skip-link|summary-list|table|task-list|textarea|warning-text"
)


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    build.ensure()


def _html(folder: Path = TEMPLATES) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def _without_comments(path: Path) -> str:
    return re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)


def inline_code(source: str) -> list[str]:
    """Return what a strict Content-Security-Policy would refuse."""
    return re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", source)


def past_our_macros(source: str) -> list[str]:
    """Return the design system's components that a page writes by itself."""
    return re.findall(rf'class="[^"]*\bgovuk-(?:{OWNED})\b(?!__heading)', source)


def imports_without_context(source: str) -> list[str]:
    """Return imports of macros that would not know the reader's language."""
    imports = re.findall(r"\{%-?\s*(?:from|import)\s[^%]+%\}", source)
    return [line for line in imports if "with context" not in line]


def imports_again_and_again(source: str) -> list[str]:
    """Return imports that are done at each use of a macro or each turn of a loop; a line of a list is used often."""
    repeated = re.finditer(r"\{%-?\s*(macro|for)\s.*?\{%-?\s*end\1\b", source, flags=re.DOTALL)
    return [line for part in repeated for line in re.findall(r"\{%-?\s*(?:from|import)\s[^%]+%\}", part[0])]


@pytest.mark.parametrize("path", _html(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_keeps_to_the_rules(path: Path) -> None:
    source = _without_comments(path)
    assert inline_code(source) == []
    assert imports_without_context(source) == []
    assert imports_again_and_again(source) == []
    if UI not in path.parents and path.name != "base.html":
        assert past_our_macros(source) == []


def test_the_rules_can_be_broken() -> None:
    assert inline_code('<p style="color:red">') == [" style="]
    assert inline_code('<button onclick="x()">') == [" onclick="]
    assert inline_code("<script>x()</script>") == ["<script"]
    assert past_our_macros('<button class="govuk-button">') != []
    assert imports_without_context('{% from "ui/form.html" import button %}') != []
    again = '{% from "ui/form.html" import button with context %}'
    assert imports_again_and_again("{% macro line(one) -%}" + again + "{%- endmacro %}") == [again]
    assert imports_again_and_again("{% for one in all %}" + again + "{% endfor %}") == [again]
    assert imports_again_and_again(again + "{% macro line(one) %}{% endmacro %}") == []


def _macros() -> Iterator[tuple[str, str]]:
    for path in _html(UI):
        for before, name in re.findall(r"(.*)\n\{% macro (\w+)\(", path.read_text("utf-8")):
            if not name.startswith("_"):
                yield f"{path.stem}.{name}", before


def test_every_macro_says_what_it_takes() -> None:
    assert [name for name, before in _macros() if not before.endswith("-#}")] == []


def test_every_macro_of_pages_has_a_sample() -> None:
    reached = {
        name.replace("choice.", "form.").replace("typed.", "form.").replace("entries.", "form.", 1)
        for name, _before in _macros()
    }
    inner = {name for name in reached if name.startswith("field.")}
    assert reached - inner == set(gallery.SAMPLES)


def _classes(html: str) -> set[str]:
    return {name for value in re.findall(r'class="([^"]*)"', html) for name in value.split()}


def test_every_block_of_ours_has_a_style() -> None:
    css = "".join((BUILT / manifest()[sheet]).read_text("utf-8") for sheet in ("portal.css", "standin.css"))
    styled = {_block(name) for name in re.findall(r"\.([\w-]+)", css)}
    used = _classes(gallery.page("sq") + gallery.standin("sq", "eid") + gallery.error("sq", "404"))
    assert {name for name in used if _block(name) not in styled and not name.startswith("govuk-")} == set()


def _block(name: str) -> str:
    return re.split("__|--", name)[0]


def test_every_behaviour_that_a_macro_asks_for_is_in_our_script() -> None:
    asked = set(re.findall(r'data-module="govuk-([\w-]+)"', gallery.page("sq")))
    classes = re.findall(r"design\.(\w+),", (SOURCES / "portal.js").read_text("utf-8"))
    assert asked == {re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower() for name in classes}


class Shape(HTMLParser):
    """The elements of a piece of HTML with what ties it to the design system: classes of its own, roles, modules."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, frozenset[str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one element."""
        given = dict(attrs)
        marks = {c for c in (given.get("class") or "").split() if c.startswith("govuk-")}
        marks |= {f"{name}={given[name]}" for name in ("role", "type", "data-module", "aria-hidden") if name in given}
        self.elements.append((tag, frozenset(marks)))


def _theirs(component: str, arguments: Mapping[str, Any]) -> str:
    # Their macros name each other with the package's prefix.
    loader = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    environment = Environment(loader=loader, autoescape=True)
    name = "govuk" + "".join(part.capitalize() for part in component.split("-"))
    call = f'{{% from "govuk_frontend_jinja/components/{component}/macro.html" import {name} %}}{{{{ {name}(a) }}}}'
    return environment.from_string(call).render(a=arguments)


def _ours(call: str) -> str:
    imports = "".join(f'{{% import "ui/{r}.html" as {r} with context %}}' for r in ("form", "layout", "list", "status"))
    return gallery.made().from_string(imports + call).render(gallery.context("en") | {"errors": {"a": "No."}})


_S: dict[str, Any] = {"text": "A", "classes": "govuk-label--s"}
_FIELD: dict[str, Any] = {"id": "a", "name": "a", "label": _S, "hint": {"text": "H"}, "errorMessage": {"text": "No."}}
_LEGEND: dict[str, Any] = {"legend": {"text": "A", "classes": "govuk-fieldset__legend--s"}}
_ITEMS = [{"value": "1", "text": "One", "hint": {"text": "h"}}, {"value": "2", "text": "Two"}]
_CHANGE = {"href": "#", "text": "C", "visuallyHiddenText": "k"}
_TODO = {"text": "s", "classes": "govuk-tag--blue"}
_OUR_ITEMS = '[{"value": "1", "text": "One", "hint": "h"}, {"value": "2", "text": "Two"}]'
_DATE = [
    {"name": n, "classes": f"govuk-input--width-{w} govuk-input--error"} for n, w in (("d", 2), ("m", 2), ("y", 4))
]
PAIRS: list[tuple[str, dict[str, Any], str]] = [
    ("input", _FIELD, 'form.text_input("a", "A", hint="H", errors=errors)'),
    (
        "input",
        {"id": "b", "name": "b", "label": _S, "prefix": {"text": "€"}, "suffix": {"text": "m"}},
        'form.text_input("b", "A", prefix="€", suffix="m")',
    ),
    ("textarea", _FIELD, 'form.textarea("a", "A", hint="H", errors=errors)'),
    ("character-count", {**_FIELD, "maxlength": 9}, 'form.textarea("a", "A", hint="H", errors=errors, max_length=9)'),
    ("select", {**_FIELD, "items": _ITEMS}, f'form.select("a", "A", {_OUR_ITEMS}, hint="H", errors=errors)'),
    (
        "radios",
        {**_FIELD, "idPrefix": "a", "fieldset": _LEGEND, "items": _ITEMS},
        f'form.radios("a", "A", {_OUR_ITEMS}, hint="H", errors=errors)',
    ),
    (
        "checkboxes",
        {**_FIELD, "idPrefix": "a", "fieldset": _LEGEND, "items": _ITEMS},
        f'form.checkboxes("a", "A", {_OUR_ITEMS}, hint="H", errors=errors)',
    ),
    (
        "date-input",
        {**_FIELD, "fieldset": _LEGEND, "items": _DATE},
        'form.date_input("a", "A", hint="H", errors=errors)',
    ),
    ("file-upload", {**_FIELD, "javascript": True}, 'form.file_upload("a", "A", hint="H", errors=errors)'),
    ("password-input", _FIELD, 'form.password_input("a", "A", hint="H", errors=errors)'),
    ("error-summary", {"titleText": "T", "errorList": [{"text": "No.", "href": "#a"}]}, "form.error_summary(errors)"),
    ("button", {"text": "Go", "type": "submit"}, 'form.button("Go")'),
    ("button", {"text": "Go", "href": "/", "isStartButton": True}, 'form.link_button("Go", "/", start=true)'),
    ("warning-text", {"text": "W", "iconFallbackText": "!"}, 'layout.warning("W")'),
    ("tag", {"text": "T", "classes": "govuk-tag--green"}, 'status.tag("T", "good")'),
    (
        "summary-list",
        {
            "rows": [
                {"key": {"text": "k"}, "value": {"text": "v"}},
                {"key": {"text": "k"}, "value": {"text": "v"}, "actions": {"items": [_CHANGE]}},
            ]
        },
        'list.summary_list([{"key": "k", "value": "v"}, {"key": "k", "value": "v", "change_href": "#"}])',
    ),
    (
        "task-list",
        {
            "items": [
                {"title": {"text": "t"}, "href": "#", "hint": {"text": "h"}, "status": {"tag": _TODO}},
                {"title": {"text": "t"}, "status": {"text": "s"}},
            ]
        },
        """list.task_list([{"text": "t", "href": "#", "hint": "h", "status": "s", "done": false},
                           {"text": "t", "status": "s", "done": true}])""",
    ),
]


@pytest.mark.parametrize(("component", "arguments", "call"), PAIRS, ids=[call for _c, _a, call in PAIRS])
def test_a_macro_has_the_shape_that_the_design_system_gives_it(
    component: str, arguments: dict[str, Any], call: str
) -> None:
    assert Shape(_ours("{{ " + call + " }}")).elements == Shape(_theirs(component, arguments)).elements
