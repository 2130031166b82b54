"""What a certificate's holder and whoever relies on it are told of it: the disclosure statement that it points to."""

from __future__ import annotations

import struct
import zlib
from functools import cache

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from eid.provider.desk import AtDesk
from i18n.text import LANGUAGES, Language

_SIDE = 64  # pixels
_BLUE, _GOLD = bytes.fromhex("244aa5"), bytes.fromhex("d0a650")


@get("/pki/disclosure/{language:str}", sync_to_thread=False)
def disclose(desk: AtDesk, language: FromPath[str]) -> Response[str]:
    """Say what these certificates are for, and that none of it counts outside the demonstration."""
    known: Language | None = next((one for one in LANGUAGES if one == language), None)
    if known is None:
        raise NotFoundException
    return desk.pages.page("signing_disclosure", known)


@get("/pki/logo.png", sync_to_thread=False)
def logo() -> Response[bytes]:
    """Return the mark by which signing clients show this service."""
    return Response(_mark(), media_type="image/png", headers={"Cache-Control": "public, max-age=86400"})


HANDLERS = (disclose, logo)


@cache
def _mark() -> bytes:
    """Return a golden square on blue as PNG: a neutral mark, and no emblem."""
    inner = range(_SIDE // 4, _SIDE * 3 // 4)
    rows = (b"\0" + b"".join(_GOLD if x in inner and y in inner else _BLUE for x in range(_SIDE)) for y in range(_SIDE))
    head = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
