"""What was asked is signed, what was answered is checked, and what is left of both proves it later."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest

from services.registers.errors import RegisterUnreachable
from services.registers.gateway import Gateway
from services.registers.message import canonical
from services.registers.recent import KEPT
from services.registers.signature import Keys, Signer, header

from .conftest import SIGNER, Behaviour, Registers, answer, envelope, misbehaving, new_key, portal_at
from .people import ADDRESS, ARTA, HOME, NEEDS, NOW, to

REGISTER = Signer(new_key())
PUBLISHED = json.dumps({"keys": [REGISTER.public()]}).encode()
Change = dict[str, Any]


async def asked(gateway: Gateway) -> Any:  # noqa: ANN401 - the fact's value
    (fact,) = await gateway.fetch(ADDRESS, ARTA, f"XK{ARTA}", None, NOW)
    return fact.value


def strict(url: str, http: aiohttp.ClientSession) -> Gateway:
    return Gateway(portal_at(url, http, strict=True))


def signing(
    key: Signer = REGISTER,
    *,
    at: float = NOW.timestamp(),
    hashed: str = "",
    body: bytes = b"",
    said: str | None = None,
) -> Behaviour:
    """Behave as a register that publishes REGISTER and signs so; `said` stands in the header's place."""

    async def behave(headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        if headers["path"] == "/.well-known/jwks.json":
            await answer(writer, PUBLISHED)
            return
        told = envelope(headers, HOME)
        signature = key.detached(body or told, iat=int(at))
        if said is not None:
            signature = base64.urlsafe_b64encode(said.encode()).decode().rstrip("=") + signature[signature.index(".") :]
        text = canonical("GET", headers["path"], headers)
        known = hashed or base64.b64encode(hashlib.sha512(text).digest()).decode()
        await answer(writer, told, more=f"X-Road-Request-Hash: {known}\r\nX-JWS-Signature: {signature}\r\n")

    return behave


async def test_a_signed_answer_is_taken(http: aiohttp.ClientSession) -> None:
    async with misbehaving(signing()) as url:
        assert await asked(strict(url, http)) == HOME


@pytest.mark.parametrize(
    "change",
    [
        {"key": Signer(new_key())},
        {"body": b"another answer"},
        {"at": NOW.timestamp() - 3600},
        {"hashed": "bm90IHRoZSBoYXNo"},
        {"said": "x"},
        {"said": '["alg"]'},
        {"said": '{"more":' + "[" * 2000 + "]" * 2000 + "}"},
        {"said": '{"alg":"ES256","kid":["one"]}'},
    ],
    ids=[
        "by an unknown key",
        "of another answer",
        "of an hour ago",
        "to another question",
        "under no header",
        "under a list",
        "under lists in lists",
        "by a list of keys",
    ],
)
async def test_a_signature_is_refused(change: Change, http: aiohttp.ClientSession) -> None:
    async with misbehaving(signing(**change)) as url:
        with pytest.raises(RegisterUnreachable) as told:
            await asked(strict(url, http))
    (proof,) = [one.proof for one in told.value.answers]
    assert proof
    assert (proof.status, len(proof.answer_hash or b""), proof.answer_signature) == (200, 32, None)


async def test_the_first_questions_at_once_all_wait_for_the_keys(http: aiohttp.ClientSession) -> None:
    async with misbehaving(signing()) as url:
        gateway = strict(url, http)
        given = await asyncio.gather(
            *(
                gateway.ask(ADDRESS, ARTA, f"XK{ARTA}", None, NOW + timedelta(microseconds=-number))
                for number in range(20)
            )
        )
    assert {answers[0].outcome for answers in given} == {"ok"}


async def test_an_answer_without_a_signature_is_taken_only_where_none_is_demanded(http: aiohttp.ClientSession) -> None:
    async def unsigned(headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        await answer(writer, envelope(headers, HOME))

    async with misbehaving(unsigned) as url:
        with pytest.raises(RegisterUnreachable):
            await asked(strict(url, http))
        assert await asked(to(url, http)) == HOME


async def test_every_real_answer_is_proved(registers: Registers, http: aiohttp.ClientSession, now: datetime) -> None:
    async with http.get(f"{registers.url}/.well-known/jwks.json") as published:
        keys = Keys(await published.json())
    answers = await strict(registers.url, http).ask(NEEDS, ARTA, f"XK{ARTA}", None, now)
    ours = Keys({"keys": [SIGNER.public()]})
    for one in answers:
        assert one.outcome == "ok"
        assert one.proof
        assert one.proof.status == 200
        assert one.proof.answer_signature
        assert keys.knows(header(one.proof.answer_signature).kid)
        assert ours.knows(header(one.proof.request_signature).kid)
        assert one.proof.answer_hash
        assert len(one.proof.answer_hash) == 32


async def test_a_double_click_asks_once_and_another_application_asks_anew(http: aiohttp.ClientSession) -> None:
    count = 0

    async def counted(headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        nonlocal count
        count += 1
        await answer(writer, envelope(headers, HOME))

    async with misbehaving(counted) as url:
        gateway = to(url, http)
        (first,) = await gateway.ask(ADDRESS, ARTA, "XK1", "A-1", NOW)
        (second,) = await gateway.ask(ADDRESS, ARTA, "XK1", "A-1", NOW)
        assert (count, first.message_id) == (1, second.message_id)
        await gateway.ask(ADDRESS, ARTA, "XK1", "A-2", NOW)
        await gateway.ask(ADDRESS, ARTA, "XK2", "A-1", NOW)
        await gateway.ask(ADDRESS, ARTA, "XK1", "A-1", NOW + KEPT + timedelta(seconds=1))
        assert count == 4
