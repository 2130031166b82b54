"""The trust services: what they answer to the clients that others wrote, and what their register keeps."""

from __future__ import annotations

import base64
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import httpx
import pytest
from asn1crypto import core as _core
from asn1crypto import tsp as _tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp as requests

from eid.provider.certificate import TIMESTAMP_POLICY
from eid.provider.keystore import PkiError, opened
from eid.provider.pki import establish, grant_seal, revoke
from eid.seal import Sealer
from i18n.refusal import Unreachable
from tests.rooms.documents.conftest import ARC, CHECKOUT, Trust

core, tsp = cast("Any", _core), cast("Any", _tsp)  # asn1crypto carries no types
Tool = Callable[..., str]
NOW = datetime.now(UTC)
URL = "https://eid.example"


def _asked(trust: Trust, certificate: Path, tool: Tool, *more: str | Path) -> str:
    chain = ("-issuer", trust.pki.folder / "issuing.pem", "-CAfile", trust.root)
    return tool("openssl", "ocsp", *chain, "-cert", certificate, *more, "-url", f"{trust.url}/pki/ocsp")


def _issued(trust: Trust, serial: int) -> Path:
    return trust.pki.folder / "issued" / f"{serial:x}.pem"


def test_openssl_believes_the_responder(trust: Trust, tool: Tool) -> None:
    said = _asked(trust, trust.seals / "arc.chain.pem", tool, "-cert", trust.pki.folder / "tsa.pem")
    assert "Response verify OK" in said
    assert "arc.chain.pem: good" in said
    assert "tsa.pem: good" in said


def test_a_revoked_certificate_is_revoked_at_once_and_listed(trust: Trust, tool: Tool, tmp_path: Path) -> None:
    serial = trust.seal("gone", "Gone")
    assert "good" in _asked(trust, _issued(trust, serial), tool)
    revoke(trust.pki, serial, "key_compromise", datetime.now(UTC))
    said = _asked(trust, _issued(trust, serial), tool)
    assert ": revoked" in said
    assert "Reason: keyCompromise" in said
    crl = tmp_path / "issuing.crl"
    crl.write_bytes(httpx.get(f"{trust.url}/pki/issuing.crl").raise_for_status().content)
    listed = tool("openssl", "crl", "-in", crl, "-inform", "DER", "-CAfile", trust.pki.folder / "issuing.pem", "-text")
    assert "verify OK" in listed
    assert f"{serial:X}" in listed
    assert "Key Compromise" in listed


def test_a_certificate_that_nobody_issued_is_unknown(trust: Trust, tool: Tool) -> None:
    serial = ("-serial", "0x123456")
    chain = ("-issuer", trust.pki.folder / "issuing.pem", "-CAfile", trust.root)
    assert "0x123456: unknown" in tool("openssl", "ocsp", *chain, *serial, "-url", f"{trust.url}/pki/ocsp")


def test_the_responder_does_not_vouch_for_what_another_authority_issued(trust: Trust) -> None:
    builder = requests.OCSPRequestBuilder()
    builder = builder.add_certificate(trust.pki.issuing.certificate, trust.pki.root.certificate, hashes.SHA256())
    answer = _post(trust, "ocsp", _der(builder.build()), "application/ocsp-request")
    assert requests.load_der_ocsp_response(answer).certificate_status is requests.OCSPCertStatus.UNKNOWN


def test_the_responder_can_be_asked_by_address(trust: Trust) -> None:
    seal = x509.load_pem_x509_certificate((trust.seals / "arc.chain.pem").read_bytes())
    builder = requests.OCSPRequestBuilder()
    builder = builder.add_certificate(seal, trust.pki.issuing.certificate, hashes.SHA256())
    written = base64.b64encode(_der(builder.build())).decode()
    for path in (quote(written, safe=""), quote(written, safe="/")):
        answer = httpx.get(f"{trust.url}/pki/ocsp/{path}").raise_for_status()
        assert answer.headers["content-type"] == "application/ocsp-response"
        assert requests.load_der_ocsp_response(answer.content).certificate_status is requests.OCSPCertStatus.GOOD


def test_the_nonce_comes_back_and_nonsense_is_named_so(trust: Trust) -> None:
    seal = x509.load_pem_x509_certificate((trust.seals / "arc.chain.pem").read_bytes())
    builder = requests.OCSPRequestBuilder().add_certificate(seal, trust.pki.issuing.certificate, hashes.SHA256())
    asked = builder.add_extension(x509.OCSPNonce(b"n" * 32), critical=False).build()
    answer = _post(trust, "ocsp", _der(asked), "application/ocsp-request")
    response = requests.load_der_ocsp_response(answer)
    assert response.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"n" * 32
    for nonsense in (b"", b"<html>", b"\x30\x03\x02\x01\x01"):
        answer = _post(trust, "ocsp", nonsense, "application/ocsp-request")
        assert requests.load_der_ocsp_response(answer).response_status is requests.OCSPResponseStatus.MALFORMED_REQUEST


