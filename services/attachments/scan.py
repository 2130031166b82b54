"""Asks clamd whether a file holds harmful software, by its command INSTREAM (clamd(8))."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from i18n.refusal import Unreachable
from i18n.text import _

_CHUNK = 64 * 1024  # bytes
_CLEAN, _FOUND = b"stream: OK", b" FOUND"


class ScannerAway(Unreachable):
    """The scanner did not answer as agreed."""

    def __init__(self) -> None:
        super().__init__("scanner_away", _("The file cannot be checked for harmful software now. Nothing is lost."))


@dataclass(frozen=True, slots=True)
class Scanner:
    """A clamd at a host and port; `patience` is the seconds that it may take for one file."""

    host: str
    port: int
    patience: float = 20.0

    async def found(self, content: bytes) -> str | None:
        """Return the name of what was found in a file, None when that is nothing; ScannerAway."""
        try:
            async with asyncio.timeout(self.patience):
                answer = await self._asked(content)
        except (OSError, EOFError, asyncio.LimitOverrunError) as away:
            raise ScannerAway from away
        if answer == _CLEAN:
            return None
        if answer.startswith(b"stream: ") and answer.endswith(_FOUND):
            return answer.removeprefix(b"stream: ").removesuffix(_FOUND).decode("ascii", "replace")
        raise ScannerAway

    async def _asked(self, content: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                chunk = content[start : start + _CHUNK]
                writer.write(len(chunk).to_bytes(4) + chunk)
                await writer.drain()
            writer.write((0).to_bytes(4))
            return (await reader.readuntil(b"\0")).removesuffix(b"\0")
        finally:
            writer.close()


def scanner(address: str | None) -> Scanner | None:
    """Return the scanner at `host:port`; None where there is none."""
    host, _colon, port = (address or "").rpartition(":")
    return Scanner(host.strip("[]"), int(port)) if host else None
