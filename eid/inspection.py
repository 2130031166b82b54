"""Tells what the signatures and seals of a PDF are worth, from the file alone (ETSI EN 319 102-1)."""

from __future__ import annotations

import asyncio
import io
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from pyhanko import keys as _keys
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed
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

from eid.mark import Kind, Level, Mark, Standing
from eid.workshop import Workshop, at_most

# Their types name asn1crypto's, which has none.
ades, keys = cast("Any", _ades), cast("Any", _keys)

Outcome = Literal["genuine", "signed", "changed", "untrusted", "unsigned"]
_LONGEST = 10  # seconds for one file
_LONGEST_NAME = 120
_UNTIL_ALL_ARE_OLD = (timedelta(0), timedelta(hours=2), timedelta(days=8), timedelta(days=40))
_AS_LONG_AS_ITS_CERTIFICATE = timedelta(days=20 * 365)


@dataclass(frozen=True, slots=True)
class SealReport:
    """What a PDF's signatures and seals say: `genuine` bears an institution's seal, `signed` only people's signatures.

    `marks` are all of them, in the order of the file. `institution` is the short name in the seal's
    organizationIdentifier (`arc`), `sealed_at` the proven time of the seal, `kept_since` that of the time stamp which
    keeps it; all None unless the file is genuine.
    """

    outcome: Outcome
    institution: str | None = None
    sealed_at: datetime | None = None
    kept_since: datetime | None = None
    marks: tuple[Mark, ...] = ()


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
        with at_most(_LONGEST):
            return asyncio.run(_inspected(pdf, roots, now, broken))
    except TimeoutError:
        return broken


async def _inspected(pdf: bytes, roots: bytes, now: datetime, broken: SealReport) -> SealReport:
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        return await _report(reader, _policy(roots), now)
    except Exception:  # noqa: BLE001 - a hostile file may break a parser in any way; then it is not ours as we sealed it
        return broken


async def _report(reader: Any, policy: PdfSignatureValidationSpec, now: datetime) -> SealReport:  # noqa: ANN401 - partly without types
    signatures = reader.embedded_regular_signatures
    if not signatures:
        return SealReport("unsigned")
    outcomes = [await _judged(signature, policy, now) for signature in signatures]
    is_whole = _whole(reader)
    marks = tuple(_mark(*each, is_whole=is_whole) for each in zip(signatures, outcomes, strict=True))
    if any(mark.standing == "changed" for mark in marks):
        return SealReport("changed", marks=marks)
    if any(mark.standing != "valid" for mark in marks):
        return SealReport("untrusted", marks=marks)
    place = next((place for place, mark in enumerate(marks) if mark.institution), None)
    if place is None:
        return SealReport("signed", marks=marks)
    kept_since = outcomes[place].oldest_evidence_record_timestamp
    return SealReport("genuine", marks[place].institution, marks[place].made_at, kept_since, marks)


async def _judged(signature: Any, policy: PdfSignatureValidationSpec, now: datetime) -> Any:  # noqa: ANN401 - pyHanko's
    """Return what a signature is worth now, by what the file proves.

    While of two answers of authorities in the file only one is too old for today, pyHanko takes their chain for broken
    instead of looking at what was proven when they were fresh. It is therefore asked again as of a later day, on which
    both are: that proves nothing that is not proven today.
    """
    outcome = None
    for later in _UNTIL_ALL_ARE_OLD:
        at = now + later
        when = ValidationTimingInfo(at, at, point_in_time_validation=True)
        outcome = await ades.ades_lta_validation(signature, policy, when)
        if outcome.ades_subindic is not AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE:
            break
    return outcome


