"""Anyone verifies a document, by its code or by the file; only its person gets the file itself."""

from __future__ import annotations

import asyncio
import io
import os
import random
import shlex
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate
from uuid_utils.compat import uuid7

from eid.seal import Sealer
from i18n.refusal import NotFound
from services.documents import store, verifier, verify
from services.documents.document import Document, digest, mask, new_code, printed
from services.documents.store import Connection
from tests.rooms.documents.conftest import ARC, Trust

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
async def arta(connection: Connection) -> UUID:
    """Let Arta have an account."""
    return await _person(connection, "1176042318", "Arta", "Krasniqi")


@pytest.fixture
async def document(connection: Connection, arta: UUID, sealed: bytes) -> Document:
    """Keep Arta's sealed extract."""
    return await store.save(connection, _document(await _application(connection, arta), sealed), sealed)


async def test_arta_gets_her_file_and_besnik_does_not(
    connection: Connection, arta: UUID, document: Document, sealed: bytes
) -> None:
    besnik = await _person(connection, "1133902755", "Besnik", "Gashi")
    assert await store.find_pdf(connection, document.application_id, arta) == sealed
    for stranger in (besnik, uuid7()):
        with pytest.raises(NotFound):
            await store.find_pdf(connection, document.application_id, stranger)


async def test_an_application_without_a_document_has_no_file(connection: Connection, arta: UUID) -> None:
    with pytest.raises(NotFound):
        await store.find_pdf(connection, await _application(connection, arta), arta)


async def test_issuing_twice_keeps_the_first(connection: Connection, document: Document, extract: bytes) -> None:
    again = _document(document.application_id, extract)
    assert await store.save(connection, again, extract) == document
    assert await store.find_by_code(connection, again.code) is None


async def test_anyone_verifies_the_code_as_it_is_read_out(connection: Connection, document: Document) -> None:
    for typed in (document.code, printed(document.code), printed(document.code).lower().replace("-", " ")):
        verdict = await verify.by_code(connection, typed, NOW)
        assert verdict == verify.Verdict("genuine", document)
    assert document.holder_masked == "A*** K***"


@pytest.mark.parametrize("typed", ["", "hello", "7K3M9QF2D4TN8WXP", "1176042318", "\x00", "🙂" * 16])
async def test_a_code_that_was_never_printed_is_unknown(connection: Connection, document: Document, typed: str) -> None:
    assert await verify.by_code(connection, typed, NOW) == verify.Verdict("unknown")


async def test_the_file_is_genuine(connection: Connection, document: Document, sealed: bytes, trust: Trust) -> None:
    verdict = await _by_file(connection, sealed, trust.root)
    assert verdict == verify.Verdict("genuine", document)


async def test_a_file_with_any_byte_changed_is_not_genuine(
    connection: Connection, document: Document, sealed: bytes, trust: Trust
) -> None:
    dice = random.Random(20261123)  # noqa: S311 - the same bytes at every run
    for position in (dice.randrange(len(sealed)) for _ in range(25)):
        changed = bytearray(sealed)
        changed[position] ^= 1 << dice.randrange(7)
        verdict = await _by_file(connection, bytes(changed), trust.root)
        assert verdict.kind in {"changed", "unknown"}, f"byte {position}"
        assert verdict.document is None
    assert await store.checks(connection, document.id) == 0


async def test_a_file_with_something_appended_was_changed(
    connection: Connection, document: Document, sealed: bytes, trust: Trust
) -> None:
    verdict = await _by_file(connection, sealed + b"\n% more", trust.root)
    assert verdict == verify.Verdict("changed")


async def test_a_file_that_is_not_ours_is_unknown(
    connection: Connection, document: Document, extract: bytes, sealer: Sealer, trust: Trust
) -> None:
    ours_but_never_issued = await sealer.seal(extract, "arc", datetime.now(UTC))
    for pdf in (extract, b"", b"%PDF-1.7 of somebody", ours_but_never_issued):
        assert await _by_file(connection, pdf, trust.root) == verify.Verdict("unknown")


async def test_a_seal_of_another_institution_proves_nothing(
    connection: Connection, arta: UUID, extract: bytes, sealer: Sealer, trust: Trust
) -> None:
    trust.seal("mpb", "Ministria e Punëve të Brendshme")
    pdf = await sealer.seal(extract, "mpb", datetime.now(UTC))
    await store.save(connection, _document(await _application(connection, arta), pdf), pdf)
    assert (await _by_file(connection, pdf, trust.root)).kind == "unknown"


async def test_a_revoked_document_is_revoked_by_code_and_by_file(
    connection: Connection, document: Document, sealed: bytes, trust: Trust
) -> None:
    await store.revoke(connection, document.id, "issued in error", NOW)
    await store.revoke(connection, document.id, "another reason", datetime.now(UTC))
    by_code = await verify.by_code(connection, document.code, NOW)
    by_file = await _by_file(connection, sealed, trust.root)
    assert by_code == by_file
    assert by_code.kind == "revoked"
    assert by_code.document is not None
    assert (by_code.document.revoked_at, by_code.document.revocation_reason) == (NOW, "issued in error")


