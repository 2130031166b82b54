"""The outside parties as the settings name them: eID, payment provider, registers by their gateway, SMS, scanner."""

from __future__ import annotations

import base64
from typing import Self

import httpx

from eid import client as eid
from eid.channel import Channel
from eid.client import public_keys
from eid.cloud import Cloud
from eid.preset import ClientSettings, Credentials, settings_of
from eid.service_token import Between, Minter
from eid.signbox import Account, SignBox
from payments import gateway as payments
from portal.settings import Settings, WrongSettings
from portal.sms import Sms
from services.attachments.scan import scanner
from services.registers import gateway as registers
from services.registers.client import Client
from services.registers.feed import Feed
from services.registers.posting.poster import Poster
from services.registers.signature import Signer
from services.registers.wire import new_session

REGISTERS_CLIENT = "XK/GOV/ASHI/portal"
US = Between(REGISTERS_CLIENT, "XK/GOV/registers")


def refuse_wrong_keys(settings: Settings) -> None:
    """Raise WrongSettings when a key that we sign with, or know another's signature by, cannot be used as one."""
    try:
        if settings.eid_client_key:
            public_keys(settings.eid_client_key)
    except ValueError:
        wanted = "no private P-256 key in PEM, nor an RSA key of 2048 bits"
        raise WrongSettings(f"PORTAL_EID_CLIENT_KEY is {wanted}. See .env.example.") from None
    for name, key in (("REGISTERS", settings.registers_key), ("AUDIT", settings.audit_key)):
        try:
            Signer(key)
        except ValueError:
            raise WrongSettings(f"PORTAL_{name}_KEY is no private P-256 key in PEM. See .env.example.") from None
    try:
        base64.b64decode(settings.payments_webhook_secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        raise WrongSettings("PORTAL_PAYMENTS_WEBHOOK_SECRET is not whsec_ and base64. See .env.example.") from None


def eid_settings(settings: Settings) -> ClientSettings:
    """Return the eID as the settings name it: of which kind it is, and who we are there."""
    us = Credentials(
        issuer=settings.eid_issuer,
        client_id=settings.eid_client_id,
        client_key=settings.eid_client_key,
        client_secret=settings.eid_client_secret,
        country=settings.eid_country,
    )
    return settings_of(settings.eid_preset, us)


class Parties:
    """One client for each party, each with its own connections, so that one that hangs holds up no other."""

    def __init__(self, settings: Settings) -> None:
        self._http = tuple(httpx.AsyncClient(timeout=5.0, trust_env=False) for _ in range(4))
        eid_http, payments_http, sms_http, signbox_http = self._http
        self._registers_http = new_session()
        self.eid = eid.Client(eid_settings(settings), eid_http)
        self.signing = Cloud(Channel(eid_settings(settings), eid_http), settings.signing_base)
        account = Account(settings.signbox_billing_username, settings.signbox_billing_password or "")
        self.signbox = SignBox(signbox_http, settings.signing_base, account)
        self.payments = payments.Gateway(
            settings.payments_url, settings.payments_api_key, settings.payments_webhook_secret, payments_http
        )
        client = Client(
            settings.registers_url,
            settings.registers_token or Minter(settings.registers_key, US).token,
            REGISTERS_CLIENT,
            self._registers_http,
            Signer(settings.registers_key),
            demand_signatures=settings.registers_signed,
        )
        self.registers = registers.Gateway(client)
        self.poster = Poster(client)
        self.feed = Feed(client)
        self.scanner = scanner(settings.clamd)
        self.sms = Sms(settings.sms_url, settings.sms_token or "", sms_http) if settings.sms_url else None

    async def __aenter__(self) -> Self:
        """Return itself: connections open at first use."""
        return self

    async def __aexit__(self, *_fault: object) -> None:
        """Close every connection."""
        for http in self._http:
            await http.aclose()
        await self._registers_http.close()
