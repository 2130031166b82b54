"""Prepares a sheet for a person's signature, and puts the signature in when it comes: PAdES B-LTA.

The secret stays with the signing service. It is handed only a hash, of the signed attributes (CAdES, ETSI EN 319 122-1)
that name the document's own digest and the signer's certificate. Between the two halves everything is plain data, so
that a restart loses nothing. A service that signs whole documents gives one back that is judged (eid/returned.py), then
completed like any other.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from asn1crypto import x509 as _x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers as _signers
from pyhanko.sign.fields import SigSeedSubFilter, ensure_sig_flags
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_signer import PdfPostSignatureDocument, PostSignInstructions, PreSignValidationStatus
from pyhanko.sign.validation import generic_cms as _cms
from pyhanko_certvalidator import CertificateValidator as _CertificateValidator
from pyhanko_certvalidator.registry import SimpleCertificateStore as _SimpleCertificateStore

from eid import evidence
from eid.errors import NotSigned
from eid.evidence import Failure, TrustServices, signers
from eid.prepared import Prepared
from eid.returned import Asked, Received, returned
from eid.workshop import Workshop
from i18n.refusal import Refused, Unreachable
from i18n.text import _

# Their types name asn1crypto's, which has none.
x509, CertificateStore = cast("Any", _x509), cast("Any", _SimpleCertificateStore)
CertificateValidator, PostSignature = cast("Any", _CertificateValidator), cast("Any", PdfPostSignatureDocument)
cms, Room = cast("Any", _cms), cast("Any", PreparedByteRangeDigest)

_RESERVED = 24_000  # hexadecimal digits for signature, certificates and time stamp; measured 13,000

_SENTENCES = {
    "revoked": _("Your signing certificate was revoked, so nothing was signed. Get a new one where you got your eID."),
    "expired": _("Your signing certificate has expired, so nothing was signed. Renew it where you got your eID."),
}


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

    async def prepare(
        self, pdf: bytes, place: int, chain: Sequence[bytes], now: datetime, reason: str = ""
    ) -> Prepared:
        """Return the sheet with room for the signature at `place` (from 1) by the certificate that `chain` begins with.

        `chain` is DER, the signer's own certificate first; `reason` is what the signature states beside, if anything.
        """
        return await self._workshop.do(prepare, pdf, place, tuple(chain), now, reason)

    async def receive(self, sheet: bytes, signed: bytes, place: int, now: datetime, reason: str = "") -> Received:
        """Return a sheet that a service signed whole, and the bare signature in it; NotSigned when it is anything else.

        `sheet` is what was sent there, `place` whose signature was asked for, `reason` what it is to state beside.
        """
        asked = Asked(sheet, place, reason)
        judged = await self._workshop.do(returned, asked, signed, self._root.read_bytes(), now)
        if isinstance(judged, str):
            raise NotSigned(judged)
        return judged

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


def freeze(pdf: bytes, places: int) -> bytes:
    """Return the PDF with empty fields for so many signatures, for the seal, and for the time stamp after each."""
    people = [(_field(place), f"Electronic signature {place}") for place in range(1, places + 1)]
    stamps = [(_archive(place), f"Electronic time stamp {place}") for place in range(1, places + 1)]
    opened = evidence.with_fields(pdf, [*people, *stamps, ("Seal", "Electronic seal"), ("Archive", "Time stamp")])
    ensure_sig_flags(opened, lock_sig_flags=True)  # from now on the file only grows (ISO 32000-1, 12.7.2)
    written = io.BytesIO()
    cast("Any", opened).write(written)
    return written.getvalue()


def prepare(pdf: bytes, place: int, chain: Sequence[bytes], now: datetime, reason: str = "") -> Prepared:
    """Return the PDF with room for the signature at `place`. Asks nobody; keeps a processor busy."""
    return evidence.loop().run(_prepared(pdf, place, chain, now, reason))


async def _prepared(pdf: bytes, place: int, chain: Sequence[bytes], now: datetime, reason: str) -> Prepared:
    signer = _Given(chain, bytes(evidence.LONGEST_SIGNATURE))
    metadata = signers.PdfSignatureMetadata(
        field_name=_field(place), md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason or None
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
            if not prepared.is_filled:
                signed = await cast("Any", signer).async_sign_prescribed_attributes(
                    "sha256", evidence.as_it_stands(prepared.attributes), timestamper=stamper
                )
                Room(prepared.digest, prepared.start, prepared.end).fill_with_cms(file, signed)
            # Nothing is kept by the signature's own bytes (VRI), so they are not asked for.
            afterwards = PostSignature(b"", _afterwards(proof, stamper, prepared.place), judged)
            await afterwards.post_signature_processing(file)
    except evidence.REFUSALS as refused:
        return evidence.why(refused, signer.signing_cert)
    except evidence.SILENCES:
        return "unreachable"
    return file.getvalue()


async def _proof(prepared: Prepared, signer: _Given, judged: Any, stamper: evidence.Stamper) -> Any:  # noqa: ANN401 - pyHanko's
    """Return what proves the certificates: the signer's, the stamper's, and those of the time stamps so far."""
    of_signer = await _path(signer.signing_cert, signer.cert_registry, judged, key_usage={"non_repudiation"})
    earlier = [
        await _path(stamper, others, judged, key_usage=set(), extended_key_usage={"time_stamping"})
        for stamper, others in _earlier_stampers(prepared)
    ]
    of_stamper = [path async for path in cast("Any", stamper).validation_paths(judged)]
    return PreSignValidationStatus(
        validation_paths=[of_signer, *earlier, *of_stamper],
        signer_path=of_signer,
        ts_validation_paths=of_stamper,
        ocsps_to_embed=judged.ocsps,
        crls_to_embed=judged.crls,
    )


def _earlier_stampers(prepared: Prepared) -> list[tuple[Any, Any]]:
    """Return who made the last time stamp of the sheet, and the one that a signature brought with it."""
    before: Any = PdfFileReader(io.BytesIO(prepared.pdf[: prepared.length]))
    found = [(each.signer_cert, each.other_embedded_certs) for each in before.embedded_timestamp_signatures[-1:]]
    if prepared.is_filled:
        after: Any = PdfFileReader(io.BytesIO(prepared.pdf))
        tokens = cms.extract_tst_data_iter(after.embedded_signatures[-1].signer_info, signed=False)
        found += [(each.signer_cert, each.other_certs) for each in map(cms.extract_certs_for_validation, tokens)]
    return found


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
