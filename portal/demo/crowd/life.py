"""The lives that applications of the crowd have led, by the state in which each is now."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from services.applications.application import State, Step
from services.catalogue.service import Service

_SENT = (Step.BEGIN, Step.SUBMIT)
_TAKEN = (*_SENT, Step.TAKE)
_UNSENT = {
    State.DRAFT: (Step.BEGIN,),
    State.AWAITING_FACTS: (Step.BEGIN, Step.DEFER),
    State.AWAITING_SIGNATURE: (Step.BEGIN, Step.ASK_SIGNATURE),
    State.AWAITING_PAYMENT: (Step.BEGIN, Step.BILL),
}
_BY_RULE = {
    **_UNSENT,
    State.APPROVED: (*_SENT, Step.APPROVE),
    State.ISSUED: (*_SENT, Step.APPROVE, Step.ISSUE),
    State.REFUSED: (*_SENT, Step.REFUSE),
    State.WITHDRAWN: (Step.BEGIN, Step.DISCARD),
}
_BY_OFFICER = {
    **_UNSENT,
    State.SUBMITTED: _SENT,
    State.IN_REVIEW: _TAKEN,
    State.AWAITING_CITIZEN: (*_TAKEN, Step.ASK),
    State.AWAITING_OPINION: (*_TAKEN, Step.ASK_OPINION),
    State.APPROVED: (*_TAKEN, Step.APPROVE),
    State.ISSUED: (*_TAKEN, Step.APPROVE, Step.ISSUE),
    State.REFUSED: (*_TAKEN, Step.REFUSE),
    State.WITHDRAWN: (*_SENT, Step.WITHDRAW),
    State.EXPIRED: (*_TAKEN, Step.ASK, Step.EXPIRE),
    State.APPEALED: (*_TAKEN, Step.REFUSE, Step.APPEAL),
    State.DISMISSED: (*_TAKEN, Step.REFUSE, Step.APPEAL, Step.DISMISS),
}
# How common each is. A worker at once takes up what waits for a register or for its document: these are few.
_COMMON: Mapping[State, int] = {
    State.DRAFT: 40,
    State.AWAITING_FACTS: 1,
    State.AWAITING_SIGNATURE: 10,
    State.AWAITING_PAYMENT: 20,
    State.SUBMITTED: 80,
    State.IN_REVIEW: 50,
    State.AWAITING_CITIZEN: 20,
    State.AWAITING_OPINION: 10,
    State.APPROVED: 1,
    State.ISSUED: 600,
    State.REFUSED: 90,
    State.WITHDRAWN: 40,
    State.EXPIRED: 20,
    State.APPEALED: 10,
    State.DISMISSED: 20,
}


def drawn(rng: Random, service: Service, cents: int, *, draft: bool) -> tuple[Step, ...]:
    """Return the steps of a life, BEGIN first; one that ends as a draft only where there is none yet."""
    paths = _BY_RULE if service.processing.decision == "rule" else _BY_OFFICER
    allowed = [
        state
        for state in paths
        if (draft or state is not State.DRAFT) and (cents or state is not State.AWAITING_PAYMENT)
    ]
    (state,) = rng.choices(allowed, [_COMMON[each] for each in allowed])
    steps = paths[state]
    if not cents:
        return steps
    return tuple(each for step in steps for each in ((Step.BILL, Step.PAY) if step is Step.SUBMIT else (step,)))
