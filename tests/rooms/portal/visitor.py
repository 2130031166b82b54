"""A browser without scripts: it keeps cookies, fills in the forms that it was shown, and follows where it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin
from uuid import UUID

import httpx

PINS = {
    "1176042318": "1111",
    "1204583176": "2222",
    "1133902755": "3333",
    "1158470620": "4444",
    "1102736490": "5555",
    "1086354124": "7777",
    "1570583073": "8888",
    "1249061588": "6666",
}
ARTA, MILICA, BESNIK, DRITA, EMINE, AGIM, DRITON, LUAN = PINS


Filled = str | list[str] | tuple[str, bytes]  # what is typed, what is ticked, a file with its name


@dataclass(slots=True)
class Form:
    """A form of a page: where it goes, and what it carries before anyone types."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict[str, str])


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.choices: list[tuple[str, str]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(given.get("action", ""), given.get("method", "get")))
        elif tag == "input" and self.found and given.get("name") and given.get("type") in {"hidden", "text"}:
            self.found[-1].fields[given["name"]] = given.get("value", "")
        elif tag == "input" and given.get("type") == "radio":
            self.choices.append((given.get("name", ""), given.get("value", "")))
        elif tag == "textarea" and self.found and given.get("name"):
            self.found[-1].fields[given["name"]] = ""
        elif tag == "a":
            self.links.append(given.get("href", ""))


def forms(page: httpx.Response) -> list[Form]:
    """Return the forms of a page."""
    return _read(page).found


def choices(page: httpx.Response) -> list[tuple[str, str]]:
    """Return the options that a page lets one choose from: name and value."""
    return _read(page).choices


def links(page: httpx.Response, begins: str) -> list[str]:
    """Return the addresses of a page's links that begin so."""
    return [link for link in _read(page).links if link.startswith(begins)]


def _read(page: httpx.Response) -> _Forms:
    reader = _Forms()
    reader.feed(page.text)
    return reader


def form(page: httpx.Response, action: str) -> Form:
    """Return the page's form whose address ends so; one with files may say that behind."""
    found = [each for each in forms(page) if each.action.partition("?")[0].removesuffix("/files").endswith(action)]
    assert found, f"{page.url} has no form {action}, {page.status_code}: {page.text}"
    return found[0]


def section_of(page: httpx.Response) -> str:
    """Return the last word of a page's address: for a page of questions its section."""
    return page.url.path.removesuffix("/files").rpartition("/")[2]


def application_of(page: httpx.Response) -> UUID:
    """Return the application whose page this is."""
    return UUID(page.url.path.split("/")[3])


class Visitor:
    """One person's browser. Addresses without a host are the portal's; redirects are followed only when asked."""

    def __init__(self, portal: str, eid: str) -> None:
        self.portal, self.eid = portal, eid
        self.http = httpx.AsyncClient(base_url=portal, trust_env=False, timeout=30)

    @property
    def cookies(self) -> dict[str, str]:
        """What the browser keeps, by name."""
        return {cookie.name: cookie.value or "" for cookie in self.http.cookies.jar}

    async def get(self, address: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Open an address."""
        return await self.http.get(address, headers=headers)

    async def follow(self, answer: httpx.Response, until: str = "") -> httpx.Response:
        """Follow redirects with GET, to the first page or to the first address that begins with `until`."""
        while answer.is_redirect:
            address = urljoin(str(answer.url), answer.headers["location"])
            if until and address.startswith(until):
                break
            answer = await self.http.get(address)
        return answer

    async def send(
        self, page: httpx.Response, action: str, typed: Mapping[str, Filled] | None = None
    ) -> httpx.Response:
        """Fill in a form of the page and send it, as a browser does."""
        shown = form(page, action)
        address = urljoin(str(page.url), shown.action)
        filled = shown.fields | {name: value for name, value in (typed or {}).items() if not isinstance(value, tuple)}
        files = {name: value for name, value in (typed or {}).items() if isinstance(value, tuple)}
        if shown.method == "get":
            return await self.http.get(address, params=filled)
        headers = {"Referer": str(page.url), "Origin": _origin(page.url), "Sec-Fetch-Site": "same-origin"}
        return await self.http.post(address, data=filled, files=files or None, headers=headers)

    async def at_the_eid(self, address: str = "/sq/sign-in") -> httpx.Response:
        """Begin to sign in; return the eID's page."""
        return await self.follow(await self.get(address))

    async def identifies(self, page: httpx.Response, number: str = ARTA) -> httpx.Response:
        """Prove at the eID who one is, by phone, or by card without one; return what leads back to the portal."""
        means = "card" if number == AGIM else "phone"
        chosen = {"personal_number": number, "means": means}
        waiting = await self.follow(await self.send(page, forms(page)[0].action.partition("?")[0], chosen))
        if means == "card":
            return await self.follow(await self.send(waiting, "/card", {"pin": PINS[number]}), until=self.portal)
        phone = await self.get(urljoin(self.eid, links(waiting, "/phone/requests/")[0]))
        approved = await self.follow(await self.send(phone, "/approval", {"pin": PINS[number]}))
        back = await self.get(urljoin(self.eid, links(approved, "/sign-in/")[0]))
        return await self.follow(back, until=self.portal)

    async def signs_in(self, number: str = ARTA, address: str = "/sq/sign-in") -> httpx.Response:
        """Sign in and return the page where that leads; the eID asks nothing while it remembers her."""
        page = await self.at_the_eid(address)
        if str(page.url).startswith(self.portal):
            return page
        return await self.follow(await self.identifies(page, number))

    async def begins(self, service: str) -> httpx.Response:
        """Begin an application, signed in, and return the first page that is not done: a question or the check."""
        page = await self.get(f"/sq/services/{service}/start")
        return await self.follow(await self.send(page, f"/services/{service}/applications"))

    async def answers(self, page: httpx.Response, **typed: Filled) -> httpx.Response:
        """Answer a page of questions and return where that leads."""
        return await self.follow(await self.send(page, f"/{section_of(page)}", typed))

    async def asks_for_birth_extract(self) -> httpx.Response:
        """Begin an extract of one's own birth, which costs 1 euro, and return the check."""
        page = await self.begins("birth-extract")
        while section_of(page) != "check":
            ((name, _child), *_more) = choices(page)
            page = await self.answers(page, **{name: "self"})
        return page

    async def asks_for_residence(self) -> httpx.Response:
        """Begin a certificate of residence and return the page that asks what it is needed for, as free text."""
        page = await self.begins("residence-certificate")
        if section_of(page) == "whom":
            page = await self.answers(page, whom="self")
        sections = f"/sq/applications/{application_of(page)}/sections"
        await self.answers(await self.get(f"{sections}/purpose"), purpose="other")
        return await self.get(f"{sections}/purpose-other")

    async def asks_for_what_is_refused(self) -> httpx.Response:
        """As Besnik, begin to renew the registration of the car whose inspection has lapsed; return the check."""
        page = await self.begins("registration-renewal")
        sections = f"/sq/applications/{application_of(page)}/sections"
        page = await self.get(f"{sections}/vehicle")
        for plate in [value for name, value in choices(page) if name == "vehicle"]:
            check = await self.answers(page, vehicle=plate)
            if 'id="stop-title"' in check.text:
                return check
        raise LookupError("no vehicle would be refused")

    async def close(self) -> None:
        """Close the browser."""
        await self.http.aclose()


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode()}"
