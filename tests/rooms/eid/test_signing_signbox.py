"""SignBox: a code for one document on her phone, her secrets through the client, and none of them written down."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import asyncpg
import httpx
import pytest
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from .parties import EMINE, Browser, RelyingParty, Running
from .signing import SCOPE

SECRET = "a-secret-of-the-client-of-forty-characters"
DOCUMENT, ANOTHER = b"the contract", b"another contract"
CLIENT = {"billing_username": "boxed", "billing_password": SECRET}
HERS = {"username": EMINE, "password": "5555", "env": "prod"}


@pytest.fixture(scope="module", autouse=True)
def boxed(eid: Running) -> None:
    """Register a client that signs by SignBox."""
    file = eid.log.with_name("boxed.json")
    party = RelyingParty("boxed")
    registration = party.registration(
        profile="compat", scope=SCOPE, token_endpoint_auth_method="client_secret_post", client_secret=SECRET
    )
    del registration["jwks"]
    file.write_text(json.dumps(registration))
    eid.did("client", "add", "--file", str(file))


@pytest.fixture
def phone(new_browser: Callable[[], Browser]) -> Browser:
    """Give her phone."""
    return new_browser()


async def box(
    http: httpx.AsyncClient, eid: Running, path: str, file: bytes | None = None, **fields: str
) -> httpx.Response:
    """Call SignBox as its clients do."""
    files = {"file": ("contract.txt", file)} if file is not None else {"none": ("", b"")}
    # The first signature waits for the process that makes it.
    return await http.post(
        f"{eid.url}/signbox/api/v1/{path}", data=CLIENT | fields, files=files if file else None, timeout=60
    )


async def code_for(http: httpx.AsyncClient, eid: Running, phone: Browser, document: bytes) -> str:
    """Have a code sent and read it on her phone."""
    sent = await box(http, eid, "otp", document, **HERS)
    assert sent.status_code == 200, sent.text
    assert not re.search(r"[0-9]{6}", sent.text)
    await phone.go("/phone?language=en")
    if "Whose phone is this?" in phone.text:
        await phone.send("/owner", person="another", personal_number=EMINE)
        await phone.go("/phone?language=en")
    await phone.go(re.findall(r'href="(/phone/requests/[^"]+)"', phone.page.text)[0])
    shown = re.search(r"Kodi për një përdorim ([0-9]{6})", phone.text)
    assert shown, phone.text
    assert hashlib.sha256(document).hexdigest()[:8] in phone.text
    return shown[1]


async def test_she_signs_one_document_with_its_code(http: httpx.AsyncClient, eid: Running, phone: Browser) -> None:
    code = await code_for(http, eid, phone, DOCUMENT)
    fields = HERS | {"pin": "55555", "otp": code, "format": "cades", "level": "T"}
    other = await box(http, eid, "sign", ANOTHER, **fields)
    assert (other.status_code, other.json()["message"]) == (401, "invalid_otp")
    signed = await box(http, eid, "sign", DOCUMENT, **fields)
    assert signed.status_code == 200, signed.text
    assert signed.headers["content-type"] == "application/pkcs7-mime"
    file = eid.log.with_name("signed.p7m")
    file.write_bytes(signed.content)
    assert await asyncio.to_thread(verified, file, Path(eid.environment["EID_PKI"])) == DOCUMENT.decode()
    again = await box(http, eid, "sign", DOCUMENT, **fields)
    assert (again.status_code, again.json()["message"]) == (401, "invalid_otp")


def verified(file: Path, pki: Path) -> str:
    """Return the content of a signature that openssl accepts."""
    openssl = shutil.which("openssl")
    assert openssl, "openssl is missing: apt-get install openssl"
    command = [openssl, "cms", "-verify", "-inform", "DER", "-purpose", "any", "-in", file, "-CAfile", pki / "root.pem"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    return said.stdout


async def test_a_pdf_is_signed_as_pades(http: httpx.AsyncClient, eid: Running, phone: Browser) -> None:
    writer = cast("Any", PdfFileWriter())
    nothing = writer.add_object(StreamObject(stream_data=b""))
    writer.insert_page(PageObject(contents=nothing, media_box=(0, 0, 200, 200)))
    written = io.BytesIO()
    writer.write(written)
    code = await code_for(http, eid, phone, written.getvalue())
    signed = await box(http, eid, "sign", written.getvalue(), **HERS, pin="55555", otp=code)
    assert signed.headers["content-type"] == "application/pdf"
    reader: Any = PdfFileReader(io.BytesIO(signed.content))
    assert len(reader.embedded_regular_signatures) == 1


async def test_a_code_ends_after_two_minutes_three_wrong_ones_and_her_no(
    http: httpx.AsyncClient, eid: Running, phone: Browser
) -> None:
    code = await code_for(http, eid, phone, DOCUMENT)
    fields = HERS | {"pin": "55555", "format": "cades"}
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(3):
        refused = await box(http, eid, "sign", DOCUMENT, **fields, otp=wrong)
        assert (refused.status_code, refused.json()["message"]) == (401, "invalid_otp")
    assert (await box(http, eid, "sign", DOCUMENT, **fields, otp=code)).status_code == 401
    code = await code_for(http, eid, phone, DOCUMENT)
    await phone.send("/refusal")
    refused = await box(http, eid, "sign", DOCUMENT, **fields, otp=code)
    assert (refused.status_code, refused.json()["message"]) == (403, "refused")
    code = await code_for(http, eid, phone, DOCUMENT)
    connection = await asyncpg.connect(eid.environment["EID_DATABASE_URL"])
    try:
        await connection.execute(
            "UPDATE eid.one_time_code SET expires_at = expires_at - $1::interval", timedelta(minutes=2)
        )
    finally:
        await connection.close()
    assert (await box(http, eid, "sign", DOCUMENT, **fields, otp=code)).status_code == 401


WRONG: dict[str, tuple[dict[str, str], int, str]] = {
    "another client's secret": ({"billing_password": "x" * 40}, 401, "authentication_error"),
    "a client that is none": ({"billing_username": "nobody"}, 401, "authentication_error"),
    "a client without a secret": ({"billing_username": "portal"}, 401, "authentication_error"),
    "nobody": ({"username": "1000000000"}, 401, "authentication_error"),
    "a wrong password": ({"password": "0000"}, 401, "authentication_error"),
    "a wrong PIN": ({"pin": "00000"}, 401, "authentication_error"),
    "no code": ({"otp": ""}, 400, "missing_parameter"),
    "XAdES": ({"format": "xades"}, 400, "unsupported_parameter"),
    "a level that is none": ({"level": "LTV"}, 400, "unsupported_parameter"),
    "an address to fetch from": ({"url_in": "http://127.0.0.1/"}, 400, "unsupported_parameter"),
    "an address to send to": ({"urlback": "http://127.0.0.1/"}, 400, "unsupported_parameter"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_is_wrong_is_refused(name: str, http: httpx.AsyncClient, eid: Running) -> None:
    changed, status, code = WRONG[name]
    fields = CLIENT | HERS | {"pin": "55555", "otp": "123456", "format": "cades"} | changed
    refused = await http.post(f"{eid.url}/signbox/api/v1/sign", data=fields, files={"file": ("a.txt", DOCUMENT)})
    assert (refused.status_code, refused.json()["message"]) == (status, code), refused.text
    assert refused.json()["details"]


async def test_it_answers_and_stamps_and_writes_no_secret_down(http: httpx.AsyncClient, eid: Running) -> None:
    said = await http.get(f"{eid.url}/signbox/api/v1/echo", params={"message": "here"})
    assert said.json() == {"status": "success", "message": "here"}
    stamped = await box(http, eid, "timestamp", DOCUMENT)
    assert stamped.headers["content-type"] == "application/timestamp-reply"
    assert (await box(http, eid, "timestamp", None, hash=hashlib.sha256(DOCUMENT).hexdigest())).status_code == 200
    assert (await box(http, eid, "timestamp", None, hash="x")).status_code == 400
    logged = eid.log.read_text()
    for secret in (SECRET, "55555", "5555", EMINE):
        assert not re.search(rf"\b{re.escape(secret)}\b", logged)
