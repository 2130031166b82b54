"""What the portal's client says to a provider: who it is, what it asks for, and by which key."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from eid.client import Client, public_keys
from eid.errors import SignInFailed, Unreachable
from eid.proof import Key, Prover

from .faults import PORTAL, a_client, but, sign_in
from .hostile import ACCESS_TOKEN, Hostile, Raw, as_json, read
from .parties import REDIRECT_URI, now

NUMBER = "1176042318"
BOUND = {"pushes": True, "binds": True}


@pytest.fixture
def fapi(provider: Hostile) -> Hostile:
    """Give a provider that takes pushed requests and binds tokens."""
    provider.takes_pushed = True
    provider.token = but(token_type="DPoP")
    return provider


async def _begun(client: Client, **more: str) -> dict[str, list[str]]:
    """Begin a sign-in and return what stands in the address to which the browser is sent."""
    attempt = await client.begin(redirect_uri=REDIRECT_URI, language="sr", acr="high", now=now(), **more)  # type: ignore[arg-type]
    return parse_qs(urlsplit(attempt.url).query)


async def test_what_is_asked_is_brought_to_the_provider_and_not_through_the_browser(
    fapi: Hostile, http: httpx.AsyncClient
) -> None:
    shown = await _begun(a_client(fapi, http, **BOUND), login_hint=NUMBER, id_token_hint="a.b.c")
    assert shown == {"client_id": ["portal"], "request_uri": ["urn:a:name"]}
    pushed = fapi.last("/par").form
    assert {name: pushed[name] for name in ("response_type", "acr_values", "ui_locales", "redirect_uri")} == {
        "response_type": "code",
        "acr_values": "high",
        "ui_locales": "sr-Latn sr",
        "redirect_uri": REDIRECT_URI,
    }
    assert (pushed["login_hint"], pushed["id_token_hint"]) == (NUMBER, "a.b.c")
    assert pushed["code_challenge_method"] == "S256"


async def test_what_a_provider_offers_is_used_unasked(provider: Hostile, http: httpx.AsyncClient) -> None:
    provider.takes_pushed = True
    assert set(await _begun(a_client(provider, http))) == {"client_id", "request_uri"}


async def test_a_hint_never_stands_in_an_address(provider: Hostile, http: httpx.AsyncClient) -> None:
    shown = await _begun(a_client(provider, http), login_hint=NUMBER, id_token_hint="a.b.c")
    assert shown["acr_values"] == ["high"]
    assert not {"login_hint", "id_token_hint"} & set(shown)


@pytest.mark.parametrize("demands", ["we", "it"])
async def test_who_cannot_be_brought_a_request_is_not_used_where_that_is_demanded(
    demands: str, provider: Hostile, http: httpx.AsyncClient
) -> None:
    if demands == "it":
        provider.metadata = but(require_pushed_authorization_requests=True)
    with pytest.raises(Unreachable) as refused:
        await _begun(a_client(provider, http, pushes=demands == "we"))
    assert refused.value.code == "eid_metadata"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (as_json({"error": "invalid_request"}, 400), "request_refused"),
        (as_json({"error": ["a"]}, 400), "request_refused"),
        (as_json({"error": "unmet_authentication_requirements"}, 400), "level_unmet"),
        (as_json({"error": "temporarily_unavailable"}, 400), "eid_busy"),
        (as_json({}, 201), "request_refused"),
        (as_json({"request_uri": 7}, 201), "request_refused"),
        (as_json({"request_uri": "x" * 5000}, 201), "request_refused"),
        (Raw(b"", 401), "request_refused"),
        (Raw(b"<h1>", 200, "text/html"), "eid_not_json"),
        (Raw(b"", 500), "eid_error"),
    ],
    ids=str,
)
async def test_a_request_that_is_not_taken_has_its_reason(
    answer: Raw, reason: str, fapi: Hostile, http: httpx.AsyncClient
) -> None:
    fapi.instead["/par"] = lambda: answer
    with pytest.raises((SignInFailed, Unreachable)) as refused:
        await _begun(a_client(fapi, http))
    assert refused.value.code == reason


async def test_tokens_are_asked_for_and_used_with_proof_of_the_key_that_was_named(
    fapi: Hostile, http: httpx.AsyncClient
) -> None:
    await sign_in(fapi, http, client=a_client(fapi, http, **BOUND))
    named = fapi.last("/par").form["dpop_jkt"]
    for path, method in (("/token", "POST"), ("/userinfo", "GET")):
        token = fapi.last(path).headers["dpop"]
        header, _claims = read(token)
        key = ECKey.import_key(header["jwk"])
        said = jwt.decode(token, key, ["ES256"]).claims
        assert (header["typ"], key.thumbprint(), "d" in header["jwk"]) == ("dpop+jwt", named, False)
        assert (said["htm"], said["htu"]) == (method, fapi.url + path)
        assert abs(said["iat"] - now().timestamp()) < 5
    assert fapi.last("/userinfo").headers["authorization"] == f"DPoP {ACCESS_TOKEN}"
    half = hashlib.sha256(ACCESS_TOKEN.encode()).digest()
    assert said["ath"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    proofs = [heard.proof["jti"] for heard in fapi.heard if heard.proof]
    assert len(proofs) == len(set(proofs)) == 3


async def test_a_nonce_that_the_provider_wants_is_sent_and_remembered(fapi: Hostile, http: httpx.AsyncClient) -> None:
    fapi.nonce = "first"
    client = a_client(fapi, http, **BOUND)
    await sign_in(fapi, http, client=client)
    assert (fapi.asked["/par"], fapi.asked["/token"], fapi.asked["/userinfo"]) == (2, 1, 1)
    fapi.nonce = "second"
    fapi.instead["/par"] = lambda: as_json({"request_uri": "urn:a:name"}, 201)
    await sign_in(fapi, http, client=client)
    assert (fapi.asked["/token"], fapi.asked["/userinfo"]) == (3, 2)
    assertions = [heard.form["client_assertion"] for heard in fapi.heard if heard.path == "/token"]
    assert len({read(assertion)[1]["jti"] for assertion in assertions}) == 3, "an assertion counts once"


@pytest.mark.parametrize(("path", "reason"), [("/token", "client_refused"), ("/userinfo", "userinfo_refused")])
async def test_a_provider_that_wants_ever_new_nonces_is_asked_twice_and_no_more(
    path: str, reason: str, fapi: Hostile, http: httpx.AsyncClient
) -> None:
    told = {"dpop-nonce": "never right", "www-authenticate": 'DPoP error="use_dpop_nonce"'}
    fapi.instead[path] = lambda: Raw(b'{"error":"use_dpop_nonce"}', 401, headers=told)
    with pytest.raises(SignInFailed) as refused:
        await sign_in(fapi, http, client=a_client(fapi, http, **BOUND))
    assert (refused.value.code, fapi.asked[path]) == (reason, 2)


async def test_a_token_that_anybody_could_use_is_not_taken_where_a_bound_one_is_agreed(
    fapi: Hostile, http: httpx.AsyncClient
) -> None:
    fapi.token = but(token_type="Bearer")
    with pytest.raises(SignInFailed) as refused:
        await sign_in(fapi, http, client=a_client(fapi, http, **BOUND))
    assert (refused.value.code, "/userinfo" in fapi.asked) == ("access_token_missing", False)


def test_the_key_of_tokens_is_the_same_in_every_process_and_not_the_clients() -> None:
    key = Key.read(PORTAL.key)
    first, second = Prover.beside(key), Prover.beside(Key.read(PORTAL.key))
    assert first.thumbprint == second.thumbprint != key.key.thumbprint()
    other = ECKey.generate_key("P-256").as_pem(private=True).decode()
    assert Prover.beside(Key.read(other)).thumbprint != first.thumbprint


RSA = RSAKey.generate_key(2048).as_pem(private=True).decode()


@pytest.mark.parametrize(("pem", "algorithm"), [(PORTAL.key, "ES256"), (RSA, "PS256")], ids=["P-256", "RSA"])
async def test_a_client_with_a_key_signs_for_itself_to_this_provider_for_a_minute(
    pem: str, algorithm: str, provider: Hostile, http: httpx.AsyncClient
) -> None:
    await sign_in(provider, http, client=a_client(provider, http, client_key=pem))
    form = provider.last("/token").form
    public = public_keys(pem)["keys"][0]
    key = (ECKey if public["kty"] == "EC" else RSAKey).import_key(public)
    said = jwt.decode(form["client_assertion"], key, [algorithm])
    assert (said.header["kid"], public["alg"]) == (public["kid"], algorithm)
    assert (said.claims["iss"], said.claims["sub"], said.claims["aud"]) == ("portal", "portal", provider.url)
    assert said.claims["exp"] - said.claims["iat"] == 60
    assert "client_secret" not in form


async def test_a_client_with_a_secret_says_it_where_the_provider_wants_it(
    provider: Hostile, http: httpx.AsyncClient
) -> None:
    secret = "a secret: with & signs, ë"
    known = {"client_id": "por tal", "client_key": None, "client_secret": secret}
    provider.claims = but(aud="por tal")
    await sign_in(provider, http, client=a_client(provider, http, authentication="client_secret_basic", **known))
    heard = provider.last("/token")
    kind, _space, pair = heard.headers["authorization"].partition(" ")
    assert (kind, base64.b64decode(pair)) == ("Basic", b"por+tal:a+secret%3A+with+%26+signs%2C+%C3%AB")
    assert not {"client_secret", "client_assertion"} & set(heard.form)

    await sign_in(provider, http, client=a_client(provider, http, authentication="client_secret_post", **known))
    heard = provider.last("/token")
    assert (heard.form["client_id"], heard.form["client_secret"]) == ("por tal", secret)
    assert "authorization" not in heard.headers


@pytest.mark.parametrize(
    "pem",
    [
        "no PEM",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        ECKey.generate_key("P-384").as_pem(private=True).decode(),
        ECKey.generate_key("P-256").as_pem(private=False).decode(),
        rsa.generate_private_key(65537, 1024)  # noqa: S505 - it is to be refused
        .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        .decode(),
    ],
    ids=["text", "nothing", "P-384", "public", "short RSA"],
)
def test_a_key_that_may_not_sign_is_said_to_be_none(pem: str) -> None:
    with pytest.raises(ValueError, match="no private"):
        public_keys(pem)
