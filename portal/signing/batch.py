"""Signing a list of approvals: its officer alone signs, over one sheet that says the reasons and every case."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from i18n.text import Language, _
from portal.database import Connection
from portal.session import now
from portal.visit import Visit
from services.applications import casework
from services.applications import desk as desks
from services.applications.application import Application
from services.applications.office import review
from services.applications.office import store as office
from services.applications.office.message import written
from services.batches import deciding, sheet
from services.batches.batch import Batch
from services.catalogue.service import Service
from services.signing.signing import Signing


@dataclass(frozen=True, slots=True)
class BatchAct:
    """A list of approvals whose officer visits."""

    batch: Batch

    @classmethod
    async def of(cls, request: Visit, batch_id: UUID) -> Self:
        """Return an officer's own list; NotFound for anybody else's."""
        async with request.database.connect() as connection:
            return cls(await deciding.own(connection, request.person.person_id, batch_id))

    @classmethod
    async def taken(cls, request: Visit, asked_hash: bytes) -> Self | None:
        """Return the one that her browser comes back to, once."""
        async with request.database.transaction() as connection:
            batch = await deciding.take(connection, asked_hash, request.person.person_id)
            return cls(batch) if batch else None

    async def anew(self, request: Visit) -> Self:
        """Return it as it stands by now."""
        return await self.of(request, self.batch.id)

    @property
    def id(self) -> UUID:
        """The list's."""
        return self.batch.id

    @property
    def page(self) -> str:
        """That of the list."""
        return f"/office/batches/{self.batch.id}"

    @property
    def file_name(self) -> str:
        """The service and the list."""
        return f"{self.batch.service_id}-{self.batch.id}.pdf"

    @property
    def place(self) -> int:
        """She signs alone."""
        return 1

    @property
    def reason(self) -> str:
        """Nothing beside what the sheet says."""
        return ""

    @property
    def completion(self) -> tuple[str, bytes]:
        """The worker's task."""
        return deciding.TASK, str(self.batch.id).encode()

    @property
    def signing(self) -> Signing | None:
        """How far it is."""
        return self.batch.signing

    @property
    def is_open(self) -> bool:
        """Whether the reasons are written and nothing is signed."""
        return self.batch.is_open

    def description(self, language: Language) -> str:
        """Return how many applications, and which."""
        references = [case.reference for case in self.batch.cases]
        said = _(
            "Approval of %(count)s applications: %(references)s",
            count=len(references),
            references=", ".join(references),
        )
        return said.say(language)

    async def sheet(self) -> bytes:
        """Return the sheet that was made with the reasons."""
        return self.batch.sheet or b""

    async def check(self) -> None:
        """Find nothing: whether she may decide is asked of each case when it is decided."""

    async def begin(self, connection: Connection, signing: Signing, asked_hash: bytes) -> None:
        """Keep a step; AlreadyGiven once it is signed."""
        await deciding.begin(connection, self.batch, signing, asked_hash)

    async def keep(self, connection: Connection, signing: Signing, asked_hash: bytes | None = None) -> bool:
        """Keep the next step, unless anything else happened."""
        return await deciding.keep(connection, self.batch, signing, asked_hash)


async def shown(request: Visit, connection: Connection, batch: Batch) -> tuple[list[tuple[Application, str]], Service]:
    """Return the applications of a batch with their applicants' names, and their service as they began with it."""
    found = await review.find_all(connection, request.member, [case.application_id for case in batch.cases])
    names = await office.names_of(connection, [one.person_id for one in found])
    return [(one, names[one.person_id]) for one in found], await casework.service_of(connection, found[0])


async def reasoned(request: Visit, batch: Batch, text: str) -> BatchAct:
    """Return the batch with these reasons and a sheet that says them; Invalid without reasons."""
    reasons = written(text)
    async with request.database.connect() as connection:
        found, service = await shown(request, connection, batch)
    place, person = desks.name(found[0][0].desk or ""), request.person
    officer, fonts = f"{person.given_name} {person.family_name}", request.settings.assets / "fonts"
    pdf = await asyncio.to_thread(sheet.composed, found, service, place, officer, reasons, now(), fonts)
    frozen = await request.signatory.freeze(pdf, 1)
    async with request.database.transaction() as connection:
        return BatchAct(await deciding.reason(connection, batch, reasons, frozen))
