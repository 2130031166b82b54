"""What keeps a signature or a seal provable for years: time stamps, and what authorities said of certificates then.

PAdES B-LTA (ETSI EN 319 142-1): all of it is put into the file itself, and the last time stamp covers everything.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal, cast

import aiohttp
from asn1crypto import cms as _cms
from asn1crypto import core as _core
from pyhanko import keys as _keys
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers as _signers
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, append_signature_field
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, TimestampDSSContentSettings
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext as _ValidationContext
from pyhanko_certvalidator.errors import ExpiredError, PathError, RevokedError, ValidationError
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend

# Their types name asn1crypto's, which has none.
cms, core, signers, keys = cast("Any", _cms), cast("Any", _core), cast("Any", _signers), cast("Any", _keys)
ValidationContext = cast("Any", _ValidationContext)

LONGEST_SIGNATURE = 72  # bytes: ECDSA on P-256 in DER
# The time stamp comes last and keeps all that proves the signature: nothing follows it in the file.
ALL_BEFORE_THE_TIME_STAMP = DSSContentSettings(
    include_vri=False, next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
)
_CLOCKS_DIFFER = timedelta(minutes=5)

Failure = Literal["unreachable", "revoked", "expired"]
# What may come of asking trust services; ValueError is an answer that is no ASN.1.
REFUSALS = (SigningError, ValidationError, PathError)
SILENCES = (OSError, TimeoutError, aiohttp.ClientError, ValueError)


@dataclass(frozen=True, slots=True)
class TrustServices:
    """Who proves a signature: the time-stamping service (RFC 3161), the trusted authorities as PEM, how long to wait.

    `patience` counts in seconds, for all answers that one signature needs together.
    """

    tsa_url: str
    roots: bytes
    patience: int


def make_ready() -> None:
    """Load what signing needs, in the process that does it."""
    loop()


@cache
def loop() -> asyncio.Runner:
    """Return this process's event loop, which keeps connections from one document to the next."""
    return asyncio.Runner()


@cache
def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession()


def context(services: TrustServices, known: Iterable[Any]) -> Any:  # noqa: ANN401 - pyHanko's type is partly unknown
    """Return where certificates are judged: by our roots, with revocation asked of their authorities and kept."""
    return ValidationContext(
        trust_roots=list(keys.load_certs_from_pemder_data(services.roots)),
        other_certs=list(known),
        allow_fetching=True,
        revocation_mode="require",  # what is not embedded now is missing for ever
        fetcher_backend=AIOHttpFetcherBackend(_session(), per_request_timeout=services.patience),
    )


def with_fields(pdf: bytes, names: Iterable[tuple[str, str]]) -> IncrementalPdfFileWriter:
    """Return the PDF with empty fields (name, what it is): outside the page, as PDF/A and PDF/UA ask together."""
    opened = IncrementalPdfFileWriter(io.BytesIO(pdf))
    unseen = InvisSigSettings(box_out_of_bounds=True)
    for name, told in names:
        append_signature_field(opened, SigFieldSpec(name, invis_sig_settings=unseen, readable_field_name=told))
    return opened


def why(refused: BaseException | None, certificate: Any) -> Failure:  # noqa: ANN401 - asn1crypto
    """Return whether it was the signer's own certificate that is no longer good, or a service that did not answer."""
    while refused is not None:
        if isinstance(refused, RevokedError | ExpiredError):
            path = cast("Any", refused).original_path
            if path.leaf == certificate:
                return "revoked" if isinstance(refused, RevokedError) else "expired"
        refused = refused.__cause__ or refused.__context__
    return "unreachable"


class Stamper(HTTPTimeStamper):
    """Asks for time stamps, and takes only those of our digest and our time."""

    def __init__(self, services: TrustServices, now: datetime) -> None:
        cast("Any", super()).__init__(services.tsa_url, timeout=services.patience, session=_session())
        self._now = now

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:  # noqa: ANN401 - asn1crypto
        """Return the time stamp of a digest; OSError when it is of something or some time else."""
        token = await cast("Any", super()).async_timestamp(message_digest, md_algorithm)
        said = token["content"]["encap_content_info"]["content"].parsed
        if said["message_imprint"]["hashed_message"].native != message_digest:
            raise OSError("the time stamp is of another document")
        if abs(said["gen_time"].native - self._now) > _CLOCKS_DIFFER:
            raise OSError("the time stamp is of another time")
        return cast("Any", _Token).load(core.Asn1Value.dump(token))


class Encoded(_signers.Signer):
    """A signer whose attributes, once encoded, are written as they stand."""

    async def signed_attrs(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - pyHanko's
        """Return what is signed beside the document's digest."""
        return as_it_stands((await cast("Any", super()).signed_attrs(*args, **kwargs)).dump())

    async def unsigned_attrs(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - pyHanko's
        """Return what is added to a signature: its time stamp."""
        attributes = await cast("Any", super()).unsigned_attrs(*args, **kwargs)
        return as_it_stands(attributes.dump()) if attributes else None


def as_it_stands(attributes: bytes) -> Any:  # noqa: ANN401 - asn1crypto
    """Return CMS attributes that are encoded already."""
    return cast("Any", _Attributes).load(attributes)


# asn1crypto takes a length that ends with the byte 0x80 for an indefinite one and then encodes everything below anew,
# twice at each level: four seconds for one seal in five. What is already encoded is therefore written as it stands.
class _Attributes(_cms.CMSAttributes):
    def dump(self, force: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002 - asn1crypto's signature
        return core.Asn1Value.dump(self)


class _Token(_cms.ContentInfo):
    def dump(self, force: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002 - asn1crypto's signature
        return core.Asn1Value.dump(self)
