"""A person's answer to what waits on her phone: her PIN, the code that she picked, or her no."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

import structlog

from eid.provider.means import store
from eid.provider.means.holder import Holder
from eid.provider.means.request import Approval, outcome
from eid.provider.means.sentence import enter, wrong_pin
from eid.provider.means.trial import try_means
from eid.provider.secret import Secret, digest
from eid.provider.trail import log
from eid.provider.trail.entry import Outcome
from i18n.text import Sayable, _

_log = structlog.get_logger("eid.approval")
_CODES = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What was typed: the code that was picked, where one has to be, and the PIN."""

    code: str | None
    pin: str


def codes(approval: Approval, secret: Secret) -> list[str]:
    """Return the control code among two others, the same ones each time that the page is shown."""
    seed = str(approval.id)
    found = [approval.control_code]
    for number in count():
        other = f"{int.from_bytes(digest(secret.mark('other code', seed, str(number)))[:8], 'big') % 10_000:04}"
        if other not in found:
            found.append(other)
        if len(found) == _CODES:
            return sorted(found, key=lambda code: secret.mark("code order", seed, code))
    raise AssertionError


async def approve(holder: Holder, approval: Approval, answer: Answer) -> dict[str, Sayable]:
    """Keep her yes; return what is wrong with what she typed. A wrong code picked is a no: she sees another screen."""
    if outcome(approval, holder.now) != "pending":
        return {}
    must_pick = approval.must_pick(holder.browser_hash)
    missing: dict[str, Sayable] = {}
    if must_pick and answer.code not in codes(approval, holder.desk.secret):
        missing["code"] = _("Choose the code that the other screen shows.")
    if not answer.pin:
        missing["pin"] = enter(approval.pin)
    if missing:
        return missing
    if must_pick and answer.code != approval.control_code:
        _log.info("wrong_code_picked", kind=approval.kind, client=approval.client_id)
        await refuse(holder, approval)
        return {}
    return await _try(holder, approval, answer)


async def refuse(holder: Holder, approval: Approval) -> None:
    """Keep her no."""
    if outcome(approval, holder.now) == "pending":
        await store.answer_approval(holder.connection, approval.id, "refused", holder.now)
        await _note(holder, approval, "refused")
        _log.info("refused", kind=approval.kind, client=approval.client_id)


async def _try(holder: Holder, approval: Approval, answer: Answer) -> dict[str, Sayable]:
    desk, address, now = holder.desk, holder.browser.address, holder.now
    desk.failures.check(address, now)
    tried = await try_means(holder.connection, desk, approval.person_id, "phone", approval.pin, answer.pin, now)
    if tried.is_right:
        await store.answer_approval(holder.connection, approval.id, "approved", now)
        if approval.kind != "sign_in" and approval.way_back is None:  # what a page of ours waits for is noted there
            await _note(holder, approval, "done")
        _log.info("approved", kind=approval.kind, client=approval.client_id)
        return {}
    desk.failures.count(address, now)
    where = holder.browser.where
    await log.note_try(holder.connection, approval.person_id, tried.tries_left, means="phone", where=where, now=now)
    return {"pin": wrong_pin(tried.tries_left)}


async def _note(holder: Holder, approval: Approval, outcome: Outcome) -> None:
    await log.note(
        holder.connection,
        approval.person_id,
        approval.kind,
        outcome=outcome,
        client_id=approval.client_id,
        means="phone",
        where=holder.browser.where,
        now=holder.now,
    )
