"""Signed documents: by pyHanko's own signing client, or whole by the service; the tools of others accept them."""

from __future__ import annotations

import base64
import io
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import aiohttp
import httpx
import pytest
from asn1crypto import cms as _cms
from pyhanko import keys as _keys
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import signers as _signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import csc_signer as _csc
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext as _ValidationContext
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend

from .parties import ARTA, CHECKOUT, Browser, RelyingParty, Running
from .signing import ECDSA_WITH_SHA256, SCOPE, SHA256, Signatory, base64_of, hash_of

# Their types name asn1crypto's, which has none.
cms, keys, signers, csc = cast("Any", _cms), cast("Any", _keys), cast("Any", _signers), cast("Any", _csc)
ValidationContext = cast("Any", _ValidationContext)
TOKENS: dict[str, str] = {}


@pytest.fixture(scope="module")
def party(eid: Running) -> RelyingParty:
    """Give a client of the signing service."""
    party = RelyingParty("signing-documents")
    party.register(eid, scope=SCOPE)
    return party


@pytest.fixture
def arta(eid: Running, party: RelyingParty, http: httpx.AsyncClient, browser: Browser) -> Signatory:
    """Give Arta, who signs."""
    return Signatory(eid, party, http, browser, ARTA, TOKENS)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    """Give a document of one empty page."""
    writer = cast("Any", PdfFileWriter())
    writer.insert_page(
        PageObject(contents=writer.add_object(StreamObject(stream_data=b"")), media_box=(0, 0, 200, 200))
    )
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


class Authorised(_csc.CSCAuthorizationManager):
    """Sends her to the page of the eID for each signature."""

    def __init__(self, session_info: Any, credential: Any, arta: Signatory) -> None:  # noqa: ANN401 - pyHanko's
        cast("Any", super()).__init__(session_info, credential)
        self._arta = arta

    async def authorize_signature(self, hash_b64s: list[str]) -> Any:  # noqa: ANN401 - pyHanko's
        return csc.CSCAuthorizationInfo(sad=await self._arta.leave(*hash_b64s))


async def signed_by_pyhanko(arta: Signatory, pdf: bytes, version: str) -> bytes:
    """Sign at B-LTA with pyHanko's own client, unchanged."""
    async with aiohttp.ClientSession() as session:
        told = csc.CSCServiceSessionInfo(
            service_url=arta.eid.url,
            credential_id=await arta.credential(),
            oauth_token=await arta.service(),
            api_ver="v1",
        )
        credential = await csc.fetch_certs_in_csc_credential(session, told)
        assert credential.hash_pinning_required
        signer = csc.CSCSigner(session, Authorised(told, credential, arta))
        context = ValidationContext(
            trust_roots=[credential.chain[-1]],
            other_certs=credential.chain,
            allow_fetching=True,
            revocation_mode="require",
            fetcher_backend=AIOHttpFetcherBackend(session),
        )
        metadata = signers.PdfSignatureMetadata(
            field_name="Signature",
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            embed_validation_info=True,
            use_pades_lta=True,
            validation_context=context,
        )
        stamper = HTTPTimeStamper(f"{arta.eid.url}/pki/tsa", session=session)
        work = signers.PdfSigner(metadata, signer=signer, timestamper=stamper)
        return (await work.async_sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))).getvalue()


def judged(signed: bytes, eid: Running, folder: Path) -> str:
    """Return what pyHanko's command line says of a document, and what pdfsig says."""
    file, root = folder / "signed.pdf", folder / "root.pem"
    file.write_bytes(signed)
    root.write_bytes((Path(eid.environment["EID_PKI"]) / "root.pem").read_bytes())
    command = [sys.executable, "-m", "pyhanko", "sign", "validate", "--trust", str(root), "--pretty-print", str(file)]
    said = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    pdfsig = shutil.which("pdfsig")
    assert pdfsig, "pdfsig is missing: apt-get install poppler-utils"
    popplers = subprocess.run([pdfsig, "-nocert", str(file)], capture_output=True, text=True, check=False).stdout
    return said.stdout + popplers


