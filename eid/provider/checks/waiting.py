"""POST /oauth2/token for a question on somebody's phone: whether she has answered (CIBA Core 1.0, section 11)."""

from __future__ import annotations

from eid.provider.backchannel import store as backchannel
from eid.provider.backchannel.question import FETCHED_WITHIN, INTERVAL, Question
from eid.provider.checks import Check
from eid.provider.checks.code import Redeeming
from eid.provider.errors import Rejection
from eid.provider.issued.agreed import Agreed
from eid.provider.means.approval import Approval, find_approval, outcome
from eid.provider.secret import digest


async def _she_has_said_yes(asked: Redeeming) -> None:
    """Leave what she agreed to; until then the client is told to look again, and not too soon."""
    question = await backchannel.take_question(asked.connection, digest(asked.sent("auth_req_id")))
    if question is None or question.client_id != asked.client.client_id or question.fetched_at:
        raise Rejection("invalid_grant", "This auth_req_id is not known, not this client's, or was used.")
    approval = await find_approval(asked.connection, question.approval_id)
    said = outcome(approval, asked.now) if approval else "expired"
    if approval is None or said == "expired" or asked.now >= question.expires_at + FETCHED_WITHIN:
        raise Rejection("expired_token", "She did not answer in time, or the answer was not fetched in time.")
    if said == "pending":
        await _look_again(asked, question)
    await backchannel.note_fetched(asked.connection, question.id_hash, asked.now)
    if said == "refused":
        raise Rejection("access_denied", "She refused.")
    asked.agreed = _agreed(question, approval)


async def _look_again(asked: Redeeming, question: Question) -> None:
    is_impatient = question.is_impatient(asked.now)
    seconds = question.interval_seconds + (INTERVAL if is_impatient else 0)
    await backchannel.note_look(asked.connection, question.id_hash, seconds, asked.now)
    if is_impatient:
        raise Rejection("slow_down", f"Wait {seconds} seconds before looking again.")
    raise Rejection("authorization_pending", "She has not answered yet.")


def _agreed(question: Question, approval: Approval) -> Agreed:
    return Agreed(
        client_id=question.client_id,
        person_id=question.person_id,
        scope=question.scope,
        acr="high" if approval.pin == "pin2" else "substantial",
        amr=["mca", "pin"],
        auth_time=approval.answered_at or approval.created_at,
        family=question.id_hash,
    )


WAITING: tuple[Check[Redeeming], ...] = (_she_has_said_yes,)
