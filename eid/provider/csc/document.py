"""The act `signatures/signDoc`: whole signatures, for documents or for their hashes (CSC API v2, section 11.11)."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from litestar import Response

from eid.provider.csc.body import Body
from eid.provider.csc.caller import Caller, later
from eid.provider.errors import Rejection
from eid.provider.pki import passphrase_of
from eid.provider.signing import leave
from eid.provider.signing.activation import MOST_HASHES, Activation, Digests
from eid.provider.signing.algorithm import HASHES, hash_algorithm_of, hash_of
from eid.provider.signing.credential import Credential, find_current
from eid.provider.signing.making import Failure, Level, Made, Order, Place, make
from eid.provider.signing.words import QUALIFIER, read_hashes

_log = structlog.get_logger("eid.signing")
# By both of the standard's families of names, whose capitals differ from sample to sample.
_LEVELS: Mapping[str, Level] = {
    f"{prefix}{level}".lower(): level for prefix in ("AdES-B-", "AdES-") for level in ("B", "T", "LT", "LTA")
}
_ENVELOPES: Mapping[str, tuple[str, ...]] = {"P": ("Certification", "Revision"), "C": ("Attached", "Detached")}
_WHY: Mapping[Failure, str] = {
    "unreadable": "Invalid array parameter documents: this is no PDF that can be signed",
    "certified": "Invalid parameter signed_envelope_property: what is signed already takes Revision",
}


async def sign_documents(caller: Caller) -> Response[Any]:
    """Return a signature for each document or hash, if its person allowed exactly these and none was signed yet."""
    body = caller.body
    known = await _credential(caller)
    body.one_of("operationMode", ("S",), "S")
    hash_algorithm, digests, orders = _read(body)
    # A signature of the level LT is proven by what is sent beside it, where it cannot be put within.
    with_proof = body.flag("returnValidationInfo") or any(one.level == "LT" and one.is_digest for one in orders)
    activation = _authorised(await caller.leave(known), hash_algorithm, digests)
    made = [await _made(caller, known, order) for order in orders]
    await leave.use(caller.connection, activation, digests, caller.now)
    _log.info("signed", client=caller.client_id, count=len(made))
    return Response(_told(made, with_proof=with_proof))


async def _credential(caller: Caller) -> Credential:
    """Return the key that is named, or the person's own when only the kind of signature is named."""
    if caller.body.fields.get("credentialID") is None:
        if caller.body.text("signatureQualifier") != QUALIFIER:
            raise Rejection("invalid_request", "Invalid parameter signatureQualifier")
        current = await find_current(caller.connection, caller.brought.person.id)
        caller.body.fields["credentialID"] = current.id if current else ""
    return await caller.usable_credential()


def _authorised(activation: Activation, hash_algorithm: str, digests: Digests) -> Activation:
    if not activation.is_spent and not activation.covers(digests):
        raise Rejection("invalid_hash", "Document or documentDigest does not match authorized hash", status=403)
    return leave.checked(activation, hash_algorithm, digests)


def _read(body: Body) -> tuple[str, Digests, list[Order]]:
    """Return by which hash algorithm, which hashes she must have allowed, and what is to be made."""
    documents, of_digests = body.objects("documents"), body.objects("documentDigests")
    if bool(documents) == bool(of_digests):
        both = "Both documentDigests and documents parameters passed"
        raise Rejection("invalid_request", both if documents else "Empty documentDigests and documents objects")
    algorithms = {
        hash_algorithm_of(one.text_or_none("hashAlgorithmOID"), one.text("signAlgo")) for one in documents + of_digests
    }
    if len(algorithms) > 1:
        raise Rejection("invalid_request", "Invalid parameter signAlgo: one for all")
    hash_algorithm = algorithms.pop()
    orders = [_order(one, _document(one), hash_algorithm, is_digest=False) for one in documents]
    for one in of_digests:
        said = one.fields.get("hashes")
        hashes = read_hashes([said] if isinstance(said, str) else one.array("hashes"), hash_algorithm)
        orders += [_order(one, digest, hash_algorithm, is_digest=True) for digest in hashes]
    if len(orders) > MOST_HASHES:
        raise Rejection("invalid_request", "Numbers of signatures is too high")
    digests = tuple(one.content if one.is_digest else hash_of(one.content, hash_algorithm) for one in orders)
    return hash_algorithm, digests, orders


def _order(one: Body, content: bytes, hash_algorithm: str, *, is_digest: bool) -> Order:
    kind = one.one_of("signature_format", _ENVELOPES, "")
    level = _LEVELS.get(str(one.fields.get("conformance_level", "AdES-B-B")).lower())
    # What only a whole PDF can carry is not to be had for anything else.
    if level is None or (level in {"LT", "LTA"} and kind == "C") or (level == "LTA" and is_digest):
        raise Rejection("invalid_request", "Invalid parameter conformance_level")
    envelope = one.one_of("signed_envelope_property", _ENVELOPES[kind], _ENVELOPES[kind][0])
    if one.fields.get("signed_props"):
        raise Rejection("invalid_request", "Invalid parameter signed_props: none is taken here")
    return Order(
        content=content,
        is_digest=is_digest,
        kind="P" if kind == "P" else "C",
        level=level,
        is_certifying=envelope == "Certification",
        is_detached=envelope == "Detached",
        digest_algorithm=HASHES[hash_algorithm].name,
    )


def _document(one: Body) -> bytes:
    try:
        return b64decode(one.text("document"), validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise Rejection("invalid_request", "Invalid Base64 documents string parameter") from wrong


async def _made(caller: Caller, known: Credential, order: Order) -> Made:
    desk = caller.desk
    place = Place(desk.settings.pki, passphrase_of(desk.secret))
    try:
        made = await desk.workbench.do(make, order, known.key_bytes(desk.secret), known.der, place, caller.now)
    except TimeoutError as busy:
        raise later("Too much is being signed") from busy
    if made == "unprovable":
        raise later("No signature can be proven at the moment")
    if not isinstance(made, Made):
        raise Rejection("invalid_request", _WHY[made])
    return made


def _told(made: list[Made], *, with_proof: bool) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, is_document in (("DocumentWithSignature", True), ("SignatureObject", False)):
        if found := [one.content for one in made if one.is_document == is_document]:
            said[name] = _base64(found)
    if with_proof:
        said["validationInfo"] = {
            name: _base64(dict.fromkeys(value for one in made for value in getattr(one, name)))
            for name in ("ocsp", "crl", "certificates")
        }
    return said


def _base64(values: Iterable[bytes]) -> list[str]:
    return [b64encode(value).decode() for value in values]
