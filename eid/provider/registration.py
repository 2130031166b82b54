"""Reads a client's registration from a file."""

from __future__ import annotations

import secrets
from pathlib import Path

from pydantic import ValidationError

from eid.provider.client import Client
from eid.provider.errors import CannotStart


def read_client(file: Path) -> Client:
    """Return the client that a file of OpenID registration metadata describes; one without an id is given one."""
    try:
        client = Client.model_validate_json(file.read_bytes())
    except OSError as error:
        raise CannotStart(f"{file} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        faults = (
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_url=False, include_input=False)
        )
        raise CannotStart(f"{file} is not a client that can be served here. {'; '.join(faults)}.") from error
    return client if client.client_id else client.model_copy(update={"client_id": secrets.token_urlsafe(16)})
