"""What a person signs, whichever it is: its sheet, her place on it, and where each step of the signing is kept."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

import structlog
from litestar.response import Redirect

from i18n.refusal import Refusal, Unreachable
from i18n.text import Language
from portal.database import Connection
from portal.session import now
from portal.visit import Visit
from services.signing.signing import Signing

_log = structlog.get_logger("portal.signing")


class Act(Protocol):
    """Something that the person who visits may sign."""

    @property
    def id(self) -> UUID:
        """What the log calls it."""
        ...

    @property
    def page(self) -> str:
        """The address, without its language, at which she sees how far it is."""
        ...

    @property
    def file_name(self) -> str:
        """What the sheet is called on her screens."""
        ...

    @property
    def place(self) -> int:
        """Her turn on the sheet, from 1."""
        ...

    @property
    def reason(self) -> str:
        """What her signature states of itself, "" for nothing."""
        ...

    @property
    def completion(self) -> tuple[str, bytes]:
        """The task that puts a given signature into the sheet."""
        ...

    @property
    def signing(self) -> Signing | None:
        """How far the signing is; None when none was begun."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether it is hers to sign now."""
        ...

    def description(self, language: Language) -> str:
        """Return what she is told at the signing service that she signs."""
        ...

    async def sheet(self) -> bytes:
        """Return the sheet as it stands, a PDF."""
        ...

    async def check(self) -> None:
        """Raise NotSigned when by now somebody else has to sign."""
        ...

    async def begin(self, connection: Connection, signing: Signing, asked_hash: bytes) -> None:
        """Keep a step in place of whatever was there; refused when it is not hers to sign."""
        ...

    async def keep(self, connection: Connection, signing: Signing, asked_hash: bytes | None = None) -> bool:
        """Keep the next step; False, and nothing kept, when anything else was begun or given meanwhile."""
        ...


async def refuse(request: Visit, act: Act, refusal: Refusal) -> Redirect:
    """Note why nothing was signed, for the log and for her page, and lead there."""
    code = "unreachable" if isinstance(refusal, Unreachable) else refusal.code
    _log.warning("not_signed", code=refusal.code, act_id=str(act.id))
    async with request.database.transaction() as connection:
        await act.keep(connection, Signing.failed(code, now()))
    return request.to(act.page)
