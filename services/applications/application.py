"""An application: what someone asked, what is known about it, and the life it may lead."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from i18n.refusal import Refused
from i18n.text import Language, Text, Wording, _
from services.registers.facts import Fact


class State(StrEnum):
    """Where an application is."""

    DRAFT = "draft"
    AWAITING_FACTS = "awaiting_facts"
    AWAITING_SIGNATURE = "awaiting_signature"
    AWAITING_PAYMENT = "awaiting_payment"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"  # an officer has it
    AWAITING_CITIZEN = "awaiting_citizen"  # an officer asked her something: the time limit stands still
    AWAITING_OPINION = "awaiting_opinion"  # a second officer is to say what she thinks
    APPROVED = "approved"
    REFUSED = "refused"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"  # she did not answer in time
    APPEALED = "appealed"  # another officer of the office is to decide on it
    DISMISSED = "dismissed"  # the appeal was; the refusal stands


class Step(StrEnum):
    """What may be done with it."""

    BEGIN = "begin"
    READ_FACTS = "read_facts"
    DISPUTE = "dispute"  # say that a register is wrong; the application goes on with the value marked
    ANSWER = "answer"
    DISCARD = "discard"
    ASK_SIGNATURE = "ask_signature"  # submit where it must be signed first
    SIGN = "sign"
    REOPEN = "reopen"  # change an answer after all: what was signed so far is void
    LAPSE = "lapse"  # not signed in time
    DEFER = "defer"  # submit while a register still owes a fact
    HAND_BACK = "hand_back"  # the registers have answered, and leave something to ask
    SUBMIT = "submit"
    BILL = "bill"  # submit where a fee is due first
    PAY = "pay"
    TAKE = "take"  # an officer takes it, also from a colleague
    HAND_OVER = "hand_over"
    ASK = "ask"  # for a correction of what she answered
    REPLY = "reply"
    EXPIRE = "expire"  # not answered in time
    ASK_OPINION = "ask_opinion"
    OPINE = "opine"
    APPROVE = "approve"
    REFUSE = "refuse"
    ISSUE = "issue"
    APPEAL = "appeal"
    UPHOLD = "uphold"  # the appeal: approved after all
    DISMISS = "dismiss"
    WITHDRAW = "withdraw"
    RATE = "rate"


LIFE: Mapping[tuple[State, Step], State] = {
    (State.DRAFT, Step.READ_FACTS): State.DRAFT,
    (State.DRAFT, Step.DISPUTE): State.DRAFT,
    (State.DRAFT, Step.ANSWER): State.DRAFT,
    (State.DRAFT, Step.DISCARD): State.WITHDRAWN,
    (State.DRAFT, Step.SUBMIT): State.SUBMITTED,
    (State.DRAFT, Step.BILL): State.AWAITING_PAYMENT,
    (State.DRAFT, Step.ASK_SIGNATURE): State.AWAITING_SIGNATURE,
    (State.DRAFT, Step.DEFER): State.AWAITING_FACTS,
    (State.AWAITING_FACTS, Step.READ_FACTS): State.AWAITING_FACTS,
    (State.AWAITING_FACTS, Step.HAND_BACK): State.DRAFT,
    (State.AWAITING_FACTS, Step.REOPEN): State.DRAFT,
    (State.AWAITING_FACTS, Step.WITHDRAW): State.WITHDRAWN,
    (State.AWAITING_FACTS, Step.ASK_SIGNATURE): State.AWAITING_SIGNATURE,
    (State.AWAITING_FACTS, Step.SUBMIT): State.SUBMITTED,
    (State.AWAITING_FACTS, Step.BILL): State.AWAITING_PAYMENT,
    (State.AWAITING_SIGNATURE, Step.SIGN): State.AWAITING_SIGNATURE,
    (State.AWAITING_SIGNATURE, Step.REOPEN): State.DRAFT,
    (State.AWAITING_SIGNATURE, Step.LAPSE): State.WITHDRAWN,
    (State.AWAITING_SIGNATURE, Step.WITHDRAW): State.WITHDRAWN,
    (State.AWAITING_SIGNATURE, Step.SUBMIT): State.SUBMITTED,
    (State.AWAITING_SIGNATURE, Step.BILL): State.AWAITING_PAYMENT,
    (State.AWAITING_PAYMENT, Step.PAY): State.SUBMITTED,
    (State.AWAITING_PAYMENT, Step.WITHDRAW): State.WITHDRAWN,
    (State.SUBMITTED, Step.APPROVE): State.APPROVED,
    (State.SUBMITTED, Step.REFUSE): State.REFUSED,
    (State.SUBMITTED, Step.WITHDRAW): State.WITHDRAWN,
    (State.SUBMITTED, Step.TAKE): State.IN_REVIEW,
    (State.IN_REVIEW, Step.TAKE): State.IN_REVIEW,
    (State.IN_REVIEW, Step.HAND_OVER): State.IN_REVIEW,
    (State.IN_REVIEW, Step.ASK): State.AWAITING_CITIZEN,
    (State.IN_REVIEW, Step.ASK_OPINION): State.AWAITING_OPINION,
    (State.IN_REVIEW, Step.APPROVE): State.APPROVED,
    (State.IN_REVIEW, Step.REFUSE): State.REFUSED,
    (State.IN_REVIEW, Step.WITHDRAW): State.WITHDRAWN,
    (State.AWAITING_CITIZEN, Step.REPLY): State.IN_REVIEW,
    (State.AWAITING_CITIZEN, Step.EXPIRE): State.EXPIRED,
    (State.AWAITING_CITIZEN, Step.WITHDRAW): State.WITHDRAWN,
    (State.AWAITING_OPINION, Step.OPINE): State.IN_REVIEW,
    (State.AWAITING_OPINION, Step.APPROVE): State.APPROVED,  # by silence, where the law says so
    (State.AWAITING_OPINION, Step.REFUSE): State.REFUSED,
    (State.AWAITING_OPINION, Step.WITHDRAW): State.WITHDRAWN,
    (State.APPROVED, Step.ISSUE): State.ISSUED,
    (State.REFUSED, Step.APPEAL): State.APPEALED,
    (State.APPEALED, Step.TAKE): State.APPEALED,
    (State.APPEALED, Step.UPHOLD): State.APPROVED,
    (State.APPEALED, Step.DISMISS): State.DISMISSED,
    (State.ISSUED, Step.RATE): State.ISSUED,
    (State.REFUSED, Step.RATE): State.REFUSED,
    (State.DISMISSED, Step.RATE): State.DISMISSED,
}

FINISHED = frozenset({State.REFUSED, State.ISSUED, State.WITHDRAWN, State.EXPIRED, State.DISMISSED})

# The time that a step leaves behind, beside `updated_at`, the first time that it or its like is taken.
_TIMES: Mapping[Step, str] = {
    Step.DEFER: "submitted_at",
    Step.SUBMIT: "submitted_at",
    Step.BILL: "submitted_at",
    Step.APPROVE: "decided_at",
    Step.REFUSE: "decided_at",
    Step.ISSUE: "issued_at",
    Step.RATE: "rated_at",
}

_WHY_NOT: Mapping[State, Text] = {
    State.DRAFT: _("This application has not been submitted yet."),
    State.AWAITING_FACTS: _("This application is sent and waits for a register's answer, so it cannot be changed."),
    State.AWAITING_SIGNATURE: _("This application waits for its signature, so it cannot be changed as it stands."),
    State.AWAITING_PAYMENT: _("This application is submitted and waits for its fee, so it cannot be changed."),
    State.SUBMITTED: _("This application is already submitted, so it cannot be changed."),
    State.IN_REVIEW: _("An officer is working on this application, so this cannot be done now."),
    State.AWAITING_CITIZEN: _("This application waits for an answer to what the office asked."),
    State.AWAITING_OPINION: _("This application waits for the opinion of a second officer."),
    State.APPROVED: _("This application is already approved. The document is being prepared."),
    State.REFUSED: _("This application is already decided: it was refused."),
    State.ISSUED: _("This application is already finished: its document was issued."),
    State.WITHDRAWN: _("This application was withdrawn. You can begin a new one."),
    State.EXPIRED: _("This application has ended, because what was asked was not answered in time."),
    State.APPEALED: _("An appeal was made against the decision on this application."),
    State.DISMISSED: _("The appeal against the decision on this application was dismissed."),
}


class RefusalReason(Struct, frozen=True):
    """The rule of the definition that refused, and what it says to people; `officer` where no rule did."""

    rule: str
    message: Wording


class Application(Struct, frozen=True, kw_only=True):
    """One application. Times are aware UTC; `fee_cents` is None until it is sent to be signed or submitted.

    `answers` holds typed values by question id; `facts` what the registers answered, with register and time, and what
    the person called wrong, each about a personal number, or a company as X-Road names it (services/applications/
    company.py); `submitted_at` is when she sent it, also where a register answered later;
    `beneficiary` is the child's personal number, None when it is about the applicant. Where officers decide, `desk` is
    the office that works it (see `member.py`), `due_on` the last day for the decision, `officer_id` who has it.
    """

    id: UUID
    reference: str
    service_id: str
    service_version: int
    person_id: UUID
    channel: str
    language: Language
    state: State
    answers: dict[str, Any] = {}
    facts: tuple[Fact, ...]
    beneficiary: str | None = None
    fee_cents: int | None = None
    payment_id: UUID | None = None
    document_id: UUID | None = None
    refusal: RefusalReason | None = None
    revision: int
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    issued_at: datetime | None = None
    rated_at: datetime | None = None
    desk: str | None = None
    due_on: date | None = None
    officer_id: UUID | None = None

    def after(self, step: Step, now: datetime) -> Application:
        """Return this application one step further; Refused when its life does not allow the step."""
        state = LIFE.get((self.state, step))
        if state is None:
            raise Refused(f"not_while_{self.state}", _WHY_NOT[self.state])
        times = {"updated_at": now}
        if name := _TIMES.get(step):
            times[name] = getattr(self, name) or now
        return msgspec.structs.replace(self, state=state, revision=self.revision + 1, **times)


Actor = Literal["citizen", "rule", "payments", "worker", "officer"]


class Event(Struct, frozen=True):
    """One step that was taken: by whom, when, and where that led."""

    revision: int
    step: Step
    state: State
    actor: Actor
    at: datetime
    detail: str | None = None


class Summary(Struct, frozen=True):
    """One line of someone's list of applications; `company` with its number, where it is made for one."""

    id: UUID
    reference: str
    service_id: str
    service_version: int
    state: State
    fee_cents: int | None
    document_id: UUID | None
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None
    rated_at: datetime | None
    company: str | None = None


_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: read aloud without mistakes


def new_reference(now: datetime) -> str:
    """Return a fresh reference to say on the phone: `2026-7K3M-9QF2`. It tells the year and nothing else."""
    drawn = "".join(secrets.choice(_CROCKFORD) for _each in range(8))
    return f"{now.year}-{drawn[:4]}-{drawn[4:]}"
