"""What a QR code leads to: the phone that scanned it is asked on behalf of the browser that showed it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from eid.provider import store as people
from eid.provider.browser import AnyRequest, form
from eid.provider.desk import AtDesk, Now
from eid.provider.entry.waiting import ask_at_once
from eid.provider.errors import Absent
from eid.provider.means import store
from eid.provider.means.code import state_of
from eid.provider.means.holder import Holder, holder_of, whose
from eid.provider.means.sentence import obstacle
from eid.provider.people import Enrolled
from eid.provider.secret import digest
from eid.provider.sign_in import SignIn
from i18n.text import _

_OVER = _("This code works no more. Codes live for one minute and are used once: scan the new one on the other screen.")


@get("/phone/scan/{token:str}")
async def scan(request: AnyRequest, desk: AtDesk, now: Now, token: FromPath[str]) -> Response[Any]:
    """Say which service asks; looking at a link asks nobody yet."""
    async with desk.transaction() as connection:
        holder = await holder_of(request, desk, connection, now)
        sign_in = await _scanned(holder, token, now)
        if holder.person is None:
            return await whose(holder, f"/phone/scan/{token}")
        client = sign_in.client.name.say(holder.language)
        return holder.page("means_scan", f"/phone/scan/{token}", f"scan {token}", client=client)


@post("/phone/scan/{token:str}", status_code=200)
async def follow(request: AnyRequest, desk: AtDesk, now: Now, token: FromPath[str]) -> Response[Any]:
    """Put the request on this phone and bind the sign-in to whose phone it is; no code of that sign-in works again."""
    async with desk.transaction() as connection:
        holder = await holder_of(request, desk, connection, now)
        sign_in = await _scanned(holder, token, now)
        await form(request, holder.browser, f"scan {token}")
        if holder.person is None:
            return await whose(holder, f"/phone/scan/{token}")
        return await _ask(holder, holder.person, sign_in)


async def _scanned(holder: Holder, token: str, now: datetime) -> SignIn:
    """Return the sign-in that showed the code; Absent when it or the code is over."""
    found = await store.find_scanned(holder.connection, digest(token), now)
    interaction = await people.find_interaction(holder.connection, found, to_act=True) if found else None
    client = await people.find_client(holder.connection, interaction.request.client_id) if interaction else None
    if interaction is None or client is None or interaction.finished_at or interaction.expires_at <= now:
        raise Absent("scan_code_over", _OVER)
    return SignIn(holder.desk, holder.connection, holder.browser, interaction, client, now)


async def _ask(holder: Holder, person: Enrolled, sign_in: SignIn) -> Response[Any]:
    approval = await ask_at_once(sign_in, person)
    if approval is None:
        pin = sign_in.offers["phone"].pin or "pin1"
        state = state_of(await store.find_means(holder.connection, person.id, "phone"), pin, holder.now)
        return holder.page("means_obstacle", "/phone", "phone", status=403, obstacle=obstacle("phone", state))
    await people.set_person(holder.connection, sign_in.interaction.id, person.id)
    await store.spend_scan_codes(holder.connection, sign_in.interaction.id)
    return holder.to(f"/phone/requests/{approval.id}")
