"""Anyone checks a document by its code or its file; checking holds nobody up."""

from __future__ import annotations

import asyncio
import io
import time
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from portal.demo.plan import Plan
from services.documents import verify
from tests.rooms.portal.visitor import forms, links

Portal = Callable[..., Awaitable[httpx.AsyncClient]]


async def _upload(portal: httpx.AsyncClient, pdf: bytes, name: str = "a.pdf") -> httpx.Response:
    shown = next(each for each in forms(await portal.get("/en/verify")) if each.method == "post")
    return await portal.post("/en/verify", data=shown.fields, files={"file": (name, pdf)})


async def test_a_code_of_nobodys_is_unknown_and_one_that_is_none_comes_back_as_typed(new_portal: Portal) -> None:
    portal = await new_portal()
    page = await portal.get("/en/v/0123456789ABCDEF")
    assert (page.status_code, "no such document" in page.text) == (404, True)
    typed = await portal.get("/en/verify", params={"code": "<b>hello"})
    assert typed.status_code == 422
    assert 'value="&lt;b&gt;hello"' in typed.text
    led = await portal.get("/en/verify", params={"code": "0123 4567-89ab cdef"})
    assert led.headers["location"] == "/en/v/0123456789ABCDEF"


@pytest.mark.parametrize(
    ("pdf", "status"),
    [
        (b"", 422),
        (b"MZ\x90\0", 422),
        (b"%PDF-1.7\n" + b"\0" * 5000, 404),
        (b"%PDF-1.7\ntrailer<</Size 99999999999/Root 1 0 R>>\nstartxref\n99999999999\n%%EOF", 404),
        (b"%PDF-1.7\n" + b"[" * 200_000, 404),
        (b"%PDF-1.7\nstartxref\n9\n%%EOF", 404),
    ],
)
async def test_any_file_at_all_gets_an_answer(new_portal: Portal, pdf: bytes, status: int) -> None:
    portal = await new_portal()
    page = await _upload(portal, pdf, "../../etc/passwd\x00.pdf")
    assert page.status_code == status
    assert "<h1" in page.text


async def test_a_file_over_the_bound_is_refused_whether_announced_or_not(new_portal: Portal) -> None:
    portal = await new_portal()
    assert (await _upload(portal, b"%PDF-" + b"0" * (10 * 1024 * 1024))).status_code in {413, 422}
    assert (await _upload(portal, b"%PDF-" + b"0" * (11 * 1024 * 1024))).status_code == 413


async def test_anyone_downloads_what_verifies_files_without_us(new_portal: Portal) -> None:
    portal = await new_portal()
    link = next(link for link in links(await portal.get("/en/verify"), "/en/verify/") if link.endswith(".zip"))
    answer = await portal.get(link)
    assert answer.headers["content-disposition"] == 'attachment; filename="verify-documents.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.read("root.pem").startswith(b"-----BEGIN CERTIFICATE-----")


async def test_inspecting_files_holds_no_connection(new_portal: Portal, town: Plan) -> None:
    portal = await new_portal(PORTAL_POOL_SIZE="1")
    await _upload(portal, b"%PDF-1.7\n")  # the inspecting process is there now
    hard = b"%PDF-1.7\n" + b"1 0 obj<<" * 60_000
    checking = [asyncio.create_task(_upload(portal, hard)) for _ in range(4)]
    await asyncio.sleep(0.3)
    began = time.monotonic()
    assert (await portal.get("/health/ready")).status_code == 200
    assert time.monotonic() - began < 1
    assert {(await answer).status_code for answer in checking} == {404}


async def test_whoever_would_wait_too_long_is_told_to_come_again(
    new_portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = await new_portal()
    await _upload(portal, b"%PDF-1.7\n")
    monkeypatch.setattr(verify, "PATIENCE", 0.2)
    hard = b"%PDF-1.7\n" + b"1 0 obj<<" * 60_000
    pages = await asyncio.gather(*(_upload(portal, hard) for _ in range(6)))
    assert {page.status_code for page in pages} <= {404, 503}
    busy = next(page for page in pages if page.status_code == 503)
    assert "try again in a minute" in busy.text


async def test_a_fault_of_ours_is_a_page_with_its_reference_and_nothing_of_ours(
    new_portal: Portal, tmp_path: Path
) -> None:
    portal = await new_portal(PORTAL_TRUST_ROOT=str(tmp_path / "nowhere.pem"))
    page = await _upload(portal, b"%PDF-1.7\n")
    assert page.status_code == 500
    assert "our fault" in page.text
    assert "nowhere" not in page.text
    assert page.headers["x-request-id"] in page.text
    assert page.headers["content-security-policy"]
