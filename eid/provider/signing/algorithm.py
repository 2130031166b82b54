"""The algorithms that keys sign by here: ECDSA on P-256, over a hash that the client made."""

from __future__ import annotations

from collections.abc import Mapping

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from eid.provider.errors import Rejection

SHA256 = "2.16.840.1.101.3.4.2.1"
HASHES: Mapping[str, hashes.HashAlgorithm] = {
    SHA256: hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2"
# Which hash a signature algorithm is over (RFC 5758, section 3.2).
SIGNATURES: Mapping[str, str] = dict(
    zip((ECDSA_WITH_SHA256, "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4"), HASHES, strict=True)
)
CURVE = "1.2.840.10045.3.1.7"  # P-256


def sign(key: ec.EllipticCurvePrivateKey, digest: bytes, hash_algorithm: str) -> bytes:
    """Return the signature over a hash, as DER."""
    return key.sign(digest, ec.ECDSA(Prehashed(HASHES[hash_algorithm])))


def hash_of(document: bytes, hash_algorithm: str) -> bytes:
    """Return the hash of a document."""
    made = hashes.Hash(HASHES[hash_algorithm])
    made.update(document)
    return made.finalize()


def hash_algorithm_of(named: str | None, sign_algo: str | None = None) -> str:
    """Return the hash algorithm that is named, or that follows from the signature's; Rejection for another one."""
    if sign_algo is not None and sign_algo not in SIGNATURES:
        raise Rejection("invalid_request", "Invalid parameter signAlgo")
    follows = SIGNATURES[sign_algo] if sign_algo else None
    if named not in {None, *HASHES}:
        raise Rejection("invalid_request", "Invalid parameter hashAlgorithmOID")
    if named and follows and named != follows:
        raise Rejection("invalid_request", "String parameter hashAlgorithmOID contradicts with signAlgo parameter")
    return named or follows or SHA256


def checked_length(digests: tuple[bytes, ...], hash_algorithm: str) -> tuple[bytes, ...]:
    """Return the hashes; Rejection when one is not as long as its algorithm makes it."""
    if any(len(digest) != HASHES[hash_algorithm].digest_size for digest in digests):
        raise Rejection("invalid_request", "Invalid digest value length")
    return digests
