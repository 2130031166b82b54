"""What a register is told it records once, tells at once, and says no to what contradicts what it holds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from uuid_utils.compat import uuid7

from i18n.text import Wording
from services.registers.posting.errors import NotTaken
from services.registers.posting.poster import Poster
from services.registers.posting.posting import Outcome, Posting
from services.registers.posting.target import TARGETS

from .asking import HTTP, answer, data, examples, fetch
from .conftest import PORTAL, TOKENS, Registers, misbehaving, portal_at
from .test_operator import api

WHY = Wording("Adresa e re.", "Nova adresa.", "The new address.")
TODAY = datetime.now(UTC).date()
HOME: dict[str, Any] = {
    "municipality": "prizren",
    "settlement": "Prizren",
    "street": "Remzi Ademi 4",
    "since": TODAY.isoformat(),
}
# Someone who lives somewhere, owns no vehicle, and belongs to nobody's story.
SOMEONE = """
    SELECT personal_number, given_name || ' ' || family_name AS name FROM person JOIN residence USING (personal_number)
    WHERE died_on IS NULL AND personal_number > '12' AND birthdate < '1990-01-01'
      AND NOT EXISTS (SELECT FROM vehicle WHERE owner = personal_number)
      AND NOT EXISTS (SELECT FROM written_of w WHERE w.personal_number = person.personal_number)
    ORDER BY personal_number DESC LIMIT 1
"""
OWNER = """
    SELECT owner, plate, given_name || ' ' || family_name AS name FROM vehicle
    JOIN person ON personal_number = owner WHERE died_on IS NULL AND owner > '12'
      AND NOT EXISTS (SELECT FROM written_of w WHERE w.personal_number = owner)
    ORDER BY owner DESC LIMIT 1
"""


def posting(target: str, subject: str, body: dict[str, Any]) -> Posting:
    return Posting(
        id=uuid7(),
        application_id=uuid7(),
        reference=f"2026-{uuid4().hex[:4]}-TEST",
        place=0,
        desk="arc",
        target=target,
        subject=subject,
        represented=None,
        body=body,
        purpose=WHY,
        legal_basis=WHY,
        state="waiting",
        put_at=datetime.now(UTC),
    )


def to(registers: Registers, http: aiohttp.ClientSession) -> Poster:
    return Poster(portal_at(registers.url, http, strict=True))


async def told(poster: Poster, one: Posting) -> Outcome:
    return await poster.post(one, datetime.now(UTC))


async def logged(registers: Registers, one: Posting) -> list[tuple[str, str, bool]]:
    """Return what the register's own record says of a message."""
    table = f"{TARGETS[one.target].register.code.replace('-', '_')}_access"
    rows = await fetch(registers, f"SELECT service, subject, known FROM {table} WHERE message_id = $1", one.id)  # noqa: S608
    return [(row["service"], row["subject"], row["known"]) for row in rows]


@pytest.fixture
async def someone(registers: Registers) -> str:
    return (await fetch(registers, SOMEONE))[0]["personal_number"]


@pytest.fixture(autouse=True)
def _mended(country: Registers) -> Iterator[None]:
    yield
    for register in ("addresses", "businesses"):
        api(country, "DELETE", register)


async def test_a_new_address_is_what_the_register_tells_at_once_and_it_records_who_told_it(
    registers: Registers, http: aiohttp.ClientSession, someone: str
) -> None:
    move = posting("addresses/residence", someone, HOME)
    outcome = await told(to(registers, http), move)
    assert (outcome.why, outcome.number) == (None, None)
    assert outcome.proof
    assert (outcome.proof.status, bool(outcome.proof.answer_signature)) == (201, True)
    home = data(registers, "addresses/address", someone)
    assert (home["municipality"], home["street"], home["number"]) == ("prizren", "Remzi Ademi", "4")
    assert await logged(registers, move) == [("XK/GOV/ARC/addresses/residence", someone, True)]


