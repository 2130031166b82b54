"""What the portal writes down of itself: structured lines without personal numbers, and figures for Prometheus."""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import MutableMapping
from functools import lru_cache
from http import HTTPMethod
from typing import Any, cast

import structlog
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram

_METHODS = frozenset(HTTPMethod)
_REFUSALS, _FAULTS = 400, 500  # the first status of each kind
_TEN_DIGITS = re.compile(r"(?<!\d)\d{10}(?!\d)")
REQUESTS = Counter("portal_requests_total", "Requests answered", ["route", "method", "status"])
SECONDS = Histogram(
    "portal_request_seconds",
    "Time to answer",
    ["route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

_log = structlog.get_logger("portal.request")


def without_personal_numbers(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Strike out anything that looks like a personal number: the last line of defence, not the first."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _TEN_DIGITS.sub("[number]", value)
        elif isinstance(value, int) and not isinstance(value, bool) and 10**9 <= value < 10**10:
            event[key] = "[number]"
    return event


def configure(log_format: str) -> None:
    """Send every log line, ours and the libraries', through one chain to standard error, as JSON or for reading."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_personal_numbers,
    ]
    last = structlog.processors.JSONRenderer() if log_format == "json" else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # one line a request, with the address, is too much


def with_log(app: ASGIApp) -> ASGIApp:
    """Count every answer and write down each that refuses: its route, never the address, which may tell of a person."""

    async def noted(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await app(scope, receive, send_noted)
        finally:
            _note(scope, status, time.perf_counter() - started)

    return noted


@lru_cache(maxsize=1000)
def _figures(route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    """Return the two figures of a kind of answer; finding them by their labels costs more than counting."""
    return REQUESTS.labels(route, method, str(status)), SECONDS.labels(route)


def _note(scope: Scope, status: int, seconds: float) -> None:
    known = cast("dict[str, Any]", scope)
    # What no route took is counted as one: addresses that people try are no labels.
    route = known.get("path_template") or scope["state"].get("route", "none")
    method = known["method"] if known["method"] in _METHODS else "other"
    requests, durations = _figures(route, method, status)
    requests.inc()
    durations.observe(seconds)
    if status < _REFUSALS:
        return
    _log.log(
        logging.ERROR if status >= _FAULTS else logging.INFO,
        "refused",
        code=scope["state"].get("code"),
        route=route,
        method=method,
        status=status,
        ms=round(seconds * 1000, 1),
        reference=scope["state"]["reference"],
    )