async def test_pyhankos_own_client_signs_and_others_accept_it(arta: Signatory, pdf: bytes, tmp_path: Path) -> None:
    said = judged(await signed_by_pyhanko(arta, pdf, "v1"), arta.eid, tmp_path)
    assert "The signature is judged VALID" in said
    assert "Signature is Valid" in said
    assert "ARTA KRASNIQI DEMO" in said


def document(pdf: bytes, **changed: object) -> dict[str, object]:
    """Return one document as the API takes it."""
    return {"document": base64_of(pdf), "signature_format": "P", "signAlgo": ECDSA_WITH_SHA256} | changed


async def signed(arta: Signatory, sad: str, **body: object) -> httpx.Response:
    """Have documents or hashes of documents signed."""
    return await arta.call("signatures/signDoc", {"credentialID": await arta.credential(), "SAD": sad} | body)


@pytest.mark.parametrize("level", ["Ades-B-B", "Ades-B-T", "AdES-B-LT", "AdES-B-LTA"])
async def test_the_service_signs_a_whole_document(arta: Signatory, pdf: bytes, tmp_path: Path, level: str) -> None:
    sad = await arta.leave(hash_of(pdf))
    made = await signed(arta, sad, documents=[document(pdf, conformance_level=level)], returnValidationInfo=True)
    assert made.status_code == 200, made.text
    (whole,) = made.json()["DocumentWithSignature"]
    assert set(made.json()["validationInfo"]) == {"ocsp", "crl", "certificates"}
    signature = base64.b64decode(whole)
    said = judged(signature, arta.eid, tmp_path)
    assert "The signature is judged VALID" in said
    assert "Signature is Valid" in said
    reader: Any = PdfFileReader(io.BytesIO(signature))
    assert ("/DSS" in reader.root) == (level in {"AdES-B-LT", "AdES-B-LTA"})
    assert len(reader.embedded_timestamp_signatures) == (level == "AdES-B-LTA")
    assert bool(reader.embedded_regular_signatures[0].signer_info["unsigned_attrs"]) == (level != "Ades-B-B")


async def test_a_document_is_signed_by_two_and_both_hold(arta: Signatory, pdf: bytes, tmp_path: Path) -> None:
    first = base64.b64decode(
        (await signed(arta, await arta.leave(hash_of(pdf)), documents=[document(pdf)])).json()["DocumentWithSignature"][
            0
        ]
    )
    again = await signed(arta, await arta.leave(hash_of(first)), documents=[document(first)])
    assert (again.status_code, "Revision" in again.json()["error_description"]) == (400, True)
    sad = await arta.leave(hash_of(first))
    both = await signed(arta, sad, documents=[document(first, signed_envelope_property="Revision")])
    said = judged(base64.b64decode(both.json()["DocumentWithSignature"][0]), arta.eid, tmp_path)
    assert said.count("The signature is judged VALID") == 2


async def test_the_service_makes_a_signature_from_the_hash_alone(arta: Signatory) -> None:
    digests = [
        {
            "hashes": [hash_of(b"text")],
            "hashAlgorithmOID": SHA256,
            "signature_format": kind,
            "conformance_level": level,
            "signAlgo": ECDSA_WITH_SHA256,
        }
        for kind, level in (("P", "Ades-B-LT"), ("C", "Ades-B-T"))
    ]
    sad = await arta.leave(hash_of(b"text"), hash_of(b"text"))
    made = await signed(arta, sad, documentDigests=digests)
    assert made.status_code == 200, made.text
    assert made.json()["validationInfo"]["ocsp"]
    for one in made.json()["SignatureObject"]:
        said = cms.ContentInfo.load(base64.b64decode(one))["content"]["signer_infos"][0]
        attributes = {attribute["type"].native: attribute["values"][0].native for attribute in said["signed_attrs"]}
        assert base64_of(attributes["message_digest"]) == hash_of(b"text")
        assert said["unsigned_attrs"][0]["type"].native == "signature_time_stamp_token"


