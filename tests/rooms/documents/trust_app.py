"""The trust services alone, as the tests serve them: `granian --interface asgi tests.rooms.documents.trust_app:app`."""

import os
from pathlib import Path

from litestar import Litestar

from eid.provider.keystore import opened
from eid.provider.trust import trust_router

app = Litestar([trust_router(opened(Path(os.environ["EID_PKI"])))])
