"""A citizen's browser: what it is shown at the eID, and what she does there."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import httpx

ARTA, MILICA, BESNIK, DRITA = "1176042318", "1204583176", "1133902755", "1158470620"
EMINE, LUAN, AGIM = "1102736490", "1249061588", "1086354124"
PINS = {ARTA: "1111", MILICA: "2222", BESNIK: "3333", DRITA: "4444", EMINE: "5555", LUAN: "6666", AGIM: "7777"}


class Browser:
    """A citizen's browser without JavaScript: keeps cookies, fills in the forms that it is shown."""

    def __init__(self, eid_url: str) -> None:
        self.http = httpx.AsyncClient(base_url=eid_url, trust_env=False, timeout=20)
        self.page: httpx.Response

    async def go(self, url: str, **headers: str) -> httpx.Response:
        """Open an address of the eID, following it around within the eID."""
        return await self._follow(await self.http.get(url, headers=headers))

    async def send(self, action_ends: str, **typed: str) -> httpx.Response:
        """Fill in and send the form of this page whose address ends so."""
        action, fields = self.form(action_ends)
        return await self._follow(await self.http.post(action, data=fields | typed))

    async def choose(self, name: str) -> httpx.Response:
        """Pick a person on the list by the name that is written there."""
        return await self.send("", person=self.key_of(name))

    async def sign_in(self, url: str, personal_number: str, pin: str | None = None) -> dict[str, str]:
        """Sign in from the client's link to the way back, and return what the client is told."""
        await self.go(url)
        if self.page.is_redirect:
            return self.answer()
        await self.say(personal_number)
        await self.prove(pin or PINS[personal_number])
        return self.answer()

    async def say(self, personal_number: str, **means: str) -> httpx.Response:
        """Say who she is, and by what `means` she will prove it when it is not the first one offered."""
        return await self.send("", personal_number=personal_number, person="another", **means)

    async def prove(self, pin: str) -> httpx.Response:
        """Give the PIN on the page or the phone that asks for it, and go on from there."""
        if not self.page.url.path.endswith("/phone"):
            return await self.send(f"/{self.page.url.path.rpartition('/')[2]}", pin=pin)
        await self.open_phone()
        await self.send("/approval", pin=pin)
        return await self.go(self.link("/sign-in/"))

    async def open_phone(self) -> httpx.Response:
        """Follow the waiting page's link to the phone."""
        return await self.go(self.link("/phone/requests/"))

    def link(self, begins: str) -> str:
        """Return the address of the last link in the page that begins so: what comes first leads back."""
        main = self.page.text.partition('<main class="govuk-main-wrapper"')[2]
        found = [unescape(link) for link in re.findall(r'<a [^>]*href="([^"]*)"', main)]
        return next(link for link in reversed(found) if link.startswith(begins))

    def answer(self) -> dict[str, str]:
        """Return the parameters with which the eID sent the browser back to the client."""
        location: str = self.page.headers.get("location", "")
        assert self.page.status_code == 303, (self.page.status_code, self.text)
        assert location.startswith("http://127.0.0.1:9/"), location
        return dict(parse_qsl(str(urlsplit(location).query)))

    def key_of(self, name: str) -> str:
        """Return the value of a person's radio button."""
        found = re.search(rf'value="([^"]+)"[^>]*>\s*<label[^>]*>{re.escape(name)}<', self.page.text)
        assert found, self.text
        return found[1]

    @property
    def here(self) -> str:
        """Where the browser is: path and query."""
        return self.page.url.raw_path.decode()

    @property
    def text(self) -> str:
        """What the page says, without markup."""
        body = re.sub(r"(?s)<(head|script|style).*?</\1>", " ", self.page.text)
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).strip()

    async def _follow(self, answer: httpx.Response) -> httpx.Response:
        while answer.is_redirect and answer.headers["location"].startswith("/"):
            answer = await self.http.get(answer.headers["location"])
        self.page = answer
        return answer

    def form(self, action_ends: str) -> tuple[str, dict[str, str]]:
        """Return where the form leads whose address ends so, and what it carries unseen; "" for a sign-in's first."""
        for action, body in re.findall(r'(?s)<form action="([^"]*)" method="post"[^>]*>(.*?)</form>', self.page.text):
            path = unescape(action).partition("?")[0]
            if path.endswith(action_ends) and (action_ends or path.count("/") == 2):
                hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', body)
                return unescape(action), {name: unescape(value) for name, value in hidden}
        raise AssertionError(f"no form {action_ends!r} on: {self.text}")

    async def close(self) -> None:
        """Close the browser."""
        await self.http.aclose()
