"""What the demonstration's people would answer before sign-in fits what the registers say of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from i18n.text import Wording
from services.applications import progress
from services.catalogue.load import catalogue
from services.registers.facts import FACTS, Need
from services.registers.gateway import Gateway
from tests.rooms.registers.asking import AGIM, ARTA, BESNIK, DRITA, EMINE, LUAN, MILICA
from tests.unit.catalogue.honest import choices, hears_the_same

_WHY = Wording("–", "–", "–")
_NEEDS = [Need(name, _WHY, _WHY) for name, source in FACTS.items() if source.of == "person"]


async def test_each_of_them_hears_of_each_service_what_the_application_would_say(
    gateway: Gateway, now: datetime
) -> None:
    async def held(number: str) -> Mapping[str, Any]:
        answers = await gateway.ask(_NEEDS, number, f"XK{number}", None, now)
        return {answer.fact.name: answer.fact.value for answer in answers if answer.fact}

    today, outcomes = progress.day(now), set[tuple[str, str]]()
    for number in (ARTA, MILICA, BESNIK, DRITA, EMINE, LUAN, AGIM):
        facts = await held(number)
        assert set(facts) == {need.name for need in _NEEDS}
        numbers = [one["personal_number"] for one in facts["children"]]
        children = dict(zip(numbers, await asyncio.gather(*map(held, numbers)), strict=True))
        for service in catalogue().all():
            for values in choices(service, facts, children, today):
                outcomes.add((service.id, hears_the_same(service, values, today).outcome))
    assert {"can", "cannot"} <= {said for _service, said in outcomes}
    assert len({service for service, said in outcomes if said != "later"}) > 40
