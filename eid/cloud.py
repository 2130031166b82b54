"""Has hashes signed by a person's key at a signing service, by the API of the Cloud Signature Consortium (v1 and v2).

Two turns through the person's browser. The first (`scope=service`) only asks which key she has, and asks her nothing
where she is signed in at the service. The second (`scope=credential`) shows her there what she signs, takes her PIN
there, and gives an access token that is good for exactly this hash, once: the signature activation data (SAD). The
signature itself is fetched by pyHanko's own client of the API.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Self, cast

from asn1crypto import x509 as _x509
from authlib.oauth2.rfc7636 import challenge
from cryptography.x509 import load_der_x509_certificate
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import csc_signer as _csc

from eid.channel import Channel
from eid.claims import same
from eid.errors import NotSigned, SignInFailed
from eid.prepared import Credential, Prepared
from i18n.text import Language

# Their types name asn1crypto's, which has none.
csc, x509 = cast("Any", _csc), cast("Any", _x509)

_LIVES = timedelta(minutes=20)
_SHA256 = "2.16.840.1.101.3.4.2.1"


@dataclass(frozen=True, slots=True)
class Asked:
    """A turn through the browser: the `url` to send it to, and what its answer is held against."""

    url: str
    state: str
    code_verifier: str
    redirect_uri: str
    created_at: datetime

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values, to be kept until the browser comes back."""
        return {**asdict(self), "created_at": self.created_at.isoformat()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Return what `as_json` wrote."""
        values: dict[str, Any] = {**kept, "created_at": datetime.fromisoformat(kept["created_at"])}
        return cls(**values)


class Cloud:
    """A signing service; `channel` leads to its authorization server, `base` is what comes before `/csc/`."""

    def __init__(self, channel: Channel, base: str) -> None:
        self._channel, self._base = channel, base.rstrip("/")

    async def ask_key(self, redirect_uri: str, language: Language, now: datetime) -> Asked:
        """Return the turn that asks which key the person has."""
        return await self._ask({"scope": "service"}, redirect_uri, language, now)

    async def key(self, asked: Asked, answer: Mapping[str, str], now: datetime) -> Credential:
        """Return the person's key; NotSigned when she has none that can sign, Unreachable."""
        token = await self._token(asked, answer, now)
        ids = (await self._call("credentials/list", token, {}, now)).get("credentialIDs")
        if not isinstance(ids, list):
            raise NotSigned("refused")
        if not ids:
            raise NotSigned("no_credential")
        said = {"credentialID": str(cast("list[object]", ids)[0]), "certificates": "chain"}
        info = await self._call("credentials/info", token, said, now)
        if state := _STATES.get(str(_part(info, "cert").get("status"))):
            raise NotSigned(f"certificate_{state}")
        if _part(info, "key").get("status", "enabled") != "enabled":
            raise NotSigned("certificate_revoked")
        return Credential(said["credentialID"], _chain(info))

    async def ask_signature(
        self,
        key: Credential,
        prepared: Prepared,
        description: str,
        redirect_uri: str,
        language: Language,
        *,
        now: datetime,
    ) -> Asked:
        """Return the turn in which the person authorises the signature; `description` is shown to her there."""
        wanted = {
            "scope": "credential",
            "credentialID": key.id,
            "numSignatures": "1",
            "hashes": base64.urlsafe_b64encode(prepared.hash).decode().rstrip("="),
            "hashAlgorithmOID": _SHA256,
            "description": description,
        }
        return await self._ask(wanted, redirect_uri, language, now)

    async def sign(
        self, asked: Asked, answer: Mapping[str, str], key: Credential, prepared: Prepared, now: datetime
    ) -> bytes:
        """Return the bare signature that the person authorised; NotSigned or Unreachable when there is none."""
        token = await self._token(asked, answer, now)
        service = csc.CSCServiceSessionInfo(self._base, key.id, token, "v1")
        known = csc.CSCCredentialInfo(
            signing_cert=_loaded(prepared.chain[0]),
            chain=[_loaded(each) for each in prepared.chain[1:]],
            supported_mechanisms=frozenset({"sha256_ecdsa"}),
            max_batch_size=1,
            hash_pinning_required=True,
            response_data={},
        )
        authorised = csc.PrefetchedSADAuthorizationManager(service, known, csc.CSCAuthorizationInfo(sad=token))
        try:
            signer = csc.CSCSigner(_Line(self._channel, token, now), authorised)
            return cast("bytes", await signer.async_sign_raw(prepared.attributes, "sha256"))
        except SigningError as refused:
            raise NotSigned("refused") from refused

    async def _ask(self, wanted: Mapping[str, str], redirect_uri: str, language: Language, now: datetime) -> Asked:
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        parameters = {
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "state": state,
            "code_challenge": cast("Any", challenge).create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
            "ui_locales": self._channel.settings.ui_locales[language],
            **wanted,
        }
        try:
            url = await self._channel.request(parameters, now)
        except SignInFailed as refused:
            raise NotSigned("refused") from refused
        return Asked(url, state, verifier, redirect_uri, now)

    async def _token(self, asked: Asked, answer: Mapping[str, str], now: datetime) -> str:
        """Return the access token for what the browser brought back."""
        if now - asked.created_at > _LIVES or not same(answer.get("state"), asked.state):
            raise NotSigned("too_late")
        if answer.get("iss") != self._channel.settings.issuer:
            raise NotSigned("iss_mismatch")
        if "error" in answer:
            raise NotSigned(_REFUSALS.get(answer["error"], "refused"))
        form = {
            "grant_type": "authorization_code",
            "code": answer.get("code", ""),
            "redirect_uri": asked.redirect_uri,
            "code_verifier": asked.code_verifier,
            "client_id": self._channel.settings.client_id,
        }
        given = await self._channel.call((await self._channel.metadata(now)).token, form, now)
        token = given.body.get("access_token")
        if not given.is_success or not isinstance(token, str) or not token:
            raise NotSigned("too_late" if given.body.get("error") == "invalid_grant" else "refused")
        return token

    async def _call(self, endpoint: str, token: str, said: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """Return what the service answers."""
        answer = await self._channel.fetch(f"{self._base}/csc/v1/{endpoint}", token, now, said)
        if not answer.is_success:
            raise NotSigned("refused")
        return answer.body


@dataclass(frozen=True, slots=True)
class _Line:
    """Carries what pyHanko asks: bounded as all that we ask is, with the proof of our key, and led nowhere else."""

    channel: Channel
    token: str
    now: datetime

    @asynccontextmanager
    async def post(self, url: str, *, json: Mapping[str, Any], **_its: object) -> AsyncGenerator[_Answered]:
        """Give the answer to pyHanko's only kind of call, in place of aiohttp's session."""
        answer = await self.channel.fetch(url, self.token, self.now, json)
        if not answer.is_success:
            raise SigningError(f"status {answer.status}")
        yield _Answered(answer.body)


@dataclass(frozen=True, slots=True)
class _Answered:
    body: dict[str, Any]

    async def json(self) -> dict[str, Any]:
        """Return what came."""
        return self.body


_STATES = {"revoked": "revoked", "suspended": "suspended", "expired": "expired"}
_REFUSALS = {"access_denied": "cancelled"}


def _part(info: Mapping[str, Any], name: str) -> dict[str, Any]:
    part = info.get(name)
    return cast("dict[str, Any]", part) if isinstance(part, dict) else {}


def _chain(info: Mapping[str, Any]) -> tuple[bytes, ...]:
    """Return the certificates of a key, the signer's own first; NotSigned when they are none."""
    try:
        chain = tuple(base64.b64decode(each, validate=True) for each in info["cert"]["certificates"])
        for each in chain:
            load_der_x509_certificate(each)
    except (KeyError, TypeError, ValueError) as unreadable:
        raise NotSigned("refused") from unreadable
    if not chain:
        raise NotSigned("refused")
    return chain


def _loaded(certificate: bytes) -> Any:  # noqa: ANN401 - asn1crypto
    return x509.Certificate.load(certificate)