async def test_what_is_told_ten_times_at_once_is_done_once_and_answered_alike(
    registers: Registers, http: aiohttp.ClientSession, someone: str
) -> None:
    body = {**HOME, "name": f"Furra {uuid4().hex} B.I.", "activity": "56.10"}
    del body["since"]
    founding, poster = posting("businesses/founding", someone, body), to(registers, http)
    outcomes = await asyncio.gather(*(told(poster, founding) for _ in range(10)))
    (number,) = {one.number for one in outcomes}
    assert number
    mine = [one for one in data(registers, "businesses/businesses", someone) if one["name"] == body["name"]]
    assert [(one["number"], one["represents"]) for one in mine] == [(number, True)]
    assert len(await logged(registers, founding)) == 1


async def test_another_message_under_the_same_id_changes_nothing(
    registers: Registers, http: aiohttp.ClientSession, someone: str
) -> None:
    first = posting("employment/search", someone, {"since": "2026-11-02"})
    poster = to(registers, http)
    before = data(registers, "employment/jobseeker", someone)
    outcome = await told(poster, first)
    first.body["since"] = "2026-11-03"
    assert (await told(poster, first)).why == "contradicts"
    assert data(registers, "employment/jobseeker", someone) == (before or {"registered_on": "2026-11-02"})
    assert (outcome.why is None) == (before is None)


async def test_a_vehicle_changes_hands_only_from_who_the_register_holds_as_its_owner(
    registers: Registers, http: aiohttp.ClientSession, someone: str
) -> None:
    owner, plate, name = tuple((await fetch(registers, OWNER))[0].values())
    poster = to(registers, http)

    async def bought(plate: str, seller: str) -> str | None:
        return (await told(poster, posting("vehicles/ownership", someone, {"plate": plate, "seller": seller}))).why

    assert await bought("07-999-QQ", name) == "unknown_thing"
    assert await bought(plate, "Dikush Tjetër") == "another_owner"
    assert plate in {one["plate"] for one in data(registers, "vehicles/vehicles", owner)}
    assert await bought(plate.replace("-", " ").lower(), name.upper()) is None
    assert plate in {one["plate"] for one in data(registers, "vehicles/vehicles", someone)}
    assert plate not in {one["plate"] for one in data(registers, "vehicles/vehicles", owner)}


async def test_each_register_does_what_it_is_told(
    registers: Registers, http: aiohttp.ClientSession, someone: str
) -> None:
    poster = to(registers, http)
    number = (
        await told(poster, posting("identity-documents/order", someone, {"municipality": "peje", "reason": "loss"}))
    ).number
    (card,) = [one for one in data(registers, "identity-documents/documents", someone) if one["number"] == number]
    assert (card["kind"], card["status"], card["issued_in"]) == ("identity_card", "being_made", "peje")
    cards = data(registers, "identity-documents/documents", someone)
    assert not [one for one in cards if one["kind"] == "identity_card" and one["status"] == "valid"]
    again = posting("identity-documents/order", someone, {"municipality": "peje", "reason": None})
    assert (await told(poster, again)).why == "contradicts"
    bore = data(registers, "civil-status/person", someone)
    name = {"given_name": "Zana", "family_name": "Hyseni"}
    assert (await told(poster, posting("civil-status/name", someone, name))).why is None
    assert data(registers, "civil-status/person", someone)["family_name"] == "Hyseni"
    assert data(registers, "civil-status/names", someone)[-1]["old_family_name"] == bore["family_name"]
    owner, plate, _name = tuple((await fetch(registers, OWNER))[0].values())
    until = date(2099, 1, 1).isoformat()
    await told(poster, posting("vehicles/registration", owner, {"plate": plate, "valid_until": until}))
    (car,) = [one for one in data(registers, "vehicles/vehicles", owner) if one["plate"] == plate]
    assert car["registration_valid_until"] == until
    await told(poster, posting("vehicles/deregistration", owner, {"plate": plate, "reason": "disused"}))
    assert plate not in {one["plate"] for one in data(registers, "vehicles/vehicles", owner)}


