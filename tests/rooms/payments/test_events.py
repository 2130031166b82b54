"""A message is believed only when it is the provider's, of its time, and makes sense."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid4

from payments.errors import NotGenuine
from payments.gateway import Gateway
from payments.money import Money
from payments.payment import Event, State

from .people import SECRET, now


def signed(body: bytes, sent_at: datetime, message_id: str = "msg_1", secret: str = SECRET) -> dict[str, str]:
    """Return Standard Webhooks headers, written from the specification and not by the library."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    timestamp = str(int(sent_at.timestamp()))
    mac = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "Webhook-Id": message_id,
        "Webhook-Timestamp": timestamp,
        "Webhook-Signature": "v1," + base64.b64encode(mac).decode(),
    }


def paid_body(**other: Any) -> bytes:  # noqa: ANN401 - JSON
    data = {"id": "pay_1", "reference": str(uuid4()), "amount": 100, "currency": "EUR", "state": "paid"}
    return json.dumps({"type": "payment.paid", "timestamp": "x", "data": data | other}).encode()


def test_a_genuine_message_is_believed_with_any_of_several_signatures(gateway: Gateway) -> None:
    body = paid_body()
    headers = signed(body, now())
    headers["Webhook-Signature"] = f"v1,AAAA v1a,zz nonsense {headers['Webhook-Signature']}"
    event = gateway.read_event(headers, body, now())
    assert isinstance(event, Event)
    assert (event.id, event.outcome.state, event.outcome.amount) == ("msg_1", State.PAID, Money(100))


@pytest.mark.parametrize("minutes", [-6, 6, -60 * 24 * 365])
def test_a_message_out_of_its_time_is_refused(gateway: Gateway, minutes: int) -> None:
    body = paid_body()
    with pytest.raises(NotGenuine):
        gateway.read_event(signed(body, now() + timedelta(minutes=minutes)), body, now())
    near = timedelta(minutes=4 if minutes > 0 else -4)
    assert gateway.read_event(signed(body, now() + near), body, now())


@pytest.mark.parametrize(
    "forged",
    [
        {"Webhook-Signature": ""},
        {"Webhook-Signature": "v1"},
        {"Webhook-Signature": "v1,é"},
        {"Webhook-Signature": "v1,,"},
        {"Webhook-Signature": "v2,AAAA"},
        {"Webhook-Id": "msg_2"},
        {"Webhook-Id": ""},
        {"Webhook-Timestamp": ""},
        {"Webhook-Timestamp": "nan"},
        {"Webhook-Timestamp": "9" * 40},
        {"Webhook-Timestamp": "-1"},
    ],
)
def test_a_forged_message_is_refused(gateway: Gateway, forged: dict[str, str]) -> None:
    body = paid_body()
    with pytest.raises(NotGenuine):
        gateway.read_event(signed(body, now()) | forged, body, now())


def test_a_message_signed_by_another_or_changed_on_the_way_is_refused(gateway: Gateway) -> None:
    body, other = paid_body(), "whsec_" + base64.b64encode(b"another secret of 32 bytes......").decode()
    with pytest.raises(NotGenuine):
        gateway.read_event(signed(body, now(), secret=other), body, now())
    with pytest.raises(NotGenuine):
        gateway.read_event(signed(body, now()), body.replace(b"100", b"200"), now())
    with pytest.raises(NotGenuine):
        gateway.read_event({}, body, now())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[" * 100_000,
        b'{"x":' + b"[" * 30_000,
        paid_body(amount=-1),
        paid_body(amount=2**64),
        paid_body(state="cancelled"),
        paid_body(state="open"),
        paid_body(reference="1176042318"),
        paid_body(id="../../etc"),
        paid_body(currency="USD"),
    ],
)
def test_a_message_of_wrong_content_is_refused_even_when_signed(gateway: Gateway, body: bytes) -> None:
    with pytest.raises(NotGenuine):
        gateway.read_event(signed(body, now()), body, now())
