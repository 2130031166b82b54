"""A citizen's certificate: what stands in it, who accepts it, and what follows when it is no longer good."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from .parties import ARTA, DRITA, Browser, RelyingParty, Running
from .signing import PIN2, SCOPE, Signatory, hash_of

CONTRACT = hash_of(b"the contract")
TOKENS: dict[str, str] = {}


@pytest.fixture(scope="module")
def party(eid: Running) -> RelyingParty:
    """Give a client of the signing service."""
    party = RelyingParty("signing-certificates")
    party.register(eid, scope=SCOPE)
    return party


@pytest.fixture
def drita(eid: Running, party: RelyingParty, http: httpx.AsyncClient, browser: Browser) -> Signatory:
    """Give Drita, whose certificates these tests wear out."""
    PIN2[DRITA] = "44444"
    return Signatory(eid, party, http, browser, DRITA, TOKENS)


async def told(who: Signatory, version: str = "v2") -> dict[str, object]:
    """Return what the service tells of her key."""
    body = {"credentialID": await who.credential(), "certificates": "chain", "certInfo": True, "authInfo": True}
    answer = await who.call("credentials/info", body, version=version)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def certificate(who: Signatory) -> x509.Certificate:
    """Return her certificate."""
    said: dict[str, list[str]] = (await told(who))["cert"]  # pyright: ignore[reportAssignmentType]
    return x509.load_der_x509_certificate(base64.b64decode(said["certificates"][0]))


def tool(*command: str | Path, succeeds: bool = True) -> str:
    """Run openssl and return what it says."""
    openssl = shutil.which("openssl")
    assert openssl, "openssl is missing: apt-get install openssl"
    done = subprocess.run([openssl, *map(str, command)], capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == succeeds, done.stdout + done.stderr
    return done.stdout + done.stderr


async def test_it_says_what_kosovos_eid_documents(drita: Signatory, tmp_path: Path) -> None:
    made = await certificate(drita)
    assert made.subject.rfc4514_string() == (
        f"CN=DRITA BERISHA DEMO,2.5.4.5=PNOXK-{DRITA},2.5.4.42=Drita,2.5.4.4=Berisha,C=XK"
    )
    lives = made.not_valid_after_utc - made.not_valid_before_utc
    assert timedelta(days=730) <= lives < timedelta(days=731)
    usage = made.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.content_commitment
    assert not usage.value.digital_signature
    (tmp_path / "hers.pem").write_bytes(made.public_bytes(Encoding.PEM))
    said = tool("x509", "-in", tmp_path / "hers.pem", "-noout", "-text")
    for part in (
        "Non Repudiation",
        "qcStatements",
        f"OCSP - URI:{drita.eid.url}/pki/ocsp",
        f"CA Issuers - URI:{drita.eid.url}/pki/issuing.crt",
        f"URI:{drita.eid.url}/pki/issuing.crl",
        "Policy: 2.25.",
        "P-256",
    ):
        assert part in said, part
    statements = made.extensions.get_extension_for_oid(x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")).value
    assert isinstance(statements, x509.UnrecognizedExtension)
    (tmp_path / "statements.der").write_bytes(statements.value)
    parsed = tool("asn1parse", "-inform", "DER", "-in", tmp_path / "statements.der")
    for number in (1, 5, 6, 7):
        assert f":0.4.0.1862.1.{number}" in parsed
    assert ":0.4.0.1862.1.4" not in parsed, "no certified device holds her key"
    for language in ("en", "sq", "sr"):
        address = f"{drita.eid.url}/pki/disclosure/{language}"
        assert address in parsed
        assert "DEMO" in (await drita.http.get(address)).raise_for_status().text


async def test_both_versions_of_the_api_tell_of_it(drita: Signatory) -> None:
    second, first = await told(drita), await told(drita, "v1")
    assert second["auth"] == {"mode": "oauth2code"}
    assert first["authMode"] == "oauth2code"
    for said in (first, second):
        assert said["SCAL"] == "2"
        assert said["key"] == {
            "status": "enabled",
            "algo": [f"1.2.840.10045.4.3.{number}" for number in (2, 3, 4)],
            "len": 256,
            "curve": "1.2.840.10045.3.1.7",
        }
    listed = (await drita.call("credentials/list", {"credentialInfo": True, "certificates": "none"})).json()
    (info,) = listed["credentialInfos"]
    assert info["credentialID"] == listed["credentialIDs"][0]
    assert "certificates" not in info["cert"]
    assert (await drita.call("credentials/list", {"userID": DRITA})).status_code == 400
    assert (await drita.call("credentials/info", {"credentialID": info["credentialID"], "certificates": "all"})).json()[
        "error_description"
    ] == "Invalid parameter certificates"


def test_the_service_says_what_it_can(eid: Running) -> None:
    second = httpx.post(f"{eid.url}/csc/v2/info", json={}).raise_for_status().json()
    assert (second["specs"], second["region"], second["oauth2Issuer"]) == ("2.0.0.2", "XK", eid.url)
    assert {"credentials/authorizeCheck", "signatures/signDoc", "signatures/signHash"} <= set(second["methods"])
    assert httpx.get(second["logo"]).raise_for_status().headers["content-type"] == "image/png"
    first = httpx.post(f"{eid.url}/csc/v1/info").raise_for_status().json()
    assert (first["specs"], first["oauth2"]) == ("1.0.4.0", eid.url)
    assert "signatures/signDoc" not in first["methods"]
    assert httpx.post(f"{eid.url}/csc/v3/info").status_code == 404
    for nonsense in (b"[]", b"{", b'"x"', b"[" * 5000):
        assert httpx.post(f"{eid.url}/csc/v2/info", content=nonsense).json()["error"] == "invalid_request"


async def test_only_a_token_of_the_service_is_taken(drita: Signatory, eid: Running) -> None:
    for header in ({}, {"authorization": "Bearer nonsense"}, {"authorization": "Basic eDp5"}):
        refused = await drita.http.post(f"{eid.url}/csc/v2/credentials/list", json={}, headers=header)
        assert (refused.status_code, refused.json()["error"]) == (401, "invalid_token")
        assert "Bearer" in refused.headers["www-authenticate"]
    her = await drita.service()
    said = await drita.http.get(f"{eid.url}/userinfo", headers={"authorization": f"Bearer {her}"})
    assert said.status_code == 403, "a token of the service says nothing of who she is"


async def test_openssl_asks_the_responder_and_the_list(drita: Signatory, tmp_path: Path) -> None:
    made, pki = await certificate(drita), Path(drita.eid.environment["EID_PKI"])
    hers, crl = tmp_path / "hers.pem", tmp_path / "issuing.crl"
    hers.write_bytes(made.public_bytes(Encoding.PEM))
    asking = ("ocsp", "-issuer", pki / "issuing.pem", "-CAfile", pki / "root.pem", "-cert", hers)
    checking = ("verify", "-CAfile", pki / "root.pem", "-untrusted", pki / "issuing.pem")

    def ask() -> str:
        return tool(*asking, "-url", f"{drita.eid.url}/pki/ocsp")

    def listed() -> str:
        crl.write_bytes(httpx.get(f"{drita.eid.url}/pki/issuing.crl").raise_for_status().content)
        return tool("crl", "-in", crl, "-inform", "DER", "-CAfile", pki / "issuing.pem", "-text")

    assert "OK" in tool(*checking, hers)
    assert ": good" in ask()
    drita.eid.did("certificate", "suspend", "--person", DRITA)
    said = ask()
    assert "Response verify OK" in said
    assert ": revoked" in said
    assert "Reason: certificateHold" in said
    assert "Certificate Hold" in listed()
    drita.eid.did("certificate", "resume", "--person", DRITA)
    assert ": good" in ask()
    assert f"{made.serial_number:X}" not in listed()


@pytest.mark.parametrize(
    ("state", "says"), [("suspended", "suspended"), ("expired", "expired"), ("revoked", "revoked")]
)
async def test_a_certificate_that_is_not_good_signs_nothing(drita: Signatory, state: str, says: str) -> None:
    sad, asked = await drita.leave(CONTRACT), await drita.asked(CONTRACT)
    await worn_out(drita.eid, state)
    refused = await drita.sign(sad, CONTRACT)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")
    assert state in refused.json()["error_description"]
    key: dict[str, str] = (await told(drita))["key"]  # pyright: ignore[reportAssignmentType]
    assert key["status"] == "disabled"
    assert (await drita.call("credentials/list", {"onlyValid": True})).json()["credentialIDs"] == []
    by_phone = {"credentialID": await drita.credential(), "numSignatures": 1, "hashes": [CONTRACT]}
    assert (await drita.call("credentials/authorize", by_phone)).status_code == 400
    await drita.browser.go(asked.url)
    assert drita.browser.page.status_code == 403
    assert f"Your certificate {'has ' if state == 'expired' else 'is '}{state}" in drita.browser.text
    await drita.browser.send("/refusal")
    assert drita.browser.answer()["error"] == "access_denied"
    drita.eid.did("certificate", "renew", "--person", DRITA)
    assert (await drita.sign(await drita.leave(CONTRACT), CONTRACT)).status_code == 200


async def worn_out(eid: Running, state: str) -> None:
    """Bring her certificate into a state."""
    if state != "expired":
        eid.did("certificate", {"suspended": "suspend", "revoked": "revoke"}[state], "--person", DRITA)
        return
    connection = await asyncpg.connect(eid.environment["EID_DATABASE_URL"])
    try:
        await connection.execute(
            """
            UPDATE eid.credential SET expires_at = credential.issued_at FROM eid.person
             WHERE person.id = person_id AND personal_number = $1 AND replaced_at IS NULL
            """,
            DRITA,
        )
    finally:
        await connection.close()


async def test_a_revoked_certificate_cannot_be_resumed(drita: Signatory) -> None:
    await drita.credential()
    assert "suspended" in drita.eid.did("certificate", "suspend", "--person", DRITA)
    assert "revoked" in drita.eid.did("certificate", "revoke", "--person", DRITA, "--reason", "key_compromise")
    refused = drita.eid.run("certificate", "resume", "--person", DRITA)
    assert (refused.returncode, refused.stderr) == (1, "eid: This certificate is not suspended.\n")
    assert "revoked" in drita.eid.did("certificate", "list", "--person", DRITA)
    drita.eid.did("certificate", "renew", "--person", DRITA)


async def test_no_key_and_no_number_lies_open(drita: Signatory) -> None:
    """Not in files, not in the database, not in what is logged."""
    await drita.sign(await drita.leave(CONTRACT), CONTRACT)
    assert all(b"ENCRYPTED" in key for key in kept_keys(drita.eid))
    connection = await asyncpg.connect(drita.eid.environment["EID_DATABASE_URL"])
    try:
        sealed = await connection.fetchval("SELECT sealed_key FROM eid.credential WHERE replaced_at IS NULL LIMIT 1")
        noted = await connection.fetchval("SELECT count(*) FROM eid.signature WHERE client_id = 'signing-certificates'")
    finally:
        await connection.close()
    assert sealed.count(".") == 4, "a JWE"
    assert noted
    logged = drita.eid.log.read_text()
    for secret in (PIN2[DRITA], DRITA, ARTA):
        assert not re.search(rf"\b{secret}\b", logged)
    assert DRITA not in drita.eid.did("pki", "list")


def kept_keys(eid: Running) -> list[bytes]:
    """Return the trust services' keys as they lie there."""
    return [key.read_bytes() for key in Path(eid.environment["EID_PKI"]).glob("*.key.pem")]


async def test_a_time_stamp_is_given_for_a_hash(drita: Signatory, tmp_path: Path) -> None:
    body = {"hash": CONTRACT, "hashAlgo": "2.16.840.1.101.3.4.2.1", "nonce": "0a1b"}
    answer = await drita.call("signatures/timestamp", body)
    token, content = tmp_path / "token", tmp_path / "content"
    token.write_bytes(base64.b64decode(answer.json()["timestamp"]))
    content.write_bytes(b"the contract")
    pki = Path(drita.eid.environment["EID_PKI"])
    chain = ("-CAfile", pki / "root.pem", "-untrusted", pki / "issuing.pem")
    assert "Verification: OK" in tool("ts", "-verify", "-data", content, "-in", token, "-token_in", *chain)
    assert "0x0A1B" in tool("ts", "-reply", "-in", token, "-token_in", "-text")
    for wrong in ({"hash": "YQ=="}, {"hashAlgo": "1.3.14.3.2.26"}, {"nonce": "x"}, {"hash": None}):
        assert (await drita.call("signatures/timestamp", body | wrong)).status_code == 400
