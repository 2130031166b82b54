"""Signing at the signing service: which key she has, what exactly is signed, her word for it there, and back.

Each of the four is kept before the next begins, so that a double click, the back button, a lost session or a restart
finds her where she was. No connection is held while the service is asked or a sheet is made.
"""

from __future__ import annotations

from collections.abc import Mapping

from litestar.response import Redirect

from eid.cloud import Asked
from eid.errors import NotSigned
from eid.prepared import is_of, signs_for
from i18n.refusal import Refusal, Unreachable
from portal.cookie import digest
from portal.queue import enqueue
from portal.session import now
from portal.signing.act import Act, refuse
from portal.signing.taken import take
from portal.visit import Visit
from services.signing.signing import Signing

_LONGEST_DESCRIPTION = 200


async def ask_key(request: Visit, act: Act) -> Redirect:
    """Send the person to the signing service, which says which key she has and sends her straight back."""
    try:
        await act.check()
        asked = await request.parties.signing.ask_key(_return_address(request), request.language, now())
    except (NotSigned, Unreachable) as refusal:
        return await refuse(request, act, refusal)
    return await _go(request, act, Signing.begun(asked.as_json(), now()), asked)


async def ask_signature(request: Visit, act: Act) -> Redirect:
    """Send the person to the signing service, to see there what she signs and to authorise it."""
    signing = act.signing
    if signing is None or signing.prepared is None or signing.credential is None or not act.is_open:
        return request.to(act.page)
    try:
        await act.check()
        asked = await request.parties.signing.ask_signature(
            signing.credential,
            signing.prepared,
            act.description(request.language)[:_LONGEST_DESCRIPTION],
            _return_address(request),
            request.language,
            now=now(),
        )
    except (NotSigned, Unreachable) as refusal:
        return await refuse(request, act, refusal)
    return await _go(request, act, signing.authorising(asked.as_json(), now()), asked)


async def arrive(request: Visit, answer: Mapping[str, str]) -> Redirect:
    """Take the service's answer, once, and lead to the page that says what came of it."""
    act = await take(request, answer.get("state", ""))
    if act is None or act.signing is None or act.signing.asked is None:
        return request.to("/applications")
    asked = Asked.from_json(act.signing.asked)
    try:
        await (_prepare if act.signing.state == "asking" else _give)(request, act, act.signing, asked, answer)
    except Refusal as refusal:
        return await refuse(request, act, refusal)
    return request.to(act.page)


async def _go(request: Visit, act: Act, signing: Signing, asked: Asked) -> Redirect:
    async with request.database.transaction() as connection:
        await act.begin(connection, signing, digest(asked.state))
    return Redirect(asked.url, status_code=303)


async def _prepare(request: Visit, act: Act, _signing: Signing, asked: Asked, answer: Mapping[str, str]) -> None:
    """Learn the person's key and make the hash that it is to sign."""
    key = await request.parties.signing.key(asked, answer, now())
    if not signs_for(key.chain[0], request.person.personal_number):
        raise NotSigned("another_person")
    prepared = await request.signatory.prepare(await act.sheet(), act.place, key.chain, now(), act.reason)
    async with request.database.transaction() as connection:
        await act.keep(connection, Signing.ready(key, prepared, now()))


async def _give(request: Visit, act: Act, signing: Signing, asked: Asked, answer: Mapping[str, str]) -> None:
    """Fetch the signature that she authorised, see that it is hers and of this sheet, and keep it."""
    prepared = signing.prepared
    if prepared is None or signing.credential is None:
        raise NotSigned("too_late")
    value = await request.parties.signing.sign(asked, answer, signing.credential, prepared, now())
    if not is_of(prepared, value) or not signs_for(prepared.chain[0], request.person.personal_number):
        raise NotSigned("wrong_signature")
    async with request.database.transaction() as connection:
        if await act.keep(connection, signing.given(prepared, value, now())):
            await enqueue(connection, *act.completion)


def _return_address(request: Visit) -> str:
    return f"{request.settings.url}/{request.language}/signature/return"
