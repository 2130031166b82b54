"""The whole portal as one list, read top to bottom: what a request passes, and where it can go."""

from __future__ import annotations

import gc
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.middleware import DefineMiddleware
from litestar.types import ASGIApp

from eid.signature import Signatory
from portal import log
from portal.csrf import CsrfMiddleware, with_tokens
from portal.database import opened
from portal.door import with_headers, with_heads, with_known_host, with_language, with_patience, with_visitor
from portal.errors import EXCEPTION_HANDLERS
from portal.kept import with_kept_pages
from portal.pages import (
    about,
    applications,
    apply,
    attachments,
    correspondence,
    data,
    data_children,
    data_question,
    dispute,
    document_correction,
    eid_logout,
    eligibility,
    health,
    home,
    linked_data,
    my_data,
    my_services,
    newer_version,
    notices,
    offers,
    office,
    office_acts,
    office_batch,
    office_case,
    office_documents,
    payment,
    plan,
    recorded,
    repetition,
    reply,
    service,
    sign_in,
    signature,
    signbox,
    verify,
)
from portal.parties import Parties
from portal.render import make_environment
from portal.session import SessionMiddleware
from portal.settings import Dialect, Settings, load
from portal.static import static_router
from portal.visit import Visit
from services.registers.seal import AuditKey

LARGEST_FORM = 256 * 1024  # bytes; the upload of a document to verify names its own bound
ASSETS = "^/assets/"  # already compressed, and the same for everyone: no cookie

PAGES: list[Any] = [
    home.home,
    home.life_event,
    home.search,
    home.nowhere,
    service.service,
    service.start,
    eligibility.questions,
    eligibility.tell,
    my_services.mine,
    my_services.mark,
    my_services.unmark,
    my_services.before,
    my_services.suggestions,
    sign_in.sign_in,
    sign_in.arrive,
    sign_in.stay,
    sign_in.sign_out,
    sign_in.signed_out,
    eid_logout.eid_logout,
    apply.begin,
    apply.question,
    apply.answer,
    apply.check,
    apply.submit,
    apply.withdraw,
    dispute.correction,
    dispute.dispute,
    signature.page,
    signature.sheet,
    signature.reopen,
    payment.pay,
    payment.come_back,
    payment.webhook,
    applications.mine,
    applications.application,
    applications.document,
    document_correction.wrong,
    document_correction.ask,
    applications.leave,
    applications.rate,
    repetition.repeat,
    newer_version.go_on,
    attachments.answer,
    attachments.page,
    attachments.send,
    attachments.reply_page,
    attachments.write,
    attachments.messages,
    attachments.own,
    attachments.of_case,
    reply.question,
    reply.reply,
    reply.reasons,
    reply.appeal,
    correspondence.messages,
    correspondence.write,
    office.queue,
    office.find,
    office.search,
    office_case.case,
    office_case.open_case,
    office_case.take,
    office_documents.waiting,
    office_documents.find,
    office_documents.document,
    office_documents.propose,
    office_documents.confirm,
    office_documents.drop,
    office_documents.answer,
    office_documents.write,
    recorded.unsettled,
    recorded.send_again,
    office_batch.make,
    office_batch.page,
    office_batch.prepare,
    office_batch.sheet,
    office_acts.show,
    office_acts.do,
    notices.notices,
    notices.read,
    offers.offers,
    offers.offer,
    offers.accept,
    offers.decline,
    offers.preferences,
    offers.prefer,
    plan.start,
    plan.begin,
    plan.services,
    plan.choose,
    plan.question,
    plan.answer,
    plan.plan,
    plan.close,
    data.data,
    data.sealed_days,
    data.proof,
    data.proof_file,
    data.export,
    data_children.children,
    data_children.child,
    data_question.questions,
    data_question.one,
    data_question.question,
    data_question.ask,
    my_data.my_data,
    my_data.register,
    data_question.correction,
    data_question.correct,
    verify.form,
    verify.by_code,
    verify.by_file,
    verify.roots,
    verify.revocations,
    verify.revocation_keys,
    about.page,
    about.robots,
    about.sitemap,
    linked_data.whole,
    linked_data.one,
    health.live,
    health.ready,
]

# How people sign; of the other way there is no page at all.
SIGNING: dict[Dialect, list[Any]] = {
    "csc": [
        signature.prepare,
        signature.sign,
        signature.arrive,
        office_batch.sign,
    ],
    "signbox": [
        signbox.page,
        signbox.send_code,
        signbox.sign,
        signbox.batch_page,
        signbox.send_batch_code,
        signbox.sign_batch,
    ],
}


def create_app(settings: Settings | None = None) -> ASGIApp:
    """Return the portal as one ASGI application; reads the settings from the environment when none are given."""
    settings = settings or load(Settings)
    log.configure(settings.log_format)

    @asynccontextmanager
    async def open_house(house: Litestar) -> AsyncGenerator[None]:
        house.state.audit_key = AuditKey(settings.audit_key)
        async with opened(settings) as house.state.database, Parties(settings) as house.state.parties:
            # What is here now stays: going through it all in search of rubbish would hold every request up for 0.1 s.
            gc.collect()
            gc.freeze()
            house.state.signatory = Signatory(settings.tsa_url, settings.trust_root)
            try:
                yield
            finally:
                house.state.signatory.close()

    house = Litestar(
        route_handlers=[*PAGES, *SIGNING[settings.signing_dialect], static_router(settings.assets)],
        middleware=[DefineMiddleware(SessionMiddleware, settings=settings), CsrfMiddleware],
        request_class=Visit,
        exception_handlers=EXCEPTION_HANDLERS,
        compression_config=CompressionConfig(backend="brotli", brotli_quality=4, minimum_size=1000, exclude=ASSETS),
        request_max_body_size=LARGEST_FORM,
        lifespan=[open_house],
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
    house.state.settings = settings
    house.state.environment = make_environment(settings)
    pages = with_kept_pages(with_tokens(house, settings), settings)
    door = with_known_host(with_language(with_patience(pages)), settings)
    return with_visitor(with_headers(log.with_log(with_heads(door)), settings), settings)
