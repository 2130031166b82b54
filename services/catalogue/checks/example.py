"""Whether the worked examples of a definition come out as they say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import UNSET

from i18n.refusal import Refusal
from services.catalogue import decision
from services.catalogue.checks.problem import Problem
from services.catalogue.example import Example
from services.catalogue.service import Service


def problems(service: Service) -> Iterator[Problem]:
    """Yield every example that comes out otherwise."""
    if not service.examples:
        yield "$.examples", "there is no worked example"
    for number, example in enumerate(service.examples):
        for wrong in _outcome(service, example):
            yield f"$.examples[{number}]", wrong


def _let_through(service: Service) -> str:
    return "approved" if service.processing.decision == "rule" else "officer"


def _outcome(service: Service, example: Example) -> Iterator[str]:
    values = decision.case(
        service,
        applicant=example.applicant,
        beneficiary=example.beneficiary,
        company=example.company or {},
        answers=example.answers,
        today=date.fromisoformat(example.today),
    )
    refused = decision.objection(service, values, complete=True)
    outcome, reason = ("refused", refused.rule) if refused else (_let_through(service), None)
    if (outcome, reason) != (example.expect.outcome, example.expect.reason):
        because = f" by {reason}" if reason else ""
        yield f"“{example.title}” comes out {outcome}{because}, not {example.expect.outcome}"
    signers = decision.signers(service, values)
    if not refused and example.expect.signers not in {UNSET, signers}:
        yield f"“{example.title}” is signed by {signers}, not {example.expect.signers}"
    if refused or example.expect.fee_cents is None:
        return
    try:
        cents = decision.fee(service, values)
    except Refusal:
        yield f"“{example.title}”: the fee cannot be told"
        return
    if cents != example.expect.fee_cents:
        yield f"“{example.title}” costs {cents} cents, not {example.expect.fee_cents}"
