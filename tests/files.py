"""Files as people attach them: whole, locked, damaged, and some that only call themselves so."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache
from typing import Any

import pikepdf
from PIL import ExifTags, Image

EICAR = (
    rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
)  # every scanner knows it, and it is harmless
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PROGRAM = b"MZ\x90\x00" + bytes(300)


@cache
def pdf(title: str = "Kontrata", password: str = "", *, eicar: bool = False) -> bytes:
    """Return a PDF of one empty page; locked where there is a password, one that a scanner refuses with `eicar`."""
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    made.docinfo["/Title"] = title
    made.save(out, encryption=pikepdf.Encryption(owner=password, user=password) if password else False)
    return out.getvalue().replace(b"%%EOF", b"%" + EICAR + b"\n%%EOF") if eicar else out.getvalue()


def photo(kind: str = "JPEG", *, located: bool = False) -> bytes:
    """Return a small photo; `located`: it says where it was taken."""
    exif, out = Image.Exif(), io.BytesIO()
    if located:
        place: dict[int, Any] = exif.get_ifd(ExifTags.IFD.GPSInfo)
        place |= {1: "N", 2: (42.0, 40.0, 0.0), 3: "E", 4: (21.0, 10.0, 0.0)}
    Image.new("RGB", (64, 48), "green").save(out, kind, exif=exif)
    return out.getvalue()


def bomb() -> bytes:
    """Return a PNG of a hundred bytes that unpacks to ten gigabytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )
