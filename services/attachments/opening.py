"""Opens one file, read from the standard input, in a process of its own with little to spend; says what it is.

The answer is JSON: {"type": "pdf" | "jpeg" | "png" | null, "problem": null or why it cannot be taken, "located":
whether it is a photo that says where it was taken}. A file that makes this process fail is damaged. It imports nothing
of ours: `examination.py` starts it by its path.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from typing import Any, cast

import pikepdf
import puremagic
from PIL import ExifTags, Image

_MEMORY, _SECONDS = 1_000_000_000, 15  # bytes of addresses, of a processor
_PAGES, _PIXELS = 500, 100_000_000
_TAIL = 2048  # bytes at the end of a PDF, where it says that it ends
_TYPES = {"application/pdf": "pdf", "image/jpeg": "jpeg", "image/png": "png"}


def main() -> None:
    """Read the file, and print what it is."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        judged = _judged(content)
    except MemoryError:
        judged = {"type": None, "problem": "too_much", "located": False}
    sys.stdout.write(json.dumps(judged))


def _judged(content: bytes) -> dict[str, Any]:
    kind = _type(content)
    if kind == "pdf":
        return {"type": kind, "problem": _pdf(content), "located": False}
    if kind is not None:
        problem, located = _image(content)
        return {"type": kind, "problem": problem, "located": located}
    return {"type": None, "problem": "other_type", "located": False}


def _type(content: bytes) -> str | None:
    """Return what the content is by its first bytes, whatever its name says."""
    try:
        return _TYPES.get(cast("Any", puremagic).from_string(content, mime=True))
    except puremagic.PureError:
        return None


def _pdf(content: bytes) -> str | None:
    if b"%%EOF" not in content[-_TAIL:]:
        return "damaged"  # cut off: what is left might still open, and be half of it
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            pages = len(pdf.pages)
            if 0 < pages <= _PAGES:
                _look_at_each(pdf)
                return None
            return "too_much" if pages else "damaged"
    except pikepdf.PasswordError:
        return "locked"


def _look_at_each(pdf: pikepdf.Pdf) -> None:
    """Fail where a page is none."""
    for page in pdf.pages:
        _box = page.mediabox


def _image(content: bytes) -> tuple[str | None, bool]:
    Image.MAX_IMAGE_PIXELS = None  # ours is asked before anything is unpacked
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
        if image.width * image.height > _PIXELS:
            return "too_much", False
        located = bool(image.getexif().get_ifd(ExifTags.IFD.GPSInfo))
        image.draft("L", (image.width // 8, image.height // 8))  # read whole, unpacked small, where the format can
        image.load()
        return None, located


if __name__ == "__main__":
    main()
