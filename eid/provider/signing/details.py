"""What is to be signed, as a rich authorization request (RFC 9396) of the type `credential` (CSC API v2, 8.4.2)."""

from __future__ import annotations

from typing import Any, Literal, cast

import msgspec

from eid.provider.errors import Rejection
from eid.provider.request import ToSign
from eid.provider.signing.algorithm import hash_algorithm_of
from eid.provider.signing.words import QUALIFIER, described, read_hashes

TYPE = "credential"
ERROR = "invalid_authorization_details"


class _Digest(msgspec.Struct, forbid_unknown_fields=True):
    """A document to be signed: its hash, and how the client calls it."""

    hash: str
    label: str | None = None


class _Detail(msgspec.Struct, forbid_unknown_fields=True):
    """One request; its person is known by her key, so that one that names a kind of signature alone cannot be asked."""

    type: Literal["credential"]
    credential_id: str = msgspec.field(name="credentialID")
    digests: list[_Digest] = msgspec.field(name="documentDigests")
    hash_algorithm: str | None = msgspec.field(name="hashAlgorithmOID", default=None)
    qualifier: str = msgspec.field(name="signatureQualifier", default=QUALIFIER)
    locations: list[str] = []


def read_details(sent: str) -> ToSign:
    """Return what is asked for by `authorization_details`, an array of one or that one; Rejection for anything else."""
    try:
        read: list[_Detail] | _Detail = msgspec.json.decode(sent, type=cast("Any", list[_Detail] | _Detail))
    except (msgspec.DecodeError, ValueError, RecursionError) as wrong:
        raise Rejection(ERROR, f"authorization_details: {wrong}") from wrong
    if isinstance(read, list) and len(read) != 1:
        raise Rejection(ERROR, "authorization_details must hold one request.")
    detail = read[0] if isinstance(read, list) else read
    if detail.qualifier != QUALIFIER:
        raise Rejection(ERROR, f"signatureQualifier must be {QUALIFIER}.")
    try:
        return _to_sign(detail)
    except Rejection as wrong:
        raise Rejection(ERROR, wrong.description) from wrong


def must_be_granted(sent: str | None, granted: str | None) -> None:
    """Hold when what is brought to the token endpoint asks for nothing that was not granted (RFC 9396, section 6)."""
    if sent is None:
        return
    wished, allowed = read_details(sent), read_details(granted) if granted else None
    if allowed is None or (wished.credential_id, wished.hash_algorithm) != (
        allowed.credential_id,
        allowed.hash_algorithm,
    ):
        raise Rejection(ERROR, "This was not granted.")
    if not set(wished.hashes) <= set(allowed.hashes):
        raise Rejection(ERROR, "Not all of these hashes were granted.")


def _to_sign(detail: _Detail) -> ToSign:
    """Return what is to be signed; its description are the documents' labels, one after another."""
    hash_algorithm = hash_algorithm_of(detail.hash_algorithm)
    hashes = read_hashes([one.hash for one in detail.digests], hash_algorithm)
    labels = [label for one in detail.digests if (label := described(one.label))]
    return ToSign(
        credential_id=detail.credential_id,
        hash_algorithm=hash_algorithm,
        hashes=tuple(one.hex() for one in hashes),
        description=described(", ".join(labels) or None),
        details=msgspec.json.encode([detail]).decode(),
    )
