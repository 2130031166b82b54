"""What a client asks to have signed, in a request for authorization (CSC API v2, section 8.4.2)."""

from __future__ import annotations

from eid.provider.errors import Rejection
from eid.provider.parameters import Parameters
from eid.provider.request import ToSign
from eid.provider.signing import store
from eid.provider.signing.algorithm import hash_algorithm_of
from eid.provider.signing.details import read_details
from eid.provider.signing.words import described, read_hashes
from eid.provider.store import Connection

CREDENTIAL, SERVICE = "credential", "service"  # scopes
_PARAMETERS = ("credentialID", "numSignatures", "hashes", "hash", "hashAlgorithmOID")


def wished_scope(sent: Parameters) -> str | None:
    """Return the scope that is asked for; who sends `authorization_details` need not name it."""
    return sent.get("scope") or (CREDENTIAL if sent.get("authorization_details") else None)


async def read_wish(connection: Connection, scope: str, sent: Parameters) -> ToSign | None:
    """Return what is to be signed, None when something else is asked for; Rejection when it is not said whole."""
    details = sent.get("authorization_details")
    if CREDENTIAL not in scope.split() and details is None:
        return None
    if scope != CREDENTIAL:
        raise Rejection("invalid_scope", "The scope credential is asked for alone.")
    if details and any(sent.get(name) for name in _PARAMETERS):
        raise Rejection("invalid_request", "What is to be signed stands in authorization_details, or beside it.")
    to_sign = read_details(details) if details else _by_parameters(sent)
    if await store.find_credential(connection, to_sign.credential_id) is None:
        raise Rejection("invalid_request", "Missing or invalid parameter credentialID")
    return to_sign


def _by_parameters(sent: Parameters) -> ToSign:
    """Return what the parameters of version 2 say; the hashes also as version 1 calls them."""
    hash_algorithm = hash_algorithm_of(sent.get("hashAlgorithmOID"))
    hashes = read_hashes((sent.get("hashes") or sent.get("hash") or "").split(","), hash_algorithm)
    if sent.get("numSignatures") != str(len(hashes)):
        raise Rejection("invalid_request", "numSignatures must be the number of hashes")
    description = described(sent.get("description"))
    return ToSign(sent.get("credentialID") or "", hash_algorithm, tuple(one.hex() for one in hashes), description)