def test_openssl_believes_the_time_stamp(trust: Trust, tool: Tool, tmp_path: Path) -> None:
    query, reply = tmp_path / "query.tsq", tmp_path / "reply.tsr"
    tool("openssl", "ts", "-query", "-data", trust.root, "-sha512", "-cert", "-out", query)
    reply.write_bytes(_post(trust, "tsa", query.read_bytes(), "application/timestamp-query"))
    chain = ("-CAfile", trust.root, "-untrusted", trust.pki.folder / "issuing.pem")
    assert "Verification: OK" in tool("openssl", "ts", "-verify", "-queryfile", query, "-in", reply, *chain)
    other = tmp_path / "other"
    other.write_bytes(b"another document")
    tool("openssl", "ts", "-verify", "-data", other, "-in", reply, *chain, succeeds=False)


def test_every_time_stamp_has_its_own_number_and_says_how_exact_it_is(trust: Trust) -> None:
    tokens = [_stamp(trust) for _ in range(5)]
    numbers = [token["serial_number"].native for token in tokens]
    assert len(set(numbers)) == 5
    assert all(number.bit_length() > 90 for number in numbers)
    for token in tokens:
        assert token["policy"].native == TIMESTAMP_POLICY.dotted_string
        assert token["accuracy"]["seconds"].native == 1
        assert token["ordering"].native is False
        assert token["nonce"].native == 42
        assert abs(token["gen_time"].native - datetime.now(UTC)) < timedelta(seconds=10)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"message_imprint": {"hash_algorithm": {"algorithm": "sha1"}, "hashed_message": b"a" * 20}}, "bad_alg"),
        ({"message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"a"}}, "bad_data_format"),
        ({"req_policy": "1.2.3.4"}, "unaccepted_policy"),
        ({"version": 2}, "bad_request"),
    ],
)
def test_a_stamp_that_must_not_be_given_is_refused_with_its_reason(
    trust: Trust, change: dict[str, Any], reason: str
) -> None:
    answer = _post(trust, "tsa", _request(**change), "application/timestamp-query")
    status = core.SequenceOf.load(answer, spec=tsp.PKIStatusInfo)[0]
    assert status["status"].native == "rejection"
    assert status["fail_info"].native == {reason}


def test_the_stamper_takes_only_its_own_kind_of_body(trust: Trust) -> None:
    assert (
        httpx.post(f"{trust.url}/pki/tsa", content=_request(), headers={"content-type": "text/html"}).status_code == 415
    )
    large = httpx.post(
        f"{trust.url}/pki/tsa", content=b"0" * 20_000, headers={"content-type": "application/timestamp-query"}
    )
    assert large.status_code == 413


def test_the_authorities_give_their_certificates(trust: Trust) -> None:
    for name, holder in (("root", trust.pki.root), ("issuing", trust.pki.issuing)):
        answer = httpx.get(f"{trust.url}/pki/{name}.crt").raise_for_status()
        assert x509.load_der_x509_certificate(answer.content) == holder.certificate


def test_the_keys_are_for_nobody_elses_eyes(trust: Trust) -> None:
    for folder in (trust.pki.folder, trust.seals):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        keys = list(folder.glob("*.key.pem"))
        assert keys
        assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}


def test_making_the_services_twice_or_at_once_makes_them_once(tmp_path: Path) -> None:
    folder = tmp_path / "pki"
    with ThreadPoolExecutor(4) as together:
        made = [together.submit(establish, folder, URL, NOW) for _ in range(4)]
    certificates = {done.result().tsa.certificate for done in made}
    assert len(certificates) == 1
    assert establish(folder, URL, NOW).tsa.certificate in certificates
    assert len(list((folder / "issued").iterdir())) == 3


def test_what_was_half_made_is_finished(tmp_path: Path) -> None:
    root = establish(tmp_path, URL, NOW).root.certificate
    (tmp_path / "issuing.pem").unlink()
    (tmp_path / "tsa.key.pem").unlink()
    pki = establish(tmp_path, URL, NOW)
    assert pki.root.certificate == root
    assert pki.tsa.certificate.public_key() == pki.tsa.key.public_key()


def test_another_address_renews_the_certificates_on_the_same_keys(tmp_path: Path) -> None:
    before = establish(tmp_path, URL, NOW)
    after = establish(tmp_path, "https://eid.elsewhere:8443", NOW)
    assert after.root.certificate == before.root.certificate
    assert after.tsa.certificate != before.tsa.certificate
    assert after.tsa.certificate.public_key() == before.tsa.certificate.public_key()
    points = after.tsa.certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert [name.value for point in points for name in point.full_name or ()] == [
        "https://eid.elsewhere:8443/pki/issuing.crl"
    ]


def test_a_seal_says_whose_it_is_and_is_granted_once(tmp_path: Path) -> None:
    pki, out = establish(tmp_path / "pki", URL, NOW), tmp_path / "seals"
    seal = grant_seal(pki, "arc", ARC, out, url=URL, now=NOW)
    assert grant_seal(pki, "arc", ARC, out, url=URL, now=NOW) == seal
    assert seal.subject.rfc4514_string() == f"CN={ARC} DEMO,2.5.4.97=GO:XK-ARC,O={ARC} DEMO,C=XK"
    assert sorted(path.name for path in out.iterdir()) == [".lock", "arc.chain.pem", "arc.key.pem", "root.pem"]


