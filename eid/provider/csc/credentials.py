"""The acts `credentials/…` of the signing service: which keys there are, and leave to sign with one by phone."""

from __future__ import annotations

from typing import Any

from litestar import Response

from eid.provider.csc.body import Body
from eid.provider.csc.caller import Caller
from eid.provider.csc.telling import credential
from eid.provider.errors import Rejection
from eid.provider.request import ToSign
from eid.provider.signing import leave
from eid.provider.signing.algorithm import hash_algorithm_of
from eid.provider.signing.credential import credential_of
from eid.provider.signing.wish import CREDENTIAL, SERVICE
from eid.provider.signing.words import described, read_hashes

PHONE = "phone"  # the one authentication object: she is asked there, and nothing of it passes through the client


async def list_credentials(caller: Caller) -> Response[Any]:
    """Return the keys of the person for whom the token was given; her first one is issued now."""
    desk, body, person = caller.desk, caller.body, caller.brought.person
    if SERVICE not in caller.brought.access.scope.split():
        raise Rejection("unauthorized_client", "This takes a token of the scope service.", status=403)
    if body.fields.get("userID") is not None:
        raise Rejection("invalid_request", "userID parameter MUST be null")
    only_valid, with_infos = body.flag("onlyValid"), body.flag("credentialInfo")
    known = await credential_of(caller.connection, desk.pki, desk.secret, person, url=desk.issuer, now=caller.now)
    told = [] if only_valid and known.state(desk.pki, caller.now) != "valid" else [known]
    said: dict[str, Any] = {"credentialIDs": [one.id for one in told]}
    if with_infos:
        said["credentialInfos"] = [
            {"credentialID": one.id, **credential(body, one, desk.pki, caller.now, caller.version)} for one in told
        ]
    return Response(said | ({"onlyValid": True} if only_valid else {}))


async def tell_credential(caller: Caller) -> Response[Any]:
    """Return what a client needs to know of a key, with its certificates."""
    known = await caller.credential()
    return Response(credential(caller.body, known, caller.desk.pki, caller.now, caller.version))


async def authorize(caller: Caller) -> Response[Any]:
    """Ask the person on her phone and return a handle; with it the client asks for her answer."""
    handle, control_code = await ask_her(caller)
    # Not of the standard: what she compares with her phone, wherever the client shows it.
    return Response({"handle": handle, "controlCode": control_code}, status_code=202)


async def ask_her(caller: Caller) -> tuple[str, str]:
    """Put the request on her phone; return its handle and its control code."""
    known, body = await caller.usable_credential(), caller.body
    if CREDENTIAL not in caller.brought.client.scope.split():
        raise Rejection("unauthorized_client", "This client has not registered the scope credential.", status=403)
    _no_secrets(body)
    hash_algorithm, digests = said_hashes(body)
    if not 1 <= body.number("numSignatures") == len(digests):
        raise Rejection("invalid_request", "Invalid value for parameter numSignatures: as many as hashes")
    description = described(body.fields.get("description"))
    to_sign = ToSign(known.id, hash_algorithm, tuple(one.hex() for one in digests), description)
    handle, approval = await leave.ask(caller.connection, to_sign, caller.client_id, known.person_id, caller.now)
    return handle, approval.control_code


async def check(caller: Caller) -> Response[Any]:
    """Return the SAD once she has said yes; 202 while she has not answered."""
    handle = caller.body.text("handle")
    sad = await leave.answer(caller.connection, handle, caller.client_id, caller.now)
    return Response(sad.as_json(caller.now)) if sad else Response({"handle": handle}, status_code=202)


async def extend(caller: Caller) -> Response[Any]:
    """Return a new SAD for those of the hashes that she allowed and that are not yet signed."""
    known = await caller.usable_credential()
    activation = await caller.leave(known)
    hash_algorithm, digests = said_hashes(caller.body)
    sad = await leave.extend(caller.connection, activation, hash_algorithm, digests)
    return Response(sad.as_json(caller.now))


def said_hashes(body: Body, sign_algo: str | None = None) -> tuple[str, tuple[bytes, ...]]:
    """Return the hash algorithm and the hashes, by their names in version 2 (`hashes`) or in version 1 (`hash`)."""
    named = body.text_or_none("hashAlgorithmOID") or body.text_or_none("hashAlgo")
    hash_algorithm = hash_algorithm_of(named, sign_algo)
    return hash_algorithm, read_hashes(body.array("hashes" if "hashes" in body.fields else "hash"), hash_algorithm)


def _no_secrets(body: Body) -> None:
    """Hold when no PIN and no OTP is sent: they are the person's, and no client's."""
    objects = body.objects("authData")
    if any(set(one.fields) != {"id"} or one.fields["id"] != PHONE for one in objects) or {"PIN", "OTP"} & set(
        body.fields
    ):
        raise Rejection("invalid_authentication_data", "A PIN or an OTP never passes through a client here.")
