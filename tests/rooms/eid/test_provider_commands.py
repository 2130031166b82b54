"""The `eid` command, and how the process meets the world."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest

from eid.client import Attempt, Client, ClientSettings
from eid.provider.civil_register import CivilRegister
from eid.provider.database import connect
from eid.provider.errors import CannotStart
from eid.provider.secret import Secret
from eid.provider.settings import Settings
from eid.provider.tokens import load_keys, rotate_keys

from .parties import (
    ARTA,
    REDIRECT_URI,
    Browser,
    RelyingParty,
    Running,
    an_eid,
    ask,
    now,
    serving,
)


@pytest.fixture(scope="module")
def idle(registers: Running, new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Running:
    """Give an eID that does not serve, for commands."""
    party = an_eid(new_database(), registers.url, tmp_path_factory.mktemp("idle"))
    party.did("pki", "init")
    return party


def test_missing_and_wrong_settings_are_named_in_one_sentence(idle: Running) -> None:
    done = idle.run("serve", EID_SECRET="short", EID_PORT="many", EID_DATABASE_URL="mysql://nowhere")
    assert done.returncode == 1
    assert all(name in done.stderr for name in ("EID_SECRET", "EID_PORT", "EID_DATABASE_URL"))
    assert "Traceback" not in done.stderr
    assert "short" not in done.stderr.replace("shorter", "")
    assert done.stderr.count("\n") == 1


def test_a_busy_port_is_one_sentence(idle: Running) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        done = idle.run("serve", EID_PORT=str(busy.getsockname()[1]))
    assert done.returncode == 1
    assert "EID_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_not_there_is_one_sentence_without_its_password(idle: Running) -> None:
    done = idle.run("migrate", EID_DATABASE_URL="postgresql://eid:hush@127.0.0.1:9/eid")
    assert done.returncode == 1
    assert "EID_DATABASE_URL" in done.stderr
    assert "hush" not in done.stderr
    assert "Traceback" not in done.stderr


def test_trust_services_that_are_not_there_are_one_sentence(idle: Running, tmp_path: Path) -> None:
    done = idle.run("serve", EID_PKI=str(tmp_path))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_another_secret_does_not_open_the_signing_keys(idle: Running) -> None:
    idle.did("migrate")
    idle.did("migrate")
    done = idle.run("serve", EID_SECRET="x" * 32)
    assert done.returncode == 1
    assert "EID_SECRET" in done.stderr


def test_registers_that_refuse_the_eid_are_one_sentence(idle: Running) -> None:
    done = idle.run("seed", EID_REGISTERS_TOKEN="another token altogether")
    assert done.returncode == 1
    assert "EID_REGISTERS_TOKEN" in done.stderr


async def test_registers_that_do_not_answer_are_waited_for_and_then_named(idle: Running) -> None:
    names = {f.removeprefix("EID_").lower(): value for f, value in idle.environment.items()}
    settings = Settings(**(names | {"registers_url": "http://127.0.0.1:9"}))  # type: ignore[arg-type]
    async with CivilRegister(settings, patience=0.7) as register:
        with pytest.raises(CannotStart, match="EID_REGISTERS_URL"):
            await register.person(ARTA, "test")


async def test_seeding_again_keeps_pins_and_locks(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser]
) -> None:
    browser = new_browser()
    await browser.go(ask(eid, portal).url)
    await browser.choose("Besnik Gashi")
    for _ in range(3):
        await browser.send("/pin", pin="0000")
    assert "8 demo people" in eid.did("seed")
    await browser.go(browser.here)
    assert "This eID is locked" in browser.text
    eid.did("unlock", "--person", "1133902755")


async def test_anyone_of_the_civil_register_can_be_enrolled(
    eid: Running, registers: Running, portal: RelyingParty, browser: Browser, client: Client
) -> None:
    child = await a_child_of_arta(registers)
    eid.did("enrol", "--person", child["personal_number"], "--pin", "123456", "--language", "sr")
    attempt = await client.begin(redirect_uri=REDIRECT_URI, language="sr", now=now())
    answer = await browser.sign_in(attempt.url, child["personal_number"], "123456")
    identity = await client.complete(attempt, answer, now())
    assert identity.person.given_name == child["given_name"]
    assert identity.person.birthdate.isoformat() == child["birthdate"]
    assert (identity.person.language, identity.person.email) == ("sr", None)


async def a_child_of_arta(registers: Running) -> dict[str, str]:
    """Return what the civil register says of Arta's eldest child."""
    token = json.loads(registers.environment["REGISTERS_TOKENS"])["XK/GOV/ASHI/eid"]
    headers = {
        "X-Road-Client": "XK/GOV/ASHI/eid",
        "X-Road-UserId": "test",
        "X-Subject": ARTA,
        "Authorization": f"Bearer {token}",
    }
    async with httpx.AsyncClient(trust_env=False, headers=headers) as http:
        return (await http.get(f"{registers.url}/r1/XK/GOV/ARC/civil-status/children")).json()["data"][0]


