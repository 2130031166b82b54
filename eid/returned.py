"""Judges a sheet that comes back signed from a service that signs whole documents.

It must be the sheet that was sent, byte by byte, then exactly one signature by a certificate under our roots, stamped
with the time of now, and nothing else. Whose certificate it is, says `eid.prepared.signs_for`.
"""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias, cast

from pyhanko import keys as _keys
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.fields import enumerate_sig_fields as _enumerate
from pyhanko.sign.validation import async_validate_pdf_signature as _validated
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext as _ValidationContext

from eid import evidence
from eid.prepared import Prepared
from eid.workshop import at_most

# Their types name asn1crypto's, which has none.
keys, validated, ValidationContext = cast("Any", _keys), cast("Any", _validated), cast("Any", _ValidationContext)
enumerate_sig_fields = cast("Any", _enumerate)

Flaw = Literal[
    "another_sheet",
    "not_one_signature",
    "sheet_changed",
    "wrong_signature",
    "certificate_expired",
    "untrusted",
    "not_stamped",
]
Received: TypeAlias = tuple[Prepared, bytes]

_LONGEST = 10  # seconds for one file
_CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: the `sheet` that was sent, whose signature (`place`, from 1), and the `reason` it is to state."""

    sheet: bytes
    place: int
    reason: str


def returned(asked: Asked, signed: bytes, roots: bytes, now: datetime) -> Received | Flaw:
    """Return the sheet with the signature in it, and the bare signature; or what is wrong with it.

    Asks nobody. Any bytes may come: run it in a process of its own.
    """
    if not signed.startswith(asked.sheet):
        return "another_sheet"
    for name in ("pyhanko", "pyhanko_certvalidator"):  # what is wrong with the file is the answer, not an event
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        with at_most(_LONGEST):
            return evidence.loop().run(_judged(asked, signed, roots, now))
    except Exception:  # noqa: BLE001 - a hostile file may break a parser in any way; then it is no sheet of ours
        return "sheet_changed"


async def _judged(asked: Asked, signed: bytes, roots: bytes, now: datetime) -> Received | Flaw:
    before: Any = PdfFileReader(io.BytesIO(asked.sheet))
    after: Any = PdfFileReader(io.BytesIO(signed), strict=True)
    if len(after.embedded_signatures) != len(before.embedded_signatures) + 1:
        return "not_one_signature"
    new = after.embedded_signatures[-1]
    if not _stands_alone(new, signed, before, asked):
        return "not_one_signature"
    if not _is_all_that_changed(before, after, new.field_name):
        return "sheet_changed"
    if flaw := await _fault(new, roots, now):
        return flaw
    chain = tuple(each.dump() for each in (new.signer_cert, *new.other_embedded_certs))
    attributes = new.signer_info["signed_attrs"].untag().dump()
    start, end = int(new.byte_range[1]), int(new.byte_range[2])
    prepared = Prepared(signed, len(asked.sheet), start, end, new.compute_digest(), attributes, chain, asked.place)
    return prepared, new.signer_info["signature"].native


def _stands_alone(new: Any, signed: bytes, before: Any, asked: Asked) -> bool:  # noqa: ANN401 - pyHanko's
    """Tell whether it signs all the file, unseen, locking and stating nothing else, in its field or a new one."""
    known = {each[0] for each in enumerate_sig_fields(before)}
    left, _top, right, _bottom = (float(each) for each in new.sig_field["/Rect"])
    gap = signed[new.byte_range[1] : new.byte_range[2]]
    return (
        new.sig_object_type == "/Sig"
        and new.sig_object["/SubFilter"] == SigSeedSubFilter.PADES.value
        and new.evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE
        and gap[:1] + gap[-1:] == b"<>"
        and bytes.fromhex(gap[1:-1].decode()) == new.pkcs7_content
        and (new.field_name == f"Signature{asked.place}" or new.field_name not in known)
        and left == right
        and new.docmdp_level is None
        and (new.sig_object.get("/Reason") or "") == asked.reason
    )


def _is_all_that_changed(before: Any, after: Any, field: str) -> bool:  # noqa: ANN401 - pyHanko's
    """Tell whether nothing but the signature came: what it covers could be another page in the place of hers."""
    found = DEFAULT_DIFF_POLICY.review_file(after, before.xrefs.total_revisions - 1)
    if not isinstance(found, DiffResult) or found.modification_level > ModificationLevel.FORM_FILLING:
        return False
    return found.changed_form_fields <= {field}


async def _fault(new: Any, roots: bytes, now: datetime) -> Flaw | None:  # noqa: ANN401 - pyHanko's
    """Return what is wrong with the signature itself; that its certificate was revoked shows when it is completed."""
    trusted = ValidationContext(
        trust_roots=list(keys.load_certs_from_pemder_data(roots)),
        other_certs=list(new.other_embedded_certs),
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=now,
    )
    status = await validated(new, signer_validation_context=trusted, skip_diff=True)
    if not (status.intact and status.valid):
        return "wrong_signature"
    if new.signer_cert.not_valid_after < now:
        return "certificate_expired"
    if not status.trusted:
        return "untrusted"
    stamp = status.timestamp_validity
    if stamp is None or not (stamp.intact and stamp.valid and stamp.trusted):
        return "not_stamped"
    return None if abs(stamp.timestamp - now) < _CLOCKS_DIFFER else "not_stamped"
