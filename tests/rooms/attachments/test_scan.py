"""The scanner is believed when it answers as agreed; whatever else it does, the file waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from services.attachments import examination
from services.attachments.scan import Scanner, ScannerAway
from tests.files import EICAR, bomb, pdf, photo
from tests.scanner import Clamd

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def test_what_is_harmful_is_named_and_what_is_not_is_clean() -> None:
    async with Clamd() as clamd:
        scanner = Scanner("127.0.0.1", clamd.port)
        assert await scanner.found(bytes(300_000) + EICAR) == "Eicar-Test-Signature"
        assert await scanner.found(bytes(300_000)) is None


async def _closes(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def _hangs(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


def _says(words: bytes) -> Answer:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(bytes(4))
        writer.write(words)
        writer.close()

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        _closes,
        _hangs,
        _says(b"INSTREAM size limit exceeded. ERROR\0"),
        _says(b"HTTP/1.1 200 OK\r\n\r\n<html>\0"),
        _says(b"stream: OK"),
        _says(b"stream: OK" * 10_000),
        _says(b""),
    ],
)
async def test_any_other_answer_is_none(answer: Answer) -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        scanner = Scanner("127.0.0.1", server.sockets[0].getsockname()[1], patience=0.3)
        with pytest.raises(ScannerAway):
            await scanner.found(b"a file")


async def test_nobody_there_is_none() -> None:
    with pytest.raises(ScannerAway):
        await Scanner("127.0.0.1", 1).found(b"a file")


async def test_a_file_is_what_it_is_by_itself() -> None:
    whole = await asyncio.gather(*map(examination.examine, (pdf(), photo(), photo("PNG"), bomb(), photo(located=True))))
    assert [(one.type, one.problem, one.located) for one in whole] == [
        ("pdf", None, False),
        ("jpeg", None, False),
        ("png", None, False),
        ("png", "too_much", False),
        ("jpeg", None, True),
    ]


async def test_what_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "_PATIENCE", 0.0)
    assert (await examination.examine(pdf())).problem == "too_much"
