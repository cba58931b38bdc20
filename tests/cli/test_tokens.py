"""`watcher tokens`, and the API that they open."""

from __future__ import annotations

import aiohttp
import pytest

from tests.cli.command import Command


@pytest.mark.faults
async def test_a_token_opens_what_its_scopes_say_until_it_is_removed(watcher: Command) -> None:
    made = (
        await watcher("tokens", "add", "robot", "--scope", "topics:read", "--scope", "watches:read", "--json")
    ).record
    (listed,) = (await watcher("tokens", "--json")).records
    assert listed == {key: value for key, value in made.items() if key != "token"}
    assert (listed["name"], listed["scopes"], listed["app_id"]) == ("robot", ["topics:read", "watches:read"], None)
    headers = {"Authorization": f"Bearer {made['token']}"}
    async with watcher.running("serve", "--port", "0") as (_, first), aiohttp.ClientSession(headers=headers) as session:
        api = f"{first.split()[1].rstrip(';')}/api/v1"
        statuses = []
        for path in ("topics", "watches", "apps"):
            async with session.get(f"{api}/{path}") as answer:
                statuses.append(answer.status)
        await watcher("tokens", "remove", str(made["id"]))
        async with session.get(f"{api}/topics") as answer:
            statuses.append(answer.status)
    assert statuses == [200, 200, 403, 401]
    assert (await watcher("tokens")).out == "no tokens\n"


async def test_a_token_is_shown_once(watcher: Command) -> None:
    shown = (await watcher("tokens", "add", "robot", "--scope", "apps:read", "--app", "1")).out
    secret = shown.splitlines()[1]
    assert secret.startswith("WT_")
    assert secret not in (await watcher("tokens")).out


@pytest.mark.faults
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["remove", "9"], "there is no token 9"),
        (["add", "x", "--scope", "apps:read", "--app", "99"], "there is no application 99"),
        (["add", "x", "--scope", "watches:read", "--app", "1"], "watches:read cannot be for one application"),
        (["add", " ", "--scope", "apps:read"], "name: empty"),
    ],
    ids=["remove", "application", "watches", "name"],
)
async def test_what_cannot_be_done_is_said_in_one_line(watcher: Command, arguments: list[str], said: str) -> None:
    await watcher("tokens", "add", "first", "--scope", "apps:read")
    result = await watcher("tokens", *arguments)
    assert result.status != 0
    assert said in result.err
    assert len(result.err.splitlines()) == 1
