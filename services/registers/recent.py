"""What a register answered a moment ago, for the same application only: a double click asks nobody twice."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from services.registers.facts import Answer

KEPT = timedelta(seconds=20)
_MOST = 512  # answers; the oldest go first
Key = tuple[str, str, str, str, str]  # the application, who asks, for which company, about whom, which fact


class Recent:
    """A few answers, each for a few seconds; never one for another application or another asker."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Key, Answer] = OrderedDict()

    def find(self, key: Key, now: datetime) -> Answer | None:
        """Return the answer that was given within the last seconds, or None."""
        answer = self._answers.get(key)
        return answer if answer is not None and timedelta() <= now - answer.at < KEPT else None

    def keep(self, key: Key, answer: Answer) -> None:
        """Keep an answer that is a fact, and forget what is too old or too much."""
        if answer.fact is None:
            return
        self._answers[key] = answer
        self._answers.move_to_end(key)
        while self._answers and (len(self._answers) > _MOST or answer.at - self._oldest() >= KEPT):
            self._answers.popitem(last=False)

    def _oldest(self) -> datetime:
        return next(iter(self._answers.values())).at
