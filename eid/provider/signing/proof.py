"""What proves a signature for years, from our own trust services: time stamps, and what they say of certificates."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from asn1crypto import core as _core
from asn1crypto import crl as _crl
from asn1crypto import ocsp as _ocsp
from asn1crypto import tsp as _tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp as requests
from pyhanko import keys as _keys
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator import ValidationContext as _ValidationContext

from eid.provider import ocsp as responder
from eid.provider import tsa
from eid.provider.certificate import revocation_list
from eid.provider.keystore import Pki, pem
from eid.provider.signing.wrapped import token_as_it_stands

core, asn1_crl, asn1_ocsp, tsp = cast("Any", _core), cast("Any", _crl), cast("Any", _ocsp), cast("Any", _tsp)
keys, ValidationContext = cast("Any", _keys), cast("Any", _ValidationContext)
_DER = serialization.Encoding.DER


class LocalStamper(TimeStamper):
    """Stamps with the time by our own time-stamping unit."""

    def __init__(self, pki: Pki, now: datetime) -> None:
        cast("Any", super()).__init__()
        self._pki, self._now = pki, now

    async def async_request_tsa_response(self, req: Any) -> Any:  # noqa: ANN401 - asn1crypto
        """Return our answer to a time-stamp request; TimestampRequestError when there is none."""
        try:
            token = tsa.stamp(self._pki, req.dump(), self._now)
        except tsa.NotStamped as refused:
            raise TimestampRequestError(str(refused)) from refused
        answer = tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token})
        return tsp.TimeStampResp.load(answer.dump())

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:  # noqa: ANN401 - asn1crypto
        """Return the time stamp of a digest."""
        token = await cast("Any", super()).async_timestamp(message_digest, md_algorithm)
        return token_as_it_stands(core.Asn1Value.dump(token))


def evidence_of(pki: Pki, certificate: bytes, now: datetime) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Return OCSP answers about a citizen's certificate and our stamper's, and the root's revocation list."""
    asked = (x509.load_der_x509_certificate(certificate), pki.tsa.certificate)
    return tuple(_answer(pki, one, now) for one in asked), (revocation_list(pki.root, pki.revocations(pki.root), now),)


def context_of(pki: Pki, certificate: bytes, now: datetime) -> Any:  # noqa: ANN401 - pyHanko's
    """Return what a signature's certificate is judged by, with no network; what is unknown now is missing for ever."""
    ocsps, crls = evidence_of(pki, certificate, now)
    known = pem(pki.issuing.certificate) + pem(pki.ocsp.certificate) + pem(pki.tsa.certificate)
    return ValidationContext(
        trust_roots=list(keys.load_certs_from_pemder_data(pem(pki.root.certificate))),
        other_certs=list(keys.load_certs_from_pemder_data(known)),
        ocsps=[asn1_ocsp.OCSPResponse.load(one) for one in ocsps],
        crls=[asn1_crl.CertificateList.load(one) for one in crls],
        allow_fetching=False,
        revocation_mode="require",
    )


def _answer(pki: Pki, certificate: x509.Certificate, now: datetime) -> bytes:
    asked = requests.OCSPRequestBuilder().add_certificate(certificate, pki.issuing.certificate, hashes.SHA256())
    return responder.answer(pki, asked.build().public_bytes(_DER), now)