async def test_enrolling_again_gives_a_new_pin(eid: Running, portal: RelyingParty, browser: Browser) -> None:
    who = ("--given-name", "Teuta", "--family-name", "Bytyqi", "--birthdate", "1980-01-02")
    for pin in ("1234", "4321"):
        eid.did("enrol", "--person", "1300000017", "--pin", pin, *who)
    await browser.go(ask(eid, portal).url)
    await browser.send("", personal_number="1300000017")
    await browser.send("/pin", pin="1234")
    assert "This PIN is wrong" in browser.text
    await browser.send("/pin", pin="4321")
    assert "code" in browser.answer()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("enrol", "--person", "1399999999", "--pin", "1234"), "no living person"),
        (("enrol", "--person", "123", "--pin", "1234"), "10 digits"),
        (("enrol", "--person", ARTA, "--pin", "12a4"), "4 to 8 digits"),
        (("enrol", "--person", ARTA, "--pin", "1234"), "eid seed"),
        (("enrol", "--person", "1399999999", "--pin", "1234", "--given-name", "A"), "--birthdate"),
        (("unlock", "--person", "1399999999"), "Nobody is enrolled"),
        (("client", "remove", "--id", "unknown"), "client list"),
        (("client", "add", "--file", "/nowhere.json"), "/nowhere.json"),
    ],
    ids=str,
)
def test_a_command_that_cannot_be_done_says_why(arguments: tuple[str, ...], sentence: str, eid: Running) -> None:
    done = eid.run(*arguments)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert ARTA not in done.stderr


async def test_clients_are_listed_and_removed(eid: Running, http: httpx.AsyncClient) -> None:
    visitor = RelyingParty("visitor")
    visitor.register(eid)
    assert "visitor  Citizen portal" in eid.did("client", "list")
    eid.did("client", "remove", "--id", "visitor")
    assert "visitor" not in eid.did("client", "list")
    assert (await http.get(ask(eid, visitor).url)).status_code == 400


def test_a_client_without_an_id_is_given_one(eid: Running, tmp_path: Path) -> None:
    file = tmp_path / "client.json"
    file.write_text(json.dumps(RelyingParty("").registration()))
    client_id = eid.did("client", "add", "--file", str(file)).strip()
    assert len(client_id) >= 16
    eid.did("client", "remove", "--id", client_id)


