"""POST /oauth2/ciba: whether this client may put this question to somebody's phone (CIBA Core 1.0, section 7)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from eid.provider import store
from eid.provider.backchannel import store as backchannel
from eid.provider.backchannel.question import LIVES, MOST_LATELY, MOST_OF_A_CLIENT, MOST_WAITING
from eid.provider.checks import Check
from eid.provider.checks.authorization import granted_scope
from eid.provider.checks.client import CLIENT, Asking
from eid.provider.client import CIBA
from eid.provider.errors import Rejection
from eid.provider.people import Enrolled
from eid.provider.request import LEVELS, Level

_LONGEST_MESSAGE = 40
_HINTS = ("login_hint", "login_hint_token", "id_token_hint")


@dataclass(slots=True, kw_only=True)
class Calling(Asking):
    """A question on its way through the checks."""

    scope: str = field(init=False)
    acr: Level = field(init=False)
    seconds: int = field(init=False)
    person: Enrolled = field(init=False)


async def _it_may_ask_by_phone(asked: Calling) -> None:
    if CIBA not in asked.client.grant_types:
        raise Rejection("unauthorized_client", f"This client has not registered the grant type {CIBA}.")


async def _nothing_is_asked_that_is_not_offered(asked: Calling) -> None:
    for name in ("request", "user_code", "client_notification_token"):
        if asked.parameters.get(name):
            raise Rejection("invalid_request", f"The parameter {name} is not supported: requests are polled.")


async def _the_scope_is_the_clients(asked: Calling) -> None:
    asked.scope = granted_scope(asked.client, asked.parameters.get("scope"))
    if "openid" not in asked.scope.split():
        raise Rejection("invalid_scope", "The scope must include openid.")


async def _the_level_can_be_reached(asked: Calling) -> None:
    """Take the lowest of `acr_values` as a minimum; a phone with PIN1 is substantial, with PIN2 high."""
    wanted = (asked.parameters.get("acr_values") or "substantial").split()
    level: Level | None = next((level for level in LEVELS if level in wanted), None)
    if level is None:
        raise Rejection("invalid_request", f"acr_values must name one of {', '.join(LEVELS)}.")
    asked.acr = "high" if level == "high" else "substantial"


async def _the_message_fits_on_the_phone(asked: Calling) -> None:
    """Printable, which no control and no invisible character is: what is read here is what is read there."""
    message = asked.parameters.get("binding_message") or ""
    if len(message) > _LONGEST_MESSAGE or not message.isprintable():
        raise Rejection("invalid_binding_message", f"At most {_LONGEST_MESSAGE} printable characters.")


async def _the_time_is_a_number(asked: Calling) -> None:
    wished, longest = asked.parameters.get("requested_expiry") or "", int(LIVES.total_seconds())
    if not re.fullmatch(r"([1-9][0-9]{0,8})?", wished):
        raise Rejection("invalid_request", "requested_expiry must be a number of seconds.")
    asked.seconds = min(int(wished or longest), longest)


async def _somebody_is_named(asked: Calling) -> None:
    """By her personal number; that nobody has it, the client is told as the specification wants it."""
    if [name for name in _HINTS if asked.parameters.get(name)] != ["login_hint"]:
        raise Rejection("invalid_request", "Name the person by login_hint, her personal number, and by nothing else.")
    person = await store.find_by_number(asked.connection, asked.parameters.get("login_hint") or "")
    if person is None:
        raise nobody()
    asked.person = person


async def _her_phone_is_not_made_to_ring_all_day(asked: Calling) -> None:
    lately = await backchannel.lately(asked.connection, asked.person.id, asked.now)
    waiting = [one for one in lately if one.expires_at > asked.now and one.fetched_at is None]
    of_this = [one for one in waiting if one.client_id == asked.client.client_id]
    if len(of_this) >= MOST_OF_A_CLIENT or len(waiting) >= MOST_WAITING or len(lately) >= MOST_LATELY:
        raise Rejection("access_denied", "She is being asked already, or was too often: wait for it to end.", 403)


BACKCHANNEL: tuple[Check[Calling], ...] = (
    *CLIENT,
    _it_may_ask_by_phone,
    _nothing_is_asked_that_is_not_offered,
    _the_scope_is_the_clients,
    _the_level_can_be_reached,
    _the_message_fits_on_the_phone,
    _the_time_is_a_number,
    _somebody_is_named,
    _her_phone_is_not_made_to_ring_all_day,
)


def nobody() -> Rejection:
    """Return the one answer for who is not enrolled and who has no phone."""
    return Rejection("unknown_user_id", "Nobody who can be asked on a phone has this personal number.")
