"""A sheet that a service signed whole counts when it is that sheet and one signature of now; then it is completed."""

from __future__ import annotations

import asyncio
import io
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.generic import FloatObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from eid.errors import NotSigned
from eid.inspection import Inspector
from eid.prepared import signs_for
from eid.provider.pki import establish, revoke
from eid.provider.signing.making import Level, Order, Place, make
from eid.seal import Sealer
from eid.signature import Signatory
from i18n.refusal import Refused, Unreachable
from tests.rooms.documents.conftest import Trust
from tests.rooms.documents.signer import YEAR, Signer

ARTA, DRITON = "1176042318", "1570583073"


@pytest.fixture(scope="session")
async def signatory(trust: Trust) -> AsyncIterator[Signatory]:
    """Judge and complete signatures with the test's trust services."""
    signatory = Signatory(trust.tsa, trust.root)
    yield signatory
    signatory.close()


@pytest.fixture(scope="session")
async def sheet(signatory: Signatory, extract: bytes) -> bytes:
    """Give a sheet that waits for two signatures."""
    return await signatory.freeze(extract, 2)


@pytest.fixture(scope="session")
async def plain(signatory: Signatory, extract: bytes) -> bytes:
    """Give a sheet without fields for people: a service makes one of its own."""
    return await signatory.freeze(extract, 0)


@pytest.fixture(scope="session")
def arta(trust: Trust) -> Signer:
    """Give Arta with her key."""
    return Signer.of(trust, ARTA, "Arta", "Krasniqi")


async def signed_whole(
    trust: Trust,
    signer: Signer,
    pdf: bytes,
    level: Level = "T",
    *,
    is_certifying: bool = False,
    reason: str = "",
) -> bytes:
    """Return the file as a service that signs whole documents gives it back."""
    order = Order(pdf, False, "P", level, is_certifying, False, "sha256", reason)  # noqa: FBT003 - as the API has it
    key = signer.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    der = signer.made.public_bytes(serialization.Encoding.DER)
    made: Any = await asyncio.to_thread(make, order, key, der, Place(trust.pki.folder, ""), datetime.now(UTC))
    assert not isinstance(made, str), made
    return made.content


async def completed(signatory: Signatory, sheet: bytes, signed: bytes, place: int, number: str) -> bytes:
    """Return the sheet as the portal keeps it."""
    prepared, value = await signatory.receive(sheet, signed, place, datetime.now(UTC))
    assert prepared.is_filled
    assert signs_for(prepared.chain[0], number)
    return await signatory.complete(prepared, value, datetime.now(UTC))


@pytest.fixture(scope="session")
async def signed(trust: Trust, signatory: Signatory, sheet: bytes, arta: Signer) -> bytes:
    """Have both parents sign it."""
    driton = Signer.of(trust, DRITON, "Driton", "Krasniqi")
    first = await completed(signatory, sheet, await signed_whole(trust, arta, sheet), 1, ARTA)
    return await completed(signatory, first, await signed_whole(trust, driton, first), 2, DRITON)


async def test_both_parents_signatures_and_the_seal_of_receipt_hold_for_years(
    signed: bytes, sealer: Sealer, inspector: Inspector
) -> None:
    received = await sealer.receive(signed, "arc", datetime.now(UTC))
    for later in (timedelta(0), timedelta(days=1), 9 * YEAR):
        report = await inspector.check(received, datetime.now(UTC) + later)
        assert [(mark.name, mark.level, mark.standing) for mark in report.marks] == [
            ("ARTA KRASNIQI DEMO", "B-LTA", "valid"),
            ("DRITON KRASNIQI DEMO", "B-LTA", "valid"),
            ("Agjencia e Regjistrimit Civil DEMO", "B-LTA", "valid"),
        ]


