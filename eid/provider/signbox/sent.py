"""What a SignBox client sends: a form with a file. None of it is ever written down."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from litestar.datastructures import UploadFile

from eid.provider.browser import AnyRequest

LARGEST = 12 * 1024 * 1024  # bytes of a call
_LONGEST = 300  # characters of a field
_ADDRESSES = ("url_in", "url_out", "urlback")


class Fault(Exception):  # noqa: N818 - an answer to a client
    """A call that is refused: a code of one word, what it means for whoever builds the client, and the status."""

    def __init__(self, code: str, meaning: str, status: int = 400) -> None:
        super().__init__(code)
        self.code, self.meaning, self.status = code, meaning, status


@dataclass(frozen=True, slots=True)
class Sent:
    """The fields of a call and its file; neither shows itself to whoever prints it."""

    fields: dict[str, str] = field(repr=False)
    file: bytes | None = field(repr=False)
    file_name: str = field(repr=False)

    def text(self, name: str) -> str:
        """Return a field that must be there."""
        value = self.fields.get(name, "")
        if not value:
            raise Fault("missing_parameter", f"{name} is missing")
        return value

    def one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """Return one of several words."""
        value = self.fields.get(name) or default
        if value not in allowed:
            raise Fault("unsupported_parameter", f"{name} must be one of {', '.join(allowed)}")
        return value

    @property
    def document(self) -> bytes:
        """The file that is to be signed."""
        if not self.file:
            raise Fault("missing_parameter", "file is missing")
        return self.file

    @property
    def document_hash(self) -> bytes:
        """The SHA-256 of the document: of its file, or as it was sent in place of it."""
        if self.file:
            return hashlib.sha256(self.file).digest()
        said = self.text("hash")
        if not re.fullmatch(r"[0-9a-fA-F]{64}", said):
            raise Fault("invalid_parameter", "hash must be a SHA-256 in hexadecimal")
        return bytes.fromhex(said)


async def read(request: AnyRequest) -> Sent:
    """Return what was sent; Fault when it is no form, or names addresses from which we would fetch or send."""
    fields: dict[str, str] = {}
    file, name = None, ""
    for key, value in (await request.form()).multi_items():
        given: Any = value
        if isinstance(given, UploadFile) and key == "file" and file is None:
            file, name = await given.read(), given.filename
        elif isinstance(given, str) and key not in fields and len(given) <= _LONGEST and "\0" not in given:
            fields[key] = given.strip()
        else:
            raise Fault("invalid_parameter", "a field is repeated, too long or of another kind")
    if any(fields.get(address) for address in _ADDRESSES):
        raise Fault("unsupported_parameter", "url_in, url_out and urlback are not taken: send the file itself")
    return Sent(fields, file, re.sub(r"[^\w .()-]", "", name)[:60])
