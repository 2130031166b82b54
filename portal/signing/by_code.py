"""Signing where a person's secrets pass through us: a code for her document, then her PIN with it.

They live in the memory of one request, on their way from her to the signing service. Nothing of them is kept, logged
or shown again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from litestar.response import Redirect

from eid.errors import NotSigned
from eid.prepared import signs_for
from eid.signbox import Document, Secrets, Sent
from i18n.refusal import Invalid, Refusal
from i18n.text import Sayable, _
from portal.cookie import digest
from portal.queue import enqueue
from portal.session import now
from portal.signing.act import Act, refuse
from portal.signing.taken import take
from portal.visit import Visit
from services.signing.signing import Signing

_LONGEST = 100  # letters of a secret
_MISSING: Mapping[str, Sayable] = {
    "password": _("Type your password."),
    "pin": _("Type your PIN."),
    "code": _("Type the code from your phone: digits alone."),
}


def secrets_of(typed: Mapping[str, str]) -> Secrets:
    """Return what a person typed; Invalid, before anybody is asked, when it cannot be meant."""
    given = {name: re.sub(r"\s", "", value) if name == "code" else value for name, value in typed.items()}
    missing = {name: _MISSING[name] for name, value in given.items() if not _may_be(name, value)}
    if missing:
        raise Invalid(missing)
    return Secrets(**given)


async def document(act: Act) -> Document:
    """Return the sheet as it stands, named as her phone shows it."""
    return Document(act.file_name, await act.sheet())


def sent(act: Act, asked: Document) -> Sent | None:
    """Return the code that is on the person's phone for this very sheet; None when there is none, or it is over."""
    waits = act.signing is not None and act.signing.state == "authorising"
    found = Sent.from_json(act.signing.asked) if act.signing and waits else None
    return found if found and found.document == asked.hash.hex() and now() < found.ends_at else None


async def send_code(request: Visit, act: Act, given: Secrets) -> None:
    """Have a code for the sheet sent to the person's phone, or note why there is none; Invalid for a wrong password."""
    if not act.is_open:
        return
    try:
        await act.check()
        number = request.person.personal_number
        code = await request.parties.signbox.send_code(number, given, await document(act), now())
    except Invalid:
        raise
    except Refusal as refusal:
        await refuse(request, act, refusal)
    else:
        async with request.database.transaction() as connection:
            await act.begin(connection, Signing.by_code(code.as_json(), now()), digest(code.attempt))


async def sign(request: Visit, page: str, attempt: str, given: Secrets) -> Redirect:
    """Have what this page is about signed, once for each attempt; Invalid when she may try again with the same code."""
    act = await take(request, attempt)
    code = Sent.from_json(act.signing.asked) if act and act.signing else None
    if act is None or act.signing is None or code is None or act.page != page:
        return request.to(page)
    try:
        await _give(request, act, act.signing, code, given)
    except Invalid:
        async with request.database.transaction() as connection:
            again = code.again()
            await act.keep(connection, Signing.by_code(again.as_json(), now()), digest(again.attempt))
        raise
    except Refusal as refusal:
        await refuse(request, act, refusal)
        return request.to(f"{page}/code")
    return request.to(page)


async def _give(request: Visit, act: Act, signing: Signing, code: Sent, given: Secrets) -> None:
    """Have the sheet signed, see that what comes back is it and hers, and keep it."""
    await act.check()
    asked, number = await document(act), request.person.personal_number
    if sent(act, asked) != code:
        raise NotSigned("too_late")
    signed = await request.parties.signbox.sign(number, given, asked, act.reason)
    prepared, value = await request.signatory.receive(asked.content, signed, act.place, now(), act.reason)
    if not signs_for(prepared.chain[0], number):
        raise NotSigned("another_person")
    async with request.database.transaction() as connection:
        if await act.keep(connection, signing.given(prepared, value, now())):
            await enqueue(connection, *act.completion)


def _may_be(name: str, value: str) -> bool:
    is_text = bool(value.strip()) and len(value) <= _LONGEST and value.isprintable()
    return is_text and (name != "code" or value.isdecimal())
