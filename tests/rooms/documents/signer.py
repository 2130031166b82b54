"""People with a signing key of their own, as the signing service would keep it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import Certificate

from eid.prepared import Prepared
from eid.provider import certificate
from eid.provider.keystore import pem
from eid.signature import Signatory
from tests.rooms.documents.conftest import Trust

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Signer:
    """A person's key and certificate."""

    key: ec.EllipticCurvePrivateKey
    made: Certificate
    chain: tuple[bytes, ...]

    @classmethod
    def of(
        cls,
        trust: Trust,
        number: str,
        given: str,
        family: str,
        *,
        made_at: datetime | None = None,
        lives: timedelta = YEAR,
    ) -> Signer:
        """Return a person with a fresh certificate."""
        key = ec.generate_private_key(ec.SECP256R1())
        profile = certificate.citizen(given, family, number, lives, f"{trust.url}/pki/pds")
        place, ocsp = f"{trust.url}/pki/issuing", f"{trust.url}/pki/ocsp"
        now = made_at or datetime.now(UTC)
        made = certificate.issue(trust.pki.issuing, key.public_key(), profile, place, ocsp, now=now)
        (trust.pki.folder / "issued").mkdir(exist_ok=True)
        (trust.pki.folder / "issued" / f"{made.serial_number:x}.pem").write_bytes(pem(made))
        above = trust.pki.issuing.certificate
        return cls(key, made, tuple(each.public_bytes(serialization.Encoding.DER) for each in (made, above)))

    def signs(self, prepared: Prepared) -> bytes:
        """Return the bare signature."""
        return self.key.sign(prepared.attributes, ec.ECDSA(hashes.SHA256()))

    async def signed(self, signatory: Signatory, pdf: bytes, place: int) -> bytes:
        """Return the sheet with this person's signature."""
        prepared = await signatory.prepare(pdf, place, self.chain, datetime.now(UTC))
        return await signatory.complete(prepared, self.signs(prepared), datetime.now(UTC))
