"""Seals a PDF in an institution's name: PAdES B-LTA (ETSI EN 319 142-1), which verifies for years and offline."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

import aiohttp
from asn1crypto import cms as _cms
from asn1crypto import core as _core
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko import keys as _keys
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers as _signers
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, TimestampDSSContentSettings
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext as _ValidationContext
from pyhanko_certvalidator.errors import ExpiredError, PathError, RevokedError, ValidationError
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
from pyhanko_certvalidator.registry import SimpleCertificateStore as _SimpleCertificateStore

from eid.workshop import Workshop
from i18n.refusal import Refused, Unreachable
from i18n.text import _

# Their types name asn1crypto's, which has none.
cms, core, signers, keys = cast("Any", _cms), cast("Any", _core), cast("Any", _signers), cast("Any", _keys)
CertificateStore, ValidationContext = cast("Any", _SimpleCertificateStore), cast("Any", _ValidationContext)

_CLOCKS_DIFFER = timedelta(minutes=5)
_LONGEST_SIGNATURE = 72  # bytes: ECDSA on P-256 in DER
# The time stamp comes last and keeps all that proves the seal: nothing follows it in the file.
_ALL_BEFORE_THE_TIME_STAMP = DSSContentSettings(
    include_vri=False, next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
)
_FIELDS = {"Seal": "Electronic seal", "Archive": "Electronic time stamp"}

Failure = Literal["unreachable", "revoked", "expired"]


@dataclass(frozen=True, slots=True)
class Credential:
    """An institution's seal: its private key and its certificate with those above it, both PEM."""

    institution: str
    key: bytes = field(repr=False)
    chain: bytes

    @classmethod
    def read(cls, seals: Path, institution: str) -> Credential:
        """Return the seal kept as `<institution>.key.pem` and `<institution>.chain.pem`; Unreachable when not there."""
        try:
            key = (seals / f"{institution}.key.pem").read_bytes()
            return cls(institution, key, (seals / f"{institution}.chain.pem").read_bytes())
        except OSError as missing:
            raise Unreachable(
                "seal_missing", _("The institution's electronic seal is not at hand. Nothing is lost; we keep trying.")
            ) from missing


@dataclass(frozen=True, slots=True)
class TrustServices:
    """Who proves a seal: the time-stamping service (RFC 3161), the trusted authorities as PEM, and how long to wait.

    `patience` counts in seconds, for all answers that one seal needs together.
    """

    tsa_url: str
    roots: bytes
    patience: int


class Sealer:
    """Seals documents in processes of its own; a renewed seal is taken up without a restart.

    `seals` is the folder of the institutions' seals, `tsa_url` the time-stamping service (RFC 3161), `root` a PEM file
    with the authorities that are trusted, `workers` the number of processes, `patience` the seconds that the trust
    services may take for one document.
    """

    def __init__(self, seals: Path, tsa_url: str, root: Path, *, workers: int = 1, patience: int = 20) -> None:
        self._seals, self._tsa_url, self._root, self._patience = seals, tsa_url, root, patience
        self._workshop = Workshop(workers)

    def open(self) -> None:
        """Start a process now, so that the first document need not wait for it."""
        self._workshop.begin(make_ready)

    async def seal(self, pdf: bytes, institution: str, now: datetime) -> bytes:
        """Return the PDF sealed by `institution`, certified against any later change.

        Raises Refused when the seal was revoked or has expired, Unreachable when a trust service does not answer as
        agreed. There is no such thing as half a seal: then nothing is returned.
        """
        credential = Credential.read(self._seals, institution)
        services = TrustServices(self._tsa_url, self._root.read_bytes(), self._patience)
        sealed = await self._workshop.do(seal, pdf, credential, services, now)
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


def make_ready() -> None:
    """Load what sealing needs, in the process that does it."""
    _loop()


def seal(pdf: bytes, credential: Credential, services: TrustServices, now: datetime) -> bytes | Failure:
    """Return the sealed PDF, or why there is none. Keeps a processor busy and waits: run it in a process of its own."""
    return _loop().run(_sealed(pdf, credential, services, now))


@cache
def _loop() -> asyncio.Runner:
    """Return this process's event loop, which keeps connections from one document to the next."""
    return asyncio.Runner()


@cache
def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession()


async def _sealed(pdf: bytes, credential: Credential, services: TrustServices, now: datetime) -> bytes | Failure:
    signer = _Signer(credential, services.roots)
    work: Any = _Sealing(signer, _Stamper(services, now), _metadata(signer, services), now)
    try:
        async with asyncio.timeout(services.patience):
            sealed = await work.async_sign_pdf(_with_fields(pdf), existing_fields_only=True)
    except (SigningError, ValidationError, PathError) as refused:
        return _why(refused, signer)
    except (OSError, TimeoutError, aiohttp.ClientError, ValueError):  # ValueError: an answer that is no ASN.1
        return "unreachable"
    return sealed.getvalue()


