"""How the eID speaks to a client: as OpenID Connect has it, or as Kosovo's VIDconnect is documented to.

VIDconnect (Ory Hydra before a wallet) differs in what it writes, not in what happens: its issuer ends in a slash, its
subject is a DID, and who the person is stands in a verifiable presentation inside the ID token. It says no level, and
its way back carries no `iss`.
"""

from __future__ import annotations

import hashlib
from typing import Any

from eid.provider.client import Client
from eid.provider.people import Enrolled

KS = "/ks"  # where it is spoken
_CONTEXT = "https://www.w3.org/2018/credentials/v1"
_UNSAID = ("acr", "amr", "given_name", "family_name", "birthdate", "personal_number", "locale", "email")


def is_at_home(client: Client, path: str) -> bool:
    """Tell whether a client asks at the issuer at which it is registered."""
    return client.speaks_ks == path.startswith(f"{KS}/")


def issuer_of(issuer: str, client: Client) -> str:
    """Return the name under which the client knows the eID."""
    return f"{issuer}{KS}/" if client.speaks_ks else issuer


def subject_of(client: Client, mark: str) -> str:
    """Return the person's opaque name for the client, made of a mark that nobody else can make."""
    return f"did:vid:0x{hashlib.sha256(mark.encode()).hexdigest()[:40]}" if client.speaks_ks else mark


def written(claims: dict[str, Any], client: Client, person: Enrolled) -> dict[str, Any]:
    """Return claims as the client reads them."""
    if not client.speaks_ks:
        return claims
    said = {name: value for name, value in claims.items() if name not in _UNSAID}
    audience = {"aud": [said["aud"]]} if "aud" in said else {}
    return said | audience | {"vp": _presentation(claims["sub"], person)}


def _presentation(did: str, person: Enrolled) -> dict[str, Any]:
    """Return the presentation of one credential: who the civil register says that the person is."""
    credential = {
        "@context": [_CONTEXT],
        "type": ["VerifiableCredential", "VerifiableIdCredential"],
        "credentialSubject": {
            "id": did,
            "personalIdentifier": person.personal_number,
            "firstName": person.given_name,
            "familyName": person.family_name,
            "dateOfBirth": person.birthdate.isoformat(),
        },
    }
    return {"@context": [_CONTEXT], "type": ["VerifiablePresentation"], "verifiableCredential": [credential]}
