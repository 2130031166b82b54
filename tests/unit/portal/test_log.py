"""What is written down names requests, never people."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from prometheus_client import generate_latest

from portal import log
from portal.door import with_headers
from portal.log import with_log
from tests.unit.portal.asgi import Answering, Headers, Receive, Request, Send, app, call, scope, settings

NUMBER = "1176042318"
Lines = list[dict[str, Any]]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Lines]]:
    """Give what was written to the log as JSON since the last look."""
    handlers, stream = logging.getLogger().handlers, io.StringIO()
    of_pytest = handlers[:]
    handlers.clear()  # else they would be closed
    monkeypatch.setattr(sys, "stderr", stream)
    log.configure("json")

    def look() -> Lines:
        lines = stream.getvalue().splitlines()
        stream.truncate(stream.seek(0))
        return [json.loads(line) for line in lines]

    yield look
    handlers[:] = of_pytest
    structlog.reset_defaults()


def _request(route: str = "/about", path: str = "/about", headers: Headers = (), query: str = "") -> Request:
    return scope(path, headers=headers, query=query) | {"path_template": route}


@pytest.mark.parametrize(
    "said",
    [{"who": NUMBER}, {"event": f"read XK{NUMBER}?"}, {"who": int(NUMBER)}, {"event": f"/a?b={NUMBER}&c"}],
)
def test_a_personal_number_is_struck_out(said: dict[str, object]) -> None:
    assert NUMBER not in str(log.without_personal_numbers(None, "", dict(said)))


def test_what_only_looks_long_is_left() -> None:
    said = {"ms": 12.5, "payment": "01234567890", "status": 404, "is": True}
    assert log.without_personal_numbers(None, "", dict(said)) == said


def test_a_personal_number_in_an_error_is_struck_out(written: Callable[[], Lines]) -> None:
    try:
        {}[f"Key (personal_number)=({NUMBER}) already exists"]
    except KeyError:
        structlog.get_logger("test").exception("fault", reference="7K3M9QF2")
        logging.getLogger("library").exception("could not store %s", NUMBER)
    ours, theirs = written()
    assert "KeyError" in ours["exception"]
    assert "KeyError" in theirs["exception"]
    assert NUMBER not in str(ours) + str(theirs)


async def test_a_refusal_is_found_by_the_reference_that_the_person_was_told(
    written: Callable[[], Lines],
) -> None:
    for status, level in ((403, "info"), (404, "info"), (409, "info"), (500, "error"), (503, "error")):
        whole = with_headers(with_log(Answering(status, code="why").app), settings())
        answer = await call(whole, _request())
        (line,) = written()
        assert line["reference"] == answer["x-request-id"]
        assert (line["status"], line["code"], line["route"], line["level"]) == (status, "why", "/about", level)


async def test_what_went_well_is_counted_and_not_written(written: Callable[[], Lines]) -> None:
    await call(with_headers(with_log(Answering().app), settings()), _request())
    assert written() == []


async def test_neither_address_nor_query_nor_cookie_is_written(written: Callable[[], Lines]) -> None:
    whole = with_headers(with_log(Answering(404).app), settings())
    secret = [("cookie", "portal-session=secret"), ("referer", "/secret"), ("user-agent", "secret")]
    await call(whole, _request("/v/{code}", path="/v/secret", headers=secret, query="q=secret"))
    assert "secret" not in json.dumps(written())


async def test_figures_have_no_label_that_a_stranger_could_invent() -> None:
    whole = with_headers(with_log(Answering(404).app), settings())
    for invented in ("/a", "/b", "/c"):
        await call(whole, scope(invented, method=f"INVENTED{invented[1:]}"))
    figures = generate_latest().decode()
    assert not re.search(r"INVENTED|/[abc]\"", figures)
    assert re.search(r'portal_requests_total\{method="other",route="none",status="404"\} [3-9]', figures)


async def test_a_request_that_breaks_off_is_counted_as_our_fault(written: Callable[[], Lines]) -> None:
    async def broken(_scope: Request, _receive: Receive, _send: Send) -> None:
        raise LookupError

    answer = await call(with_headers(with_log(app(broken)), settings()), _request("/broken"))
    refused, fault = written()
    assert refused["reference"] == fault["reference"] == answer["x-request-id"]
    assert "LookupError" in fault["exception"]
