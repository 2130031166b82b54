"""openid-client, certified by the OpenID Foundation, works against the eID with nothing but a client file."""

from __future__ import annotations

import asyncio
import json
import shutil
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

from tests.rooms.eid.parties import ARTA, REDIRECT_URI, SIGNED_OUT, Browser, RelyingParty, Running

CIBA = "urn:openid:params:grant-type:ciba"
PARTY = RelyingParty("openid-client")
METADATA = {
    "profile": "fapi",
    "grant_types": ["authorization_code", "refresh_token", CIBA],
    "backchannel_token_delivery_mode": "poll",
    "dpop_bound_access_tokens": True,
    "require_pushed_authorization_requests": True,
}


async def test_openid_client_signs_in_stays_connected_asks_by_phone_and_signs_out(
    eid: Running, new_browser: Callable[[], Browser], modules: Path, node: str, tmp_path: Path
) -> None:
    PARTY.register(eid, **METADATA)
    process = await started(node, modules, tmp_path, told(eid))
    try:
        async with asyncio.timeout(60):
            await passed(process, new_browser())
            await asked_by_phone(process, new_browser())
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def passed(process: Process, browser: Browser) -> None:
    """Sign Arta in, and look at what the client was given."""
    await browser.sign_in((await heard(process))["sign_in"], ARTA)
    assert process.stdin
    process.stdin.write(f"{browser.page.headers['location']}\n".encode())
    tokens = (await heard(process))["tokens"]
    assert (tokens["type"], tokens["claims"]["acr"]) == ("dpop", "substantial")
    assert tokens["claims"]["personal_number"] == ARTA
    who = (await heard(process))["userinfo"]
    assert (who["sub"], who["email"]) == (tokens["claims"]["sub"], "arta@example.org")
    assert (await heard(process))["refreshed"] == {"rotated": True, "sub": who["sub"]}
    assert (await heard(process))["introspected"]["active"] is True
    assert (await heard(process))["revoked"] is False
    await browser.close()


async def asked_by_phone(process: Process, phone: Browser) -> None:
    """Let Arta answer on her phone, and the client sign her out."""
    question = (await heard(process))["phone"]
    await phone.go("/phone?language=en")
    await phone.send("/owner", person="another", personal_number=ARTA)
    await phone.go(phone.link("/phone/requests/"))
    assert "Counter 4, ticket A-017" in phone.text
    await phone.send("/approval", code=question["control_code"], pin="1111")
    assert "You have approved the request" in phone.text
    assert (await heard(process))["answered"]["personal_number"] == ARTA
    await phone.go((await heard(process))["sign_out"])
    assert phone.page.headers["location"] == f"{SIGNED_OUT}?state=left"


def told(eid: Running) -> dict[str, Any]:
    """Return what the client is told: where the eID is, and its own registration."""
    key = ECKey.import_key(PARTY.key)
    key.ensure_kid()
    metadata = PARTY.registration(**METADATA)
    assert metadata["redirect_uris"] == [REDIRECT_URI]
    return {"issuer": eid.url, "metadata": metadata, "key": key.as_dict(private=True), "person": ARTA}


async def started(node: str, modules: Path, folder: Path, said: dict[str, Any]) -> Process:
    """Start the client beside the modules that npm installed."""
    script, file = modules / "tests" / "client.mjs", folder / "told.json"
    script.parent.mkdir(exist_ok=True)
    shutil.copy(Path(__file__).with_name("client.mjs"), script)
    file.write_text(json.dumps(said))
    return await asyncio.create_subprocess_exec(node, str(script), str(file), stdin=PIPE, stdout=PIPE, stderr=PIPE)


async def heard(process: Process) -> dict[str, Any]:
    """Return what the client says next."""
    assert process.stdout
    assert process.stderr
    line = await process.stdout.readline()
    assert line, (await process.stderr.read()).decode()
    return json.loads(line)
