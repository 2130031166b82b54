"""Tokens between services of ours: read by every library, and refused where python-jose by itself would not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import jwt as pyjwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt as joserfc
from joserfc.jwk import ECKey

from eid.service_token import Between, Minter, NotOurs, read
from services.registers.sandbox.caller import WE, is_proven

PLAIN: Any = import_module("jose.jwt")  # as its documentation shows it, and as nobody else uses it here
KEY = ECKey.generate_key("P-256")
PEM = KEY.as_pem(private=True).decode()
US = Between("XK/GOV/ASHI/portal", WE)
MINTER = Minter(PEM, US)
PUBLIC = MINTER.public
PUBLIC_PEM = KEY.as_pem(private=False).decode()


def now() -> datetime:
    return datetime.now(UTC)


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _token(header: dict[str, Any] | None = None, key: ECKey = KEY, **changed: object) -> str:
    """Sign rightly what is right but for what is changed; `...` takes a claim out."""
    at = int(time.time())
    right = {"iss": US.caller, "sub": US.caller, "aud": US.called, "iat": at, "exp": at + 60, "jti": "a name"}
    said = {name: value for name, value in (right | changed).items() if value is not ...}
    parts = f"{_part({'alg': 'ES256', 'typ': 'service+jwt'} | (header or {}))}.{_part(said)}"
    from joserfc._rfc7518.jws_algs import JWS_ALGORITHMS  # noqa: PLC0415 - to sign what no library writes

    algorithm = next(each for each in JWS_ALGORITHMS if each.name == "ES256")
    signature = algorithm.sign(parts.encode(), key)
    return f"{parts}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _by_hmac(secret: bytes) -> str:
    at = int(time.time())
    said = {"iss": US.caller, "sub": US.caller, "aud": US.called, "iat": at, "exp": at + 60, "jti": "a name"}
    parts = f"{_part({'alg': 'HS256', 'typ': 'service+jwt'})}.{_part(said)}"
    mark = hmac.digest(secret, parts.encode(), hashlib.sha256)
    return f"{parts}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


def _plain(token: str, key: object = PUBLIC_PEM, **options: object) -> dict[str, Any]:
    """Read a token as the library's documentation shows it."""
    return PLAIN.decode(token, key, algorithms=["ES256"], **options)


def test_a_token_of_ours_is_believed_and_names_itself() -> None:
    token = MINTER.token(now())
    assert read(token, PUBLIC, US, now()) == pyjwt.decode(token, options={"verify_signature": False})["jti"]


def test_one_token_serves_for_half_its_life_and_then_there_is_another() -> None:
    at = now()
    minter = Minter(PEM, US)
    first = minter.token(at)
    assert minter.token(at + timedelta(seconds=29)) == first
    second = minter.token(at + timedelta(seconds=31))
    assert second != first
    assert minter.token(at - timedelta(seconds=5)) != second, "a clock that was set back needs a token of its time"


def test_other_libraries_read_the_same_tokens() -> None:
    token = MINTER.token(now())
    by_pyjwt = pyjwt.decode(token, pyjwt.PyJWK(PUBLIC), algorithms=["ES256"], audience=WE, issuer=US.caller)
    by_joserfc = joserfc.decode(token, ECKey.import_key(dict(PUBLIC)), ["ES256"])
    assert by_pyjwt == by_joserfc.claims
    assert by_joserfc.header == {"alg": "ES256", "typ": "service+jwt"}
    assert is_proven(f"Bearer {token}", US.caller, json.dumps(PUBLIC), now())


def test_tokens_of_other_libraries_are_read() -> None:
    at = int(time.time())
    said: dict[str, Any] = {"iss": US.caller, "sub": US.caller, "aud": US.called}
    said |= {"iat": at, "exp": at + 60, "jti": "1"}
    header = {"alg": "ES256", "typ": "service+jwt"}
    assert read(pyjwt.encode(said, PEM, "ES256", headers=header), PUBLIC, US, now()) == "1"
    assert read(joserfc.encode(header, said, KEY, ["ES256"]), PUBLIC, US, now()) == "1"


