"""An issued document: what it is, whom it is about in part, and the code by which anyone may verify it."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from i18n.text import Language

REFUSED = "-refused"  # what follows the kind of a document that refuses to give it
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_CODE_LENGTH = 16  # characters of 5 bits: 80 bits, which nobody guesses through a rate limit
_GROUP = 4
_MISREAD = str.maketrans("OIL", "011")
# What a QR code writes in 5½ bits a character instead of 8 (ISO/IEC 18004, alphanumeric mode).
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]*")


@dataclass(frozen=True, slots=True)
class Document:
    """A sealed document as it was issued; `code` in its normal form, `sha256` of the sealed file.

    `kind` is what the service's definition calls it (`birth-extract`), with REFUSED of the decision that refuses it;
    `institution` the short name of its issuer (`arc`), `desk` the office of it that answers for it, `holder_masked` the
    person's name in part (`A*** K***`). `replaces` is the document in whose place it was issued, `replaced_by` the code
    of the one that took its own.
    """

    id: UUID
    application_id: UUID
    code: str
    kind: str
    language: Language
    institution: str
    reference: str
    holder_masked: str
    sha256: bytes
    sealed_at: datetime
    revoked_at: datetime | None = None
    revocation_reason: str | None = None
    revocation_ground: str | None = None
    revocation_desk: str | None = None
    replaces: UUID | None = None
    replaced_by: str | None = None
    desk: str = ""


def new_code() -> str:
    """Return a fresh verification code in its normal form: 16 characters, 80 random bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))


def printed(code: str) -> str:
    """Return a code as it is printed: `7K3M-9QF2-D4TN-8WXP`."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def normal(typed: str) -> str:
    """Return what a reader typed in the normal form: capitals, without spaces and dashes, O as 0, I and L as 1.

    Of the whole address that stands below the QR code, the code is its end (a sheet breaks it by spaces without width).
    What could never be a code comes back as the empty string.
    """
    code = re.sub(r"[\s\-‐‑–—\u200b]", "", typed.rpartition("/")[2]).upper().translate(_MISREAD)
    return code if len(code) == _CODE_LENGTH and all(sign in _ALPHABET for sign in code) else ""


def mask(name: str) -> str:
    """Return a name in part: `Arta Krasniqi` becomes `A*** K***`, whatever its length."""
    return " ".join(f"{part[0]}***" for part in name.split())


def verify_url(portal_url: str, code: str) -> str:
    """Return the address at which anyone verifies the document of this code."""
    return f"{portal_url.rstrip('/')}/v/{code}"


def qr_text(url: str) -> str:
    """Return the address in capitals when it stays the same address, so that its QR code is smaller and reads easier.

    Scheme and host know no case and codes are read in any; a longer path of the portal's may know it.
    """
    capitals = url.upper()
    short = re.fullmatch(r"/[vV]/[0-9A-Z]+", urlsplit(url).path) is not None
    return capitals if short and _ALPHANUMERIC.fullmatch(capitals) else url


def digest(pdf: bytes) -> bytes:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(pdf).digest()