def _why(refused: BaseException | None, signer: _Signer) -> Failure:
    while refused is not None:
        if isinstance(refused, RevokedError | ExpiredError):
            path = cast("Any", refused).original_path
            if path.leaf == cast("Any", signer).signing_cert:
                return "revoked" if isinstance(refused, RevokedError) else "expired"
        refused = refused.__cause__ or refused.__context__
    return "unreachable"


def _with_fields(pdf: bytes) -> IncrementalPdfFileWriter:
    """Return the PDF with empty fields for seal and time stamp: outside the page, as PDF/A and PDF/UA ask together."""
    opened = IncrementalPdfFileWriter(io.BytesIO(pdf))
    unseen = InvisSigSettings(box_out_of_bounds=True)
    for name, told in _FIELDS.items():
        append_signature_field(opened, SigFieldSpec(name, invis_sig_settings=unseen, readable_field_name=told))
    return opened


def _metadata(signer: _Signer, services: TrustServices) -> Any:  # noqa: ANN401 - pyHanko's type is partly unknown
    trusted = list(keys.load_certs_from_pemder_data(services.roots))
    context = ValidationContext(
        trust_roots=trusted,
        other_certs=list(signer.cert_registry),
        allow_fetching=True,
        revocation_mode="require",  # what is not embedded now is missing for ever
        fetcher_backend=AIOHttpFetcherBackend(_session(), per_request_timeout=services.patience),
    )
    return signers.PdfSignatureMetadata(
        field_name="Seal",
        timestamp_field_name="Archive",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        embed_validation_info=True,
        use_pades_lta=True,
        dss_settings=_ALL_BEFORE_THE_TIME_STAMP,
        validation_context=context,
        signer_key_usage={"non_repudiation"},
    )


class _Sealing(_signers.PdfSigner):
    """A sealing at a given time."""

    def __init__(self, signer: _Signer, stamper: _Stamper, metadata: Any, now: datetime) -> None:  # noqa: ANN401
        cast("Any", super()).__init__(metadata, signer=signer, timestamper=stamper)
        self._now = now

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - pyHanko's
        session = cast("Any", super()).init_signing_session(*args, **kwargs)
        session.system_time = self._now
        return session


class _Signer(_signers.Signer):
    """Signs with a key read once: pyHanko's own signer reads it again for every signature."""

    def __init__(self, credential: Credential, roots: bytes) -> None:
        self._key = serialization.load_pem_private_key(credential.key, password=None)
        certificates = list(keys.load_certs_from_pemder_data(credential.chain))
        known = CertificateStore.from_certs([*certificates, *keys.load_certs_from_pemder_data(roots)])
        cast("Any", super()).__init__(signing_cert=certificates[0], cert_registry=known)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002 - pyHanko's signature; we say sha256
        if dry_run:
            return bytes(_LONGEST_SIGNATURE)
        return cast("ec.EllipticCurvePrivateKey", self._key).sign(data, ec.ECDSA(hashes.SHA256()))

    async def signed_attrs(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - pyHanko's
        return cast("Any", _Attributes).load((await cast("Any", super()).signed_attrs(*args, **kwargs)).dump())

    async def unsigned_attrs(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - pyHanko's
        attributes = await cast("Any", super()).unsigned_attrs(*args, **kwargs)
        return cast("Any", _Attributes).load(attributes.dump()) if attributes else None


class _Stamper(HTTPTimeStamper):
    """Asks for time stamps, and takes only those of our digest and our time."""

    def __init__(self, services: TrustServices, now: datetime) -> None:
        cast("Any", super()).__init__(services.tsa_url, timeout=services.patience, session=_session())
        self._now = now

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:  # noqa: ANN401 - asn1crypto
        token = await cast("Any", super()).async_timestamp(message_digest, md_algorithm)
        said = token["content"]["encap_content_info"]["content"].parsed
        if said["message_imprint"]["hashed_message"].native != message_digest:
            raise OSError("the time stamp is of another document")
        if abs(said["gen_time"].native - self._now) > _CLOCKS_DIFFER:
            raise OSError("the time stamp is of another time")
        return cast("Any", _Token).load(core.Asn1Value.dump(token))


# asn1crypto takes a length that ends with the byte 0x80 for an indefinite one and then encodes everything below anew,
# twice at each level: four seconds for one seal in five. What is already encoded is therefore written as it stands.
class _Attributes(_cms.CMSAttributes):
    def dump(self, force: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002 - asn1crypto's signature
        return core.Asn1Value.dump(self)


class _Token(_cms.ContentInfo):
    def dump(self, force: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002 - asn1crypto's signature
        return core.Asn1Value.dump(self)
