"""Reads a client's registration from a file, and gives it what it lacks: an id, a secret."""

from __future__ import annotations

import secrets
from pathlib import Path

from pydantic import Field, ValidationError

from eid.provider.client import Client
from eid.provider.errors import CannotStart
from eid.provider.secret import Secret, new_token


class Registration(Client):
    """A client as its file describes it: its secret stands there in the clear, and nowhere else."""

    client_secret: str | None = Field(default=None, min_length=32, max_length=200, pattern=r"^[!-~]+$", repr=False)


def read_client(file: Path) -> Registration:
    """Return the client that a file of OpenID registration metadata describes; one without an id is given one."""
    try:
        client = Registration.model_validate_json(file.read_bytes())
    except OSError as error:
        raise CannotStart(f"{file} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        faults = (
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_url=False, include_input=False)
        )
        raise CannotStart(f"{file} is not a client that can be served here. {'; '.join(faults)}.") from error
    return client if client.client_id else client.model_copy(update={"client_id": secrets.token_urlsafe(16)})


def with_secret(read: Registration, registered: Client | None, secret: Secret) -> tuple[Client, str | None]:
    """Return the client to keep, and its secret when it was made here: nobody can be told it again.

    A client that is renewed without naming a secret keeps the one that it has.
    """
    client = Client.model_validate(read.model_dump(by_alias=True) | {"client_secret_hash": None})
    if read.token_endpoint_auth_method == "private_key_jwt":  # noqa: S105 - a method's name
        return client, None
    if read.client_secret is None and registered and registered.client_secret_hash:
        return client.model_copy(update={"client_secret_hash": registered.client_secret_hash}), None
    said = read.client_secret or new_token()
    kept = secret.mark("client secret", client.client_id, said)
    return client.model_copy(update={"client_secret_hash": kept}), None if read.client_secret else said