# Each is taken by python-jose alone, told the algorithm and, where it asks for one, the audience.
LET_THROUGH: dict[str, tuple[Callable[[], str], dict[str, object], str]] = {
    "without an audience": (lambda: _token(aud=...), {"audience": WE}, "aud"),
    "for us among others": (lambda: _token(aud=[WE, "another"]), {"audience": WE}, "aud"),
    "that never expires": (lambda: _token(exp=...), {"audience": WE}, "exp"),
    "that lives for a year": (lambda: _token(exp=int(time.time()) + 31_536_000), {"audience": WE}, "life"),
    "without a subject": (lambda: _token(sub=...), {"audience": WE}, "sub"),
    "for another subject": (lambda: _token(sub="XK/GOV/other"), {"audience": WE}, "sub"),
    "without an issuer": (lambda: _token(iss=...), {"audience": WE}, "iss"),
    "of no time": (lambda: _token(iat=...), {"audience": WE}, "iat"),
    "from the future": (lambda: _token(iat=int(time.time()) + 3600), {"audience": WE}, "iat"),
    "without a name": (lambda: _token(jti=...), {"audience": WE}, "jti"),
    "with an empty name": (lambda: _token(jti=""), {"audience": WE}, "jti"),
    "with a critical header": (lambda: _token({"crit": ["exp2"], "exp2": 1}), {"audience": WE}, "header"),
    "that brings a key": (lambda: _token({"jwk": PUBLIC}), {"audience": WE}, "header"),
    "that says where its key is": (lambda: _token({"jku": "https://evil.example"}), {"audience": WE}, "header"),
    "of another kind": (lambda: _token({"typ": "logout+jwt"}), {"audience": WE}, "typ"),
    "that says nothing of its kind": (lambda: _token({"typ": None}), {"audience": WE}, "typ"),
}


@pytest.mark.parametrize("name", LET_THROUGH)
def test_a_token_is_refused_that_the_plain_library_takes(name: str) -> None:
    make, options, reason = LET_THROUGH[name]
    token = make()
    assert _plain(token, **options), "the library by itself takes it"
    with pytest.raises(NotOurs) as refused:
        read(token, PUBLIC, US, now())
    assert refused.value.code == reason
    assert name.startswith(("with a critical", "that brings", "that says where", "for us among")) or not is_proven(
        f"Bearer {token}", US.caller, json.dumps(PUBLIC), now()
    )


def test_a_public_key_is_never_a_secret() -> None:
    """Where both kinds of algorithm are allowed, the library takes the public key in DER as a shared secret."""
    der = KEY.public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    token = _by_hmac(der)
    assert PLAIN.decode(token, der, algorithms=["HS256", "ES256"], audience=WE)
    with pytest.raises(NotOurs) as refused:
        read(token, PUBLIC, US, now())
    assert refused.value.code == "alg"


@pytest.mark.parametrize(
    "key",
    [
        PUBLIC_PEM,
        PUBLIC_PEM.encode(),
        PEM,
        {"kty": "oct", "k": "c2VjcmV0"},
        KEY.as_dict(private=True),
        ECKey.generate_key("P-384").as_dict(private=False),
        {**PUBLIC, "x": 7},
        {},
        None,
    ],
    ids=["PEM", "bytes", "private PEM", "secret", "private", "P-384", "number", "empty", "none"],
)
def test_only_a_public_jwk_of_our_curve_is_a_key(key: Any) -> None:  # noqa: ANN401 - whatever someone passes
    with pytest.raises(NotOurs) as refused:
        read(MINTER.token(now()), key, US, now())
    assert refused.value.code == "key"


WRONG: dict[str, tuple[Callable[[], str], str]] = {
    "that is not signed": (lambda: f"{_part({'alg': 'none', 'typ': 'service+jwt'})}.{_part({})}.", "alg"),
    "signed by another": (lambda: _token(key=ECKey.generate_key("P-256")), "signature"),
    "whose signature was cut": (lambda: _token()[:-4], "signature"),
    "that has expired": (lambda: _token(iat=1, exp=61), "exp"),
    "that expires before it is made": (lambda: _token(exp=int(time.time()) - 5), "life"),
    "that is not yet good": (lambda: _token(nbf=int(time.time()) + 60), "nbf"),
    "for another service": (lambda: _token(aud="XK/GOV/payments"), "aud"),
    "of another caller": (lambda: _token(iss="XK/GOV/other", sub="XK/GOV/other"), "iss"),
    "whose time is a word": (lambda: _token(exp="tomorrow"), "exp"),
    "whose time is a truth": (lambda: _token(iat=True), "iat"),
    "under the name of another key": (lambda: _token({"kid": "another"}), "kid"),
    "of two parts": (lambda: "a.b", "malformed"),
    "of nothing": (lambda: "", "malformed"),
    "without end": (lambda: "a" * 10_000, "malformed"),
    "whose header is a list": (lambda: f"{_part([])}.a.b", "malformed"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_token_is_refused(name: str) -> None:
    make, reason = WRONG[name]
    token = make()
    with pytest.raises(NotOurs) as refused:
        read(token, PUBLIC, US, now())
    assert refused.value.code == reason
    if reason not in {"nbf", "kid"}:  # which the registers have no use for
        assert not is_proven(f"Bearer {token}", US.caller, json.dumps(PUBLIC), now())


def test_a_key_that_cannot_sign_is_said_to_be_none() -> None:
    for pem in ("no PEM", PUBLIC_PEM, ECKey.generate_key("P-384").as_pem(private=True).decode()):
        with pytest.raises(ValueError, match="no private"):
            Minter(pem, US)
