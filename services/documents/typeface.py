"""Knows which signs the documents' typeface can print, since PDF/A forbids a sign without a shape."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_SEGMENTS, _GROUPS = 4, 12  # the two formats of character maps that fonts use (OpenType, `cmap`)
_KEPT = frozenset("\n")


def printable(text: str, fonts: Path) -> str:
    """Return the text with every sign that cannot be printed as `�`, accents composed, and control signs left out."""
    signs = covered(fonts)
    composed = unicodedata.normalize("NFC", text).replace("\t", " ").replace("\r\n", "\n")
    kept = (sign for sign in composed if sign in _KEPT or unicodedata.category(sign) not in {"Cc", "Cf"})
    return "".join(sign if sign in _KEPT or ord(sign) in signs else _REPLACEMENT for sign in kept)


@cache
def covered(fonts: Path) -> frozenset[int]:
    """Return the code points that every font in the folder has; FileNotFoundError when there is none."""
    files = sorted(fonts.glob("*.ttf"))
    if not files:
        raise FileNotFoundError(f"{fonts} has no fonts: build the assets first, with `portal assets`.")
    first, *others = (_covered(file.read_bytes()) for file in files)
    return first.intersection(*others)


def _covered(font: bytes) -> frozenset[int]:
    tables = struct.unpack_from(">H", font, 4)[0]
    directory = (struct.unpack_from(">4sLLL", font, 12 + 16 * position) for position in range(tables))
    start = next(offset for tag, _checksum, offset, _length in directory if tag == b"cmap")
    count = struct.unpack_from(">H", font, start + 2)[0]
    maps = {start + struct.unpack_from(">HHL", font, start + 4 + 8 * position)[2] for position in range(count)}
    return frozenset(point for at in maps for point in _points(font, at))


def _points(font: bytes, at: int) -> Iterator[int]:
    form = struct.unpack_from(">H", font, at)[0]
    if form == _SEGMENTS:
        segments = struct.unpack_from(">H", font, at + 6)[0] // 2
        ends = struct.unpack_from(f">{segments}H", font, at + 14)
        starts = struct.unpack_from(f">{segments}H", font, at + 16 + 2 * segments)
        for first, last in zip(starts, ends, strict=True):
            yield from range(first, min(last, 0xFFFE) + 1)
    elif form == _GROUPS:
        groups = struct.unpack_from(">L", font, at + 12)[0]
        for position in range(groups):
            first, last, _glyph = struct.unpack_from(">LLL", font, at + 16 + 12 * position)
            yield from range(first, last + 1)
