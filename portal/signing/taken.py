"""What a browser brings back from a signing service, or from the form with a code, is taken once."""

from __future__ import annotations

from portal.cookie import digest
from portal.signing.act import Act
from portal.signing.application import ApplicationAct
from portal.signing.batch import BatchAct
from portal.visit import Visit


async def take(request: Visit, secret: str) -> Act | None:
    """Return what of hers waits for this secret; None the second time, and for what is nobody's or another's."""
    asked_hash = digest(secret)
    return await ApplicationAct.taken(request, asked_hash) or await BatchAct.taken(request, asked_hash)
