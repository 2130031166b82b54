"""An answer proves itself: who asked what is repeated, the register signs, and old keys stay published."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.registers.sandbox.registry import registers as known

from .asking import ARTA, HTTP, SERVICES, answer, fetch, headers
from .conftest import Registers, command, serving, settings_for

_REGISTRY = jws.JWSRegistry(algorithms=["ES256"], strict_check_header=False)
PERSON = f"/r1/{SERVICES['civil-status']}/person"


def published(registers: Registers) -> Any:  # noqa: ANN401 - JSON
    return HTTP.get(f"{registers.url}/.well-known/jwks.json").json()


def proven(signature: str, body: bytes, keys: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return the header of a signature over this body by one of these keys, or raise JoseError."""
    found = jws.deserialize_compact(signature, KeySet.import_key_set(keys), ["ES256"], _REGISTRY, payload=body)
    return dict(found.headers())


@pytest.mark.parametrize("register", SERVICES)
def test_each_register_signs_what_it_answers_with_its_own_key(country: Registers, register: str) -> None:
    service = known()[register].services[0].code
    response = answer(country, f"{register}/{service}", ARTA)
    keys = published(country)
    header = proven(response.headers["x-jws-signature"], response.content, keys)
    owners = {key["kid"]: key["register"] for key in keys["keys"]}
    assert owners[header["kid"]] == register
    assert abs(header["iat"] - datetime.now(UTC).timestamp()) < 10
    assert header["x-road-request-hash"] == response.headers["x-road-request-hash"]
    with pytest.raises(JoseError):
        proven(response.headers["x-jws-signature"], response.content.replace(b"Arta", b"Arna") + b" ", keys)


def test_no_private_key_is_published(country: Registers) -> None:
    for key in published(country)["keys"]:
        assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg", "register"}


def test_a_no_of_the_register_is_signed_too(country: Registers) -> None:
    response = answer(country, "civil-status/person", "9999999999")
    assert response.status_code == 404
    assert proven(response.headers["x-jws-signature"], response.content, published(country))


def test_the_requests_hash_is_over_the_service_and_who_asks_about_whom_why_and_for_whom(country: Registers) -> None:
    said = headers(ARTA, X_Road_Represented_Party="COM/810457219")
    response = HTTP.get(country.url + PERSON, headers=said)
    lines = [f"GET {PERSON}"] + [
        f"{name}: {said[original]}"
        for name, original in sorted((original.lower(), original) for original in said if original.startswith("X-"))
    ]
    text = "".join(f"{line}\n" for line in lines).encode()
    assert response.headers["x-road-request-hash"] == base64.b64encode(hashlib.sha512(text).digest()).decode()
    other = HTTP.get(country.url + PERSON, headers=said | {"X-Road-Issue": "another"})
    assert other.headers["x-road-request-hash"] != response.headers["x-road-request-hash"]


@pytest.mark.parametrize("wrong", ["COM", "COM/81 0457219", "COM/<script>", "a/b/c"])
def test_a_represented_party_is_a_class_and_a_code(country: Registers, wrong: str) -> None:
    response = answer(country, "civil-status/person", ARTA, X_Road_Represented_Party=wrong)
    assert (response.status_code, response.headers["x-road-error"]) == (400, "Client.BadRequest")


async def test_the_register_keeps_for_whom_was_asked_and_the_askers_own_signature(country: Registers) -> None:
    signature = "eyJhbGciOiJFUzI1NiJ9..c2lnbmF0dXJl"
    response = answer(country, "tax/status", ARTA, X_Road_Represented_Party="COM/810457219", X_JWS_Signature=signature)
    (row,) = await fetch(
        country,
        "SELECT represented_party, request_hash, signature FROM tax_access WHERE message_id = $1::uuid",
        response.json()["message_id"],
    )
    assert tuple(row) == ("COM/810457219", response.headers["x-road-request-hash"], signature)


def test_a_key_that_signs_no_more_still_proves_what_it_signed(country: Registers) -> None:
    before = answer(country, "vehicles/vehicles", ARTA)
    rotated = command("rotate", "--register", "vehicles", **settings_for(country.database_url))
    assert rotated.returncode == 0, rotated.stderr
    with serving(country.database_url) as again:
        after = answer(again, "vehicles/vehicles", ARTA)
        keys = published(again)
    first = proven(before.headers["x-jws-signature"], before.content, keys)
    second = proven(after.headers["x-jws-signature"], after.content, keys)
    assert first["kid"] != second["kid"]
    assert "PRIVATE" not in json.dumps(keys)
