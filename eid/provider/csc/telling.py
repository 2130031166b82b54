"""What the signing service says of itself and of a key, as versions 1 and 2 of the CSC API write it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from eid.provider.csc.body import Body
from eid.provider.keystore import Pki
from eid.provider.signing.activation import MOST_HASHES
from eid.provider.signing.algorithm import CURVE, SIGNATURES
from eid.provider.signing.credential import Credential
from eid.provider.signing.words import QUALIFIER

Version: TypeAlias = Literal["v1", "v2"]
_METHODS = (
    *("credentials/list", "credentials/info", "credentials/authorize", "credentials/extendTransaction"),
    *("signatures/signHash", "signatures/timestamp"),
)
_METHODS_OF_V2 = ("credentials/authorizeCheck", "signatures/signDoc")
_LEVELS = ("Ades-B-B", "Ades-B-T", "Ades-B-LT", "Ades-B-LTA")
_SCAL = "2"  # leave to sign is bound to the hashes


def service(issuer: str, version: Version) -> Mapping[str, Any]:
    """Return what `info` says: everything that is supported, and nothing else."""
    said = {
        "specs": "2.0.0.2" if version == "v2" else "1.0.4.0",
        "name": "National eID signing service (DEMO)",
        "logo": f"{issuer}/pki/logo.png",
        "region": "XK",
        "lang": "en",
        "description": "A stand-in for demonstration: signatures by a citizen's key, each allowed by PIN2.",
        "authType": ["oauth2code"],
        "methods": [*_METHODS, *(_METHODS_OF_V2 if version == "v2" else ())],
    }
    if version == "v1":
        return said | {"oauth2": issuer}
    return said | {
        "oauth2Issuer": issuer,
        "supportsRar": True,
        "asynchronousOperationMode": False,
        "validationInfo": True,
        "signAlgorithms": {"algos": list(SIGNATURES)},
        "signature_formats": {
            "formats": ["P", "C"],
            "envelope_properties": [["Certification", "Revision"], ["Attached", "Detached"]],
        },
        "conformance_levels": list(_LEVELS),
    }


def credential(body: Body, known: Credential, pki: Pki, now: datetime, version: Version) -> dict[str, Any]:
    """Return what `credentials/info` says of a key, with as much of its certificate as `body` asks for."""
    state = known.state(pki, now)
    wanted = body.one_of("certificates", ("none", "single", "chain"), "single")
    told = {
        "description": "A citizen's signature (DEMO)",
        **({"signatureQualifier": QUALIFIER} if version == "v2" else {}),
        "key": {
            "status": "enabled" if state == "valid" else "disabled",
            "algo": list(SIGNATURES),
            "len": 256,
            "curve": CURVE,
        },
        "cert": {
            "status": state,
            **({"certificates": _chain(known, pki, wanted)} if wanted != "none" else {}),
            **(_details(known.certificate) if body.flag("certInfo") else {}),
        },
        "SCAL": _SCAL,
        "multisign": MOST_HASHES,
        "lang": "en",
    }
    body.flag("authInfo")  # how to authorise is always said: there is one way, and nothing secret about it
    return told | ({"auth": {"mode": "oauth2code"}} if version == "v2" else {"authMode": "oauth2code"})


def _chain(known: Credential, pki: Pki, wanted: str) -> list[str]:
    above = [pki.issuing.certificate, pki.root.certificate] if wanted == "chain" else []
    return [b64encode(der).decode() for der in (known.der, *(made.public_bytes(Encoding.DER) for made in above))]


def _details(made: x509.Certificate) -> dict[str, str]:
    return {
        "issuerDN": made.issuer.rfc4514_string(),
        "serialNumber": f"{made.serial_number:X}",
        "subjectDN": made.subject.rfc4514_string(),
        "validFrom": f"{made.not_valid_before_utc:%Y%m%d%H%M%SZ}",
        "validTo": f"{made.not_valid_after_utc:%Y%m%d%H%M%SZ}",
    }
