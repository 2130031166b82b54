"""Prepares a sheet for a person's signature, and puts the signature in when it comes: PAdES B-LTA.

The secret stays with the signing service. It is handed only a hash, of the signed attributes (CAdES, ETSI EN 319 122-1)
that name the document's own digest and the signer's certificate. Between the two halves everything is plain data, so
that a restart loses nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from asn1crypto import x509 as _x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import load_der_x509_certificate
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers as _signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_signer import PdfTBSDocument, PostSignInstructions, PreSignValidationStatus
from pyhanko_certvalidator import CertificateValidator as _CertificateValidator
from pyhanko_certvalidator.registry import SimpleCertificateStore as _SimpleCertificateStore

from eid import evidence
from eid.evidence import Failure, TrustServices, signers
from eid.workshop import Workshop
from i18n.refusal import Refused, Unreachable
from i18n.text import _

# Their types name asn1crypto's, which has none.
x509, CertificateStore = cast("Any", _x509), cast("Any", _SimpleCertificateStore)
CertificateValidator, TBSDocument = cast("Any", _CertificateValidator), cast("Any", PdfTBSDocument)

_RESERVED = 24_000  # hexadecimal digits for signature, certificates and time stamp; measured 13,000
_SHOWN = 8  # digits of the hash that a person compares on two screens
_PERSON = "PNOXK-"  # a natural person's number in a certificate (ETSI EN 319 412-1)

_SENTENCES = {
    "revoked": _("Your signing certificate was revoked, so nothing was signed. Get a new one where you got your eID."),
    "expired": _("Your signing certificate has expired, so nothing was signed. Renew it where you got your eID."),
}


@dataclass(frozen=True, slots=True)
class Credential:
    """A person's key at a signing service: its id there, and her certificate with those above it (DER)."""

    id: str
    chain: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A sheet with room for one signature, at `place` (from 1).

    `pdf` is the file, in which the first `length` bytes are what was there before, and the room reaches from `start` to
    `end`; `attributes` are what is signed, `chain` the certificates, the signer's own first (all DER).
    """

    pdf: bytes
    length: int
    start: int
    end: int
    digest: bytes
    attributes: bytes
    chain: tuple[bytes, ...]
    place: int

    @property
    def hash(self) -> bytes:
        """The SHA-256 that the signing service signs."""
        return hashlib.sha256(self.attributes).digest()

    @property
    def shown(self) -> str:
        """The first digits of the hash, as both screens show them: `3f9a 01c2`."""
        digits = self.hash.hex()[:_SHOWN]
        return f"{digits[:4]} {digits[4:]}"


class Signatory:
    """Prepares and completes signatures in processes of its own.

    `tsa_url`, `root`, `workers` and `patience` as for `eid.seal.Sealer`.
    """

    def __init__(self, tsa_url: str, root: Path, *, workers: int = 1, patience: int = 20) -> None:
        self._tsa_url, self._root, self._patience = tsa_url, root, patience
        self._workshop = Workshop(workers)

    def open(self) -> None:
        """Start a process now, so that the first signature need not wait for it."""
        self._workshop.begin(evidence.make_ready)

    async def freeze(self, pdf: bytes, places: int) -> bytes:
        """Return a composed sheet with the empty fields of so many signatures and of the seal of receipt."""
        return await self._workshop.do(freeze, pdf, places)

    async def prepare(self, pdf: bytes, place: int, chain: Sequence[bytes], now: datetime) -> Prepared:
        """Return the sheet with room for the signature at `place` (from 1) by the certificate that `chain` begins with.

        `chain` is DER, the signer's own certificate first.
        """
        return await self._workshop.do(prepare, pdf, place, tuple(chain), now)

    async def complete(self, prepared: Prepared, value: bytes, now: datetime) -> bytes:
        """Return the sheet with the signature in it, provable for years.

        Raises Refused when the certificate was revoked or has expired, Unreachable when a trust service does not
        answer: the signature keeps, try again later. There is no such thing as half a signature.
        """
        services = TrustServices(self._tsa_url, self._root.read_bytes(), self._patience)
        signed = await self._workshop.do(complete, prepared, value, services, now)
        if isinstance(signed, bytes):
            return signed
        if signed == "unreachable":
            raise Unreachable(
                "trust_services_unreachable",
                _("The service that keeps signatures provable does not answer. Nothing is lost; we keep trying."),
            )
        raise Refused(f"certificate_{signed}", _SENTENCES[signed])

    def close(self) -> None:
        """End the processes."""
        self._workshop.close()


def signs_for(certificate: bytes, personal_number: str) -> bool:
    """Tell whether a certificate (DER) is of the person with this number."""
    numbers = load_der_x509_certificate(certificate).subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    return [number.value for number in numbers] == [_PERSON + personal_number]


def is_of(prepared: Prepared, value: bytes) -> bool:
    """Tell whether a bare signature is of what was prepared, and by the key of its certificate."""
    key = load_der_x509_certificate(prepared.chain[0]).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(value, prepared.attributes, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def freeze(pdf: bytes, places: int) -> bytes:
    """Return the PDF with empty fields for so many signatures, for the seal, and for the time stamp after each."""
    people = [(_field(place), f"Electronic signature {place}") for place in range(1, places + 1)]
    stamps = [(_archive(place), f"Electronic time stamp {place}") for place in range(1, places + 1)]
    opened = evidence.with_fields(pdf, [*people, *stamps, ("Seal", "Electronic seal"), ("Archive", "Time stamp")])
    written = io.BytesIO()
    cast("Any", opened).write(written)
    return written.getvalue()


def prepare(pdf: bytes, place: int, chain: Sequence[bytes], now: datetime) -> Prepared:
    """Return the PDF with room for the signature at `place`. Asks nobody; keeps a processor busy."""
    return evidence.loop().run(_prepared(pdf, place, chain, now))


async def _prepared(pdf: bytes, place: int, chain: Sequence[bytes], now: datetime) -> Prepared:
    signer = _Given(chain, bytes(evidence.LONGEST_SIGNATURE))
    metadata = signers.PdfSignatureMetadata(
        field_name=_field(place), md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
    )
    opened = IncrementalPdfFileWriter(io.BytesIO(pdf))
    session = signers.PdfSigner(metadata, signer=signer).init_signing_session(opened, existing_fields_only=True)
    session.system_time = now
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=_RESERVED)
    room, written = document.digest_tbs_document()
    attributes = await cast("Any", signer).signed_attrs(room.document_digest, "sha256", use_pades=True)
    start, end = room.reserved_region_start, room.reserved_region_end
    file = cast("bytes", written.getvalue())
    return Prepared(file, len(pdf), start, end, room.document_digest, attributes.dump(), tuple(chain), place)


def complete(prepared: Prepared, value: bytes, services: TrustServices, now: datetime) -> bytes | Failure:
    """Return the signed PDF, or why there is none. Keeps a processor busy and waits: run it in a process of its own."""
    return evidence.loop().run(_completed(prepared, value, services, now))


async def _completed(prepared: Prepared, value: bytes, services: TrustServices, now: datetime) -> bytes | Failure:
    signer = _Given(prepared.chain, value)
    judged = evidence.context(services, signer.cert_registry)
    stamper = evidence.Stamper(services, now)
    file = io.BytesIO(prepared.pdf)
    try:
        async with asyncio.timeout(services.patience):
            proof = await _proof(prepared, signer, judged, stamper)
            signed = await cast("Any", signer).async_sign_prescribed_attributes(
                "sha256", evidence.as_it_stands(prepared.attributes), timestamper=stamper
            )
            await TBSDocument.async_finish_signing(
                file,
                PreparedByteRangeDigest(prepared.digest, prepared.start, prepared.end),
                signed,
                post_sign_instr=_afterwards(proof, stamper, prepared.place),
                validation_context=judged,
            )
    except evidence.REFUSALS as refused:
        return evidence.why(refused, signer.signing_cert)
    except evidence.SILENCES:
        return "unreachable"
    return file.getvalue()


async def _proof(prepared: Prepared, signer: _Given, judged: Any, stamper: evidence.Stamper) -> Any:  # noqa: ANN401 - pyHanko's
    """Return what proves the certificates: the signer's, the stamper's, and that of the last time stamp so far."""
    of_signer = await _path(signer.signing_cert, signer.cert_registry, judged, key_usage={"non_repudiation"})
    before: Any = PdfFileReader(io.BytesIO(prepared.pdf[: prepared.length]))
    earlier = [
        await _path(
            stamp.signer_cert, stamp.other_embedded_certs, judged, key_usage=set(), extended_key_usage={"time_stamping"}
        )
        for stamp in before.embedded_timestamp_signatures[-1:]
    ]
    of_stamper = [path async for path in cast("Any", stamper).validation_paths(judged)]
    return PreSignValidationStatus(
        validation_paths=[of_signer, *earlier, *of_stamper],
        signer_path=of_signer,
        ts_validation_paths=of_stamper,
        ocsps_to_embed=judged.ocsps,
        crls_to_embed=judged.crls,
    )


async def _path(certificate: Any, others: Any, judged: Any, **usage: set[str]) -> Any:  # noqa: ANN401 - pyHanko's
    validator = CertificateValidator(certificate, intermediate_certs=others, validation_context=judged)
    return await validator.async_validate_usage(**usage)


def _afterwards(proof: Any, stamper: evidence.Stamper, place: int) -> PostSignInstructions:  # noqa: ANN401 - pyHanko's
    return PostSignInstructions(
        validation_info=proof,
        timestamper=stamper,
        timestamp_md_algorithm="sha256",
        timestamp_field_name=_archive(place),
        dss_settings=evidence.ALL_BEFORE_THE_TIME_STAMP,
    )


class _Given(_signers.ExternalSigner, evidence.Encoded):
    """A signer whose signature is given: the service made it."""

    def __init__(self, chain: Sequence[bytes], value: bytes) -> None:
        certificates = [x509.Certificate.load(each) for each in chain]
        known = CertificateStore.from_certs(certificates)
        cast("Any", super()).__init__(signing_cert=certificates[0], cert_registry=known, signature_value=value)


def _field(place: int) -> str:
    return f"Signature{place}"


def _archive(place: int) -> str:
    return f"Archive{place}"
