"""The question that says for which company someone applies."""

from __future__ import annotations

from services.catalogue.question import Asset
from services.catalogue.service import Service

FACT, KEY = "businesses", "number"  # what the question chooses from, and what is kept of the chosen one
SAYS_WHO_ACTS = "registration"  # the fact about a company that names those who may act for it


def question(service: Service) -> Asset | None:
    """Return the question that names the company, where the service has one."""
    assets = (question for question in service.questions() if isinstance(question, Asset))
    return next((asset for asset in assets if asset.fact == FACT), None)
