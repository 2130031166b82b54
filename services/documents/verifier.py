"""What anyone needs to verify files alone, as one archive: the trusted authority, and how, in three languages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificates

from i18n.text import LANGUAGES, Language, Text, _

_NAMES: Mapping[Language, str] = {"sq": "UDHEZIME.txt", "sr": "UPUTSTVO.txt", "en": "INSTRUCTIONS.txt"}
_LONG_AGO = (2026, 1, 1, 0, 0, 0)  # the same archive gives the same bytes

_LINES: tuple[Text | str, ...] = (
    _("How to verify a document of the citizen portal on your own computer (DEMO)"),
    "",
    _("You need the document as a PDF file, here called document.pdf, and the file root.pem of this archive."),
    _("First compare the fingerprint of root.pem with one that you have from elsewhere, such as a service centre:"),
    "{fingerprints}",
    "",
    _("With pyHanko (any system with Python). It sees changes that others overlook, so it is the one to trust:"),
    "    pip install 'pyhanko[async-http]' pyhanko-cli",
    "    pyhanko sign adesverify --pretty-print --trust root.pem --trust-replace document.pdf",
    _("Each signature must be “judged VALID”, and all modifications must “relate to” signatures, nothing else."),
    "",
    _("With pdfsig (Poppler): it says who signed and when, but not whether something was added later:"),
    "    pdfsig document.pdf",
    "",
    _("With openssl: whether the certificate of a signature comes from the trusted authority:"),
    "    pdfsig -dump document.pdf",
    "    openssl pkcs7 -inform DER -in document.pdf.sig0 -print_certs -out signers.pem",
    "    openssl verify -purpose any -CAfile root.pem -untrusted signers.pem signers.pem",
    "",
    _("With this portal's own program, where it is installed:"),
    "    portal verify --root root.pem document.pdf",
    "",
    _("Whether it was revoked, the list of revoked documents says: a JWS (RFC 7515, ES256), with its key:"),
    "    curl -o revocations.jws {portal}/verify/revocations.jws",
    "    curl -o keys.json {portal}/verify/revocations/keys",
    _("A file is revoked when its SHA-256 stands there. Keep the list no longer than it says (“exp”):"),
    "    sha256sum document.pdf",
    "    cut -d . -f 2 revocations.jws | basenc -d --base64url 2>/dev/null",
)


@lru_cache(maxsize=4)
def packed(roots: bytes, portal: str = "") -> bytes:
    """Return the archive for these authorities (PEM); `portal` is where the list of revoked documents stands."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        _put(opened, "root.pem", roots)
        for language in LANGUAGES:
            _put(opened, _NAMES[language], _instructions(roots, portal, language).encode())
    return archive.getvalue()


def _instructions(roots: bytes, portal: str, language: Language) -> str:
    lines = (line if isinstance(line, str) else line.say(language) for line in _LINES)
    return (
        "\n".join(lines).replace("{fingerprints}", "\n".join(_fingerprints(roots))).replace("{portal}", portal) + "\n"
    )


def _fingerprints(roots: bytes) -> list[str]:
    made = load_pem_x509_certificates(roots)
    return [f"    SHA-256 {each.fingerprint(SHA256()).hex(':').upper()}" for each in made]


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content)
