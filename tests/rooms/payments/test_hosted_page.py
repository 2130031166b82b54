"""What a payer meets at the provider's page."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

import asyncpg
import httpx
import pytest

from payments.gateway import Gateway
from payments.payment import Payment, State

from .conftest import Merchant, Payer, Provider, visit
from .people import MERCHANT

Arta = Callable[..., Awaitable[tuple[Payment, Payer]]]


async def became(gateway: Gateway, payment: Payment) -> State:
    assert payment.provider_id
    return (await gateway.read(payment.provider_id)).state


@pytest.mark.parametrize(
    ("language", "words"),
    [("sq", "Ekstrakti i lindjes"), ("sr", "Ekstrakt rođenja"), ("en", "Birth extract")],
)
async def test_she_sees_to_whom_what_for_and_how_much_in_her_language(arta: Arta, language: str, words: str) -> None:
    _payment, payer = await arta(amount=250, language=language)
    page = payer.see()
    assert (page.status_code, page.headers["content-language"]) == (200, language)
    assert f'lang="{language}"' in page.text
    assert words in page.text
    assert ("€2.50" if language == "en" else "2,50\xa0€") in page.text
    assert "DEMO" in page.text
    assert "UNIREF" not in page.text


async def test_she_can_change_the_language_at_every_step(arta: Arta) -> None:
    _payment, payer = await arta(language="sq")
    assert "Platite karticom" in payer.see(language="sr").text
    bank = visit("GET", f"{payer.page}/bank?bank=drini").text
    (to_serbian,) = re.findall(r'href="([^"]+)" lang="sr"', bank)
    there = httpx.URL(payer.page).join(to_serbian.replace("&amp;", "&"))
    assert "Potvrda plaćanja: Banka Demo Drini" in visit("GET", there).text


async def test_a_card_that_pays(arta: Arta, gateway: Gateway, provider_records: asyncpg.Connection) -> None:
    payment, payer = await arta()
    answer = payer.pay()
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{MERCHANT}/sq/applications/{payment.order_id}/payment/return"
    assert await became(gateway, payment) is State.PAID
    kept = await provider_records.fetchrow("SELECT * FROM payment WHERE reference = $1", payment.id)
    assert kept
    assert (kept["method_kind"], kept["method_name"]) == ("card", "4242")
    rows = await provider_records.fetch("SELECT p::text AS row FROM payment p UNION ALL SELECT m::text FROM message m")
    everything = " ".join(row["row"] for row in rows)
    assert str(payment.id) in everything
    assert "42424242" not in everything.replace(" ", "")


async def test_a_card_that_is_declined(arta: Arta, gateway: Gateway) -> None:
    payment, payer = await arta()
    assert payer.pay("4000 0000 0000 0002").status_code == 303
    assert await became(gateway, payment) is State.DECLINED


@pytest.mark.parametrize(("answer", "state"), [("confirm", State.PAID), ("decline", State.DECLINED)])
async def test_a_bank_that_confirms_or_declines(arta: Arta, gateway: Gateway, answer: str, state: State) -> None:
    payment, payer = await arta()
    assert "Banka Demo Iliria" in visit("GET", f"{payer.page}/bank?bank=iliria").text
    assert payer.send("bank", bank="iliria", answer=answer).status_code == 303
    assert await became(gateway, payment) is state


async def test_giving_up_leads_back(arta: Arta, gateway: Gateway) -> None:
    payment, payer = await arta()
    assert payer.send("cancellation").headers["location"].startswith(MERCHANT)
    assert await became(gateway, payment) is State.CANCELLED


async def test_what_she_typed_stays_except_the_security_code(arta: Arta, gateway: Gateway) -> None:
    payment, payer = await arta(language="en")
    answer = payer.send("card", number='4242 4242"<', expiry="1/20", cvc="987")
    assert answer.status_code == 422
    for sentence in ("There is a problem", "The card number must be 12 to 19 digits", "The card has expired"):
        assert sentence in answer.text
    assert 'value="4242 4242&#34;&lt;"' in answer.text
    assert 'value="1/20"' in answer.text
    assert '"987"' not in answer.text
    assert await became(gateway, payment) is State.OPENED


async def test_a_bank_must_be_chosen(arta: Arta) -> None:
    _payment, payer = await arta(language="en")
    for answer in (
        visit("GET", f"{payer.page}/bank"),
        visit("GET", f"{payer.page}/bank?bank=%00"),
        payer.send("bank", bank="swiss"),
    ):
        assert answer.status_code == 422
        assert '<a href="#bank">Choose a bank</a>' in answer.text


async def test_a_double_click_pays_once(arta: Arta, gateway: Gateway, merchant: Merchant) -> None:
    payment, payer = await arta()
    csrf = payer.csrf()
    card = {"csrf": csrf, "number": "4242424242424242", "expiry": "12/40", "cvc": "123"}
    answers = await asyncio.gather(
        *(asyncio.to_thread(payer.send_raw, "card", card) for _ in range(5)),
        asyncio.to_thread(payer.send_raw, "cancellation", {"csrf": csrf}),
    )
    assert {answer.status_code for answer in answers} == {303}
    assert await became(gateway, payment) in {State.PAID, State.CANCELLED}
    assert payment.provider_id
    await asyncio.to_thread(merchant.wait_for, payment.provider_id)
    await asyncio.sleep(1.5)
    assert len(merchant.about(payment.provider_id)) == 1


async def test_a_page_that_is_over_says_so_and_leads_back(arta: Arta) -> None:
    payment, payer = await arta(language="en")
    csrf = payer.csrf()
    payer.pay()
    page = payer.see()
    assert "This is paid" in page.text
    assert f'href="{MERCHANT}/en/applications/{payment.order_id}/payment/return"' in page.text
    late = payer.send_raw("card", {"csrf": csrf, "number": "", "expiry": "", "cvc": ""})
    assert "This is paid" in late.text


async def test_a_payment_that_nobody_pays_in_time_expires(
    arta: Arta, gateway: Gateway, provider_records: asyncpg.Connection, merchant: Merchant
) -> None:
    payment, payer = await arta(language="en")
    csrf = payer.csrf()
    await provider_records.execute("UPDATE payment SET expires_at = now() WHERE reference = $1", payment.id)
    card = {"csrf": csrf, "number": "4242424242424242", "expiry": "12/40", "cvc": "123"}
    payer.send_raw("card", card)
    assert await became(gateway, payment) is State.EXPIRED
    assert "The time for this payment is over" in payer.see().text
    assert payment.provider_id
    ((_headers, body),) = await asyncio.to_thread(merchant.wait_for, payment.provider_id)
    assert b"payment.expired" in body


@pytest.mark.parametrize("step", ["card", "bank", "cancellation"])
async def test_a_form_from_elsewhere_changes_nothing(arta: Arta, gateway: Gateway, step: str) -> None:
    payment, payer = await arta()
    _other, her_neighbour = await arta()
    card = {"number": "4242424242424242", "expiry": "12/40", "cvc": "123", "bank": "drini"}
    for csrf in ({}, {"csrf": "wrong"}, {"csrf": "ë"}, {"csrf": her_neighbour.csrf()}):
        assert payer.send_raw(step, {**card, **csrf}).status_code == 403
    assert await became(gateway, payment) is State.OPENED


@pytest.mark.parametrize(
    "body",
    [b"number=%00&csrf=%ED%A0%80", b"\xff\xfe=\xff", b"csrf[]=1", b"&" * 5000, b"{}", b"csrf=" + b"a" * 20_000],
)
async def test_nonsense_never_breaks_the_page(arta: Arta, body: bytes) -> None:
    _payment, payer = await arta()
    for kind in ("application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", "é"):
        headers = {b"content-type": kind.encode("latin-1")}
        answer = visit("POST", f"{payer.page}/card", content=body, headers=headers)
        assert 400 <= answer.status_code < 500, (kind, answer.status_code)


async def test_nonsense_typed_into_a_good_form_never_breaks_the_page(arta: Arta) -> None:
    _payment, payer = await arta()
    csrf = payer.csrf().encode()
    for number in (b"%00", b"%ED%A0%80", b"%FF", b"9" * 10_000, b"%F0%9F%92%B3"):
        answer = visit(
            "POST",
            f"{payer.page}/card",
            content=b"csrf=" + csrf + b"&number=" + number + b"&expiry=%D9%A1/%D9%A2&cvc=1",
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
        assert answer.status_code == 422


@pytest.mark.parametrize("token", ["unknown", "%00", "a" * 200, "..", "%F0%9F%92%B3"])
async def test_only_who_has_the_address_sees_the_payment(provider: Provider, token: str) -> None:
    answer = visit("GET", f"{provider.url}/pay/{token}", headers={"accept-language": "sr-RS"})
    assert answer.status_code == 404
    assert 'lang="sr"' in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health/live", 200),
        ("GET", "/health/ready", 200),
        ("GET", "/nowhere", 404),
        ("POST", "/health/live", 405),
        ("GET", "/assets/../../pyproject.toml", 404),
        ("GET", "/assets/nothing.css", 404),
        ("GET", "/v1/payments/x", 401),
    ],
)
async def test_every_answer_carries_the_security_headers(
    provider: Provider, merchant: Merchant, method: str, path: str, status: int
) -> None:
    answer = visit(method, f"{provider.url}{path}")
    assert answer.status_code == status
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert f"form-action 'self' {MERCHANT} {merchant.origin};" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"


async def test_what_a_page_needs_is_served_and_kept(arta: Arta, provider: Provider) -> None:
    _payment, payer = await arta()
    addresses = re.findall(r'(?:href|src)="(/assets/[^"]+)"', payer.see().text)
    assert len(addresses) >= 3
    for address in addresses:
        answer = visit("GET", f"{provider.url}{address}")
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    assert payer.see().headers["cache-control"] == "no-store"


async def test_a_foreign_host_is_not_answered(provider: Provider) -> None:
    answer = visit("GET", f"{provider.url}/health/live", headers={"host": "evil.example"})
    assert answer.status_code == 400
