"""Puts a client's question to somebody's phone (OpenID Connect CIBA Core 1.0, in poll mode)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from litestar import Response

from eid.provider.backchannel import store
from eid.provider.backchannel.question import INTERVAL, Question
from eid.provider.checks.backchannel import Calling, nobody
from eid.provider.desk import Desk
from eid.provider.errors import Rejection
from eid.provider.means.approval import Approval, ask_phone
from eid.provider.secret import digest, new_token
from i18n.refusal import Refused

_log = structlog.get_logger("eid.backchannel")


async def ask(_desk: Desk, asked: Calling) -> Response[dict[str, Any]]:
    """Return the name under which the client looks for the answer, and the code that both screens show.

    `control_code` is ours: on the phone she picks it out of three, so whoever asks her has to be where she is.
    """
    approval, name = await _on_her_phone(asked), new_token()
    question = Question(
        id_hash=digest(name),
        client_id=asked.client.client_id,
        person_id=asked.person.id,
        approval_id=approval.id,
        scope=asked.scope,
        acr=asked.acr,
        created_at=asked.now,
        expires_at=approval.expires_at,
    )
    await store.save_question(asked.connection, question)
    return Response(
        {
            "auth_req_id": name,
            "expires_in": asked.seconds,
            "interval": INTERVAL,
            "control_code": approval.control_code,
        }
    )


async def _on_her_phone(asked: Calling) -> Approval:
    try:
        return await ask_phone(
            asked.connection,
            person_id=asked.person.id,
            client_id=asked.client.client_id,
            kind="backchannel",
            pin="pin2" if asked.acr == "high" else "pin1",
            message=asked.parameters.get("binding_message"),
            now=asked.now,
            lives=timedelta(seconds=asked.seconds),
        )
    except Refused as refused:
        _log.info("phone_not_asked", code=refused.code)
        if refused.code == "phone_missing":
            raise nobody() from refused
        raise Rejection("access_denied", f"Her phone cannot be asked now: {refused.code}.", 403) from refused
