"""What an office does with an application: take it, hand it over, ask, have a second opinion, decide.

Every act is done by somebody of the application's own desk; for all others it does not exist, nor does one's own.
`revision` is the one that the page was shown with: ChangedElsewhere when somebody was faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from i18n.refusal import Invalid, NotFound
from i18n.text import Wording, _
from services.applications import step
from services.applications.application import Application, Event, RefusalReason, State, Step
from services.applications.errors import ChangedElsewhere
from services.applications.member import Colleague, Member
from services.applications.office import correction, store
from services.applications.office.errors import (
    AlreadyInvolved,
    FourEyes,
    HeldByAnother,
    NotAColleague,
    OnlyOfficers,
    OwnOpinion,
)
from services.applications.office.message import Kind, Message, written
from services.applications.progress import day
from services.applications.step import Enqueue
from services.applications.store import Connection
from services.applications.version import service_of

BY_OFFICER = "officer"  # the rule of a refusal that no rule made


async def find(connection: Connection, member: Member, application_id: UUID, *, lock: bool = False) -> Application:
    """Return an application of the member's desks; NotFound for every other, and for her own."""
    found = await store.of_desk(connection, application_id, member.desks, member.person_id, lock=lock)
    if found is None:
        raise NotFound
    return found


async def find_all(
    connection: Connection, member: Member, ids: Sequence[UUID], *, lock: bool = False
) -> list[Application]:
    """Return applications of the member's desks, as `several` orders them; NotFound when one of them is not."""
    found = await store.all_of_desk(connection, ids, member.desks, member.person_id, lock=lock)
    if len(found) < len(set(ids)):
        raise NotFound
    return found


async def open_case(connection: Connection, member: Member, application_id: UUID, reason: str, now: datetime) -> str:
    """Return why the member opens a case today, as it is kept; "" when she has said so already. Invalid without it."""
    await find(connection, member, application_id)
    said = written(reason, _("Write why you open this case."))
    is_new = await store.open_cases(connection, [application_id], member.person_id, day(now), said, now)
    return said if is_new else ""


async def open_all(
    connection: Connection, member: Member, ids: Sequence[UUID], reason: str, now: datetime
) -> list[Application]:
    """Return those of these cases that the member had not opened today; nothing is written where she had all of them.

    NotFound when one of them is not of her desks.
    """
    found = await find_all(connection, member, ids)
    unopened = await store.unopened(connection, ids, member.person_id, day(now))
    if not unopened:
        return []
    opened = await store.open_cases(connection, unopened, member.person_id, day(now), reason, now)
    return [one for one in found if one.id in opened]


async def take(
    connection: Connection, member: Member, application_id: UUID, revision: int, now: datetime
) -> Application:
    """Return the application, now the member's, also when a colleague had it."""
    before = await _shown(connection, member, application_id, revision)
    if before.state is State.APPEALED:
        await refuse_involved(connection, member, before)
    taken = msgspec.structs.replace(before.after(Step.TAKE, now), officer_id=member.person_id)
    return await step.advance(connection, before, taken, [_event(taken, Step.TAKE)])


async def hand_over(  # noqa: PLR0917 - an act names all that it takes
    connection: Connection, member: Member, application_id: UUID, revision: int, to: UUID, text: str, now: datetime
) -> Application:
    """Return the application, now a colleague's, with a word to her; NotAColleague for anybody else."""
    before = await held(connection, member, application_id, revision)
    if to not in {colleague.person_id for colleague in await colleagues(connection, member, before)}:
        raise NotAColleague
    given = msgspec.structs.replace(before.after(Step.HAND_OVER, now), officer_id=to)
    await say(connection, given, "hand_over", member, written(text))
    return await step.advance(connection, before, given, [_event(given, Step.HAND_OVER)])


async def ask(  # noqa: PLR0917 - an act names all that it takes
    connection: Connection,
    member: Member,
    application_id: UUID,
    revision: int,
    questions: Sequence[str],
    text: str,
    now: datetime,
) -> Application:
    """Return the application, waiting for its person: she is asked these questions again. Her time limit stands."""
    before = await held(connection, member, application_id, revision)
    may = {question.id for question in correction.questions(before, await service_of(connection, before), day(now))}
    if not may.issuperset(questions):
        raise Invalid({"questions": _("Choose among the answers that she may change.")})
    asked = before.after(Step.ASK, now)
    await say(connection, asked, "request", member, written(text), questions=tuple(questions))
    return await step.advance(connection, before, asked, [_event(asked, Step.ASK)])


async def ask_opinion(  # noqa: PLR0917 - an act names all that it takes
    connection: Connection, member: Member, application_id: UUID, revision: int, text: str, now: datetime
) -> Application:
    """Return the application, waiting for the opinion of another officer."""
    before = await held(connection, member, application_id, revision)
    asked = before.after(Step.ASK_OPINION, now)
    await say(connection, asked, "opinion_request", member, written(text))
    return await step.advance(connection, before, asked, [_event(asked, Step.ASK_OPINION)])


