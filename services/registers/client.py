"""The portal as a client of the registers behind one gateway: every message signed, sent, checked and proven alike."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

import aiohttp

from services.registers import wire
from services.registers.message import Message, Proof, request_hash
from services.registers.signature import Signer
from services.registers.trust import Trust
from services.registers.wire import Broken, Response

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",  # a compressed answer could grow beyond every limit
}
_ERROR = "x-road-error"
_XROAD_FAULT = re.compile(r"[A-Za-z.]{1,80}")


@dataclass(slots=True)
class Sent:
    """A message on its way, with what proves so far what became of it."""

    message: Message
    proof: Proof


class Client:
    """Who we are behind one gateway. `client_id` is ours in X-Road, as `XK/GOV/ASHI/portal`.

    `token` says who we are: always the same one, or one for the time. `signer` signs what we say. With
    `demand_signatures` an answer that its register did not sign counts as none.
    """

    def __init__(
        self,
        base_url: str,
        token: str | Callable[[datetime], str],
        client_id: str,
        http: aiohttp.ClientSession,
        signer: Signer,
        *,
        demand_signatures: bool = False,
    ) -> None:
        self.id = client_id
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._http = http
        self._signer = signer
        self._trust = Trust(base_url, http, demanded=demand_signatures)

    def sign(self, message: Message) -> Sent:
        """Return the message, signed."""
        text = message.text()
        return Sent(message, Proof(message.path, request_hash(text), self._signer.detached(text)))

    async def exchange(self, sent: Sent, own: Collection[int], now: datetime) -> Response:
        """Return what the register itself said, and so signed: an answer of a status in `own`.

        All else is said on the way. The proof holds what came, also where that cannot be believed. Raises Broken for
        all but such an answer, TimeoutError for one that takes too long.
        """
        response = await self._answered(sent, now)
        sent.proof = replace(sent.proof, status=response.status, answer_hash=hashlib.sha256(response.body).digest())
        if response.status not in own or _ERROR in response.headers:
            raise Broken(_status(response))
        signature = await self._trust.check(sent.proof.request_hash, response, now)
        sent.proof = replace(sent.proof, answer_signature=signature)
        return response

    async def _answered(self, sent: Sent, now: datetime) -> Response:
        message, url = sent.message, self._base_url + sent.message.path
        token = self._token if isinstance(self._token, str) else self._token(now)
        proven = {"Authorization": f"Bearer {token}", "X-JWS-Signature": sent.proof.request_signature}
        headers = _HEADERS | message.headers() | proven
        if message.body is None:
            return await wire.get(self._http, url, headers)
        return await wire.post(self._http, url, headers | {"Content-Type": "application/json"}, message.body)


def _status(response: Response) -> str:
    """Return status and X-Road's own word for it, so that a right that we lack is told from a register that is down."""
    said = response.headers.get(_ERROR, "")
    return f"status {response.status} {said}" if _XROAD_FAULT.fullmatch(said) else f"status {response.status}"
