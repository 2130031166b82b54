"""My data: what each register holds about me, read now; and what I was spared because the state knew it."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from i18n.refusal import NotFound
from i18n.text import Wording
from portal.reading import about_herself
from portal.session import citizen, now
from portal.visit import Visit
from services.catalogue.load import catalogue
from services.insight import saving
from services.registers.facts import FACTS, REGISTERS, Answer, Need, item_rows
from services.registers.label import nothing

PURPOSE = Wording(
    "Ju i shikuat vetë të dhënat tuaja.", "Sami ste pogledali svoje podatke.", "You looked at your own data yourself."
)
LAW = Wording(
    "Ligji Nr. 06/L-082 për Mbrojtjen e të Dhënave Personale: e drejta e qasjes",
    "Zakon br. 06/L-082 o zaštiti ličnih podataka: pravo na pristup",
    "Law No. 06/L-082 on Protection of Personal Data: right of access",
)


@get("/my-data", guards=[citizen])
async def my_data(request: Visit) -> Response[Any]:
    """List the registers, each to be read by itself, and what once-only spared her."""
    async with request.database.connect() as connection:
        spared = await saving.of(connection, request.person.person_id)
    context = {"registers": list(REGISTERS.values()), "facts": FACTS, "catalogue": catalogue()}
    return request.page(
        "data/mine", context, section="data", spared=spared, total=saving.total(spared.values()), factors=saving
    )


@get("/my-data/{register:str}", guards=[citizen])
async def register(request: Visit, register: FromPath[str]) -> Response[Any]:
    """Read what one register holds about her; for htmx its part of the page, else a page of its own."""
    if register not in REGISTERS:
        raise NotFound
    names = [name for name, source in FACTS.items() if source.register.code == register and source.of == "person"]
    answers = await about_herself(request, [Need(name, PURPOSE, LAW) for name in names])
    parts = [_part(request, answer) for answer in answers]
    context = {"register": REGISTERS[register], "parts": parts, "at": now(), "nested": "HX-Request" in request.headers}
    return request.page("data/register", context, block="held", section="data")


def _part(request: Visit, answer: Answer) -> dict[str, Any]:
    """Return a fact as it is shown: its name, its outcome, and each item as rows of label and value."""
    name, language = answer.need.name, request.language
    value: Any = answer.fact.value if answer.fact else None
    items = (value if FACTS[name].many else [value]) if value else []
    return {
        "name": name,
        "label": FACTS[name].label,
        "outcome": answer.outcome,
        "items": [[{"key": k, "value": v} for k, v in item_rows(name, item, language)] for item in items],
        "nothing": nothing(name, language),
    }
