"""Gives leave to sign, and takes it back with every use: codes, handles and SADs lead to it one after another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from eid.provider.errors import Rejection
from eid.provider.means import store as means_store
from eid.provider.means.approval import ask_phone
from eid.provider.means.request import Approval, outcome
from eid.provider.request import ToSign
from eid.provider.secret import digest, new_token
from eid.provider.signing import store
from eid.provider.signing.activation import LIVES, Activation, Digests, first_digits
from eid.provider.store import Connection
from i18n.refusal import Refused

WAITS = timedelta(seconds=120)  # for her answer on the phone
_ANSWER_FETCHED = timedelta(minutes=5)  # within this after the phone's time was over


@dataclass(frozen=True, slots=True)
class Sad:
    """Signature activation data: what a client brings to have the hashes signed, and until when."""

    value: str
    expires_at: datetime

    def as_json(self, now: datetime) -> dict[str, object]:
        """Return it as an answer carries it."""
        return {"SAD": self.value, "expiresIn": max(0, int((self.expires_at - now).total_seconds()))}


def shown(to_sign: ToSign) -> str:
    """Return what is shown on her phone: what she signs, and the first digits of each hash."""
    digits = ", ".join(first_digits(bytes.fromhex(one)) for one in to_sign.hashes)
    return f"{to_sign.description} · {digits}" if to_sign.description else digits


# By the browser: a code that becomes an access token
async def allow(connection: Connection, to_sign: ToSign, client_id: str, code: str, now: datetime) -> None:
    """Keep the person's yes, which the client fetches with a code."""
    await store.save_activation(connection, _new(to_sign, client_id, None, now + LIVES), code_hash=digest(code))


async def activate(connection: Connection, code_hash: bytes, token_hash: bytes, now: datetime) -> Activation:
    """Let an access token be the SAD of what its code was given for, and return that: both end together."""
    activation = await store.find_activation(connection, "code_hash", code_hash)
    if activation is None or activation.expires_at <= now:
        raise Rejection("invalid_grant", "What this code was given for can no longer be signed.")
    await store.give_token(connection, activation.id, token_hash, activation.expires_at)
    return activation


# By the phone alone: a handle that becomes a SAD
async def ask(
    connection: Connection, to_sign: ToSign, client_id: str, person_id: UUID, now: datetime
) -> tuple[str, Approval]:
    """Ask the person on her phone; return the handle by which the client learns the answer, and what she is shown."""
    try:
        approval = await ask_phone(
            connection,
            person_id=person_id,
            client_id=client_id,
            kind="signature",
            pin="pin2",
            message=shown(to_sign),
            now=now,
            lives=WAITS,
        )
    except Refused as refused:
        raise Rejection("invalid_request", f"The person cannot be asked on her phone: {refused.code}") from refused
    handle = new_token()
    expires_at = approval.expires_at + _ANSWER_FETCHED
    activation = _new(to_sign, client_id, approval.id, expires_at)
    await store.save_activation(connection, activation, handle_hash=digest(handle))
    return handle, approval


async def answer(connection: Connection, handle: str, client_id: str, now: datetime) -> Sad | None:
    """Return the SAD, once; None while she has not answered. Rejection when she said no, or nothing in time."""
    activation = await store.find_activation(connection, "handle_hash", digest(handle))
    approval = await _approval(connection, activation, client_id)
    if activation is None or approval is None:
        raise Rejection("invalid_request", "Invalid parameter handle")
    how = outcome(approval, now)
    if how == "pending":
        return None
    if how != "approved" or approval.answered_at is None or approval.answered_at + LIVES <= now:
        await store.forget_activation(connection, activation.id)
        why = "The person refused" if how == "refused" else "The person did not answer in time"
        raise Rejection("access_denied", why)
    sad = Sad(new_token(), approval.answered_at + LIVES)
    await store.give_sad(connection, activation.id, digest(sad.value), sad.expires_at)
    return sad


async def _approval(connection: Connection, activation: Activation | None, client_id: str) -> Approval | None:
    if activation is None or activation.client_id != client_id or activation.approval_id is None:
        return None
    return await means_store.find_approval(connection, activation.approval_id)


# The SAD
async def leave_by(connection: Connection, sad: str, client_id: str, credential_id: str, now: datetime) -> Activation:
    """Return what a SAD allows this client with this key, used or not; Rejection when it allows nothing."""
    activation = await store.find_activation(connection, "sad_hash", digest(sad))
    if activation is None or (activation.client_id, activation.credential_id) != (client_id, credential_id):
        raise Rejection("invalid_request", "Invalid parameter SAD")
    if activation.expires_at <= now:
        raise Rejection("invalid_request", "SAD expired")
    return activation


def checked(activation: Activation, hash_algorithm: str, digests: Digests) -> Activation:
    """Return leave to sign these hashes; Rejection when it was used, or when she did not allow exactly them."""
    if activation.is_spent:
        raise Rejection("invalid_request", "Invalid parameter SAD")
    if activation.hash_algorithm != hash_algorithm or not activation.covers(digests):
        raise Rejection("invalid_request", "Hash is not authorized by the SAD")
    return activation


async def use(connection: Connection, activation: Activation, digests: Digests, now: datetime) -> None:
    """Use a SAD up and write down what was signed by it."""
    await store.spend(connection, activation.id, activation.without(digests))
    await store.note_signatures(connection, activation, digests, now)


async def extend(connection: Connection, activation: Activation, hash_algorithm: str, digests: Digests) -> Sad:
    """Return a new SAD for what is left of hers; it lives no longer than the one in whose place it comes."""
    if activation.hash_algorithm != hash_algorithm or not activation.covers(digests):
        raise Rejection("invalid_request", "Hash is not authorized by the SAD")
    sad = Sad(new_token(), activation.expires_at)
    await store.give_sad(connection, activation.id, digest(sad.value), sad.expires_at)
    return sad


def _new(to_sign: ToSign, client_id: str, approval_id: UUID | None, expires_at: datetime) -> Activation:
    return Activation(
        id=uuid7(),
        credential_id=to_sign.credential_id,
        client_id=client_id,
        hash_algorithm=to_sign.hash_algorithm,
        hashes=tuple(bytes.fromhex(one) for one in to_sign.hashes),
        approval_id=approval_id,
        is_spent=False,
        expires_at=expires_at,
        details=to_sign.details,
    )