async def test_keys_rotate_and_what_the_old_one_signed_is_still_believed(
    registers: Running, empty_database_url: str, tmp_path: Path, http: httpx.AsyncClient
) -> None:
    portal = RelyingParty("portal")
    party = an_eid(empty_database_url, registers.url, tmp_path)
    party.did("pki", "init")
    party.did("seed")
    portal.register(party)
    with serving(party):
        client, browser = Client(ClientSettings(party.url, "portal", portal.key), http), Browser(party.url)
        before = [key["kid"] for key in (await http.get(f"{party.url}/jwks.json")).json()["keys"]]
        attempt = await client.begin(redirect_uri=REDIRECT_URI, language="sq", now=now())
        answer = await browser.sign_in(attempt.url, ARTA)
        old = (await client.complete(attempt, answer, now())).id_token
        assert "3 keys are published" in party.did("keys", "rotate")
    with serving(party):
        after = [key["kid"] for key in (await http.get(f"{party.url}/jwks.json")).json()["keys"]]
        assert set(before) < set(after)
        await browser.go(ask(party, portal, id_token_hint=old, prompt="none").url)
        assert "code" in browser.answer(), "the old key's token is no longer believed"
        attempt = await client.begin(redirect_uri=REDIRECT_URI, language="sq", now=now())
        answer = await browser.sign_in(attempt.url, ARTA)
        identity = await client.complete(Attempt.from_json(attempt.as_json()), answer, now())
        assert identity.id_token.partition(".")[0] != old.partition(".")[0]
    await browser.close()


async def test_an_old_key_is_published_for_a_day(idle: Running) -> None:
    names = {f.removeprefix("EID_").lower(): value for f, value in idle.environment.items()}
    settings, at = Settings(**names), now()  # type: ignore[arg-type]
    secret, connection = Secret(settings.secret), await connect(settings)
    try:
        old = (await load_keys(connection, secret, at)).current.kid
        await rotate_keys(connection, secret, at)
        for hours, is_served in ((23.9, True), (24, False)):
            keys = await load_keys(connection, secret, at + timedelta(hours=hours))
            assert (old in {key["kid"] for key in keys.published}) == is_served
            assert keys.current.kid != old
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/sign-in/not-a-uuid", "/oauth2/token", "/jwks.json", "/health/live", "/oauth2/auth"]
)
async def test_every_answer_carries_the_security_headers(path: str, eid: Running, http: httpx.AsyncClient) -> None:
    answer = await http.get(f"{eid.url}{path}")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cache-control"]


async def test_another_host_is_not_served(eid: Running, http: httpx.AsyncClient) -> None:
    answer = await http.get(f"{eid.url}/.well-known/openid-configuration", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "nosniff" in answer.headers["x-content-type-options"]


async def test_a_large_body_is_not_read(eid: Running, http: httpx.AsyncClient) -> None:
    answer = await http.post(
        f"{eid.url}/oauth2/token",
        content=b"a=" + b"x" * 100_000,
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 413


async def test_a_fault_of_ours_is_a_page_that_tells_nothing_of_it(
    registers: Running, empty_database_url: str, tmp_path: Path, http: httpx.AsyncClient
) -> None:
    party = an_eid(empty_database_url, registers.url, tmp_path)
    party.did("pki", "init")
    portal = RelyingParty("portal")
    portal.register(party)
    with serving(party):
        assert (await http.get(ask(party, portal).url)).status_code == 303
        await execute(party, "ALTER TABLE eid.interaction RENAME TO gone")
        answer = await http.get(ask(party, portal).url)
        assert answer.status_code == 500
        assert "it has been noted" in answer.text
        assert "interaction" not in answer.text
        assert "UndefinedTableError" in party.log.read_text()


async def test_cut_connections_to_the_database_go_unnoticed(
    eid: Running, portal: RelyingParty, http: httpx.AsyncClient
) -> None:
    # Other eIDs have databases of the same server, and tests of their own.
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'eid' AND datname = current_database()"
    )
    for _ in range(2):
        assert (await http.get(ask(eid, portal).url)).status_code == 303
        await execute(eid, cut)
    assert (await http.get(f"{eid.url}/health/ready")).status_code == 200


async def execute(party: Running, statement: str) -> None:
    """Do something to the database behind the eID's back."""
    connection = await asyncpg.connect(party.environment["EID_DATABASE_URL"])
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
