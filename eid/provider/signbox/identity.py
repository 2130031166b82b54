"""Who calls SignBox, and for whom: the client by its secret, the person by her number, password, PIN and code."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from uuid_utils.compat import uuid7

from eid.provider import store as people
from eid.provider.client import Client
from eid.provider.desk import Desk
from eid.provider.means import store as means_store
from eid.provider.means.approval import ask_phone
from eid.provider.means.request import outcome
from eid.provider.means.trial import try_means
from eid.provider.people import Enrolled
from eid.provider.pin import try_pin
from eid.provider.secret import digest
from eid.provider.signbox import store
from eid.provider.signbox.sent import Fault, Sent
from eid.provider.signbox.store import OneTimeCode
from eid.provider.signing.activation import first_digits
from eid.provider.signing.wish import CREDENTIAL
from eid.provider.store import Connection
from i18n.refusal import Refused
from i18n.text import _

CODE_LIVES = timedelta(minutes=2)
CODE_DIGITS = 6
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Calling:
    """A call by a client that is known. `person` is who she says she is: her password has been right."""

    desk: Desk
    connection: Connection
    sent: Sent
    client: Client
    person: Enrolled
    now: datetime


async def client_of(desk: Desk, connection: Connection, sent: Sent) -> Client:
    """Return the client that pays for the call: one with a shared secret that has registered to sign."""
    client = await people.find_client(connection, sent.text("billing_username"))
    given = desk.secret.mark("client secret", client.client_id if client else "", sent.text("billing_password"))
    kept = client.client_secret_hash if client else None
    if client is None or kept is None or not hmac.compare_digest(given, kept):
        raise Fault("authentication_error", "billing_username and billing_password are a client's id and secret", 401)
    if CREDENTIAL not in client.scope.split():
        raise Fault("authorization_error", "this client has not registered the scope credential", 403)
    return client


async def calling(desk: Desk, connection: Connection, sent: Sent, now: datetime) -> Calling:
    """Return the call with its client and its person; Fault, and a try counted, when the password is wrong."""
    client = await client_of(desk, connection, sent)
    person = await people.find_by_number(connection, sent.text("username"))
    tried = await try_pin(desk, connection, person.id, sent.text("password"), now) if person else None
    if person is None or tried is None or not tried.is_right:
        raise _not_her()
    return Calling(desk, connection, sent, client, person, now)


async def send_code(call: Calling) -> None:
    """Send a new code to her phone; it opens this document for this client, once, within two minutes."""
    code, document = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}", call.sent.document_hash
    shown = _(
        "One-time code %(code)s, only for the document %(digits)s %(name)s",
        code=code,
        digits=first_digits(document),
        name=call.sent.file_name,
    )
    try:
        approval = await ask_phone(
            call.connection,
            person_id=call.person.id,
            client_id=call.client.client_id,
            kind="signature",
            pin="pin2",
            message=shown.say(call.person.language).strip(),
            now=call.now,
            lives=CODE_LIVES,
        )
    except Refused as refused:
        raise Fault("phone_unusable", f"no code can be sent to her phone: {refused.code}", 403) from refused
    kept = OneTimeCode(
        id=uuid7(),
        person_id=call.person.id,
        client_id=call.client.client_id,
        approval_id=approval.id,
        document_hash=document,
        code_hash=_hash(call, document, code),
        wrong_tries=0,
        expires_at=call.now + CODE_LIVES,
    )
    await store.save_code(call.connection, kept)


async def authorised(call: Calling) -> None:
    """Hold when PIN2 is right and the code is the one for this document; it is used up by that."""
    tried = await try_means(
        call.connection, call.desk, call.person.id, "phone", "pin2", call.sent.text("pin"), call.now
    )
    if not tried.is_right:
        raise _not_her()
    given, document = call.sent.text("otp"), call.sent.document_hash
    code = await store.find_code(call.connection, call.person.id, call.client.client_id, document)
    approval = await means_store.find_approval(call.connection, code.approval_id) if code else None
    if code is None or approval is None or code.expires_at <= call.now or code.wrong_tries >= _TRIES:
        raise Fault("invalid_otp", "no code was sent for this document, or it is over: send another", 401)
    if outcome(approval, call.now) == "refused":
        raise Fault("refused", "the person refused on her phone", 403)
    if not hmac.compare_digest(_hash(call, document, given), code.code_hash):
        await store.note_wrong_code(call.connection, code.id)
        raise Fault("invalid_otp", "this is not the code that was sent for this document", 401)
    await store.forget_code(call.connection, code.id)
    await means_store.answer_approval(call.connection, code.approval_id, "approved", call.now)


def _hash(call: Calling, document: bytes, code: str) -> bytes:
    return digest(call.desk.secret.mark("one-time code", str(call.person.id), document.hex(), code))


def _not_her() -> Fault:
    """Return one answer for whatever is wrong: it tells nobody which numbers are enrolled, or which part was right."""
    return Fault("authentication_error", "username, password or PIN is wrong, or locked", 401)
