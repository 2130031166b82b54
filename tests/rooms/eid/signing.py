"""A client of the signing service, and a citizen who signs with it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

import httpx

from .parties import ARTA, Asked, Browser, RelyingParty, Running, ask, redeem, token_form

SHA256, ECDSA_WITH_SHA256 = "2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2"
SCOPE = "openid profile email service credential"
PIN2 = {"1176042318": "11111", "1133902755": "33333", "1204583176": "22222"}


def base64_of(content: bytes) -> str:
    """Write bytes as the API has them."""
    return base64.b64encode(content).decode()


def hash_of(content: bytes) -> str:
    """Return a document's hash as the API has it."""
    return base64_of(hashlib.sha256(content).digest())


@dataclass
class Signatory:
    """A citizen in her browser, and the client through which she signs."""

    eid: Running
    party: RelyingParty
    http: httpx.AsyncClient
    browser: Browser
    number: str = ARTA
    tokens: dict[str, str] = field(default_factory=dict[str, str])

    async def service(self) -> str:
        """Return a token of the scope `service`, for which she signs in."""
        if self.number not in self.tokens:
            asked = ask(self.eid, self.party, scope="service")
            code = (await self.browser.sign_in(asked.url, self.number))["code"]
            given = (await redeem(self.http, self.eid, token_form(self.eid, self.party, code, asked.verifier))).json()
            assert "id_token" not in given
            self.tokens[self.number] = given["access_token"]
        return self.tokens[self.number]

    async def call(self, path: str, body: object, token: str | None = None, version: str = "v2") -> httpx.Response:
        """Call the API, with her service token unless another one is given."""
        bearer = {"authorization": f"Bearer {token or await self.service()}"}
        return await self.http.post(f"{self.eid.url}/csc/{version}/{path}", json=body, headers=bearer, timeout=60)

    async def credential(self) -> str:
        """Return the id of her key."""
        listed = await self.call("credentials/list", {})
        assert listed.status_code == 200, listed.text
        return listed.json()["credentialIDs"][0]

    async def asked(self, *hashes: str, **changed: str | None) -> Asked:
        """Return the request with which the client sends her to sign these hashes."""
        said: dict[str, str | None] = {
            "scope": "credential",
            "credentialID": await self.credential(),
            "numSignatures": str(len(hashes)),
            "hashes": ",".join(hashes),
            "hashAlgorithmOID": SHA256,
            "description": "Application R-1",
            "nonce": None,
        }
        return ask(self.eid, self.party, **said | changed)

    async def allow(self, asked: Asked, means: str = "phone") -> dict[str, str]:
        """Authorise the request with PIN2 and return what the client is told."""
        await self.browser.go(asked.url)
        await self.prove(means)
        return self.browser.answer()

    async def prove(self, means: str = "phone") -> httpx.Response:
        """Give PIN2 on the page that asks whether she signs."""
        browser = self.browser
        if means == "card":
            await browser.go(browser.link("/signature/"))
            return await browser.send("/card", pin=PIN2[self.number])
        await browser.send("/phone")
        await browser.open_phone()
        await browser.send("/approval", pin=PIN2[self.number])
        return await browser.go(browser.link("/signature/"))

    async def leave(self, *hashes: str, means: str = "phone") -> str:
        """Return an access token that lets exactly these hashes be signed once."""
        asked = await self.asked(*hashes)
        code = (await self.allow(asked, means))["code"]
        given = await redeem(self.http, self.eid, token_form(self.eid, self.party, code, asked.verifier))
        assert given.status_code == 200, given.text
        assert given.json()["scope"] == "credential"
        assert "id_token" not in given.json()
        return given.json()["access_token"]

    async def body(self, *hashes: str, **changed: object) -> dict[str, Any]:
        """Return what is sent to have these hashes signed."""
        right = {
            "credentialID": await self.credential(),
            "hashes": list(hashes),
            "hashAlgorithmOID": SHA256,
            "signAlgo": ECDSA_WITH_SHA256,
        }
        return {name: value for name, value in (right | changed).items() if value is not None}

    async def sign(self, sad: str, *hashes: str, **changed: object) -> httpx.Response:
        """Have these hashes signed by a SAD."""
        return await self.call("signatures/signHash", await self.body(*hashes, SAD=sad, **changed))