async def give_opinion(  # noqa: PLR0917 - an act names all that it takes
    connection: Connection,
    member: Member,
    application_id: UUID,
    revision: int,
    text: str,
    now: datetime,
    *,
    is_for: bool,
) -> Application:
    """Return the application with a second officer's opinion, back with who asked for it."""
    before = await _shown(connection, member, application_id, revision)
    given = before.after(Step.OPINE, now)
    refuse_clerk(member, before)
    if before.officer_id == member.person_id:
        raise OwnOpinion
    await say(connection, given, "opinion", member, written(text), is_for=is_for)
    return await step.advance(connection, before, given, [_event(given, Step.OPINE)])


async def decide(  # noqa: PLR0917 - an act names all that it takes
    connection: Connection,
    member: Member,
    application_id: UUID,
    revision: int,
    text: str,
    enqueue: Enqueue,
    now: datetime,
    *,
    approve: bool,
) -> Application:
    """Return the application, decided with its reasons; FourEyes where a second officer has to be heard first."""
    before = await held(connection, member, application_id, revision)
    refuse_clerk(member, before)
    if before.state is not State.IN_REVIEW:
        before.after(Step.ASK, now)  # refused in the words of where it is
    await refuse_unseconded(connection, member, before)
    reasons = written(text)
    decided = decision(before, reasons, now, approve=approve)
    await say(connection, decided, "decision", member, reasons)
    step_taken = Step.APPROVE if approve else Step.REFUSE
    decided = await step.advance(connection, before, decided, [_event(decided, step_taken)])
    await step.follow(connection, decided, enqueue, now)
    return decided


async def note(connection: Connection, member: Member, application_id: UUID, text: str, now: datetime) -> None:
    """Keep a note that only the office reads; it changes nothing."""
    found = await find(connection, member, application_id)
    await say(connection, msgspec.structs.replace(found, updated_at=now), "note", member, written(text))


async def colleagues(connection: Connection, member: Member, application: Application) -> list[Colleague]:
    """Return to whom the application can be handed over."""
    post = member.post_at(application.desk or "")
    return await store.colleagues(connection, post, [member.person_id, application.person_id])


def decision(before: Application, reasons: str, now: datetime, *, approve: bool) -> Application:
    """Return the application approved, or refused with its reasons as they are written, in its own language."""
    if approve:
        return before.after(Step.APPROVE, now)
    reason = RefusalReason(BY_OFFICER, Wording(reasons, reasons, reasons))
    return msgspec.structs.replace(before.after(Step.REFUSE, now), refusal=reason)


async def _shown(connection: Connection, member: Member, application_id: UUID, revision: int) -> Application:
    found = await find(connection, member, application_id, lock=True)
    if found.revision != revision:
        raise ChangedElsewhere
    return found


async def held(connection: Connection, member: Member, application_id: UUID, revision: int) -> Application:
    """Return an application that the member has, as her page showed it, locked; HeldByAnother, ChangedElsewhere."""
    found = await _shown(connection, member, application_id, revision)
    if found.officer_id != member.person_id:
        raise HeldByAnother
    return found


def refuse_clerk(member: Member, application: Application) -> None:
    """Refuse whoever may not decide there."""
    if not member.decides_at(application.desk or ""):
        raise OnlyOfficers


async def refuse_involved(connection: Connection, member: Member, application: Application) -> None:
    """Refuse whoever may not decide on an appeal: a clerk, and who decided or gave an opinion before."""
    refuse_clerk(member, application)
    if await is_involved(connection, member, application):
        raise AlreadyInvolved


async def is_involved(connection: Connection, member: Member, application: Application) -> bool:
    """Tell whether a member decided on an application or gave an opinion on it."""
    messages = await store.messages(connection, application.id)
    return any(one.author_id == member.person_id and one.kind in {"decision", "opinion"} for one in messages)


async def refuse_unseconded(connection: Connection, member: Member, application: Application) -> None:
    """Refuse a decision for which a second officer has to be heard first."""
    service = await service_of(connection, application)
    if service.processing.decision == "two_steps" and not await _is_seconded(connection, application, member):
        raise FourEyes


async def _is_seconded(connection: Connection, application: Application, member: Member) -> bool:
    """Tell whether another officer has said what she thinks since the person last changed something."""
    opinions: set[UUID | None] = set()
    for message in await store.messages(connection, application.id):
        if message.kind == "reply":
            opinions.clear()
        elif message.kind == "opinion":
            opinions.add(message.author_id)
    return bool(opinions - {member.person_id})


async def say(
    connection: Connection,
    application: Application,
    kind: Kind,
    member: Member,
    text: str,
    *,
    questions: tuple[str, ...] = (),
    is_for: bool | None = None,
) -> None:
    """Keep what a member says about an application, at the time of its last step."""
    message = Message(
        id=uuid7(),
        application_id=application.id,
        kind=kind,
        author_id=member.person_id,
        text=text,
        questions=questions,
        is_for=is_for,
        at=application.updated_at,
    )
    await store.say(connection, message)


def _event(application: Application, taken: Step) -> Event:
    return step.event(application, taken, "officer")
