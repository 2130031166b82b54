"""Has whole documents signed by SignBox, the dialect in which a person's secrets pass through us on their way.

Nothing is kept or logged here. What holds a secret does not print itself, and no exception keeps the request that
carried one. Before any secret leaves, the service has to show itself, so that a wrong address learns none.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Self, cast

import httpx

from eid.errors import NotSigned
from i18n.refusal import Invalid, Refusal, Unreachable
from i18n.text import _

_SECONDS, _SECONDS_TO_SIGN = 8.0, 25.0
_LARGEST, _MOST_ADDED = 64 * 1024, 1024 * 1024  # bytes: what is said, what a signature adds to a document
_SUCCESS, _REFUSED, _WRONG, _FORBIDDEN, _BUSY, _BROKEN = 200, 400, 401, 403, 429, 500
_CODE_LIVES, _LONGEST_LIFE = timedelta(minutes=2), timedelta(minutes=10)

_SILENT = _(
    "The signing service does not answer at the moment, so nothing was signed. Nothing is lost. Try again in a few "
    "minutes."
)
_WRONG_PASSWORD = _("The password is wrong, or locked after three wrong tries. Check it and type it again.")
_WRONG_SECRETS = _(
    "The password or the PIN is wrong, or locked after three wrong tries. Check both and type them again."
)
_PIN_TOO = _("Type the PIN again, too.")
_WRONG_CODE = _(
    "This is not the code for this document, or its time is over. Look at your phone again, or have another code sent."
)


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """Who pays the service for a signature: we."""

    username: str
    password: str


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """What a person types to sign."""

    password: str
    pin: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file to sign, and the name under which the person sees it on her phone."""

    name: str
    content: bytes = field(repr=False)

    @property
    def hash(self) -> bytes:
        """The SHA-256 of the file, whose first digits both screens show."""
        return hashlib.sha256(self.content).digest()


@dataclass(frozen=True, slots=True)
class Sent:
    """A code is on its way: for which `document` (SHA-256), until when, and what the form for it brings back, once."""

    document: str
    attempt: str
    ends_at: datetime

    def again(self) -> Self:
        """Return the same code, for another attempt."""
        return replace(self, attempt=secrets.token_urlsafe(32))

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values, to be kept until the person has typed it."""
        return {**asdict(self), "ends_at": self.ends_at.isoformat()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | None) -> Self | None:
        """Return what `as_json` wrote; None for anything else, such as what another dialect asked."""
        if not kept or set(kept) != {"document", "attempt", "ends_at"}:
            return None
        return cls(kept["document"], kept["attempt"], datetime.fromisoformat(kept["ends_at"]))


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    kind: str
    body: bytes = field(repr=False)

    @property
    def said(self) -> dict[str, Any]:
        """Its JSON object; {} when it has none."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            value = None
        return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