@pytest.mark.parametrize("envelope", ["Attached", "Detached"])
async def test_anything_is_signed_as_cades_and_openssl_accepts_it(
    arta: Signatory, tmp_path: Path, envelope: str
) -> None:
    sad = await arta.leave(hash_of(b"a text"))
    wish = document(b"a text", signature_format="C", signed_envelope_property=envelope)
    made = await signed(arta, sad, documents=[wish])
    assert made.status_code == 200, made.text
    file, content = tmp_path / "signature.p7s", tmp_path / "content"
    file.write_bytes(base64.b64decode(made.json()["SignatureObject"][0]))
    content.write_bytes(b"a text")
    pki = Path(arta.eid.environment["EID_PKI"])
    apart = ["-content", content] if envelope == "Detached" else []
    assert verified(["-in", file, "-CAfile", pki / "root.pem", *apart]) == "a text"


def verified(files: list[str | Path]) -> str:
    """Return the content of a CAdES signature that openssl accepts."""
    openssl = shutil.which("openssl")
    assert openssl, "openssl is missing: apt-get install openssl"
    command = [openssl, "cms", "-verify", "-cades", "-inform", "DER", "-purpose", "any", *files]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    return said.stdout


async def test_another_document_than_she_allowed_is_refused(arta: Signatory, pdf: bytes) -> None:
    sad = await arta.leave(hash_of(pdf))
    refused = await signed(arta, sad, documents=[document(pdf + b"\n")])
    assert (refused.status_code, refused.json()["error"]) == (403, "invalid_hash")
    assert (await signed(arta, sad, documents=[document(pdf)])).status_code == 200
    assert (await signed(arta, sad, documents=[document(pdf)])).status_code == 400


async def test_what_is_no_pdf_is_refused_and_leave_is_kept(arta: Signatory) -> None:
    for nonsense in (b"<html>", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\nstartxref\n99999\n%%EOF"):
        sad = await arta.leave(hash_of(nonsense))
        refused = await signed(arta, sad, documents=[document(nonsense)])
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request"), refused.text
        kept = await signed(arta, sad, documents=[document(nonsense, signature_format="C")])
        assert kept.status_code == 200


WRONG: dict[str, dict[str, object]] = {
    "nothing": {},
    "both": {"documents": [{}], "documentDigests": [{}]},
    "no array": {"documents": "x"},
    "no object": {"documents": ["x"]},
    "no algorithm": {"documents": [{"document": "YQ==", "signature_format": "P"}]},
    "no base64": {"documents": [document(b"") | {"document": "%"}]},
    "XAdES": {"documents": [document(b"x", signature_format="X")]},
    "no format": {"documents": [document(b"x") | {"signature_format": None}]},
    "a level that is none": {"documents": [document(b"x", conformance_level="Ades-B-X")]},
    "CAdES LTA": {"documents": [document(b"x", signature_format="C", conformance_level="Ades-B-LTA")]},
    "an envelope that is none": {"documents": [document(b"x", signed_envelope_property="Attached")]},
    "properties": {"documents": [document(b"x", signed_props=[{"attribute_name": "Reason"}])]},
    "two algorithms": {"documents": [document(b"x"), document(b"x", signAlgo="1.2.840.10045.4.3.4")]},
    "another kind": {"documents": [document(b"x")], "credentialID": None, "signatureQualifier": "eu_eidas_qeseal"},
    "later": {"documents": [document(b"x")], "operationMode": "A"},
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_call_that_is_not_whole_is_refused(arta: Signatory, name: str) -> None:
    refused = await signed(arta, "none", **WRONG[name])
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request"), refused.text
