"""People's signatures and an institution's seal on one sheet: each is valid, told apart, and broken by any change."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eid.inspection import Inspector
from eid.prepared import is_of, signs_for
from eid.provider.pki import revoke
from eid.seal import Sealer
from eid.signature import Signatory
from i18n.refusal import Refused, Unreachable
from tests.rooms.documents.conftest import Trust
from tests.rooms.documents.signer import YEAR, Signer

ARTA, DRITON = "1176042318", "1570583073"


@pytest.fixture(scope="session")
async def signatory(trust: Trust) -> AsyncIterator[Signatory]:
    """Prepare and complete signatures with the test's trust services."""
    signatory = Signatory(trust.tsa, trust.root)
    yield signatory
    signatory.close()


@pytest.fixture(scope="session")
async def signed(trust: Trust, signatory: Signatory, extract: bytes) -> bytes:
    """Have both parents sign a sheet."""
    frozen = await signatory.freeze(extract, 2)
    by_arta = await Signer.of(trust, ARTA, "Arta", "Krasniqi").signed(signatory, frozen, 1)
    return await Signer.of(trust, DRITON, "Driton", "Krasniqi").signed(signatory, by_arta, 2)


@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=30), timedelta(days=1), 9 * YEAR])
async def test_both_parents_signatures_and_the_seal_of_receipt_hold_for_years(
    signed: bytes, sealer: Sealer, inspector: Inspector, later: timedelta
) -> None:
    received = await sealer.receive(signed, "arc", datetime.now(UTC))
    report = await inspector.check(received, datetime.now(UTC) + later)
    assert [(mark.kind, mark.name, mark.level, mark.standing, mark.is_last) for mark in report.marks] == [
        ("signature", "ARTA KRASNIQI DEMO", "B-LTA", "valid", False),
        ("signature", "DRITON KRASNIQI DEMO", "B-LTA", "valid", False),
        ("seal", "Agjencia e Regjistrimit Civil DEMO", "B-LTA", "valid", True),
    ]
    assert report.outcome == "genuine"


async def test_people_alone_make_a_file_signed_not_a_document_of_an_institution(
    signed: bytes, inspector: Inspector
) -> None:
    report = await inspector.check(signed, datetime.now(UTC))
    assert (report.outcome, report.institution) == ("signed", None)
    assert not any(number in repr(report) for number in (ARTA, DRITON))


async def test_no_change_goes_unseen(signed: bytes, inspector: Inspector) -> None:
    for place in (500, len(signed) // 2, len(signed) - 30):
        changed = bytearray(signed)
        changed[place] ^= 1
        assert (await inspector.check(bytes(changed), datetime.now(UTC))).outcome == "changed"
    assert (await inspector.check(signed + b"\n% more\n", datetime.now(UTC))).outcome == "changed"


def test_pyhankos_command_line_accepts_it(signed: bytes, trust: Trust, tmp_path: Path) -> None:
    (tmp_path / "signed.pdf").write_bytes(signed)
    command = [str(Path(sys.executable).with_name("pyhanko")), "sign", "adesverify", "--pretty-print"]
    done = subprocess.run(
        [*command, "--trust", trust.root, "--trust-replace", tmp_path / "signed.pdf"], capture_output=True, check=False
    )
    assert done.stdout.count(b"The signature is judged VALID.") == 2, done.stdout.decode()


async def test_a_signature_of_another_sheet_or_key_is_seen_before_it_is_kept(
    trust: Trust, signatory: Signatory, extract: bytes
) -> None:
    arta, driton = Signer.of(trust, ARTA, "Arta", "Krasniqi"), Signer.of(trust, DRITON, "Driton", "Krasniqi")
    frozen = await signatory.freeze(extract, 1)
    mine = await signatory.prepare(frozen, 1, arta.chain, datetime.now(UTC))
    his = await signatory.prepare(frozen, 1, driton.chain, datetime.now(UTC))
    assert is_of(mine, arta.signs(mine))
    assert not is_of(mine, driton.signs(mine))
    assert not is_of(mine, arta.signs(his))
    assert signs_for(arta.chain[0], ARTA)
    assert not signs_for(driton.chain[0], ARTA)


async def test_a_revoked_certificate_signs_nothing(trust: Trust, signatory: Signatory, extract: bytes) -> None:
    arta = Signer.of(trust, ARTA, "Arta", "Krasniqi")
    prepared = await signatory.prepare(await signatory.freeze(extract, 1), 1, arta.chain, datetime.now(UTC))
    revoke(trust.pki, arta.made.serial_number, "key_compromise", datetime.now(UTC))
    with pytest.raises(Refused) as refused:
        await signatory.complete(prepared, arta.signs(prepared), datetime.now(UTC))
    assert refused.value.code == "certificate_revoked"


async def test_without_a_time_stamp_there_is_no_signature_yet(trust: Trust, extract: bytes) -> None:
    arta = Signer.of(trust, ARTA, "Arta", "Krasniqi")
    deaf = Signatory("http://127.0.0.1:9/tsa", trust.root, patience=3)
    try:
        prepared = await deaf.prepare(await deaf.freeze(extract, 1), 1, arta.chain, datetime.now(UTC))
        with pytest.raises(Unreachable):
            await deaf.complete(prepared, arta.signs(prepared), datetime.now(UTC))
    finally:
        deaf.close()