def _mark(signature: Any, outcome: Any, *, is_whole: bool) -> Mark:  # noqa: ANN401 - pyHanko's
    certificate = signature.signer_cert
    kind = _kind(certificate)
    standing = _standing(outcome) if is_whole else "changed"
    # A good certificate that is neither a person's nor an institution's proves nothing here.
    standing = "untrusted" if kind is None and standing == "valid" else standing
    return Mark(
        kind=kind or "signature",
        name=_name(certificate),
        institution=_institution(certificate) if kind == "seal" else None,
        made_at=outcome.best_signature_time if standing == "valid" and _is_stamped(signature) else None,
        level=_level(signature, outcome),
        standing=standing,
        is_last=outcome.api_status.modification_level in {ModificationLevel.NONE, ModificationLevel.LTA_UPDATES},
        reason=_readable(signature.sig_object.get("/Reason") or "") if standing == "valid" else "",
    )


def _standing(outcome: Any) -> Standing:  # noqa: ANN401 - pyHanko's
    said = outcome.ades_subindic
    if _was_changed(outcome.api_status):
        return "changed"
    if said is AdESPassed.OK:
        return "valid"
    if said in _REVOKED:
        return "revoked"
    if said in _EXPIRED:
        return "expired"
    return "untrusted" if said is AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND else "unproven"


_REVOKED = {AdESFailure.REVOKED, AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE}
_EXPIRED = {
    AdESFailure.NOT_YET_VALID,
    AdESIndeterminate.EXPIRED,
    AdESIndeterminate.NOT_YET_VALID,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE,
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED,
}


def _level(signature: Any, outcome: Any) -> Level:  # noqa: ANN401 - pyHanko's
    """Return how far the file proves the signature: it was judged offline, so what passes has its proof in the file.

    Whose time stamps they are is known only of what passes: anyone can stamp a file with a time of his own.
    """
    if outcome.ades_subindic is not AdESPassed.OK or not _is_stamped(signature):
        return "B-B"
    return "B-LTA" if outcome.oldest_evidence_record_timestamp else "B-LT"


def _is_stamped(signature: Any) -> bool:  # noqa: ANN401 - pyHanko's
    # The kind alone: to turn the stamp itself into Python's values took three times as long as all of the judgement.
    return any(each["type"].native == "signature_time_stamp_token" for each in signature.signer_info["unsigned_attrs"])


def _name(certificate: Any) -> str:  # noqa: ANN401 - asn1crypto
    """Return the common name."""
    return _readable(certificate.subject.native.get("common_name") or certificate.subject.human_friendly)


def _readable(text: object) -> str:
    """Return a text as written, yet without what could hide or turn other letters."""
    return "".join(letter for letter in str(text) if letter.isprintable())[:_LONGEST_NAME]


def _whole(reader: Any) -> bool:  # noqa: ANN401 - partly without types
    """Tell whether every time stamp is of the bytes that it covers, and the last one covers all there are."""
    for stamp in reader.embedded_timestamp_signatures:
        imprint = stamp.signed_data["encap_content_info"]["content"].parsed["message_imprint"]
        if stamp.compute_digest() != imprint["hashed_message"].native:
            return False
    return reader.embedded_signatures[-1].evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE


def _was_changed(status: Any) -> bool:  # noqa: ANN401 - pyHanko's
    # Filling a form is here to sign in the field that waits for it: our sheets have no other, and a document that is
    # certified against any change says so (`docmdp_ok`).
    kept = status.modification_level in _HARMLESS
    return not (status.intact and status.valid and status.docmdp_ok and kept)


_HARMLESS = {ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING}


def _kind(certificate: Any) -> Kind | None:  # noqa: ANN401 - asn1crypto
    """Return what a certificate is for by its own statements (ETSI EN 319 412-5): a person's signature, or a seal."""
    every = certificate["tbs_certificate"]["extensions"]
    statements = next((each["extn_value"].parsed for each in every if each["extn_id"].native == "qc_statements"), ())
    said = [each["statement_info"].native for each in statements]
    return "seal" if ["qct_eseal"] in said else "signature" if ["qct_esign"] in said else None


def _institution(certificate: Any) -> str | None:  # noqa: ANN401 - asn1crypto
    """Return the short name of the institution whose electronic seal this certificate is (ETSI EN 319 412-3)."""
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