def test_others_accept_it_and_the_fields_are_those_that_waited(signed: bytes, trust: Trust, tmp_path: Path) -> None:
    said = _said_by_others(signed, trust, tmp_path)
    assert said.count("The signature is judged VALID.") == 2
    assert said.count("Signature is Valid") == 2
    reader: Any = PdfFileReader(io.BytesIO(signed))
    names = [each.field_name for each in reader.embedded_signatures]
    assert names == ["Signature1", "Archive1", "Signature2", "Archive2"]


def _said_by_others(pdf: bytes, trust: Trust, folder: Path) -> str:
    file = folder / "signed.pdf"
    file.write_bytes(pdf)
    pyhanko = [str(Path(sys.executable).with_name("pyhanko")), "sign", "adesverify", "--pretty-print"]
    command = [*pyhanko, "--trust", str(trust.root), "--trust-replace", str(file)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    pdfsig = shutil.which("pdfsig")
    assert pdfsig, "pdfsig is missing: apt-get install poppler-utils"
    return said + subprocess.run([pdfsig, "-nocert", str(file)], capture_output=True, text=True, check=False).stdout


async def test_a_signature_in_a_field_of_the_services_own_is_taken(
    trust: Trust, signatory: Signatory, plain: bytes, arta: Signer, inspector: Inspector
) -> None:
    done = await completed(signatory, plain, await signed_whole(trust, arta, plain), 1, ARTA)
    assert [mark.standing for mark in (await inspector.check(done, datetime.now(UTC))).marks] == ["valid"]


@dataclass(frozen=True)
class Service:
    """A service that gives something else back than it was asked for; `flaws` says what."""

    trust: Trust
    arta: Signer
    sheet: bytes
    another: bytes
    folder: Path

    async def signed(self, pdf: bytes | None = None, level: Level = "T", *, is_certifying: bool = False) -> bytes:
        return await signed_whole(self.trust, self.arta, pdf or self.sheet, level, is_certifying=is_certifying)

    async def another_sheet(self) -> bytes:
        return await self.signed(self.another)

    async def a_page_of_html(self) -> bytes:
        return b"<html>"

    async def not_signed(self) -> bytes:
        return self.sheet

    async def signed_by_two(self) -> bytes:
        driton = Signer.of(self.trust, DRITON, "Driton", "Krasniqi")
        return await signed_whole(self.trust, driton, await self.signed())

    async def stamped_as_a_document_besides(self) -> bytes:
        return await self.signed(level="LTA")

    async def certified_against_others(self) -> bytes:
        return await self.signed(is_certifying=True)

    async def more_after_the_signature(self) -> bytes:
        return await self.signed() + b"% more\n"

    async def a_changed_byte(self) -> bytes:
        signed = await self.signed()
        place = signed.rindex(b"/M (D\\072") + len(b"/M (D\\072")
        return signed[:place] + b"9" + signed[place + 1 :]

    async def another_page_below_the_signature(self) -> bytes:
        opened: Any = IncrementalPdfFileWriter(io.BytesIO(self.sheet))
        page = opened.find_page_for_modification(0)[0].get_object()
        page["/MediaBox"][3] = FloatObject("2000")
        opened.update_container(page)
        return await self.signed(_written(opened))

    async def a_stamp_over_the_page(self) -> bytes:
        opened = IncrementalPdfFileWriter(io.BytesIO(self.sheet))
        append_signature_field(opened, SigFieldSpec("Signature1", box=(0, 0, 600, 800)))
        return await self.signed(_written(opened))

    async def no_time_stamp(self) -> bytes:
        return await self.signed(level="B")

    async def a_certificate_of_nobody_we_know(self) -> bytes:
        theirs = Trust(establish(self.folder, self.trust.url, datetime.now(UTC)), self.trust.url, self.folder)
        return await signed_whole(theirs, Signer.of(theirs, ARTA, "Arta", "Krasniqi"), self.sheet)


@pytest.fixture
def service(trust: Trust, arta: Signer, plain: bytes, extract: bytes, tmp_path: Path) -> Service:
    """Give a service that Arta signs with."""
    return Service(trust, arta, plain, extract, tmp_path / "pki")


FLAWS = {
    "another_sheet": "another_sheet",
    "a_page_of_html": "another_sheet",
    "not_signed": "not_one_signature",
    "signed_by_two": "not_one_signature",
    "stamped_as_a_document_besides": "not_one_signature",
    "certified_against_others": "not_one_signature",
    "more_after_the_signature": "not_one_signature",
    "a_changed_byte": "wrong_signature",
    "another_page_below_the_signature": "sheet_changed",
    "a_stamp_over_the_page": "not_one_signature",
    "no_time_stamp": "not_stamped",
    "a_certificate_of_nobody_we_know": "untrusted",
}


@pytest.mark.parametrize("what", FLAWS)
async def test_nothing_counts_that_comes_back_as(
    what: str, service: Service, signatory: Signatory, plain: bytes
) -> None:
    given = await getattr(service, what)()
    with pytest.raises(NotSigned) as refused:
        await signatory.receive(plain, given, 1, datetime.now(UTC))
    assert refused.value.code == FLAWS[what]


async def test_nothing_counts_by_a_certificate_that_has_expired_nor_what_was_signed_before(
    trust: Trust, signatory: Signatory, plain: bytes, arta: Signer
) -> None:
    now = datetime.now(UTC)
    old = await signed_whole(trust, arta, plain)
    with pytest.raises(NotSigned) as refused:
        await signatory.receive(plain, old, 1, now + timedelta(minutes=10))
    assert refused.value.code == "not_stamped"
    expiring = Signer.of(trust, ARTA, "Arta", "Krasniqi", made_at=now - YEAR + timedelta(minutes=1))
    signed = await signed_whole(trust, expiring, plain)
    with pytest.raises(NotSigned) as refused:
        await signatory.receive(plain, signed, 1, now + timedelta(minutes=2))
    assert refused.value.code == "certificate_expired"


def _written(opened: IncrementalPdfFileWriter) -> bytes:
    file = io.BytesIO()
    cast("Any", opened).write(file)
    return file.getvalue()


async def test_it_states_what_it_was_asked_to_and_nothing_else(
    trust: Trust, signatory: Signatory, plain: bytes, arta: Signer
) -> None:
    signed = await signed_whole(trust, arta, plain, reason="on behalf of Ura SH.P.K.")
    await signatory.receive(plain, signed, 1, datetime.now(UTC), "on behalf of Ura SH.P.K.")
    for asked in ("", "on behalf of another"):
        with pytest.raises(NotSigned):
            await signatory.receive(plain, signed, 1, datetime.now(UTC), asked)


async def test_whose_it_is_stands_in_its_certificate(
    trust: Trust, signatory: Signatory, sheet: bytes, arta: Signer
) -> None:
    signed = await signed_whole(trust, arta, sheet)
    prepared, _value = await signatory.receive(sheet, signed, 1, datetime.now(UTC))
    assert not signs_for(prepared.chain[0], DRITON)
    assert not signs_for(b"no certificate", ARTA)


async def test_it_waits_for_time_stamps_and_a_revoked_certificate_ends_it(
    trust: Trust, signatory: Signatory, sheet: bytes
) -> None:
    arta = Signer.of(trust, ARTA, "Arta", "Krasniqi")
    signed = await signed_whole(trust, arta, sheet)
    prepared, value = await signatory.receive(sheet, signed, 1, datetime.now(UTC))
    deaf = Signatory("http://127.0.0.1:9/tsa", trust.root, patience=3)
    try:
        with pytest.raises(Unreachable):
            await deaf.complete(prepared, value, datetime.now(UTC))
    finally:
        deaf.close()
    revoke(trust.pki, arta.made.serial_number, "key_compromise", datetime.now(UTC))
    with pytest.raises(Refused) as refused:
        await signatory.complete(prepared, value, datetime.now(UTC))
    assert refused.value.code == "certificate_revoked"