async def test_checks_are_counted_and_not_who_checked(connection: Connection, document: Document) -> None:
    for _ in range(3):
        await verify.by_code(connection, document.code, NOW)
    assert await store.checks(connection, document.id) == 3


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE document SET holder_masked = 'B*** G***'",
        "DELETE FROM document",
        "UPDATE document_revocation SET reason = 'none'",
        "DELETE FROM document_revocation",
    ],
)
async def test_what_was_issued_or_revoked_stays(connection: Connection, document: Document, act: str) -> None:
    await store.revoke(connection, document.id, "issued in error", NOW)
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute(act)


async def test_the_database_holds_the_file_to_its_digest(connection: Connection, arta: UUID, sealed: bytes) -> None:
    wrong = _document(await _application(connection, arta), sealed + b"!")
    with pytest.raises(asyncpg.CheckViolationError, match="the_digest_is_the_files_own"):
        await store.save(connection, wrong, sealed)


async def test_two_workers_that_issue_at_once_issue_one(database_url: str, sealed: bytes, extract: bytes) -> None:
    first, second = [await asyncpg.connect(database_url) for _ in range(2)]
    try:
        person = await _person(first, f"9{random.SystemRandom().randrange(10**9):09}", "Emine", "Kryeziu")
        application = await _application(first, person)
        made = [_document(application, pdf) for pdf in (_unique(sealed), _unique(extract))]
        both = await asyncio.gather(
            store.save(first, made[0], _unique(sealed)), store.save(second, made[1], _unique(extract))
        )
        assert both[0] == both[1]
    finally:
        await first.close()
        await second.close()


def _unique(pdf: bytes) -> bytes:
    """Return the file with this process's mark, since tests that commit leave theirs behind."""
    return pdf + _MARK


_MARK = uuid7().bytes


def _document(application_id: UUID, pdf: bytes) -> Document:
    return Document(
        id=uuid7(),
        application_id=application_id,
        code=new_code(),
        kind="birth_extract",
        language="sq",
        institution="arc",
        reference="DEMO-2026-0001",
        holder_masked=mask("Arta Krasniqi"),
        sha256=digest(pdf),
        sealed_at=NOW,
    )


async def _person(connection: Connection, personal_number: str, given: str, family: str) -> UUID:
    return await connection.fetchval(
        """
        INSERT INTO person (id, personal_number, given_name, family_name, birthdate, language, created_at)
        VALUES ($1, $2, $3, $4, '1988-03-12', 'sq', $5) RETURNING id
        """,
        uuid7(),
        personal_number,
        given,
        family,
        NOW,
    )


async def _application(connection: Connection, person_id: UUID) -> UUID:
    await connection.execute("INSERT INTO definition VALUES ('birth_extract', 1, '{}') ON CONFLICT DO NOTHING")
    return await connection.fetchval(
        """
        INSERT INTO application (
            id, reference, service_id, service_version, person_id, channel, language, state, answers, facts, revision,
            created_at, updated_at
        ) VALUES ($1, $2, 'birth_extract', 1, $3, 'web', 'sq', 'draft', '{}', '[]', 1, $4, $4) RETURNING id
        """,
        uuid7(),
        new_code(),
        person_id,
        NOW,
    )


async def _by_file(connection: Connection, pdf: bytes, root: Path) -> verify.Verdict:
    now = datetime.now(UTC)
    return await verify.by_file(connection, pdf, await verify.inspected(pdf, root, now), now)


def test_what_anyone_downloads_verifies_the_file_without_us(sealed: bytes, trust: Trust, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(verifier.packed(trust.root.read_bytes()))) as archive:
        assert sorted(archive.namelist()) == ["INSTRUCTIONS.txt", "UDHEZIME.txt", "UPUTSTVO.txt", "root.pem"]
        archive.extractall(tmp_path)
    (tmp_path / "document.pdf").write_bytes(sealed)
    instructions = [(tmp_path / name).read_text() for name in ("UDHEZIME.txt", "UPUTSTVO.txt", "INSTRUCTIONS.txt")]
    commands = [[line for line in each.splitlines() if line.startswith("    ")] for each in instructions]
    assert commands[0] == commands[1] == commands[2], "the same in each language"
    assert len(set(instructions)) == 3
    root = load_pem_x509_certificate(trust.root.read_bytes())
    assert f"SHA-256 {root.fingerprint(SHA256()).hex(':').upper()}" in instructions[0]
    run = [line for line in commands[0] if line.split()[0] in {"pyhanko", "pdfsig", "openssl", "portal"}]
    said = "".join(_ran(line, tmp_path) for line in run)
    assert len(run) == 6
    for judged in ("The signature is judged VALID.", "Signature is Valid", "signers.pem: OK", f"{ARC} DEMO"):
        assert judged in said, judged


def _ran(line: str, folder: Path) -> str:
    """Run a line of the instructions as anyone would, in the folder of the archive; return what it said."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    command = shlex.split(line)
    found = shutil.which(command[0], path=path)
    assert found, f"{command[0]} is missing"
    done = subprocess.run([found, *command[1:]], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
