"""Apache's mod_auth_openidc works against the eID with nothing but a client file, and is told when a session ends."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.rooms.eid.parties import ARTA, Browser, Running, free_port

HERE = Path(__file__).parent / "mod_auth_openidc"
MODULES = Path("/usr/lib/apache2/modules")
APACHE = shutil.which("apache2") or "/usr/sbin/apache2"

pytestmark = pytest.mark.skipif(
    not Path(APACHE).is_file() or not (MODULES / "mod_auth_openidc.so").is_file(),
    reason="Apache with mod_auth_openidc is not on this machine: apt-get install apache2 libapache2-mod-auth-openidc",
)


@contextmanager
def apache(eid: Running, folder: Path, port: int) -> Generator[str]:
    """Serve one protected page by Apache until the block ends."""
    (folder / "pages" / "protected" / "level").mkdir(parents=True)
    for page in ("", "level"):
        (folder / "pages" / "protected" / page / "index.html").write_text("Hello")
    told = {"FOLDER": str(folder), "PORT": str(port), "EID": eid.url, "MODULES": str(MODULES)}
    command = [APACHE, "-DFOREGROUND", "-f", str(HERE / "httpd.conf")]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, env=os.environ | told, stdout=said, stderr=said)
    try:
        _wait(port, process, folder)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError((folder / "said").read_text() + (folder / "errors").read_text())


@pytest.fixture
def folder() -> Generator[Path]:
    """Give a folder of its own, which Apache's workers, another user, may pass through."""
    with tempfile.TemporaryDirectory(prefix="apache-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def register(eid: Running, port: int) -> None:
    """Register the client file as it stands, but for the port."""
    file = eid.log.with_name("apache.json")
    file.write_text((HERE / "client.json").read_text().replace(":8090/", f":{port}/"))
    assert json.loads(file.read_text())["client_id"] == "apache"
    eid.did("client", "add", "--file", str(file))


async def test_apache_lets_in_whom_the_eid_has_recognised_until_she_signs_out(
    eid: Running, browser: Browser, folder: Path
) -> None:
    port = free_port()
    register(eid, port)
    with apache(eid, folder, port) as url:
        async with httpx.AsyncClient(trust_env=False, base_url=url) as at_apache:
            to_eid = await at_apache.get("/protected/")
            assert to_eid.status_code == 302
            await browser.go(to_eid.headers["location"])
            await browser.say(ARTA)
            await browser.prove("1111")
            back = await at_apache.get(browser.page.headers["location"], follow_redirects=True)
            assert (back.status_code, back.text) == (200, "Hello"), (folder / "errors").read_text()
            assert (back.headers["x-given-name"], back.headers["x-level"]) == ("Arta", "substantial")
            assert (await at_apache.get("/protected/level/")).status_code in {401, 403}, "her level is lower"
            await signed_out(browser)
            assert await is_out(at_apache), (folder / "errors").read_text()


async def signed_out(browser: Browser) -> None:
    """Sign out at the eID itself."""
    await browser.go("/oauth2/sessions/logout?ui_locales=en")
    await browser.send("/sign-out", answer="yes")
    assert "You are signed out" in browser.text


async def is_out(at_apache: httpx.AsyncClient) -> bool:
    """Tell whether Apache, told by the eID, asks for a new sign-in within some seconds."""
    for _ in range(40):
        if (await at_apache.get("/protected/")).status_code == 302:
            return True
        await asyncio.sleep(0.2)
    return False
