"""The portal's driver of SignBox: it signs with the real stand-in, and whatever goes wrong has its own sentence."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, cast

import httpx
import pytest
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from eid import signbox
from eid.errors import NotSigned
from eid.prepared import shown
from eid.signbox import Account, Document, Secrets, Sent, SignBox
from i18n.refusal import Invalid, Refusal, Unreachable
from i18n.text import LANGUAGES, Text

from .box import Box, Call, line
from .hostile import Raw
from .parties import AGIM, BESNIK, MILICA, Browser, RelyingParty, Running, now

SECRET = "a-password-of-the-portal-of-forty-characters"
ACCOUNT = Account("driver", SECRET)
PASSWORDS = {MILICA: "2222", BESNIK: "3333", AGIM: "7777"}


@pytest.fixture(scope="module", autouse=True)
def _account(eid: Running) -> None:
    registered = {"profile": "compat", "scope": "credential", "client_secret": SECRET, "jwks": None}
    RelyingParty("driver").register(eid, token_endpoint_auth_method="client_secret_post", **registered)


@pytest.fixture
def box(eid: Running) -> Iterator[Box]:
    """Give the line to SignBox."""
    with line(eid.url) as box:
        yield box


@pytest.fixture
def driver(box: Box, http: httpx.AsyncClient) -> SignBox:
    """Give the driver at the end of that line."""
    return SignBox(http, box.url, ACCOUNT)


@pytest.fixture
def phone(new_browser: Callable[[], Browser]) -> Browser:
    """Give a phone."""
    return new_browser()


@pytest.fixture
def document() -> Document:
    """Give a document that nobody has signed: each test has another one."""
    writer: Any = PdfFileWriter()
    content = writer.add_object(StreamObject(stream_data=f"% {time.monotonic_ns()}".encode()))
    writer.insert_page(PageObject(contents=content, media_box=(0, 0, 200, 200)))
    written = io.BytesIO()
    writer.write(written)
    return Document("the-application-7K3M.pdf", written.getvalue())


def hers(number: str = MILICA, **changed: str) -> Secrets:
    """Return what she types."""
    right = {"password": PASSWORDS[number], "pin": PASSWORDS[number][0] * 5}
    return Secrets(**{**right, **changed})


async def code_on(phone: Browser, document: Document, number: str = MILICA) -> str:
    """Read the code for a document on her phone."""
    await phone.go("/phone?language=en")
    if "Whose phone is this?" in phone.text:
        await phone.send("/owner", person="another", personal_number=number)
        await phone.go("/phone?language=en")
    await phone.go(re.findall(r'href="(/phone/requests/[^"]+)"', phone.page.text)[0])
    assert shown(document.hash).replace(" ", "") in phone.text
    assert document.name in phone.text
    found = re.search(r"(?<![0-9a-f])[0-9]{6}(?![0-9a-f])", phone.text)
    assert found, phone.text
    return found[0]


async def refused(asked: Any) -> Refusal:  # noqa: ANN401 - a call that is under way
    """Return how a call is refused, with sentences in every language that tell no secret."""
    with pytest.raises(Refusal) as refusal:
        await asked
    said = [refusal.value.sentence, *(refusal.value.fields.values() if isinstance(refusal.value, Invalid) else ())]
    for sentence in (each for each in said if isinstance(each, Text)):
        spoken = {sentence.say(language) for language in LANGUAGES}
        assert len(spoken) == 3 or isinstance(refusal.value, NotSigned), spoken
        assert not any(secret in " ".join(spoken) for secret in (SECRET, MILICA, "22222"))
    return refusal.value


async def test_she_signs_the_document_that_her_phone_shows(
    driver: SignBox, box: Box, phone: Browser, document: Document
) -> None:
    sent = await driver.send_code(MILICA, hers(), document, now())
    assert timedelta(seconds=110) < sent.ends_at - now() <= timedelta(minutes=2)
    assert sent.document == document.hash.hex()
    assert Sent.from_json(sent.as_json()) == sent
    assert sent.again() != sent
    signed = await driver.sign(MILICA, hers(code=await code_on(phone, document)), document)
    reader: Any = PdfFileReader(io.BytesIO(signed))
    (signature,) = reader.embedded_regular_signatures
    assert signed.startswith(document.content)
    assert "MILICA" in signature.signer_cert.subject.native["common_name"]
    assert signature.signer_info["unsigned_attrs"][0]["type"].native == "signature_time_stamp_token"
    assert box.paths == ["echo", "otp", "echo", "sign"], "it shows itself before any secret leaves"
    assert not any(secret in repr(given) for given in (hers(), ACCOUNT, document) for secret in ("2222", SECRET, "PDF"))


def test_what_another_dialect_asked_is_no_code() -> None:
    assert Sent.from_json(None) is None
    assert Sent.from_json({"url": "x", "state": "y", "created_at": datetime.now().astimezone().isoformat()}) is None


async def test_a_wrong_password_pin_or_code_may_be_typed_again(
    driver: SignBox, phone: Browser, document: Document
) -> None:
    wrong = await refused(driver.send_code(MILICA, hers(password="0000"), document, now()))
    assert (type(wrong), wrong.code) == (Invalid, "wrong_password")
    await driver.send_code(MILICA, hers(), document, now())
    code = await code_on(phone, document)
    for changed, code_said in (
        ({"password": "0000"}, "wrong_secrets"),
        ({"pin": "00000"}, "wrong_secrets"),
        ({"code": f"{(int(code) + 1) % 10**6:06}"}, "wrong_code"),
    ):
        wrong = await refused(driver.sign(MILICA, hers(**{"code": code, **changed}), document))
        assert (type(wrong), wrong.code) == (Invalid, code_said)
        assert set(cast("Invalid", wrong).fields) <= {"password", "pin", "code"}
    other = Document("another.pdf", document.content + b"\n")
    assert (await refused(driver.sign(MILICA, hers(code=code), other))).code == "wrong_code"
    await driver.sign(MILICA, hers(code=code), document)
    assert (await refused(driver.sign(MILICA, hers(code=code), document))).code == "wrong_code", "it is good once"


async def test_who_says_no_on_her_phone_has_not_signed(driver: SignBox, phone: Browser, document: Document) -> None:
    await driver.send_code(MILICA, hers(), document, now())
    code = await code_on(phone, document)
    await phone.send("/refusal")
    no = await refused(driver.sign(MILICA, hers(code=code), document))
    assert (type(no), no.code) == (NotSigned, "cancelled")


async def test_three_wrong_pins_lock_and_then_no_code_is_sent(
    eid: Running, driver: SignBox, phone: Browser, document: Document
) -> None:
    await driver.send_code(BESNIK, hers(BESNIK), document, now())
    code = await code_on(phone, document, BESNIK)
    for pin in ("00000", "00000", "00000", "33333"):
        locked = await refused(driver.sign(BESNIK, hers(BESNIK, pin=pin, code=code), document))
        assert locked.code == "wrong_secrets"
    no = await refused(driver.send_code(BESNIK, hers(BESNIK), document, now()))
    assert (type(no), no.code) == (NotSigned, "phone_unusable")
    eid.did("unlock", "--person", BESNIK)
    await driver.send_code(BESNIK, hers(BESNIK), document, now())


async def test_who_has_no_phone_gets_no_code(driver: SignBox, document: Document) -> None:
    no = await refused(driver.send_code(AGIM, hers(AGIM), document, now()))
    assert (type(no), no.code) == (NotSigned, "phone_unusable")


async def test_a_certificate_that_is_not_good_signs_nothing(
    eid: Running, driver: SignBox, phone: Browser, document: Document
) -> None:
    await driver.send_code(MILICA, hers(), document, now())
    code = await code_on(phone, document)
    eid.did("certificate", "suspend", "--person", MILICA)
    no = await refused(driver.sign(MILICA, hers(code=code), document))
    assert (type(no), no.code) == (NotSigned, "certificate_suspended")
    eid.did("certificate", "resume", "--person", MILICA)
    assert await driver.sign(MILICA, hers(code=code), document), "her code waited"


async def test_our_own_account_is_not_her_fault(
    eid: Running, box: Box, http: httpx.AsyncClient, document: Document
) -> None:
    RelyingParty("unscoped").register(
        eid, profile="compat", token_endpoint_auth_method="client_secret_post", client_secret=SECRET, jwks=None
    )
    for account in (Account("driver", "x" * 40), Account("nobody", SECRET), Account("unscoped", SECRET)):
        no = await refused(SignBox(http, box.url, account).send_code(MILICA, hers(), document, now()))
        assert (type(no), no.code) == (Unreachable, "signbox_account")


FAULTS: dict[str, tuple[Raw, str]] = {
    "answers 200 with HTML": (Raw(b"<h1>Welcome</h1>", kind="text/html"), "signbox_not_understood"),
    "answers with another thing": (Raw(b'["success"]'), "signbox_not_understood"),
    "answers with a depth of brackets": (Raw(b"[" * 50_000), "signbox_not_understood"),
    "answers with megabytes": (Raw(b"x" * 3_000_000, kind="application/pdf"), "signbox_too_long"),
    "fails": (Raw(b"oops", 500), "signbox_error"),
    "sends us elsewhere": (Raw(b"", 302, headers={"location": "http://127.0.0.1:9/"}), "signbox_error"),
    "has too much to do": (Raw(b"", 429), "signbox_busy"),
}


@pytest.mark.parametrize("path", ["echo", "otp", "sign"])
@pytest.mark.parametrize("name", FAULTS)
async def test_a_service_is_unreachable_that(
    name: str, path: str, driver: SignBox, box: Box, document: Document
) -> None:
    raw, code = FAULTS[name]
    box.instead = {"sign": lambda _call: Raw(document.content, kind="application/pdf"), path: lambda _call: raw}
    asked = (
        driver.sign(MILICA, hers(code="123456"), document)
        if path == "sign"
        else driver.send_code(MILICA, hers(), document, now())
    )
    no = await refused(asked)
    assert (type(no), no.code) == (Unreachable, code)
    assert path != "echo" or box.paths == ["echo"], "no secret goes to who does not show itself"


@pytest.mark.parametrize("path", ["echo", "otp"])
async def test_a_service_that_hangs_is_unreachable(
    path: str, driver: SignBox, box: Box, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signbox, "_SECONDS", 0.5)  # a test has not as much time as a person
    box.instead[path] = None
    assert (await refused(driver.send_code(MILICA, hers(), document, now()))).code == "signbox_timeout"


async def test_a_service_that_is_not_there_is_unreachable(http: httpx.AsyncClient, document: Document) -> None:
    nobody = SignBox(http, "http://127.0.0.1:9", ACCOUNT)
    no = await refused(nobody.send_code(MILICA, hers(), document, now()))
    assert (no.code, no.__suppress_context__) == ("signbox_down", True), "what went wrong holds what she typed"


REFUSALS: dict[str, tuple[int, str, str]] = {
    "certificate_unusable": (403, "the certificate is on a list", "certificate_unusable"),
    "missing_parameter": (400, "file is missing", "refused"),
    "something_new": (409, "", "refused"),
}


@pytest.mark.parametrize("message", REFUSALS)
async def test_a_refusal_that_says_little_is_one_still(
    message: str, driver: SignBox, box: Box, document: Document
) -> None:
    status, details, code = REFUSALS[message]
    said = f'{{"status": "error", "message": "{message}", "details": "{details}"}}'.encode()
    box.instead["sign"] = lambda _call: Raw(said, status)
    no = await refused(driver.sign(MILICA, hers(code="123456"), document))
    assert (type(no), no.code) == (NotSigned, code)


async def test_the_service_is_asked_for_a_stamped_pades(driver: SignBox, box: Box, document: Document) -> None:
    box.instead["sign"] = lambda _call: Raw(document.content, kind="application/pdf")
    await driver.sign(MILICA, hers(code="123456"), document)
    call: Call = box.heard[-1]
    fields = ("username", "password", "pin", "otp", "format", "level", "billing_username", "billing_password")
    assert [call.field(name) for name in fields] == [MILICA, "2222", "22222", "123456", "pades", "T", "driver", SECRET]
    assert call.document == document.content
