"""The trust services over real HTTP, an institution with its seal, and a sealed extract."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from eid.inspection import Inspector
from eid.provider.keystore import Pki
from eid.provider.pki import establish, grant_seal
from eid.seal import Sealer
from services.documents.document import new_code, verify_url
from services.documents.issue import Section, Sheet, compose

CHECKOUT = Path(__file__).parents[3]
ARC = "Agjencia e Regjistrimit Civil"
_PACKAGES = {
    "openssl": "openssl",
    "pdfsig": "poppler-utils",
    "pdftotext": "poppler-utils",
    "pdfdetach": "poppler-utils",
}


@dataclass(frozen=True)
class Trust:
    """Trust services that answer: their register, their address, and the folder of the seals."""

    pki: Pki
    url: str
    seals: Path

    @property
    def tsa(self) -> str:
        return f"{self.url}/pki/tsa"

    @property
    def root(self) -> Path:
        return self.seals / "root.pem"

    def seal(self, institution: str, title: str) -> int:
        """Grant a seal and return its serial number."""
        return grant_seal(self.pki, institution, title, self.seals, url=self.url, now=datetime.now(UTC)).serial_number


@pytest.fixture(scope="session")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trust]:
    """Serve trust services of this test run, where the civil registration agency holds a seal."""
    folder = tmp_path_factory.mktemp("trust")
    with serving(folder / "pki") as (pki, url):
        trust = Trust(pki, url, folder / "seals")
        trust.seal("arc", ARC)
        yield trust


@contextmanager
def serving(folder: Path) -> Generator[tuple[Pki, str]]:
    """Make trust services in the folder and serve them in a process of their own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    pki = establish(folder, url, datetime.now(UTC))
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port)]
    server = subprocess.Popen(
        [*command, "--no-ws", "--log-level", "error", "tests.rooms.documents.trust_app:app"],
        cwd=CHECKOUT,
        env=os.environ | {"EID_PKI": str(folder)},
    )
    try:
        _wait_for(f"{url}/pki/root.crt")
        yield pki, url
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(url: str) -> None:
    for _ in range(100):
        try:
            httpx.get(url).raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the trust services did not start: {url}")


@pytest.fixture(scope="session")
async def sealer(trust: Trust) -> AsyncIterator[Sealer]:
    """Seal with the test's trust services."""
    sealer = Sealer(trust.seals, trust.tsa, trust.root)
    yield sealer
    sealer.close()


@pytest.fixture(scope="session")
async def inspector(trust: Trust) -> AsyncIterator[Inspector]:
    """Inspect with the test's root."""
    inspector = Inspector(trust.root)
    yield inspector
    inspector.close()


@pytest.fixture(scope="session")
def fonts() -> Path:
    """Find the documents' typeface, which the assets bring."""
    folder = CHECKOUT / ".local" / "assets" / "fonts"
    if not list(folder.glob("*.ttf")):
        pytest.fail("There is no typeface: run `uv run portal assets` first.")
    return folder


@pytest.fixture(scope="session")
def extract(fonts: Path) -> bytes:
    """Compose Arta's extract, not yet sealed."""
    return compose(artas_extract(), fonts)


@pytest.fixture(scope="session")
async def sealed(extract: bytes, sealer: Sealer) -> bytes:
    """Seal Arta's extract."""
    return await sealer.seal(extract, "arc", datetime.now(UTC))


async def sealed_once(trust: Trust, pdf: bytes, institution: str = "arc", patience: int = 20) -> bytes:
    """Return the PDF sealed by a process that is opened and ended for it."""
    sealer = Sealer(trust.seals, trust.tsa, trust.root, patience=patience)
    try:
        return await sealer.seal(pdf, institution, datetime.now(UTC))
    finally:
        sealer.close()


def artas_extract() -> Sheet:
    """Return what Arta's birth extract says, with a code of its own."""
    code = new_code()
    return Sheet(
        title="Ekstrakt i lindjes",
        institution=(ARC,),
        language="sq",
        reference="DEMO-2026-0001",
        code=code,
        verify_url=verify_url("https://portal.example", code),
        issued_at=datetime(2026, 11, 23, 7, 5, tzinfo=UTC),
        sections=(Section("Personi", (("Emri", "Arta"), ("Mbiemri", "Krasniqi"), ("Vendi i lindjes", "Prishtinë"))),),
        note="Ky ekstrakt paraqet të dhënat aktuale.",
        legal_basis="Ligji për gjendjen civile",
        data={"given_name": "Arta", "family_name": "Krasniqi"},
    )


@pytest.fixture(scope="session")
def tool() -> Callable[..., str]:
    """Run a tool of the system and return what it printed; a missing one fails and says what to install."""

    def run(name: str, *arguments: str | Path, succeeds: bool = True) -> str:
        path = shutil.which(name)
        if path is None:
            pytest.fail(f"{name} is missing: apt-get install {_PACKAGES[name]}")
        done = subprocess.run([path, *map(str, arguments)], capture_output=True, text=True, check=False)
        said = done.stdout + done.stderr
        assert (done.returncode == 0) is succeeds, said
        return said

    return run
