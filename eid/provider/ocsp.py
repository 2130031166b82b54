"""Answers whether a certificate is good, revoked or unknown (OCSP, RFC 6960, with the nonce of RFC 9654)."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, cast

from asn1crypto import core as _core
from asn1crypto import ocsp as _ocsp
from asn1crypto import x509 as _x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from eid.provider.keystore import Pki

# asn1crypto carries no types.
core, ocsp, asn1_x509 = cast("Any", _core), cast("Any", _ocsp), cast("Any", _x509)

_LIVES = timedelta(minutes=10)
_LONGEST_NONCE = 128  # bytes, RFC 9654
_MOST_QUESTIONS = 16


def answer(pki: Pki, request: bytes, now: datetime) -> bytes:
    """Return the signed answer to a DER request, as DER; what is no request gets `malformed_request`."""
    try:
        asked = ocsp.OCSPRequest.load(request, strict=True)["tbs_request"]
        questions = [question["req_cert"] for question in asked["request_list"]]
        for question in questions:
            question.native  # noqa: B018 - asn1crypto parses when it is looked at
        nonce = _nonce(asked)
    except (ValueError, TypeError):
        return _refusal("malformed_request")
    if not 1 <= len(questions) <= _MOST_QUESTIONS:
        return _refusal("malformed_request")
    now = now.replace(microsecond=0)
    told = {
        "responder_id": ocsp.ResponderId("by_key", _key_digest(pki.ocsp.certificate)),
        "produced_at": now,
        "responses": [_single(pki, question, now) for question in questions],
    }
    if nonce:
        told["response_extensions"] = [{"extn_id": "nonce", "extn_value": nonce}]
    return _signed(pki, ocsp.ResponseData(told))


def _nonce(asked: Any) -> Any:  # noqa: ANN401 - asn1crypto
    for extension in asked["request_extensions"] or ():
        if extension["extn_id"].native == "nonce":
            if not 1 <= len(extension["extn_value"].parsed.native) <= _LONGEST_NONCE:
                raise ValueError("a nonce of this length is not allowed")
            return extension["extn_value"].parsed
        if extension["critical"].native:
            raise ValueError("an unknown critical extension")
    return None


def _single(pki: Pki, question: Any, now: datetime) -> dict[str, Any]:  # noqa: ANN401 - asn1crypto
    return {
        "cert_id": question,
        "cert_status": _status(pki, question),
        "this_update": now,
        "next_update": now + _LIVES,
    }


def _status(pki: Pki, question: Any) -> Any:  # noqa: ANN401 - asn1crypto
    serial = question["serial_number"].native
    issued = pki.issued(serial) if serial > 0 and _is_ours(pki, question) else None
    if issued is None or issued.issuer != pki.issuing.certificate.subject:
        return ocsp.CertStatus("unknown", core.Null())
    revocation = pki.revocation(serial)
    if revocation is None:
        return ocsp.CertStatus("good", core.Null())
    return ocsp.CertStatus("revoked", {"revocation_time": revocation.at, "revocation_reason": revocation.reason})


def _is_ours(pki: Pki, question: Any) -> bool:  # noqa: ANN401 - asn1crypto
    """Tell whether the question is about a certificate of the issuing authority, by the digests it asks with."""
    algorithm = question["hash_algorithm"]["algorithm"].native
    if algorithm not in {"sha1", "sha256", "sha384", "sha512"}:
        return False
    issuer = pki.issuing.certificate
    return (
        question["issuer_name_hash"].native == hashlib.new(algorithm, issuer.subject.public_bytes()).digest()
        and question["issuer_key_hash"].native == hashlib.new(algorithm, _key_bits(issuer)).digest()
    )


def _signed(pki: Pki, told: Any) -> bytes:  # noqa: ANN401 - asn1crypto
    certificate = asn1_x509.Certificate.load(pki.ocsp.certificate.public_bytes(serialization.Encoding.DER))
    basic = ocsp.BasicOCSPResponse(
        {
            "tbs_response_data": told,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": pki.ocsp.key.sign(told.dump(), ec.ECDSA(hashes.SHA256())),
            "certs": [certificate],
        }
    )
    kind = {"response_type": "basic_ocsp_response", "response": basic}
    return ocsp.OCSPResponse({"response_status": "successful", "response_bytes": kind}).dump()


def _refusal(status: str) -> bytes:
    return ocsp.OCSPResponse({"response_status": status}).dump()


def _key_bits(certificate: x509.Certificate) -> bytes:
    point = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    return certificate.public_key().public_bytes(*point)


def _key_digest(certificate: x509.Certificate) -> bytes:
    return hashlib.sha1(_key_bits(certificate), usedforsecurity=False).digest()
