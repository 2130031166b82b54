"""Tells whether a sealed PDF is as it left the institution, from the file alone (ETSI EN 319 102-1)."""

from __future__ import annotations

import asyncio
import io
import logging
import signal
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from pyhanko import keys as _keys
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import ades as _ades
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy, FreshnessReqType
from pyhanko_certvalidator.registry import SimpleTrustManager

from eid.workshop import Workshop

# Their types name asn1crypto's, which has none.
ades, keys = cast("Any", _ades), cast("Any", _keys)

Outcome = Literal["genuine", "changed", "untrusted", "unsigned"]
_LONGEST = 10  # seconds for one file
_AS_LONG_AS_ITS_CERTIFICATE = timedelta(days=20 * 365)


@dataclass(frozen=True, slots=True)
class SealReport:
    """What a PDF's seal says.

    `institution` is the short name in the seal's organizationIdentifier (`arc`), `sealed_at` the proven time of the
    seal, `kept_since` that of the time stamp which keeps it; all None unless the file is genuine or was changed.
    """

    outcome: Outcome
    institution: str | None = None
    sealed_at: datetime | None = None
    kept_since: datetime | None = None


class Inspector:
    """Inspects files from anyone, in a process of its own with bounds on time and memory.

    `root` is a PEM file with the authorities that are trusted.
    """

    def __init__(self, root: Path, *, workers: int = 1) -> None:
        self._root, self._workshop = root, Workshop(workers)

    async def check(self, pdf: bytes, now: datetime) -> SealReport:
        """Return what the PDF's seal says; Unreachable when the process was lost on the way."""
        return await self._workshop.do(check, pdf, self._root.read_bytes(), now)

    def close(self) -> None:
        """End the process."""
        self._workshop.close()


@cache
def inspector(root: Path) -> Inspector:
    """Return this process's inspector for that root; its process starts with the first file and ends with ours."""
    return Inspector(root)


def check(pdf: bytes, roots: bytes, now: datetime) -> SealReport:
    """Return what the PDF's seal says; asks nobody. Any bytes may come: run it in a process of its own."""
    broken = SealReport("changed" if b"/ByteRange" in pdf else "unsigned")
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # what is wrong with the file is the answer, not an event
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        with _at_most(_LONGEST):
            return asyncio.run(_inspected(pdf, roots, now, broken))
    except TimeoutError:
        return broken


async def _inspected(pdf: bytes, roots: bytes, now: datetime, broken: SealReport) -> SealReport:
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        return await _report(reader, _policy(roots), ValidationTimingInfo(now, now, point_in_time_validation=True))
    except Exception:  # noqa: BLE001 - a hostile file may break a parser in any way; then it is not ours as we sealed it
        return broken


async def _report(reader: Any, policy: PdfSignatureValidationSpec, when: ValidationTimingInfo) -> SealReport:  # noqa: ANN401 - partly without types
    signatures = reader.embedded_regular_signatures
    if not signatures:
        return SealReport("unsigned")
    if not _whole(reader):
        return SealReport("changed")
    outcomes = [await ades.ades_lta_validation(signature, policy, when) for signature in signatures]
    if any(_was_changed(outcome.api_status) for outcome in outcomes):
        return SealReport("changed")
    names = [_institution(signature.signer_cert) for signature in signatures]
    institution, seal = next(((name, seal) for name, seal in zip(names, outcomes, strict=True) if name), (None, None))
    if seal is None or any(outcome.ades_subindic is not AdESPassed.OK for outcome in outcomes):
        return SealReport("untrusted")
    return SealReport("genuine", institution, seal.best_signature_time, seal.oldest_evidence_record_timestamp)


def _whole(reader: Any) -> bool:  # noqa: ANN401 - partly without types
    """Tell whether every time stamp is of the bytes that it covers, and the last one covers all there are."""
    for stamp in reader.embedded_timestamp_signatures:
        imprint = stamp.signed_data["encap_content_info"]["content"].parsed["message_imprint"]
        if stamp.compute_digest() != imprint["hashed_message"].native:
            return False
    return reader.embedded_signatures[-1].evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE


def _was_changed(status: Any) -> bool:  # noqa: ANN401 - pyHanko's
    kept = status.modification_level in {ModificationLevel.NONE, ModificationLevel.LTA_UPDATES}
    return not (status.intact and status.valid and status.docmdp_ok and kept)


def _institution(certificate: Any) -> str | None:  # noqa: ANN401 - asn1crypto
    """Return the short name of the institution whose electronic seal this certificate is (ETSI EN 319 412-3 and -5)."""
    every = certificate["tbs_certificate"]["extensions"]
    statements = next((each["extn_value"].parsed for each in every if each["extn_id"].native == "qc_statements"), ())
    if not any(said["statement_info"].native == ["qct_eseal"] for said in statements):
        return None
    identifier = certificate.subject.native.get("organization_identifier", "")
    return identifier.rpartition("-")[2].lower() or None


def _policy(roots: bytes) -> PdfSignatureValidationSpec:
    trusted = SimpleTrustManager.build(trust_roots=list(keys.load_certs_from_pemder_data(roots)))
    of_seals = CertRevTrustPolicy(REQUIRE_REVINFO)
    # Offline, nobody can say more of the last time stamp's authority than what was embedded when it stamped.
    of_stamps = CertRevTrustPolicy(
        REQUIRE_REVINFO, _AS_LONG_AS_ITS_CERTIFICATE, FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION
    )
    offline = RevocationInfoGatheringSpec(
        RevinfoOnlineFetchingRule.LOCAL_ONLY, certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH
    )
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(trusted, of_seals),
            ts_cert_validation_policy=CertValidationPolicySpec(trusted, of_stamps),
            revinfo_gathering_policy=offline,
        )
    )


@contextmanager
def _at_most(seconds: int) -> Generator[None]:
    """Break off with TimeoutError after so many seconds; works where signals do, in a process's first thread."""

    def break_off(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, break_off)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
