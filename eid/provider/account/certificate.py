"""Suspending, resuming and revoking the certificate with which a person signs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeAlias

from litestar import Response, get, post
from litestar.params import FromPath

from eid.provider.account.owner import ACT, Owner, owner_of, sign_in_first
from eid.provider.browser import AnyRequest, Browser, form
from eid.provider.desk import AtDesk, Desk, Now
from eid.provider.errors import Absent
from eid.provider.signing.credential import Credential, credentials_of, resume, revoke, suspend
from i18n.text import _

Act: TypeAlias = Callable[[Owner, Credential], Awaitable[object]]
_NOT_HERS = _("This certificate is not one of yours. Go back to My eID to see yours.")


@post("/my/certificates/{credential_id:str}/suspension", status_code=200)
async def suspend_it(request: AnyRequest, desk: AtDesk, now: Now, credential_id: FromPath[str]) -> Response[Any]:
    """Let a certificate rest."""
    return await _done(request, desk, now, credential_id, ("suspended", _suspend))


@post("/my/certificates/{credential_id:str}/resumption", status_code=200)
async def resume_it(request: AnyRequest, desk: AtDesk, now: Now, credential_id: FromPath[str]) -> Response[Any]:
    """Let a suspended certificate be good again."""
    return await _done(request, desk, now, credential_id, ("resumed", _resume))


@get("/my/certificates/{credential_id:str}/revocation")
async def ask_revocation(request: AnyRequest, desk: AtDesk, now: Now, credential_id: FromPath[str]) -> Response[Any]:
    """Ask whether a certificate shall be revoked, since nothing brings it back."""
    async with desk.transaction() as connection:
        owner = await owner_of(request, desk, connection, now)
        if owner is None:
            return await sign_in_first(request, desk, connection, now)
        found = await _found(owner, credential_id)
        here = f"/my/certificates/{found.id}/revocation"
        return owner.page("revocation", here, serial=f"{found.serial:x}", valid_until=found.expires_at)


@post("/my/certificates/{credential_id:str}/revocation", status_code=200)
async def revoke_it(request: AnyRequest, desk: AtDesk, now: Now, credential_id: FromPath[str]) -> Response[Any]:
    """Revoke a certificate for good."""
    return await _done(request, desk, now, credential_id, ("revoked", _revoke))


HANDLERS = (suspend_it, resume_it, ask_revocation, revoke_it)


async def _done(
    request: AnyRequest, desk: Desk, now: datetime, credential_id: str, act: tuple[str, Act]
) -> Response[Any]:
    """Do something with a certificate of hers, and lead back."""
    name, do = act
    async with desk.transaction() as connection:
        owner = await owner_of(request, desk, connection, now)
        await form(request, Browser(request, desk), ACT)
        if owner is None:
            return await sign_in_first(request, desk, connection, now)
        await do(owner, await _found(owner, credential_id))
        return owner.to(f"/my?done={name}")


async def _found(owner: Owner, credential_id: str) -> Credential:
    """Return a certificate of hers; somebody else's is not there."""
    found = await credentials_of(owner.connection, owner.person.id)
    one = next((one for one in found if one.id == credential_id), None)
    if one is None:
        raise Absent("certificate_absent", _NOT_HERS)
    return one


async def _suspend(owner: Owner, one: Credential) -> None:
    if one.state(owner.desk.pki, owner.now) == "valid":
        await suspend(owner.desk.pki, one, owner.now)


async def _resume(owner: Owner, one: Credential) -> None:
    await resume(owner.desk.pki, one)


async def _revoke(owner: Owner, one: Credential) -> None:
    if one.state(owner.desk.pki, owner.now) in {"valid", "suspended"}:
        await revoke(owner.desk.pki, one, owner.now, "cessationOfOperation")