async def test_a_bill_is_paid_once_and_never_beyond_what_is_owed(
    country: Registers, http: aiohttp.ClientSession
) -> None:
    debtor = examples(country, "property_tax_unpaid")["tax"][0]
    bill = next(one for one in data(country, "tax/property-tax", debtor) if one["paid_cents"] < one["amount_cents"])
    left = bill["amount_cents"] - bill["paid_cents"]
    payment = {"bill": bill["number"], "amount_cents": left, "reference": "2026-TEST-TEST"}
    poster = to(country, http)
    assert (await told(poster, posting("tax/payment", debtor, payment))).number == bill["number"]
    assert (await told(poster, posting("tax/payment", debtor, payment))).why == "contradicts"
    (now_paid,) = [one for one in data(country, "tax/property-tax", debtor) if one["number"] == bill["number"]]
    assert now_paid["paid_cents"] == bill["amount_cents"]


async def test_a_register_refuses_what_it_cannot_record_and_changes_nothing(
    country: Registers, http: aiohttp.ClientSession
) -> None:
    poster, twice = to(country, http), examples(country, "two_records")["addresses"][0]
    somewhere = examples(country, "stale")["addresses"][0]
    before = data(country, "addresses/address", somewhere)
    for subject, body, why in (
        ("9999999999", HOME, "unknown_person"),
        (twice, HOME, "two_records"),
        (somewhere, {**HOME, "since": "1900-01-01"}, "contradicts"),
        (somewhere, {**HOME, "since": "yesterday"}, "malformed"),
    ):
        refused = posting("addresses/residence", subject, body)
        assert (await told(poster, refused)).why == why
        assert [known for _service, _subject, known in await logged(country, refused)] == [False]
    assert data(country, "addresses/address", somewhere) == before


async def test_over_a_connection_that_broke_nothing_is_told_twice(http: aiohttp.ClientSession) -> None:
    came = 0

    async def closing(_headers: dict[str, str], _writer: asyncio.StreamWriter) -> None:
        nonlocal came
        came += 1

    async with misbehaving(closing) as url:
        with pytest.raises(NotTaken):
            await told(Poster(portal_at(url, http)), posting("addresses/residence", "1176042318", HOME))
    assert came == 1


@pytest.mark.parametrize("kind", ["down", "html", "wrong_person", "stale_signature", "slow"])
async def test_what_a_register_out_of_order_was_told_is_recorded_once_when_it_is_back(
    country: Registers, http: aiohttp.ClientSession, kind: str
) -> None:
    subject = (await fetch(country, SOMEONE))[0]["personal_number"]
    body = {**HOME, "name": f"Zanatet {uuid4().hex} B.I.", "activity": "96.02"}
    del body["since"]
    founding, poster = posting("businesses/founding", subject, body), to(country, http)
    api(country, "PUT", "businesses", {"kind": kind, "seconds": 3.2})
    with pytest.raises(NotTaken):
        await told(poster, founding)
    api(country, "DELETE", "businesses")
    await asyncio.sleep(0.3 if kind == "slow" else 0)  # then it does what nobody waits for any more
    number = (await told(poster, founding)).number
    named = await fetch(country, "SELECT number FROM business WHERE name = $1", body["name"])
    assert [row["number"] for row in named] == [number]
    assert len(await logged(country, founding)) == 1


def test_who_tells_without_a_signature_or_another_body_is_not_heard(registers: Registers) -> None:
    url = f"{registers.url}/r1/XK/GOV/ARC/addresses/residence"
    said = {
        "X-Road-Client": PORTAL,
        "X-Road-Id": str(uuid4()),
        "X-Road-UserId": PORTAL,
        "X-Subject": "1176042318",
        "Authorization": f"Bearer {TOKENS[PORTAL]}",
        "X-JWS-Signature": "a..b",
        "Content-Digest": "sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:",  # of {}
    }
    for lacking in ("X-Road-Id", "X-JWS-Signature", "Content-Digest"):
        headers = {name: value for name, value in said.items() if name != lacking}
        assert HTTP.post(url, headers=headers, content=b"{}").status_code == 400
    assert HTTP.post(url, headers=said, content=b'{"a": 1}').status_code == 400
    assert HTTP.post(url, headers=said, content=b"{}").status_code == 422  # heard, and malformed
    assert answer(registers, "addresses/residence", "1176042318").status_code == 500  # nothing to be read there
