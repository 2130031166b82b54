"""The hosted page: a payer sees what she pays, to whom and how much, and pays, or does not."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath

from i18n.format import KOSOVO
from i18n.refusal import NotFound, Refused
from i18n.text import LANGUAGES, Language, Text, _
from payments.sandbox import card, store
from payments.sandbox.bank import BANKS
from payments.sandbox.payment import Method, Payment, State
from payments.sandbox.render import page
from payments.sandbox.settings import Settings

AnyRequest = Request[Any, Any, Any]


@get("/pay/{token:str}")
async def show(visit: NamedDependency[Visit]) -> Response[Any]:
    """Show the payment with the ways to pay it, or what became of it."""
    return visit.page()


@post("/pay/{token:str}/card")
async def pay_by_card(visit: NamedDependency[Visit]) -> Response[Any]:
    """Pay with one of the demo cards; a form with errors comes back as it was typed, without the security code."""
    typed = await visit.typed()
    paying, errors = card.check(typed, visit.now.astimezone(KOSOVO).date())
    if paying is None:
        return visit.page(errors, typed | {"cvc": ""})
    return await visit.end(State.PAID if paying.pays else State.DECLINED, Method("card", paying.last_four))


@get("/pay/{token:str}/bank")
async def choose_bank(visit: NamedDependency[Visit]) -> Response[Any]:
    """Show the chosen bank's own page, where the payer confirms."""
    chosen = visit.request.query_params.get("bank", "")
    return visit.bank(chosen) if chosen in BANKS else visit.page({"bank": _("Choose a bank")})


@post("/pay/{token:str}/bank")
async def pay_by_bank(visit: NamedDependency[Visit]) -> Response[Any]:
    """Pay through the bank, or, for demonstration, have the bank decline."""
    typed = await visit.typed()
    bank = typed.get("bank", "")
    if bank not in BANKS:
        return visit.page({"bank": _("Choose a bank")})
    state = State.DECLINED if typed.get("answer") == "decline" else State.PAID
    return await visit.end(state, Method("bank", BANKS[bank]))


@post("/pay/{token:str}/cancellation")
async def cancel(visit: NamedDependency[Visit]) -> Response[Any]:
    """Give up paying and go back."""
    await visit.typed()
    return await visit.end(State.CANCELLED, None)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a payer to the page of her payment."""

    request: AnyRequest
    payment: Payment
    language: Language
    now: datetime

    def page(self, errors: dict[str, Text] | None = None, typed: dict[str, str] | None = None) -> Response[Any]:
        """Return the ways to pay, with errors (422) and what was typed; of an ended payment, its end."""
        if self.payment.state is not State.OPEN:
            return self._render("payments/ended.html")
        said = {field: sentence.say(self.language) for field, sentence in (errors or {}).items()}
        banks = [{"value": bank, "text": name} for bank, name in BANKS.items()]
        answer = self._render(
            "payments/pay.html", errors=said, typed=typed or {}, banks=banks, demo_cards=card.DEMO_CARDS
        )
        answer.status_code = 422 if errors else 200
        return answer

    def bank(self, bank: str) -> Response[Any]:
        """Return the page of a bank, where the payer confirms; of an ended payment, its end."""
        if self.payment.state is not State.OPEN:
            return self.page()
        return self._render("payments/bank.html", bank=bank, bank_name=BANKS[bank])

    async def typed(self) -> dict[str, str]:
        """Return the fields of the form, once it is proven to come from a page of this payment."""
        form = await self.request.form()
        typed = {name: value for name, value in form.items() if isinstance(value, str)}
        if not hmac.compare_digest(typed.pop("csrf", "").encode(), self._csrf().encode()):
            raise Refused(
                "form_not_genuine",
                _("This form does not come from the page of your payment. Open the page again and repeat."),
            )
        return typed

    async def end(self, state: State, method: Method | None) -> Response[Any]:
        """End the payment, once however often it is pressed, and lead the payer back to the merchant."""
        house = self.request.app.state
        async with house.pool.acquire() as connection:
            if await store.end(connection, self.payment.id, state, method, self.now):
                house.outbox.call()
        return Response(b"", status_code=303, media_type=MediaType.TEXT, headers={"Location": self.payment.return_url})

    def _render(self, template: str, **context: object) -> Response[Any]:
        query = {"bank": bank} if (bank := self.request.query_params.get("bank")) in BANKS else {}
        # A form that was refused stands under the address of its step; the language switch leads to a page.
        path = f"/pay/{self.payment.token}" + ("/bank" if query else "")
        return page(
            self.request.app.state.environment,
            template,
            self.language,
            path,
            cast("dict[str, str]", query),
            payment=self.payment,
            home=f"/pay/{self.payment.token}",
            csrf=self._csrf(),
            **context,
        )

    def _csrf(self) -> str:
        settings: Settings = self.request.app.state.settings
        key = settings.api_key.get_secret_value().encode()
        return hmac.new(key, f"form {self.payment.token}".encode(), hashlib.sha256).hexdigest()


async def arrive(request: AnyRequest, token: FromPath[str]) -> Visit:
    """Return the visit that a request is, or raise NotFound: only who has the token sees the payment."""
    now = datetime.now(UTC)
    async with request.app.state.pool.acquire() as connection:
        await store.expire(connection, now)
        payment = await store.find_by_token(connection, token)
    if payment is None:
        raise NotFound
    asked = request.query_params.get("language")
    return Visit(request, payment, asked if asked in LANGUAGES else payment.language, now)
