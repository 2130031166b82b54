"""Makes advanced signatures: PAdES in a PDF (ETSI EN 319 142-1), CAdES over anything (ETSI EN 319 122-1).

Runs in a process of its own. The time stamps and the answers about certificates are our own trust services', so it
asks them without a network.
"""

from __future__ import annotations

import asyncio
import io
import logging
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko import keys as _keys
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers as _signers
from pyhanko.sign.fields import (
    InvisSigSettings,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
)
from pyhanko.sign.fields import enumerate_sig_fields as _enumerate
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import pdf_cms as _pdf_cms
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, TimestampDSSContentSettings
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore as _SimpleCertificateStore

from eid.provider.keystore import Pki, PkiError, opened, pem
from eid.provider.signing.algorithm import HASHES
from eid.provider.signing.proof import LocalStamper, context_of, evidence_of
from eid.provider.signing.wrapped import Encoded

# They name asn1crypto's types, which has none.
signers, _cms, keys = cast("Any", _signers), cast("Any", _pdf_cms), cast("Any", _keys)
CertificateStore, enumerate_sig_fields = cast("Any", _SimpleCertificateStore), cast("Any", _enumerate)

Level: TypeAlias = Literal["B", "T", "LT", "LTA"]
Failure: TypeAlias = Literal["unreadable", "certified", "unprovable"]
_HASHES: dict[str, hashes.HashAlgorithm] = {one.name: one for one in HASHES.values()}
_LONGEST_SIGNATURE = 72  # bytes: ECDSA on P-256 in DER
_ALL_BEFORE_THE_TIME_STAMP = DSSContentSettings(
    include_vri=False, next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the trust services are kept, and under which passphrase."""

    folder: Path
    passphrase: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Order:
    """One signature to make: over a document, or over the hash of one that only the client has (`is_digest`)."""

    content: bytes = field(repr=False)
    is_digest: bool
    kind: Literal["P", "C"]
    level: Level
    is_certifying: bool
    is_detached: bool
    digest_algorithm: str  # sha256…
    reason: str = ""  # what a PDF's signature states beside whose it is


@dataclass(frozen=True, slots=True)
class Made:
    """A signature: a whole document, or a CMS object; and what proves it."""

    content: bytes
    is_document: bool
    ocsp: tuple[bytes, ...]
    crl: tuple[bytes, ...]
    certificates: tuple[bytes, ...]


def make(order: Order, key: bytes, certificate: bytes, place: Place, now: datetime) -> Made | Failure:
    """Return the signature, or why there is none."""
    try:
        pki = _services(place)
        signer = _Signer(key, certificate, pki)
        with asyncio.Runner() as loop:
            if order.kind == "P" and not order.is_digest:
                return _proven(loop.run(_document(order, signer, pki, now)), signer, pki, now, is_document=True)
            return loop.run(_object(order, signer, pki, now))
    except _Certified:
        return "certified"
    except (ValidationError, PathError, SigningError, PkiError, OSError):
        return "unprovable"  # our own time stamps or answers about certificates are not to be had, or not believed
    except (PdfError, ValueError, TypeError, KeyError, RecursionError, NotImplementedError):
        return "unreadable"


@cache
def _services(place: Place) -> Pki:
    # It warns of not fetching what it is given.
    logging.getLogger("pyhanko.sign").setLevel(logging.ERROR)
    return opened(place.folder, place.passphrase)


class _Certified(Exception):  # noqa: N818 - an answer
    """A document that is signed already cannot be certified any more (ISO 32000-1, 12.8.2.2)."""


async def _document(order: Order, signer: _Signer, pki: Pki, now: datetime) -> bytes:
    """Return the PDF with the signature in it, at the level that was ordered."""
    before = PdfFileReader(io.BytesIO(order.content), strict=False)
    if before.embedded_signatures and order.is_certifying:
        raise _Certified
    opened_pdf = IncrementalPdfFileWriter(io.BytesIO(order.content), strict=False)
    names = _field(opened_pdf, "Signature"), _field(opened_pdf, "Archive") if order.level == "LTA" else None
    metadata = signers.PdfSignatureMetadata(
        field_name=names[0],
        timestamp_field_name=names[1],
        md_algorithm=order.digest_algorithm,
        subfilter=SigSeedSubFilter.PADES,
        certify=order.is_certifying,
        reason=order.reason or None,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        embed_validation_info=order.level in {"LT", "LTA"},
        use_pades_lta=order.level == "LTA",
        dss_settings=_ALL_BEFORE_THE_TIME_STAMP if order.level == "LTA" else DSSContentSettings(include_vri=False),
        validation_context=context_of(pki, signer.der, now),
        signer_key_usage={"non_repudiation"},
    )
    work: Any = _AtTheTime(metadata, signer, None if order.level == "B" else LocalStamper(pki, now), now)
    return (await work.async_sign_pdf(opened_pdf, existing_fields_only=True)).getvalue()


def _field(opened_pdf: IncrementalPdfFileWriter, name: str) -> str:
    """Return the first field of that name with a number that waits for a signature, else a new one."""
    known = {each[0]: each[1] is not None for each in enumerate_sig_fields(opened_pdf)}
    waits = next(
        (each for each, is_filled in known.items() if re.fullmatch(rf"{name}\d+", each) and not is_filled), None
    )
    if waits:
        return waits
    new = next(f"{name}{place}" for place in range(1, len(known) + 2) if f"{name}{place}" not in known)
    unseen = InvisSigSettings(box_out_of_bounds=True)
    append_signature_field(opened_pdf, SigFieldSpec(new, invis_sig_settings=unseen))
    return new


async def _object(order: Order, signer: _Signer, pki: Pki, now: datetime) -> Made:
    """Return a CMS object: of a PDF's hash to be put into it, or of anything."""
    stamper = None if order.level == "B" else LocalStamper(pki, now)
    how: dict[str, Any] = {"digest_algorithm": order.digest_algorithm, "timestamper": stamper}
    work = cast("Any", signer)
    if order.kind == "P":
        # PAdES has the time beside the signature, in the document that only the client has.
        return _proven((await work.async_sign(order.content, use_pades=True, **how)).dump(), signer, pki, now)
    how["signed_attr_settings"] = _cms.PdfCMSSignedAttributes(
        signing_time=now, cades_signed_attrs=_cms.CAdESSignedAttrSpec()
    )
    if order.is_digest:
        signed = await work.async_sign(order.content, is_pdf_sig=False, use_pades=True, **how)
    else:
        signed = await work.async_sign_general_data(order.content, detached=order.is_detached, use_cades=True, **how)
    return _proven(signed.dump(), signer, pki, now)


def _proven(content: bytes, signer: _Signer, pki: Pki, now: datetime, *, is_document: bool = False) -> Made:
    ocsps, crls = evidence_of(pki, signer.der, now)
    root = pki.root.certificate.public_bytes(serialization.Encoding.DER)
    return Made(content, is_document=is_document, ocsp=ocsps, crl=crls, certificates=(root,))


class _AtTheTime(_signers.PdfSigner):
    """A signing at a given time."""

    def __init__(self, metadata: Any, signer: _Signer, stamper: LocalStamper | None, now: datetime) -> None:  # noqa: ANN401 - pyHanko's
        cast("Any", super()).__init__(metadata, signer=signer, timestamper=stamper)
        self._now = now

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - pyHanko's
        session = cast("Any", super()).init_signing_session(*args, **kwargs)
        session.system_time = self._now
        return session


class _Signer(Encoded):
    """Signs with a citizen's key."""

    def __init__(self, key: bytes, certificate: bytes, pki: Pki) -> None:
        self._key = cast("ec.EllipticCurvePrivateKey", serialization.load_der_private_key(key, None))
        self.der = certificate
        (own,) = keys.load_certs_from_pemder_data(certificate)
        above = keys.load_certs_from_pemder_data(pem(pki.issuing.certificate) + pem(pki.root.certificate))
        known = CertificateStore.from_certs([own, *above])
        cast("Any", super()).__init__(signing_cert=own, cert_registry=known)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002 - pyHanko's signature
        if dry_run:
            return bytes(_LONGEST_SIGNATURE)
        return self._key.sign(data, ec.ECDSA(_HASHES[digest_algorithm]))
