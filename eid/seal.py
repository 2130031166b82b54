"""Seals a PDF in an institution's name: PAdES B-LTA (ETSI EN 319 142-1), which verifies for years and offline."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers as _signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore as _SimpleCertificateStore

from eid import evidence
from eid.evidence import Failure, TrustServices, keys, make_ready, signers
from eid.workshop import Workshop
from i18n.refusal import Refused, Unreachable
from i18n.text import _

# Their types name asn1crypto's, which has none.
CertificateStore = cast("Any", _SimpleCertificateStore)

_SEAL, _ARCHIVE = "Seal", "Archive"
_FIELDS = ((_SEAL, "Electronic seal"), (_ARCHIVE, "Electronic time stamp"))


@dataclass(frozen=True, slots=True)
class Credential:
    """An institution's seal: its private key and its certificate with those above it, both PEM.

    `passphrase` opens the key where it is kept encrypted.
    """

    institution: str
    key: bytes = field(repr=False)
    chain: bytes
    passphrase: str | None = field(default=None, repr=False)

    @classmethod
    def read(cls, seals: Path, institution: str, passphrase: str | None = None) -> Credential:
        """Return the seal kept as `<institution>.key.pem` and `<institution>.chain.pem`; Unreachable when not there.

        Unreachable too when the passphrase does not open it.
        """
        try:
            key = (seals / f"{institution}.key.pem").read_bytes()
            read = cls(institution, key, (seals / f"{institution}.chain.pem").read_bytes(), passphrase)
            read.opened()
        except (OSError, ValueError, TypeError) as missing:
            raise Unreachable(
                "seal_missing", _("The institution's electronic seal is not at hand. Nothing is lost; we keep trying.")
            ) from missing
        return read

    def opened(self) -> ec.EllipticCurvePrivateKey:
        """Return the private key; ValueError or TypeError when the passphrase does not open it."""
        password = self.passphrase.encode() if self.passphrase and b"ENCRYPTED" in self.key else None
        return cast("ec.EllipticCurvePrivateKey", serialization.load_pem_private_key(self.key, password))


class Sealer:
    """Seals documents in processes of its own; a renewed seal is taken up without a restart.

    `seals` is the folder of the institutions' seals and `passphrase` opens their keys, `tsa_url` is the time-stamping
    service (RFC 3161), `root` a PEM file with the authorities that are trusted, `workers` the number of processes,
    `patience` the seconds that the trust services may take for one document.
    """

    def __init__(
        self,
        seals: Path,
        tsa_url: str,
        root: Path,
        *,
        passphrase: str | None = None,
        workers: int = 1,
        patience: int = 20,
    ) -> None:
        self._seals, self._tsa_url, self._root, self._patience = seals, tsa_url, root, patience
        self._passphrase, self._workshop = passphrase, Workshop(workers)

    def open(self) -> None:
        """Start a process now, so that the first document need not wait for it."""
        self._workshop.begin(make_ready)

    async def seal(self, pdf: bytes, institution: str, now: datetime) -> bytes:
        """Return the PDF sealed by `institution`, certified against any later change.

        Raises Refused when the seal was revoked or has expired, Unreachable when a trust service does not answer as
        agreed. There is no such thing as half a seal: then nothing is returned.
        """
        return await self._sealed(pdf, institution, now, is_receipt=False)

    async def receive(self, pdf: bytes, institution: str, now: datetime) -> bytes:
        """Return a signed sheet with the seal of receipt beside its signatures, which stay valid; raises as `seal`."""
        return await self._sealed(pdf, institution, now, is_receipt=True)

    async def _sealed(self, pdf: bytes, institution: str, now: datetime, *, is_receipt: bool) -> bytes:
        credential = Credential.read(self._seals, institution, self._passphrase)
        services = TrustServices(self._tsa_url, self._root.read_bytes(), self._patience)
        sealed = await self._workshop.do(seal, pdf, credential, services, now, is_receipt=is_receipt)
        if isinstance(sealed, bytes):
            return sealed
        if sealed == "unreachable":
            raise Unreachable(
                "trust_services_unreachable",
                _("The service that seals documents does not answer. Nothing is lost; we keep trying."),
            )
        raise Refused(f"seal_{sealed}", _("The institution's electronic seal is no longer valid. We have been told."))

    def close(self) -> None:
        """End the processes."""
        self._workshop.close()


def seal(
    pdf: bytes, credential: Credential, services: TrustServices, now: datetime, *, is_receipt: bool = False
) -> bytes | Failure:
    """Return the sealed PDF, or why there is none. Keeps a processor busy and waits: run it in a process of its own.

    A document is certified by its seal against any change; a receipt is one more seal in a sheet that has its fields.
    """
    return evidence.loop().run(_sealed(pdf, credential, services, now, is_receipt=is_receipt))


async def _sealed(
    pdf: bytes, credential: Credential, services: TrustServices, now: datetime, *, is_receipt: bool
) -> bytes | Failure:
    signer = _Signer(credential, services.roots)
    metadata = _metadata(signer, services, is_receipt=is_receipt)
    work: Any = _Sealing(signer, evidence.Stamper(services, now), metadata, now)
    opened = IncrementalPdfFileWriter(io.BytesIO(pdf)) if is_receipt else evidence.with_fields(pdf, _FIELDS)
    try:
        async with asyncio.timeout(services.patience):
            sealed = await work.async_sign_pdf(opened, existing_fields_only=True)
    except evidence.REFUSALS as refused:
        return evidence.why(refused, cast("Any", signer).signing_cert)
    except evidence.SILENCES:
        return "unreachable"
    return sealed.getvalue()


def _metadata(signer: _Signer, services: TrustServices, *, is_receipt: bool) -> Any:  # noqa: ANN401 - pyHanko's type is partly unknown
    certified: dict[str, Any] = {} if is_receipt else {"certify": True, "docmdp_permissions": MDPPerm.NO_CHANGES}
    return signers.PdfSignatureMetadata(
        field_name=_SEAL,
        timestamp_field_name=_ARCHIVE,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=True,
        use_pades_lta=True,
        dss_settings=evidence.ALL_BEFORE_THE_TIME_STAMP,
        validation_context=evidence.context(services, signer.cert_registry),
        signer_key_usage={"non_repudiation"},
        **certified,
    )


class _Sealing(_signers.PdfSigner):
    """A sealing at a given time."""

    def __init__(self, signer: _Signer, stamper: evidence.Stamper, metadata: Any, now: datetime) -> None:  # noqa: ANN401
        cast("Any", super()).__init__(metadata, signer=signer, timestamper=stamper)
        self._now = now

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - pyHanko's
        session = cast("Any", super()).init_signing_session(*args, **kwargs)
        session.system_time = self._now
        return session


class _Signer(evidence.Encoded):
    """Signs with a key read once: pyHanko's own signer reads it again for every signature."""

    def __init__(self, credential: Credential, roots: bytes) -> None:
        self._key = credential.opened()
        certificates = list(keys.load_certs_from_pemder_data(credential.chain))
        known = CertificateStore.from_certs([*certificates, *keys.load_certs_from_pemder_data(roots)])
        cast("Any", super()).__init__(signing_cert=certificates[0], cert_registry=known)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002 - pyHanko's signature; we say sha256
        if dry_run:
            return bytes(evidence.LONGEST_SIGNATURE)
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))
