"""On which event of a register something is offered, to whom, why, and with what it is filled in.

Expressions are CEL (see `rules.py`). They may name
    about.<field>        what the register told (services/registers/event.py says which fields each kind has)
    today                the day, "YYYY-MM-DD"
and `still` besides
    applicant.<fact>     what the registers say of the person now, once the application has been begun
"""

from __future__ import annotations

from msgspec import Struct

from i18n.text import Wording
from services.catalogue.shown import Shown


class Offered(Struct, frozen=True, forbid_unknown_fields=True):
    """An event of that kind makes an offer when `rule` holds, and as long as it does; `meaning` says it in words.

    `because` says what was recorded; `{name}` in both is filled from `values`. `answers` gives questions of the service
    their answers. Where `still` no longer holds, the register has recorded something else since.
    """

    event: str
    because: Wording
    rule: str | None = None
    meaning: Wording | None = None
    values: dict[str, Shown] = {}
    answers: dict[str, str] = {}
    still: str | None = None
