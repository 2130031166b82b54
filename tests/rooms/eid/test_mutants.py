"""Breaks the provider in small ways, and shows that a short table of what clients rely on notices each.

The eID is served from this process, over HTTP, so that a fault can be planted in its code and taken out again.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType
from typing import Any, cast

import httpx
import pytest
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from eid.provider import authorization, redemption, sign_out, tokens
from eid.provider.app import create_app
from eid.provider.checks import authorization as asking
from eid.provider.checks import client as client_checks
from eid.provider.checks import code as code_checks
from eid.provider.checks import proof as proof_checks
from eid.provider.checks import userinfo as userinfo_checks
from eid.provider.issued import store as issued
from eid.provider.settings import Settings

from .parties import Running, free_port
from .reliance import ELSEWHERE, OTHER, PORTAL, broken


@pytest.fixture(scope="module")
def served(eid: Running) -> Iterator[Running]:
    """Give the eID served from this process, on the database of the other."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    PORTAL.register(eid, grant_types=["authorization_code", "refresh_token"])
    OTHER.register(eid, redirect_uris=[ELSEWHERE], post_logout_redirect_uris=[])
    told = {name.removeprefix("EID_").lower(): value for name, value in eid.environment.items()}
    settings = Settings(**(told | {"url": url, "port": port, "assets": Path("/nowhere")}))  # type: ignore[arg-type]
    loop, ready = asyncio.new_event_loop(), threading.Event()
    server: list[Server] = []

    async def serve() -> None:
        options: dict[str, Any] = {"log_access": False, "log_level": LogLevels.error, "websockets": False}
        app: Any = create_app(settings)
        server.append(Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI, **options))
        ready.set()
        await server[0].serve()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    ready.wait(10)
    _wait(url)
    yield Running(url, eid.module, eid.environment, eid.log)
    loop.call_soon_threadsafe(server[0].stop)
    thread.join(10)


def _wait(url: str) -> None:
    transport = httpx.HTTPTransport(retries=5)
    with httpx.Client(transport=transport, trust_env=False) as http:
        assert http.get(f"{url}/health/ready").status_code == 200


# Small breakages, each planted where the code does right.
Patch = pytest.MonkeyPatch


def left_out(module: object, name: str) -> Callable[[Patch], None]:
    """Return a fault: a check that passes everything."""

    async def nothing(_asked: object) -> None:
        """Pass everything."""

    return instead(module, name, nothing)


def instead(module: object, name: str, code: object) -> Callable[[Patch], None]:
    """Return a fault: other code in the place of a function's, wherever a table holds that function."""
    put = cast("FunctionType", code).__code__
    return lambda patch: patch.setattr(getattr(module, name), "__code__", put)


def claimed(**changed: object) -> Callable[[Patch], None]:
    """Return a fault: other claims in ID tokens; `...` takes one out."""
    right = redemption.id_token_claims

    def wrong(*agreed: Any, **context: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever the right one takes
        claims = right(*agreed, **context) | changed
        return {name: value for name, value in claims.items() if value is not ...}

    return lambda patch: patch.setattr(redemption, "id_token_claims", wrong)


def answered(without: str) -> Callable[[Patch], None]:
    """Return a fault: an answer to the client that lacks a parameter."""
    right = authorization.answer

    def wrong(*asked: Any, **values: Any) -> str:  # noqa: ANN401 - whatever the right one takes
        url = httpx.URL(right(*asked, **values))
        return str(url.copy_remove_param(without))

    return lambda patch: patch.setattr(authorization, "answer", wrong)


async def prefix_is_enough(asked: Any) -> None:  # noqa: ANN401 - its context
    asked.redirect_uri = asked.parameters.get("redirect_uri") or ""
    if not any(asked.redirect_uri.startswith(uri) for uri in asked.client.redirect_uris):
        raise AssertionError


async def any_client(asked: Any) -> None:  # noqa: ANN401 - its context
    asked.grant = await issued.take_grant(asked.connection, digest(asked.parameters.get("code")))  # type: ignore[name-defined]  # noqa: F821 - of the module where it is planted


async def forgotten(*_what: object) -> None:
    """Do nothing."""


def unbound(patch: Patch) -> None:
    """Plant a fault: whoever has a bound token may use it."""
    for name in ("_it_is_brought_as_it_was_given", "_its_key_is_proven"):
        left_out(userinfo_checks, name)(patch)


def same_everywhere(_secret: object, _client: object, person: Any) -> str:  # noqa: ANN401 - a person
    return str(person.id)


MUTANTS: dict[str, tuple[Callable[[Patch], None], str]] = {
    "nonce dropped": (claimed(nonce=...), "the_token_is_for_this_client_and_this_request"),
    "audience wrong": (claimed(aud="everybody"), "the_token_is_for_this_client_and_this_request"),
    "issuer wrong": (claimed(iss="https://evil.example"), "the_token_is_for_this_client_and_this_request"),
    "lives for ever": (claimed(exp=2**40), "the_token_is_for_this_client_and_this_request"),
    "at_hash wrong": (claimed(at_hash="x"), "the_token_belongs_to_the_access_token"),
    "state dropped": (answered("state"), "the_answer_is_to_what_was_asked_and_says_from_whom"),
    "iss missing": (answered("iss"), "the_answer_is_to_what_was_asked_and_says_from_whom"),
    "code reusable": (left_out(code_checks, "_the_code_is_unused"), "a_code_is_good_once"),
    "expired code accepted": (left_out(code_checks, "_the_code_is_fresh"), "a_code_is_good_for_a_minute"),
    "PKCE not compared": (left_out(code_checks, "_the_challenge_is_met"), "a_code_is_good_with_its_verifier"),
    "another client's code": (
        instead(code_checks, "_the_code_is_the_clients", any_client),
        "a_code_is_good_for_its_client",
    ),
    "prefix of an address": (
        instead(asking, "_redirect_uri_is_registered", prefix_is_enough),
        "nobody_is_sent_to_an_address_that_was_not_registered",
    ),
    "jti reusable": (left_out(client_checks, "_the_assertion_is_used_once"), "an_assertion_is_good_once"),
    "assertion for others": (left_out(client_checks, "_the_assertion_is_for_us"), "an_assertion_is_good_for_us"),
    "htu unchecked": (left_out(proof_checks, "_it_is_for_this_call"), "a_proof_is_good_for_its_call"),
    "proof reusable": (left_out(proof_checks, "_it_is_used_once"), "a_bound_token_is_good_with_its_key"),
    "bound token as bearer": (unbound, "a_bound_token_is_good_with_its_key"),
    "refresh reusable": (
        lambda patch: patch.setattr(issued, "use_refresh", forgotten),
        "a_refresh_token_is_good_once",
    ),
    "name not pairwise": (
        lambda patch: patch.setattr(tokens, "subject", same_everywhere),
        "she_has_another_name_at_another_service",
    ),
    "session outlives sign-out": (
        lambda patch: patch.setattr(sign_out, "end_session", forgotten),
        "who_signed_out_is_out",
    ),
}


async def test_a_provider_without_fault_passes_the_table(served: Running) -> None:
    assert await broken(served) == set()


@pytest.mark.parametrize("name", MUTANTS)
async def test_the_table_notices(name: str, served: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, notices = MUTANTS[name]
    plant(monkeypatch)
    assert notices in await broken(served)
