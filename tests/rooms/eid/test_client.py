"""The portal's client against the real eID: who signs in is who comes out."""

from __future__ import annotations

from datetime import date

from eid.client import Attempt, Client

from .parties import ARTA, REDIRECT_URI, Browser, Running, now


async def test_arta_signs_in_and_the_portal_knows_who_she_is(client: Client, browser: Browser, eid: Running) -> None:
    attempt = await client.begin(redirect_uri=REDIRECT_URI, language="sq", acr="substantial", now=now())
    answer = await browser.sign_in(attempt.url, ARTA)
    identity = await client.complete(Attempt.from_json(attempt.as_json()), answer, now())
    assert identity.issuer == eid.url
    assert (identity.person.given_name, identity.person.family_name) == ("Arta", "Krasniqi")
    assert identity.person.personal_number == ARTA
    assert isinstance(identity.person.birthdate, date)
    assert identity.person.email == "arta@example.org"
    assert identity.acr == "substantial"
    assert abs((identity.auth_time - now()).total_seconds()) < 5
    assert ARTA not in identity.subject
