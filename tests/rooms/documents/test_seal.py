"""An institution's seal: others' tools accept it, nobody can change what it covers, and it is whole or not at all."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from asn1crypto import tsp as _tsp
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from eid.inspection import Inspector
from eid.inspection import inspector as cached_inspector
from eid.provider import certificate
from eid.provider.keystore import pem, write
from eid.provider.pki import revoke
from eid.seal import Sealer
from i18n.refusal import Refused
from tests.rooms.documents.conftest import ARC, Trust, sealed_once, serving

tsp = cast("Any", _tsp)  # asn1crypto carries no types
Tool = Callable[..., str]
YEAR = timedelta(days=365)


@pytest.fixture
def file(sealed: bytes, tmp_path: Path) -> Path:
    """Put the sealed extract on disk, for tools."""
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed)
    return path


async def test_a_sealed_extract_is_genuine_and_says_whose(sealed: bytes, inspector: Inspector) -> None:
    now = datetime.now(UTC)
    report = await inspector.check(sealed, now)
    assert (report.outcome, report.institution) == ("genuine", "arc")
    assert report.sealed_at is not None
    assert report.kept_since is not None
    assert timedelta(0) <= report.kept_since - report.sealed_at < timedelta(minutes=1)
    assert abs(now - report.sealed_at) < timedelta(minutes=10)


@pytest.mark.parametrize("later", [timedelta(minutes=12), timedelta(minutes=40), timedelta(days=1), YEAR, 9 * YEAR])
async def test_it_proves_itself_offline_long_after_the_seal_expired(
    sealed: bytes, inspector: Inspector, later: timedelta
) -> None:
    assert (await inspector.check(sealed, datetime.now(UTC) + later)).outcome == "genuine"


async def test_it_must_be_stamped_again_before_the_stampers_certificate_ends(
    sealed: bytes, inspector: Inspector
) -> None:
    assert (await inspector.check(sealed, datetime.now(UTC) + 11 * YEAR)).outcome == "untrusted"


def test_pdfsig_calls_it_valid(file: Path, tool: Tool) -> None:
    said = tool("pdfsig", "-nocert", file)
    assert "Signature is Valid." in said
    assert f"{ARC} DEMO" in said
    assert "ETSI.CAdES.detached" in said
    assert said.count("Total document signed") == 1  # the time stamp, which comes last


def test_openssl_verifies_the_seal(sealed: bytes, trust: Trust, tool: Tool, tmp_path: Path) -> None:
    signature = _reader(sealed).embedded_signatures[0]
    start, until, again, length = signature.byte_range
    (tmp_path / "seal.der").write_bytes(signature.pkcs7_content)
    (tmp_path / "covered").write_bytes(sealed[start:until] + sealed[again : again + length])
    given = ("-inform", "DER", "-in", tmp_path / "seal.der", "-content", tmp_path / "covered", "-out", os.devnull)
    cms = ("cms", "-verify", "-binary", "-purpose", "any", "-CAfile", trust.root)
    assert "successful" in tool("openssl", *cms, *given)
    (tmp_path / "covered").write_bytes(sealed[start:until] + sealed[again : again + length - 1] + b"!")
    tool("openssl", *cms, *given, succeeds=False)


@pytest.mark.parametrize("command", ["adesverify", "validate"])
def test_pyhankos_command_line_accepts_it(file: Path, trust: Trust, command: str) -> None:
    said = _pyhanko(command, "--pretty-print", "--trust", trust.root, "--trust-replace", file)
    assert "The signature is judged VALID." in said
    assert "All modifications relate to signature maintenance" in said


def test_pyhankos_command_line_refuses_a_changed_one(file: Path, trust: Trust) -> None:
    file.write_bytes(_appended(file.read_bytes()))
    said = _pyhanko("adesverify", "--pretty-print", "--trust", trust.root, "--trust-replace", file)
    assert "The signature is judged INVALID." in said


async def test_no_byte_can_be_changed(sealed: bytes, inspector: Inspector) -> None:
    covered = _covered(sealed)
    dice = random.Random(20261123)  # noqa: S311 - the same bytes at every run
    for position in [0, len(sealed) - 2, *(dice.choice(covered) for _ in range(30))]:
        changed = bytearray(sealed)
        changed[position] ^= 1 << dice.randrange(8)
        report = await inspector.check(bytes(changed), datetime.now(UTC))
        assert report.outcome == "changed", f"byte {position}"


async def test_nothing_can_be_appended(sealed: bytes, inspector: Inspector) -> None:
    for added in (_appended(sealed), sealed + b"\n", sealed + b"%%EOF\n", sealed + sealed):
        assert (await inspector.check(added, datetime.now(UTC))).outcome == "changed"


def test_other_tools_do_not_see_what_was_appended_and_so_we_must(file: Path, tool: Tool) -> None:
    file.write_bytes(_appended(file.read_bytes()))
    assert "Signature is Valid." in tool("pdfsig", "-nocert", file)


async def test_files_that_bear_no_seal_are_unsigned(extract: bytes, inspector: Inspector) -> None:
    for file in (extract, b"", b"%PDF-1.7", b"hello" * 1000, b"\x00" * 5000, b"%PDF-1.7\n" + b"[" * 50_000):
        assert (await inspector.check(file, datetime.now(UTC))).outcome == "unsigned"


async def test_a_seal_of_another_root_is_not_trusted(extract: bytes, inspector: Inspector, tmp_path: Path) -> None:
    with serving(tmp_path / "pki") as (pki, url):
        forger = Trust(pki, url, tmp_path / "seals")
        forger.seal("arc", ARC)
        forged = await sealed_once(forger, extract)
    assert (await inspector.check(forged, datetime.now(UTC))).outcome == "untrusted"
    assert (await cached_inspector(forger.root).check(forged, datetime.now(UTC))).outcome == "genuine"


async def test_a_certificate_that_is_no_seal_seals_nothing(extract: bytes, trust: Trust, inspector: Inspector) -> None:
    _grant_without_the_seals_type(trust, "citizen")
    signed = await sealed_once(trust, extract, "citizen")
    assert (await inspector.check(signed, datetime.now(UTC))).outcome == "untrusted"


async def test_a_revoked_seal_seals_nothing_more_and_what_it_sealed_stays(
    extract: bytes, trust: Trust, sealer: Sealer, inspector: Inspector
) -> None:
    serial = trust.seal("old", "Old")
    before = await sealer.seal(extract, "old", datetime.now(UTC))
    revoke(trust.pki, serial, "cessation_of_operation", datetime.now(UTC))
    with pytest.raises(Refused, match="seal_revoked"):
        await sealer.seal(extract, "old", datetime.now(UTC))
    assert (await inspector.check(before, datetime.now(UTC))).outcome == "genuine"
    trust.seal("old", "Old")
    assert await sealer.seal(extract, "old", datetime.now(UTC))


def _grant_without_the_seals_type(trust: Trust, institution: str) -> None:
    pki, key = trust.pki, ec.generate_private_key(ec.SECP256R1())
    seal = certificate.seal(institution, "Citizen", YEAR)
    plain = replace(seal, extensions=seal.extensions[:2])
    place = f"{trust.url}/pki/issuing"
    made = certificate.issue(
        pki.issuing, key.public_key(), plain, place, f"{trust.url}/pki/ocsp", now=datetime.now(UTC)
    )
    (pki.folder / "issued" / f"{made.serial_number:x}.pem").write_bytes(pem(made))
    (trust.seals / f"{institution}.chain.pem").write_bytes(pem(made) + pem(pki.issuing.certificate))
    write(trust.seals / f"{institution}.key.pem", _key(key), 0o600)


def _key(key: ec.EllipticCurvePrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def _pyhanko(*arguments: str | Path) -> str:
    command = [str(Path(sys.executable).with_name("pyhanko")), "sign", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _reader(pdf: bytes) -> Any:  # noqa: ANN401 - partly without types
    return PdfFileReader(io.BytesIO(pdf))


def _covered(pdf: bytes) -> range:
    """Return the positions that the last time stamp covers in front of itself."""
    start, until, _again, _length = _reader(pdf).embedded_signatures[-1].byte_range
    return range(start, until)


def _appended(pdf: bytes) -> bytes:
    """Return the PDF with an update in which somebody rewrote the page."""
    writer = cast("Any", IncrementalPdfFileWriter(io.BytesIO(pdf)))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Rotate"] = generic.NumberObject(90)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