def test_an_expiring_seal_is_renewed_on_its_key_and_a_revoked_one_gets_another(tmp_path: Path) -> None:
    pki, out = establish(tmp_path / "pki", URL, NOW), tmp_path / "seals"
    seal = grant_seal(pki, "arc", ARC, out, url=URL, now=NOW)
    soon = seal.not_valid_after_utc - timedelta(days=7)
    renewed = grant_seal(pki, "arc", ARC, out, url=URL, now=soon)
    assert renewed.not_valid_after_utc > seal.not_valid_after_utc
    assert renewed.public_key() == seal.public_key()
    revoke(pki, renewed.serial_number, "superseded", soon)
    fresh = grant_seal(pki, "arc", ARC, out, url=URL, now=soon)
    assert fresh.public_key() != seal.public_key()


def test_keys_are_encrypted_and_plain_ones_taken_over(tmp_path: Path) -> None:
    plain = establish(tmp_path, URL, NOW)
    assert establish(tmp_path, URL, NOW, "p" * 32).tsa.certificate == plain.tsa.certificate
    assert opened(tmp_path, "p" * 32).root.key.private_numbers() == plain.root.key.private_numbers()
    assert {key.read_bytes().splitlines()[0] for key in tmp_path.glob("*.key.pem")} == {
        b"-----BEGIN ENCRYPTED PRIVATE KEY-----"
    }
    for other in ("q" * 32, None):
        with pytest.raises(PkiError, match="another passphrase"):
            opened(tmp_path, other)


async def test_a_seal_is_opened_by_its_institutions_passphrase(trust: Trust, tmp_path: Path, extract: bytes) -> None:
    for passphrase in (None, "p" * 32):  # the second takes the plain key over
        grant_seal(trust.pki, "arc", ARC, tmp_path, url=trust.url, now=datetime.now(UTC), passphrase=passphrase)
    assert b"ENCRYPTED" in (tmp_path / "arc.key.pem").read_bytes()
    for passphrase, opens in (("p" * 32, True), ("q" * 32, False), (None, False)):
        sealer = Sealer(tmp_path, trust.tsa, trust.root, passphrase=passphrase)
        try:
            if opens:
                assert (await sealer.seal(extract, "arc", datetime.now(UTC))).startswith(extract)
            else:
                with pytest.raises(Unreachable):
                    await sealer.seal(extract, "arc", datetime.now(UTC))
        finally:
            sealer.close()


def test_what_cannot_be_done_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PkiError, match="eid pki init"):
        opened(tmp_path)
    pki = establish(tmp_path / "pki", URL, NOW)
    with pytest.raises(PkiError, match="no certificate 7b was issued"):
        revoke(pki, 123, "superseded", NOW)
    with pytest.raises(PkiError, match="letters and digits"):
        grant_seal(pki, "../arc", ARC, tmp_path, url=URL, now=NOW)
    with pytest.raises(PkiError, match="longer than 59"):
        grant_seal(pki, "arc", "ë" * 30, tmp_path, url=URL, now=NOW)


def test_the_commands_make_grant_and_revoke(tmp_path: Path) -> None:
    at = ("--pki", str(tmp_path / "pki"))
    assert "eid pki init" in _command(
        "seal", *at, "--institution", "arc", "--name", ARC, "--out", str(tmp_path), code=1
    )
    assert "trust services until" in _command("init", *at, "--url", URL)
    said = _command("seal", *at, "--url", URL, "--institution", "arc", "--name", ARC, "--out", str(tmp_path / "seals"))
    serial = said.split()[2]
    assert "superseded" in _command("revoke", *at, "--serial", serial, "--reason", "superseded")
    assert f"{serial}  revoked" in _command("list", *at)


def _command(*arguments: str, code: int = 0) -> str:
    whole, told = [sys.executable, "-m", "eid.provider", "pki", *arguments], os.environ | {"EID_SECRET": "s" * 32}
    done = subprocess.run(whole, cwd=CHECKOUT, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def _request(**change: Any) -> bytes:  # noqa: ANN401 - asn1crypto
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"a" * 32}
    return tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "nonce": 42, "cert_req": True} | change).dump()


def _stamp(trust: Trust) -> Any:  # noqa: ANN401 - asn1crypto
    answer = tsp.TimeStampResp.load(_post(trust, "tsa", _request(), "application/timestamp-query"))
    return answer["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed


def _post(trust: Trust, service: str, body: bytes, kind: str) -> bytes:
    answer = httpx.post(f"{trust.url}/pki/{service}", content=body, headers={"content-type": kind})
    return answer.raise_for_status().content


def _der(asked: requests.OCSPRequest) -> bytes:
    return asked.public_bytes(serialization.Encoding.DER)
