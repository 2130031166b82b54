"""The acts `signatures/…` of the signing service on hashes: sign them, stamp one with the time."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, cast

import structlog
from asn1crypto import tsp as _tsp
from litestar import Response

from eid.provider import tsa
from eid.provider.csc.caller import Caller, later
from eid.provider.csc.credentials import said_hashes
from eid.provider.errors import Rejection
from eid.provider.signing import leave
from eid.provider.signing.algorithm import hash_algorithm_of, sign
from eid.provider.signing.words import read_hashes

tsp = cast("Any", _tsp)  # asn1crypto carries no types
_log = structlog.get_logger("eid.signing")
_LONGEST_NONCE = 40  # hexadecimal digits


async def sign_hash(caller: Caller) -> Response[Any]:
    """Return a signature over each hash, if its person allowed exactly that and it was not used yet."""
    known, body = await caller.usable_credential(), caller.body
    hash_algorithm, digests = said_hashes(body, body.text("signAlgo"))
    body.one_of("operationMode", ("S",), "S")
    if body.fields.get("signAlgoParams") is not None:
        raise Rejection("invalid_request", "Invalid parameter signAlgoParams")
    activation = leave.checked(await caller.leave(known), hash_algorithm, digests)
    key = known.key(caller.desk.secret)
    made = [b64encode(sign(key, digest, hash_algorithm)).decode() for digest in digests]
    await leave.use(caller.connection, activation, digests, caller.now)
    _log.info("signed", client=caller.client_id, count=len(made))
    return Response({"signatures": made})


async def stamp(caller: Caller) -> Response[Any]:
    """Return a time-stamp token for a hash, by our own time-stamping unit (RFC 3161)."""
    body = caller.body
    hash_algorithm = hash_algorithm_of(body.text("hashAlgo"))
    (digest,) = read_hashes([body.text("hash")], hash_algorithm)
    asked = {
        "version": 1,
        "message_imprint": {"hash_algorithm": {"algorithm": hash_algorithm}, "hashed_message": digest},
        "cert_req": True,
    }
    nonce = body.text_or_none("nonce")
    if nonce is not None:
        asked["nonce"] = _number(nonce)
    try:
        token = tsa.stamp(caller.desk.pki, tsp.TimeStampReq(asked).dump(), caller.now)
    except tsa.NotStamped as refused:
        raise later("No time stamps are given at the moment") from refused
    return Response({"timestamp": b64encode(token.dump()).decode()})


def _number(nonce: str) -> int:
    try:
        return int(nonce[:_LONGEST_NONCE], 16)
    except ValueError as wrong:
        raise Rejection("invalid_request", "Invalid parameter nonce") from wrong
