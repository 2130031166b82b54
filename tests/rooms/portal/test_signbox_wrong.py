"""A SignBox that answers wrongly signs nothing: she is told so, the reason is in the log, and then she signs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from portal.database import Database
from tests.rooms.eid.box import Call
from tests.rooms.eid.hostile import Raw
from tests.rooms.portal.boxed import (
    SECRETS,
    Boxed,
    Signers,
    arta,
    code_on_the_phone,
    comes_to_sign,
    has_a_code,
    new_signer,
    signs,
)
from tests.rooms.portal.sheets import withdraws
from tests.rooms.portal.visitor import ARTA, DRITON, Visitor
from tests.rooms.portal.workers import value

__all__ = ["arta", "new_signer"]  # fixtures


def _html(_call: Call) -> Raw:
    return Raw(b"<h1>Welcome</h1>", kind="text/html")


def _broken(_call: Call) -> Raw:
    return Raw(b"oops", 500)


def _unsigned(call: Call) -> Raw:
    return Raw(call.document, kind="application/pdf")


def _other_words(_call: Call) -> Raw:
    return Raw(b"%PDF-1.7 another", kind="application/pdf")


FAULTS: dict[str, tuple[str, Callable[[Call], Raw], str, str]] = {
    "html for a code": ("otp", _html, "signbox_not_understood", "nuk po përgjigjet"),
    "500 for a code": ("otp", _broken, "signbox_error", "nuk po përgjigjet"),
    "html for a signature": ("sign", _html, "signbox_not_understood", "nuk po përgjigjet"),
    "500 for a signature": ("sign", _broken, "signbox_error", "nuk po përgjigjet"),
    "the sheet unsigned": ("sign", _unsigned, "not_one_signature", "nuk mund t&#39;i besohej"),
    "another document": ("sign", _other_words, "another_sheet", "nuk mund t&#39;i besohej"),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_nothing_is_signed_when_the_answer_is(name: str, arta: Visitor, boxed: Boxed) -> None:
    path, fault, code, words = FAULTS[name]
    page = await comes_to_sign(arta)
    asks, otp = (page, "") if path == "otp" else await has_a_code(arta, page)
    boxed.box.instead[path] = fault
    action, typed = ("/signature/code", {}) if path == "otp" else ("/authorisation", {"code": otp})
    told = await arta.follow(await arta.send(asks, action, {**SECRETS[ARTA], **typed}))
    assert (told.status_code, told.url.path) == (200, page.url.path)
    assert 'id="failure-title"' in told.text
    assert words in told.text
    assert f'"code": "{code}"' in boxed.log.read_text()
    boxed.box.instead.clear()
    signed = await signs(arta, told)
    assert 'hx-trigger="every 1s"' in signed.text, "and then she signs"
    await withdraws(arta, signed)


async def test_another_persons_signature_is_not_hers(
    arta: Visitor, new_signer: Signers, boxed: Boxed, memory: Database
) -> None:
    page = await comes_to_sign(arta)
    asks, code = await has_a_code(arta, page)
    his = {"username": DRITON, **SECRETS[DRITON]}
    (asked,) = [call for call in boxed.box.heard if call.path == "otp"]
    assert (await asyncio.to_thread(boxed.box.carried, asked.but(**his))).status == 200
    driton = new_signer()
    his["otp"] = await code_on_the_phone(driton, DRITON, asks)
    boxed.box.instead["sign"] = lambda call: boxed.box.carried(call.but(**his))
    told = await arta.follow(await arta.send(asks, "/authorisation", {**SECRETS[ARTA], "code": code}))
    assert "nga eID-ja e një personi tjetër" in told.text
    said = await value(memory, "SELECT state FROM signing ORDER BY changed_at DESC LIMIT 1")
    assert said == "failed"
    await withdraws(arta, told)


async def test_a_late_answer_does_not_undo_what_she_signed_meanwhile(arta: Visitor, boxed: Boxed) -> None:
    page = await comes_to_sign(arta)
    asks, code = await has_a_code(arta, page)
    arrived, told = threading.Event(), threading.Event()

    def late(_call: Call) -> Raw:
        boxed.box.instead.clear()
        arrived.set()
        told.wait(20)
        return Raw(b"oops", 500)

    boxed.box.instead["sign"] = late
    waiting = asyncio.create_task(arta.send(asks, "/authorisation", {**SECRETS[ARTA], "code": code}))
    assert await asyncio.to_thread(arrived.wait, 20)
    signed = await signs(arta, await arta.get(f"{page.url.path}?new"))
    assert 'hx-trigger="every 1s"' in signed.text
    told.set()
    assert (await waiting).status_code == 303
    assert 'hx-trigger="every 1s"' in (await arta.get(signed.url.path)).text
    await withdraws(arta, signed)
