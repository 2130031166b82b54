"""When time stamps or answers about certificates are not to be had, nothing is signed, and what she allowed stays."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from eid.provider import certificate
from eid.provider.keystore import pem
from eid.provider.pki import certify, establish
from eid.provider.signing.making import Level, Made, Order, Place, make
from eid.provider.workbench import Workbench

from .parties import ARTA, Browser, RelyingParty, Running, now
from .signing import SCOPE, SHA256, Signatory, hash_of
from .test_signing_document import document, pdf, signed

__all__ = ["pdf"]

TOKENS: dict[str, str] = {}
URL = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def party(eid: Running) -> RelyingParty:
    """Give a client of the signing service."""
    party = RelyingParty("signing-unproven")
    party.register(eid, scope=SCOPE)
    return party


@pytest.fixture
def arta(eid: Running, party: RelyingParty, http: httpx.AsyncClient, browser: Browser) -> Signatory:
    """Give Arta, who signs."""
    return Signatory(eid, party, http, browser, ARTA, TOKENS)


@pytest.fixture
async def memory(eid: Running) -> AsyncIterator[asyncpg.Connection]:
    """Give the eID's database."""
    connection = await asyncpg.connect(eid.environment["EID_DATABASE_URL"])
    yield connection
    await connection.close()


@contextmanager
def without_stamps(eid: Running) -> Generator[None]:
    """Take the certificate of the time-stamping unit back until the block ends."""
    folder = Path(eid.environment["EID_PKI"])
    own = x509.load_pem_x509_certificate((folder / "tsa.pem").read_bytes())
    revoked = folder / "revoked" / f"{own.serial_number:x}.json"
    revoked.write_text(json.dumps({"at": now().isoformat(), "reason": "key_compromise"}))
    try:
        yield
    finally:
        revoked.unlink()


async def test_a_document_is_not_signed_while_its_time_cannot_be_proven(
    arta: Signatory, pdf: bytes, memory: asyncpg.Connection
) -> None:
    sad, counted = await arta.leave(hash_of(pdf)), "SELECT count(*) FROM eid.signature"
    before = await memory.fetchval(counted)
    with without_stamps(arta.eid):
        for level in ("AdES-B-T", "AdES-B-LT", "AdES-B-LTA"):
            refused = await signed(arta, sad, documents=[document(pdf, conformance_level=level)])
            assert (refused.status_code, refused.json()["error"]) == (503, "temporarily_unavailable")
            assert "DocumentWithSignature" not in refused.text
        stamp = await arta.call("signatures/timestamp", {"hash": hash_of(pdf), "hashAlgo": SHA256})
        assert (stamp.status_code, stamp.json()["error"]) == (503, "temporarily_unavailable")
    assert await memory.fetchval(counted) == before
    made = await signed(arta, sad, documents=[document(pdf, conformance_level="AdES-B-LTA")])
    assert made.status_code == 200, "what she allowed was not used up"


@pytest.mark.parametrize(
    ("over", "level", "signs"),
    [
        ("tsa", "T", False),
        ("tsa", "LTA", False),
        ("tsa", "B", True),
        ("ocsp", "T", False),
        ("ocsp", "LTA", False),
    ],
)
def test_a_service_whose_certificate_is_over_proves_nothing(
    over: str, level: Level, *, signs: bool, pdf: bytes, tmp_path: Path
) -> None:
    pki = establish(tmp_path, URL, now(), "a passphrase of this test, long enough")
    key = ec.generate_private_key(ec.SECP256R1())
    hers = certificate.citizen("Arta", "Krasniqi", ARTA, timedelta(days=1), f"{URL}/pki/disclosure")
    made = certify(pki, key.public_key(), hers, url=URL, now=now())
    kind = certificate.timestamper if over == "tsa" else certificate.responder
    own = getattr(pki, over).certificate.public_key()
    place, began = (f"{URL}/pki/issuing", f"{URL}/pki/ocsp"), now() - timedelta(days=2)
    ended = certificate.issue(pki.issuing, own, kind(timedelta(days=1)), *place, now=began)
    (tmp_path / f"{over}.pem").write_bytes(pem(ended))
    (tmp_path / "issued" / f"{ended.serial_number:x}.pem").write_bytes(pem(ended))
    order = Order(
        pdf, is_digest=False, kind="P", level=level, is_certifying=True, is_detached=False, digest_algorithm="sha256"
    )
    where = Place(tmp_path, "a passphrase of this test, long enough")
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signature = make(order, private, made.public_bytes(Encoding.DER), where, now())
    assert (isinstance(signature, Made), signature == "unprovable") == (signs, not signs)


def test_without_trust_services_nothing_is_proven(pdf: bytes, tmp_path: Path) -> None:
    order = Order(
        pdf, is_digest=False, kind="P", level="B", is_certifying=True, is_detached=False, digest_algorithm="sha256"
    )
    assert make(order, b"", b"", Place(tmp_path / "nowhere", "none"), now()) == "unprovable"


async def test_a_process_that_dies_is_an_answer_that_does_not_come_and_is_replaced() -> None:
    bench = Workbench()
    try:
        with pytest.raises(TimeoutError):
            await bench.do(os._exit, 1)
        assert await bench.do(abs, -7) == 7
    finally:
        bench.close()
