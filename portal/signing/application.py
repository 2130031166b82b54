"""Signing an application: its sheet is frozen at the first look, and its people sign it in turn."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from eid.errors import NotSigned
from i18n.refusal import Unreachable
from i18n.text import Language, _
from portal import reading
from portal.database import Connection
from portal.session import now
from portal.visit import Visit
from services.applications import casework
from services.catalogue.service import Service
from services.signing import collect, representative, sheet, store
from services.signing.signature import Standing
from services.signing.signing import Signing


@dataclass(frozen=True, slots=True)
class ApplicationAct:
    """An application that the person who visits signs, and where she stands with it."""

    request: Visit
    at: Standing
    service: Service

    @classmethod
    async def of(cls, request: Visit, application_id: UUID) -> Self:
        """Return a person's part in signing an application; NotFound for a stranger."""
        async with request.database.connect() as connection:
            at = await collect.standing(connection, application_id, request.person.personal_number)
            return cls(request, at, await casework.service_of(connection, at.application))

    @classmethod
    async def taken(cls, request: Visit, asked_hash: bytes) -> Self | None:
        """Return the one that her browser comes back to, once."""
        async with request.database.transaction() as connection:
            at = await collect.take(connection, asked_hash, request.person.personal_number)
            return cls(request, at, await casework.service_of(connection, at.application)) if at else None

    async def anew(self, request: Visit) -> Self:
        """Return it as it stands by now."""
        return await self.of(request, self.at.application.id)

    @property
    def id(self) -> UUID:
        """The signature's."""
        return self.at.own.id

    @property
    def page(self) -> str:
        """That of her signature."""
        return f"/applications/{self.at.application.id}/signature"

    @property
    def file_name(self) -> str:
        """The service and the reference."""
        return f"{self.service.id}-{self.at.application.reference}.pdf"

    @property
    def place(self) -> int:
        """Her turn."""
        return self.at.own.place

    @property
    def reason(self) -> str:
        """On behalf of which company."""
        return sheet.reason(self.at.application, self.service)

    @property
    def completion(self) -> tuple[str, bytes]:
        """The worker's task."""
        return collect.TASK, str(self.at.own.id).encode()

    @property
    def signing(self) -> Signing | None:
        """How far it is."""
        return self.at.signing

    @property
    def is_open(self) -> bool:
        """Whether it is her turn and she has not signed."""
        return self.at.is_open

    def description(self, language: Language) -> str:
        """Return service, reference and company."""
        said = _("Application: %(service)s", service=self.service.names.say(language)).say(language)
        return ", ".join(filter(None, (said, self.at.application.reference, self.reason)))

    async def sheet(self) -> bytes:
        """Return the sheet; it is made at the first look and never changes but by signatures."""
        request, at = self.request, self.at
        async with request.database.connect() as connection:
            kept = await store.sheet(connection, at.own)
        if kept is not None:
            return kept[1]
        fonts = request.settings.assets / "fonts"
        composed = await asyncio.to_thread(sheet.frozen, at.application, self.service, at.all, fonts)
        made = await request.signatory.freeze(composed, len(at.all))
        async with request.database.transaction() as connection:
            await store.keep_sheet(connection, at.own, 0, made, now())
            kept = await store.sheet(connection, at.own)
        return kept[1] if kept else made

    async def check(self) -> None:
        """Refuse whoever may not sign for the company any more, by what the register of businesses says now.

        Raises NotSigned, also while that register is silent.
        """
        if self.service.signing().by != "company" or not self.is_open:
            return
        try:
            registration = await reading.who_acts(self.request, self.service, self.at.application)
        except Unreachable:
            raise NotSigned("register_unreachable") from None
        if code := representative.objection(registration, self.at.all, self.at.own.personal_number):
            raise NotSigned(code)

    async def begin(self, connection: Connection, signing: Signing, asked_hash: bytes) -> None:
        """Keep a step; NotNow when it is not hers to sign."""
        await collect.begin(connection, self.at, signing, asked_hash)

    async def keep(self, connection: Connection, signing: Signing, asked_hash: bytes | None = None) -> bool:
        """Keep the next step, unless anything else happened."""
        return await collect.keep(connection, self.at, signing, asked_hash)
