"""Says that a digest existed at a time (Time-Stamp Protocol, RFC 3161 with ESSCertIDv2 of RFC 5816)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any, cast

from asn1crypto import cms as _cms
from asn1crypto import core as _core
from asn1crypto import tsp as _tsp
from asn1crypto import x509 as _x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from eid.provider.certificate import TIMESTAMP_POLICY
from eid.provider.keystore import Pki

# asn1crypto carries no types.
cms, core, tsp, x509 = cast("Any", _cms), cast("Any", _core), cast("Any", _tsp), cast("Any", _x509)

_DIGESTS = {"sha256": 32, "sha384": 48, "sha512": 64}  # with their lengths in bytes


class NotStamped(Exception):  # noqa: N818 - an answer of the protocol
    """A PKIFailureInfo of RFC 3161, 2.4.2."""


def answer(pki: Pki, request: bytes, now: datetime) -> bytes:
    """Return a time-stamp token, or a rejection with its reason, as DER."""
    try:
        token = stamp(pki, request, now)
    except NotStamped as refused:
        status = {"status": "rejection", "fail_info": {str(refused)}}
        # The token is optional in the standard but not in asn1crypto.
        return core.SequenceOf([tsp.PKIStatusInfo(status)], spec=tsp.PKIStatusInfo).dump()
    return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()


def stamp(pki: Pki, request: bytes, now: datetime) -> Any:  # noqa: ANN401 - asn1crypto
    """Return a time-stamp token, its time UTC to the millisecond; NotStamped with the reason why there is none."""
    asked, own = _read(request), pki.tsa.certificate
    if pki.revocation(own.serial_number) or not own.not_valid_before_utc <= now < own.not_valid_after_utc:
        raise NotStamped("system_failure")
    return _token(pki, asked, now)


def _read(request: bytes) -> Any:  # noqa: ANN401 - asn1crypto
    try:
        asked = tsp.TimeStampReq.load(request, strict=True)
        asked.native  # noqa: B018 - asn1crypto parses when it is looked at
    except (ValueError, TypeError) as unreadable:
        raise NotStamped("bad_data_format") from unreadable
    if asked["version"].native != "v1":
        raise NotStamped("bad_request")
    imprint = asked["message_imprint"]
    length = _DIGESTS.get(imprint["hash_algorithm"]["algorithm"].native)
    if length is None:
        raise NotStamped("bad_alg")
    if len(imprint["hashed_message"].native) != length:
        raise NotStamped("bad_data_format")
    if asked["req_policy"].native not in {None, TIMESTAMP_POLICY.dotted_string}:
        raise NotStamped("unaccepted_policy")
    if asked["extensions"].native:
        raise NotStamped("unaccepted_extensions")
    return asked


def _token(pki: Pki, asked: Any, now: datetime) -> Any:  # noqa: ANN401 - asn1crypto
    said: dict[str, Any] = {
        "version": "v1",
        "policy": TIMESTAMP_POLICY.dotted_string,
        "message_imprint": asked["message_imprint"],
        "serial_number": secrets.randbits(128),
        "gen_time": now.replace(microsecond=now.microsecond // 1000 * 1000),
        "accuracy": {"seconds": 1},
        "ordering": False,
    }
    if asked["nonce"].native is not None:
        said["nonce"] = asked["nonce"]
    content = tsp.TSTInfo(said).dump()
    certificate = x509.Certificate.load(pki.tsa.certificate.public_bytes(Encoding.DER))
    attributes = _attributes(content, certificate, now)
    signed = {
        "version": "v3",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
        "signer_infos": [_signer(pki, certificate, attributes)],
    }
    if asked["cert_req"].native:
        issuing = x509.Certificate.load(pki.issuing.certificate.public_bytes(Encoding.DER))
        signed["certificates"] = [certificate, issuing]
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})


def _attributes(content: bytes, certificate: Any, now: datetime) -> Any:  # noqa: ANN401 - asn1crypto
    ours = {"certs": [{"hash_algorithm": {"algorithm": "sha256"}, "cert_hash": certificate.sha256}]}
    return cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": now})]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(content).digest()]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2(ours)]}),
        ]
    )


def _signer(pki: Pki, certificate: Any, attributes: Any) -> dict[str, Any]:  # noqa: ANN401 - asn1crypto
    issuer = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    return {
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": issuer}),
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        # Signed is the SET, not the [0] under which it travels (RFC 5652, 5.4).
        "signature": pki.tsa.key.sign(attributes.untag().dump(), ec.ECDSA(hashes.SHA256())),
    }
