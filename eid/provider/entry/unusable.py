"""The page for a card or a phone that cannot be used: why, what to do, and what else there is."""

from __future__ import annotations

from typing import Any

from litestar import Response

from eid.provider.means.code import MeansKind, State
from eid.provider.means.sentence import obstacle
from eid.provider.people import Enrolled
from eid.provider.sign_in import SignIn, usable


async def unusable(sign_in: SignIn, person: Enrolled, kind: MeansKind, state: State) -> Response[Any]:
    """Return the page; without any other means at the level asked for, the way back tells the client so."""
    return sign_in.page(
        "means_unusable",
        switch=f"{sign_in.address}/{kind}",
        status=403,
        person=person.shown_as,
        kind=kind,
        obstacle=obstacle(kind, state),
        others=await usable(sign_in),
        interaction_id=sign_in.interaction.id,
    )
