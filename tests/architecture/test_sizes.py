"""Small enough to be read whole: modules, functions, handlers and templates."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from tests.architecture.tree import Function, Source, everything, house, none, templates

MODULE, FUNCTION, MOST_FUNCTIONS, HANDLER, TEMPLATE = 300, 40, 20, 10, 120
_ROUTES = {"get", "post", "put", "patch", "delete", "route"}


def long_modules(sources: Iterable[Source]) -> list[str]:
    """Return every module over its size."""
    lines = {source.path: len(source.text.splitlines()) for source in sources}
    return [f"{path}: {count} lines, at most {MODULE}" for path, count in lines.items() if count > MODULE]


def long_functions(sources: Iterable[Source]) -> list[str]:
    """Return every function over its size, docstring and signature counted."""
    return [
        f"{source.path}:{function.lineno}: {function.name} has {_lines(function)} lines, at most {FUNCTION}"
        for source in sources
        for function in source.functions
        if _lines(function) > FUNCTION
    ]


def long_handlers(sources: Iterable[Source]) -> list[str]:
    """Return every handler of an HTTP route whose body is too long: it should call a verb and answer."""
    return [
        f"{source.path}:{function.lineno}: {function.name} has a body of {_body(function)} lines, at most {HANDLER}"
        for source in sources
        for function in source.functions
        if _is_handler(function) and _body(function) > HANDLER
    ]


def ninetieth(sources: Iterable[Source]) -> int:
    """Return the length that nine functions of ten do not pass."""
    lengths = sorted(_lines(function) for source in sources for function in source.functions)
    return lengths[len(lengths) * 9 // 10]


def long_templates(files: Iterable[tuple[str, str]]) -> list[str]:
    """Return every template over its size."""
    lines = {path: len(text.splitlines()) for path, text in files}
    return [f"{path}: {count} lines, at most {TEMPLATE}" for path, count in lines.items() if count > TEMPLATE]


def _lines(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _body(function: Function) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def _is_handler(function: Function) -> bool:
    called = (decorator.func for decorator in function.decorator_list if isinstance(decorator, ast.Call))
    return any(isinstance(name, ast.Name) and name.id in _ROUTES for name in called)


def test_a_module_can_be_read_in_one_sitting() -> None:
    none(long_modules(everything()))


def test_a_function_fits_on_a_screen() -> None:
    none(long_functions(everything()))


def test_nine_functions_of_ten_fit_at_a_glance() -> None:
    assert ninetieth(house()) <= MOST_FUNCTIONS


def test_a_handler_calls_a_verb_and_answers() -> None:
    none(long_handlers(house()))


def test_a_template_shows_one_thing() -> None:
    none(long_templates(templates()))


def test_what_is_too_long_is_seen() -> None:
    fits = Source("fits.py", "def act():\n" + "    go()\n" * (FUNCTION - 1))
    planted = Source("planted.py", "def act():\n" + "    go()\n" * FUNCTION)
    assert not long_functions([fits])
    assert long_functions([planted]) == ["planted.py:1: act has 41 lines, at most 40"]
    assert ninetieth([planted]) > MOST_FUNCTIONS
    assert not long_modules([Source("fits.py", "x = 1\n" * MODULE)])
    assert long_modules([Source("planted.py", "x = 1\n" * (MODULE + 1))])
    assert long_templates([("planted.html", "<p>\n" * (TEMPLATE + 1))])


def test_a_handler_that_does_too_much_is_seen() -> None:
    head = '@get("/")\nasync def page(\n    request,\n):\n    """Show."""\n'
    assert not long_handlers([Source("fits.py", head + "    go()\n" * HANDLER)])
    assert long_handlers([Source("planted.py", head + "    go()\n" * (HANDLER + 1))])