class SignBox:
    """A signing service; `base` is what comes before `/signbox/`."""

    def __init__(self, http: httpx.AsyncClient, base: str, account: Account) -> None:
        self._http, self._base, self._account = http, base.rstrip("/"), account

    async def send_code(self, username: str, given: Secrets, document: Document, now: datetime) -> Sent:
        """Have a one-time code for this document sent to a person's phone.

        Invalid when her password is wrong, NotSigned when her phone cannot be used, Unreachable.
        """
        fields = {"username": username, "password": given.password}
        answer = await self._asked("otp", fields, document, _SECONDS, _LARGEST)
        if answer.status != _SUCCESS:
            raise await self._refusal(answer, document, Invalid({"password": _WRONG_PASSWORD}, "wrong_password"))
        if answer.said.get("status") != "success":
            raise _silent("signbox_not_understood")
        ends_at = now + _lasts(answer.said.get("details"))
        return Sent(document.hash.hex(), secrets.token_urlsafe(32), ends_at)

    async def sign(self, username: str, given: Secrets, document: Document, reason: str = "") -> bytes:
        """Return the document as it came back signed, stating `reason` beside if there is one; eid.returned judges it.

        Invalid when password, PIN or code is wrong, NotSigned when she refused or her certificate cannot sign,
        Unreachable.
        """
        fields = {"username": username, "password": given.password, "pin": given.pin, "otp": given.code}
        fields |= {"format": "pades", "level": "T", **({"reason": reason} if reason else {})}
        largest = len(document.content) + _MOST_ADDED
        answer = await self._asked("sign", fields, document, _SECONDS_TO_SIGN, largest)
        if answer.status != _SUCCESS:
            wrong = Invalid({"password": _WRONG_SECRETS, "pin": _PIN_TOO}, "wrong_secrets")
            raise await self._refusal(answer, document, wrong)
        if answer.kind != "application/pdf" or not answer.body.startswith(b"%PDF-"):
            raise _silent("signbox_not_understood")
        return answer.body

    async def _asked(
        self, path: str, fields: Mapping[str, str], document: Document, seconds: float, largest: int
    ) -> _Answer:
        """Return the answer to a call that carries a person's secrets, once the service has shown itself."""
        word = secrets.token_urlsafe(16)
        shown = await self._exchange("GET", "echo", _SECONDS, _LARGEST, params={"message": word})
        if shown.said.get("message") != word:
            raise _silent("signbox_not_understood")
        file = (document.name, document.content, "application/pdf")
        return await self._exchange("POST", path, seconds, largest, data={**fields, **self._ours}, files={"file": file})

    async def _refusal(self, answer: _Answer, document: Document, wrong: Invalid) -> Refusal:
        """Return what a refusal means. That a person's secrets are wrong is said only if it is not ours that is."""
        code, details = str(answer.said.get("message")), str(answer.said.get("details"))
        if answer.status == _WRONG and code == "invalid_otp":
            return Invalid({"code": _WRONG_CODE}, "wrong_code")
        if answer.status == _WRONG:
            return wrong if await self._knows_us(document) else _silent("signbox_account")
        if answer.status == _FORBIDDEN and code == "authorization_error":
            return _silent("signbox_account")
        if code == "certificate_unusable":
            state = re.search(r"\b(revoked|suspended|expired)\b", details)
            return NotSigned(f"certificate_{state[1]}" if state else "certificate_unusable")
        return NotSigned(_REFUSALS.get(code, "refused"))

    async def _knows_us(self, document: Document) -> bool:
        """Tell whether the service takes our own account: by a time stamp, which needs nothing of a person's."""
        asked = self._ours | {"hash": document.hash.hex()}
        stamped = await self._exchange("POST", "timestamp", _SECONDS, _LARGEST, data=asked)
        return stamped.status == _SUCCESS

    @property
    def _ours(self) -> dict[str, str]:
        return {"billing_username": self._account.username, "billing_password": self._account.password}

    async def _exchange(
        self,
        method: Literal["GET", "POST"],
        path: str,
        seconds: float,
        largest: int,
        **sent: Any,  # noqa: ANN401
    ) -> _Answer:
        url = f"{self._base}/signbox/api/v1/{path}"
        try:
            async with (
                asyncio.timeout(seconds),
                self._http.stream(method, url, timeout=seconds, follow_redirects=False, **sent) as response,
            ):
                kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
                answer = _Answer(response.status_code, kind, await _bounded(response, largest))
        # `from None`: what httpx raises holds the request, and that holds her secrets.
        except (TimeoutError, httpx.TimeoutException):
            raise _silent("signbox_timeout") from None
        except httpx.HTTPError:
            raise _silent("signbox_down") from None
        if answer.status == _BUSY:
            raise _silent("signbox_busy")
        if answer.status != _SUCCESS and not _REFUSED <= answer.status < _BROKEN:
            raise _silent("signbox_error")
        return answer


_REFUSALS = {"refused": "cancelled", "phone_unusable": "phone_unusable"}


def _silent(code: str) -> Unreachable:
    return Unreachable(code, _SILENT)


def _lasts(details: object) -> timedelta:
    seconds: object = cast("dict[str, object]", details).get("expires_in") if isinstance(details, dict) else None
    if not isinstance(seconds, int) or seconds <= 0:
        return _CODE_LIVES
    return min(timedelta(seconds=seconds), _LONGEST_LIFE)


async def _bounded(response: httpx.Response, largest: int) -> bytes:
    body = b""
    async for part in response.aiter_bytes():
        body += part
        if len(body) > largest:
            raise _silent("signbox_too_long")
    return body
