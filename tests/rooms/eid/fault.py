"""Has the eID answer wrongly, by its own API for it (EID_FAULTS=1)."""

from __future__ import annotations

import httpx


async def goes_wrong(
    eid_url: str, kind: str, *, client: str | None = None, at: str | None = None, times: int = 1
) -> None:
    """Let the next answers be wrong: `kind` and `at` as `/api/faults` lists them, `client` None for whoever asks."""
    wish = {"kind": kind, "client_id": client, "at": at, "times": times}
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(f"{eid_url}/api/faults", json={name: value for name, value in wish.items() if value})
    assert answer.status_code == 201, answer.text


async def goes_right(eid_url: str) -> None:
    """Let every answer be right again."""
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.delete(f"{eid_url}/api/faults")).status_code == 204


async def still_wrong(eid_url: str) -> list[dict[str, object]]:
    """Return the faults that are yet to happen."""
    async with httpx.AsyncClient(trust_env=False) as http:
        return (await http.get(f"{eid_url}/api/faults")).json()["wanted"]
