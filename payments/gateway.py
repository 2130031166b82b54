"""Speaks with the payment provider: opens a payment, reads what became of it, and believes only genuine messages."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, NoReturn, TypeVar
from uuid import UUID

import httpx
import msgspec
import structlog
from msgspec import Meta
from standardwebhooks import Webhook

from i18n.text import Language
from payments.errors import Mismatch, NotGenuine, ProviderUnreachable
from payments.money import Money
from payments.payment import Event, Opened, Outcome, Payment, State

log = structlog.get_logger(__name__)

PATIENCE = 10  # seconds for a whole answer: a person is waiting
TOLERANCE = timedelta(minutes=5)  # Standard Webhooks: how old or early a message may be
_LONGEST = 64 * 1024  # bytes of an answer or a message
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)  # what JSON from outside can do
_STATES = {
    "open": State.OPENED,
    "paid": State.PAID,
    "declined": State.DECLINED,
    "cancelled": State.CANCELLED,
    "expired": State.EXPIRED,
}
_ProviderId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{1,64}\Z")]


class _News(msgspec.Struct, frozen=True):
    """What the provider says of a payment, in answers and messages alike."""

    id: _ProviderId
    reference: UUID
    amount: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    currency: Literal["EUR"]
    state: Literal["open", "paid", "declined", "cancelled", "expired"]

    def outcome(self) -> Outcome:
        return Outcome(self.reference, self.id, Money(self.amount), _STATES[self.state])


class _Page(_News, frozen=True):
    pay_url: Annotated[str, Meta(max_length=2000)]


class _Message(msgspec.Struct, frozen=True):
    type: str
    data: _News


_Shape = TypeVar("_Shape")


class Gateway:
    """The provider at `base_url`, who knows us by `api_key` and signs messages with `webhook_secret` (`whsec_…`).

    Every method raises ProviderUnreachable when the provider refuses, hangs, or answers something else than agreed.
    """

    def __init__(self, base_url: str, api_key: str, webhook_secret: str, http: httpx.AsyncClient) -> None:
        self._base = httpx.URL(base_url.rstrip("/") + "/")
        self._key = {"Authorization": f"Bearer {api_key}"}
        self._webhook = Webhook(webhook_secret)
        self._http = http

    async def open(self, payment: Payment, language: Language, return_url: str, payer_note: str = "") -> Opened:
        """Return the provider's page for `payment`; asked again, the same one: `payment.id` is the idempotency key.

        The page greets in `language`, shows `payer_note` (up to 140 characters, such as the application's number) and
        leads back to `return_url`. Raises Mismatch when the provider answers with another payment or amount.
        """
        asked = {
            "reference": str(payment.id),
            "amount": payment.amount.cents,
            "currency": payment.amount.currency,
            "description": payment.description,
            "language": language,
            "return_url": return_url,
            "payer_note": payer_note,
        }
        answer = await self._ask("POST", "v1/payments", _Page, asked, {"Idempotency-Key": str(payment.id)})
        if not payment.fits(answer.outcome()):
            log.error("payment_mismatch", payment_id=str(payment.id), provider_id=answer.id)
            raise Mismatch
        if not self._is_of_the_provider(answer.pay_url):
            _unreachable("a page elsewhere", "v1/payments")
        return Opened(answer.id, answer.pay_url)

    async def read(self, provider_id: str) -> Outcome:
        """Return what has become of the payment that the provider knows by this id."""
        answer = await self._ask("GET", f"v1/payments/{provider_id}", _News)
        if answer.id != provider_id:
            log.error("payment_mismatch", provider_id=provider_id, answered=answer.id)
            raise Mismatch
        return answer.outcome()

    def read_event(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
        """Return the event in a webhook's request (Standard Webhooks 1.0); headers in any case.

        Raises NotGenuine when the signature is not the provider's, the time is more than five minutes off, or the
        content is not an event of ours.
        """
        given = {name.lower(): value for name, value in headers.items()}
        message_id = given.get("webhook-id", "")
        if not 0 < len(message_id) <= _LONGEST or len(body) > _LONGEST:
            raise NotGenuine
        self._verify(message_id, given, body, now)
        try:
            message = msgspec.json.decode(body, type=_Message)
        except _UNREADABLE as error:
            raise NotGenuine from error
        if message.type != f"payment.{message.data.state}" or message.data.state == "open":
            raise NotGenuine
        return Event(message_id, message.data.outcome())

    def _verify(self, message_id: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        # The library's own verify() reads the machine's clock and lets malformed headers out as other errors.
        try:
            sent_at = datetime.fromtimestamp(int(headers.get("webhook-timestamp", "")), UTC)
            expected = self._webhook.sign(message_id, sent_at, body.decode())
        except (ValueError, OverflowError, OSError) as error:
            raise NotGenuine from error
        given = headers.get("webhook-signature", "").split(" ")
        if abs(now - sent_at) > TOLERANCE or not any(_same(expected, signature) for signature in given):
            raise NotGenuine

    def _is_of_the_provider(self, url: str) -> bool:
        try:
            page = httpx.URL(url)
        except httpx.InvalidURL:
            return False
        return (page.scheme, page.host, page.port) == (self._base.scheme, self._base.host, self._base.port)

    async def _ask(
        self,
        method: str,
        path: str,
        shape: type[_Shape],
        content: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> _Shape:
        body = msgspec.json.encode(content) if content else None
        headers = {**self._key, "Content-Type": "application/json", "Accept": "application/json", **(headers or {})}
        try:
            async with (
                asyncio.timeout(PATIENCE),
                self._http.stream(
                    method, self._base.join(path), content=body, headers=headers, follow_redirects=False
                ) as answer,
            ):
                if not answer.is_success:
                    _unreachable(f"status {answer.status_code}", path)
                return msgspec.json.decode(await _bounded(answer), type=shape)
        except (httpx.HTTPError, TimeoutError, *_UNREADABLE) as error:
            _unreachable(repr(error), path)


async def _bounded(answer: httpx.Response) -> bytes:
    body = b""
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > _LONGEST:
            raise httpx.DecodingError("an answer too long", request=answer.request)
    return body


def _same(expected: str, given: str) -> bool:
    version, _comma, signature = given.partition(",")
    try:
        return version == "v1" and hmac.compare_digest(
            base64.b64decode(expected.partition(",")[2]), base64.b64decode(signature, validate=True)
        )
    except (binascii.Error, ValueError):
        return False


def _unreachable(why: str, path: str) -> NoReturn:
    log.warning("payments_unreachable", why=why, path=path)
    raise ProviderUnreachable
